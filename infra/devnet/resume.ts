import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DataFolder, readJson } from '../launcher/dataFolder.ts';
import { DevnetFault } from '../launcher/devnetFault.ts';

/** Where the exchange stood at one moment. */
export interface Standing {
  readonly sequence: number;
  /** Of the whole state after that command. */
  readonly stateRoot: string;
}

/** What the sequencer logs once it has replayed its journal, and once it takes no more commands. */
const RECOVERED = 'replayed the journal';
const LAST_COMMAND = 'took the last command';

const stoppedFile = ({ path }: Pick<DataFolder, 'path'>): string => join(path, 'stopped.json');

/** Notes where the exchange stood when the sequencer stopped cleanly; the next start is held to it. */
export function rememberStop(sequencerLog: string, folder: DataFolder): void {
  const stopped = findStanding(sequencerLog, LAST_COMMAND);
  if (stopped !== undefined) writeFileSync(stoppedFile(folder), `${JSON.stringify(stopped)}\n`);
}

/**
 * The sentence with which a start resumes; undefined on a first start. Throws DevnetFault when the journal gave back
 * less than was there at the last clean stop, or another state.
 */
export function compareWithStop(sequencerLog: string, folder: DataFolder): string | undefined {
  const recovered = findStanding(sequencerLog, RECOVERED);
  if (recovered === undefined || recovered.sequence === 0) return undefined;
  const where = `resumed at sequence ${recovered.sequence}, state root ${recovered.stateRoot}`;
  const stopped = readJson<Standing>(stoppedFile(folder));
  // After a hard end the journal reaches beyond the last clean stop, and there is nothing to compare it with.
  if (stopped === undefined || recovered.sequence > stopped.sequence)
    return `${where} (after a stop that was not clean)`;
  if (recovered.sequence === stopped.sequence && recovered.stateRoot === stopped.stateRoot)
    return `${where} (same as when stopped)`;
  throw new DevnetFault(
    `The journal gave back sequence ${recovered.sequence} with state root ${recovered.stateRoot}, but the exchange was stopped at ${stopped.sequence} with ${stopped.stateRoot}; keep ${folder.subfolder('journal')} as it is and report this.`,
  );
}

/**
 * Why the sequencer did not start, and where it ran here before also what to do if Keel was updated since: other rules give
 * the journal of before another state, which it rightly refuses.
 */
export function tellOfUpdates(fault: unknown, folder: Pick<DataFolder, 'path'>): unknown {
  if (!(fault instanceof DevnetFault) || !existsSync(stoppedFile(folder))) return fault;
  return new DevnetFault(
    `${fault.message.replace(/\.$/, '')}. If Keel was updated since this devnet last ran, go back to that version, or forget the devnet with --fresh.`,
  );
}

/** The newest line of a log with this message, as a standing. */
function findStanding(log: string, message: string): Standing | undefined {
  const line = readFileSync(log, 'utf8')
    .split('\n')
    .findLast((text) => text.includes(`"${message}"`));
  if (line === undefined) return undefined;
  const { sequence, stateRoot } = JSON.parse(line) as Partial<Standing>;
  return sequence === undefined || stateRoot === undefined ? undefined : { sequence, stateRoot };
}
