import type { ChildProcess } from 'node:child_process';

const children = new Set<ChildProcess>();

/**
 * Ends the child when this process ends. A test whose set-up fails half-way never reaches its clean-up, and what it had
 * started would run on for ever.
 */
export function endWithProcess(child: ChildProcess): void {
  if (children.size === 0) process.once('exit', endChildren);
  children.add(child);
  child.once('exit', () => {
    children.delete(child);
    if (children.size === 0) process.off('exit', endChildren);
  });
}

function endChildren(): void {
  for (const child of children) child.kill('SIGKILL');
}
