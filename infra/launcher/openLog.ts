import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';

/** Enough for a sentence and a stack. */
const KEPT_CHARACTERS = 16 * 1024;

/** One life of one process, as it told it. */
export interface ProcessLog {
  /** For the process's standard output. */
  readonly fd: number;
  /** Takes what came on standard error. */
  keepError(text: string): void;
  /** What was said on standard error in this life, whether or not the disk took it. */
  errors(): string;
  /** The end of what this life wrote. */
  said(): string;
  close(): void;
}

/**
 * The log file of a process, appended to. Standard error passes through here, so that the sentence with which a process
 * ends is known even when the disk is too full to take it.
 */
export function openLog(path: string): ProcessLog {
  const fd = openSync(path, 'a+');
  const beganAt = fstatSync(fd).size;
  let errors = '';
  return {
    fd,
    keepError(text) {
      errors = (errors + text).slice(-KEPT_CHARACTERS);
      try {
        writeSync(fd, text);
      } catch {
        // The text is kept above; a full disk is told of by the process that needs the disk.
      }
    },
    errors: () => errors,
    said() {
      const size = fstatSync(fd).size;
      const from = Math.max(beganAt, size - KEPT_CHARACTERS);
      const bytes = Buffer.alloc(size - from);
      readSync(fd, bytes, 0, bytes.length, from);
      return `${bytes.toString('utf8')}\n${errors}`;
    },
    close: () => closeSync(fd),
  };
}
