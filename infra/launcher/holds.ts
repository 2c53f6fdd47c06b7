import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Processes that are held back from being started again, as files in a folder, so that another process can say it too. */
export interface Holds {
  hold(name: string): void;
  release(name: string): void;
  isHeld(name: string): boolean;
}

/** The holds of a data folder. Names are those of processes, never a path. */
export function openHolds(dataFolder: string): Holds {
  const folder = join(dataFolder, 'held');
  return {
    hold(name) {
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, name), '');
    },
    release: (name) => rmSync(join(folder, name), { force: true }),
    isHeld: (name) => existsSync(join(folder, name)),
  };
}

/** A new run holds nobody. */
export function forgetHolds(dataFolder: string): void {
  rmSync(join(dataFolder, 'held'), { recursive: true, force: true });
}
