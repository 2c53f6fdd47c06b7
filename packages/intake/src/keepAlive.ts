import type { WebSocket } from 'ws';
import { PING_INTERVAL_MS } from './limits.ts';

/**
 * Pings an open socket until it closes and cuts it off when a ping was not answered: a stopped or unplugged peer
 * closes nothing by itself, and requests would wait for it for ever.
 */
export function keepAlive(socket: WebSocket, intervalMs = PING_INTERVAL_MS): void {
  let answered = true;
  const timer = setInterval(() => {
    if (!answered) return socket.terminate();
    answered = false;
    socket.ping();
  }, intervalMs);
  const hear = (): void => {
    answered = true;
  };
  socket.on('pong', hear);
  // A peer that is busy with what it sends here is not dead.
  socket.on('message', hear);
  socket.once('close', () => clearInterval(timer));
}
