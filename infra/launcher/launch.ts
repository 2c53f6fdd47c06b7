import { type DataFolder, type FolderKind, takeDataFolder } from './dataFolder.ts';
import { type Ending, listenForTheEnd } from './ending.ts';
import { forgetHolds, type Holds, openHolds } from './holds.ts';
import type { RestartPolicy } from './restartPolicy.ts';
import type { Screen } from './screen.ts';
import { openSupervisor, type Supervisor } from './supervisor.ts';

/** What everybody who starts something in a run needs. */
export interface Run {
  readonly folder: DataFolder;
  readonly supervisor: Supervisor;
  readonly screen: Screen;
  readonly ending: Ending;
}

interface LaunchOptions {
  readonly path: string;
  readonly fresh: boolean;
  readonly kind: FolderKind;
  readonly restarts: RestartPolicy;
  readonly screen: Screen;
  /** Asked before anything is emptied or started. */
  readonly assertReady: () => Promise<void>;
  readonly work: (run: Run) => Promise<void>;
  /** When all processes have stopped, before the folder is given up. */
  readonly whenStopped?: (run: Run) => void;
}

/** Runs `work` in a data folder until it, a person or a fault ends the run; then stops all it started. Throws DevnetFault. */
export async function launch(options: LaunchOptions): Promise<void> {
  const { path, fresh, kind, restarts, screen, assertReady } = options;
  const folder = await takeDataFolder(path, { fresh, say: screen.say, assertReady, kind });
  try {
    forgetHolds(folder.path);
    const holds: Holds = openHolds(folder.path);
    const ending = listenForTheEnd(screen.say);
    const supervisor = openSupervisor({ folder, say: screen.say, giveUp: ending.fail, restarts, holds });
    await runUntilTheEnd({ folder, supervisor, screen, ending }, options);
  } finally {
    folder.release();
  }
}

async function runUntilTheEnd(run: Run, { work, whenStopped }: LaunchOptions): Promise<void> {
  const { ending, screen, supervisor } = run;
  try {
    const working = work(run);
    // Whichever comes first; what the other still says is of no interest once everything is being stopped.
    working.catch(() => undefined);
    await Promise.race([working, ending.ended]);
  } finally {
    ending.finish();
    screen.leave();
    screen.say('stopping');
    await supervisor.stopAll();
    whenStopped?.(run);
    screen.say('everything is stopped');
  }
}

/** Starts one process of a run and says so; nothing once the end is wanted. */
export async function startOne(
  { supervisor, screen, ending }: Run,
  spec: Parameters<Supervisor['start']>[0],
): Promise<void> {
  if (ending.signal.aborted) return;
  screen.say(`starting ${spec.name}`);
  await supervisor.start(spec);
}
