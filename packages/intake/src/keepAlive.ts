import type { WebSocket } from 'ws';
import { PING_INTERVAL_MS } from './limits.ts';

/**
 * Pings an open socket until it closes and cuts it off when a ping was not answered: a stopped or unplugged peer
 * closes nothing by itself, and requests would wait for it for ever.
 */
export function keepAlive(socket: WebSocket): void {
  let answered = true;
  const timer = setInterval(() => {
    if (!answered) return socket.terminate();
    answered = false;
    socket.ping();
  }, PING_INTERVAL_MS);
  socket.on('pong', () => {
    answered = true;
  });
  socket.once('close', () => clearInterval(timer));
}
