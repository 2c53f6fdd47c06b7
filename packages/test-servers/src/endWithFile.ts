import type { ChildProcess } from 'node:child_process';

const children = new Set<ChildProcess>();

/**
 * Notes a process that a test started, to be ended with its test file at the latest. A test whose set-up fails half-way
 * never reaches its own clean-up, and what it had started would run on for ever.
 */
export function endWithFile(child: ChildProcess): void {
  children.add(child);
  child.once('exit', () => children.delete(child));
}

/** Ends what is left; the runner calls it after every test file. */
export function endLeftovers(): void {
  for (const child of children) child.kill('SIGKILL');
}
