import { connect, type Socket } from 'node:net';
import { frameBytes, handshake } from './rawBatches.ts';

/** How an attack with one connection ended. */
export interface Attack {
  /** Milliseconds from the first byte to the end of the connection; Infinity = it was open when that was looked at. */
  readonly lastedMs: number;
  readonly heard: string;
  end(): void;
}

interface Running {
  readonly socket: Socket;
  readonly startedMs: number;
  endedMs: number;
  heard: string;
}

function open(port: number, bytes: Buffer): Running {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: false });
  socket.setNoDelay(true);
  const running: Running = { socket, startedMs: performance.now(), endedMs: Infinity, heard: '' };
  socket.on('data', (chunk) => {
    running.heard += chunk.toString('latin1');
  });
  socket.on('error', () => undefined);
  socket.on('close', () => {
    running.endedMs = performance.now();
  });
  socket.write(bytes);
  return running;
}

const toAttack = (running: Running): Attack => ({
  get lastedMs() {
    return running.endedMs - running.startedMs;
  },
  get heard() {
    return running.heard;
  },
  end: () => running.socket.destroy(),
});

/** Sends a byte now and then of a request that is never whole. */
export function slowly(port: number, begin: Buffer, everyMs: number): Attack {
  const running = open(port, begin);
  const drip = setInterval(() => running.socket.write('a'), everyMs);
  running.socket.on('close', () => clearInterval(drip));
  return toAttack(running);
}

/** A message in so many fragments of one byte that never ends. */
export function fragments(port: number, path: string, count: number): Attack {
  const part = (opcode: number) => frameBytes({ fin: false, rsv: 0, opcode, payload: Buffer.from('a') });
  const running = open(port, handshake(path));
  running.socket.write(Buffer.concat([part(1), ...Array.from({ length: count - 1 }, () => part(0))]));
  return toAttack(running);
}

/** The beginning of a frame of 60,000 bytes. */
export const longFrame = (): Buffer =>
  frameBytes({ fin: true, rsv: 0, opcode: 1, payload: Buffer.alloc(0), said: 60_000n, lengthBytes: 2 });

/** One frame of which one byte after the other is sent, and never the last. */
export async function chunks(port: number, path: string, count: number): Promise<Attack> {
  const running = open(port, handshake(path));
  running.socket.write(longFrame());
  for (let left = count; left > 0 && !running.socket.destroyed; left -= 1) {
    // Written by itself, so that it is read by itself, mostly.
    await new Promise((resolve) => running.socket.write('a', resolve));
    if (left % 4 === 0) await new Promise(setImmediate);
  }
  return toAttack(running);
}
