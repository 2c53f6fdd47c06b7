import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Recordings are too large for the repository: they lie in a data folder beside it where there is one. */
const FOLDER = join(import.meta.dirname, '..', '..', '..', 'shared', 'data');

/** The path of a recording, or undefined on a machine that has no shared data folder. */
export function sharedData(name: string): string | undefined {
  const path = join(FOLDER, name);
  return existsSync(path) ? path : undefined;
}

/** Half an hour of order messages of one stock, in LOBSTER's format. */
export const AMZN = 'amzn_2021-04-12_l3_messages.csv.gz';
