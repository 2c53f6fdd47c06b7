import { writeSync } from 'node:fs';
import type { DestinationStream } from 'pino';

/** A full pipe is waited for this long at a time; its reader is slow, not gone. */
const FULL_PIPE_MS = 20;
const FULL_PIPE_WAITS_MAX = 100;

let lost = 0;

/** Log lines of this process that could not be written, or only in part: a full disk, a closed pipe. */
export function lostLogLines(): number {
  return lost;
}

/**
 * Writes each line at once. A line that cannot be written is counted and given up: an exchange does not stop because
 * nobody can read what it says, and the line would be no safer in memory.
 */
export function logDestination(fd: number): DestinationStream {
  return {
    write(line) {
      try {
        writeWhole(fd, Buffer.from(line));
      } catch {
        lost += 1;
      }
    },
  };
}

function writeWhole(fd: number, bytes: Buffer): void {
  let waits = 0;
  for (let written = 0; written < bytes.length; ) {
    try {
      written += writeSync(fd, bytes, written);
    } catch (fault) {
      waits += 1;
      if ((fault as NodeJS.ErrnoException).code !== 'EAGAIN' || waits > FULL_PIPE_WAITS_MAX) throw fault;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, FULL_PIPE_MS);
    }
  }
}
