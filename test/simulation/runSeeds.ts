import { type ChildProcess, fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { RunOptions, RunResult } from './runSimulation.ts';

const WORKER = join(import.meta.dirname, 'seedWorker.ts');
/** Nearly everything that a run makes is garbage at its end; a larger nursery copies less of it. */
const YOUNG = ['--max-semi-space-size=64'];

/**
 * Runs simulations in as many processes as there are cores (at most `workersMax`); results come as they are done. After
 * `stopSignal` none is begun.
 */
export async function runSeeds(
  runs: readonly RunOptions[],
  onResult: (result: RunResult) => void,
  workersMax = 2,
  stopSignal?: AbortSignal,
): Promise<void> {
  const left = [...runs].reverse();
  stopSignal?.addEventListener('abort', () => left.splice(0));
  const workers = Math.max(1, Math.min(workersMax, availableParallelism(), runs.length));
  await Promise.all(Array.from({ length: workers }, () => work(left, onResult)));
}

/** One process until nothing is left. Rejects when it ends before it has answered. */
function work(left: RunOptions[], onResult: (result: RunResult) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const child: ChildProcess = fork(WORKER, [], { serialization: 'advanced', execArgv: YOUNG });
    let at: RunOptions | undefined;
    const next = (): void => {
      at = left.pop();
      if (at !== undefined) child.send(at);
      else child.disconnect();
    };
    child.on('message', (result: RunResult) => {
      onResult(result);
      next();
    });
    child.on('error', reject);
    child.on('exit', (code) => {
      if (at === undefined) resolve();
      else reject(new Error(`the process of seed ${at.seed} ended with ${code}: run it again with --seed ${at.seed}`));
    });
    next();
  });
}
