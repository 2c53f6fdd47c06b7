import { writeFileSync } from 'node:fs';
import { type DataFolder, readJson } from './dataFolder.ts';
import { DevnetFault } from './devnetFault.ts';

/** What the sequencer's own status tells, as far as it is used here. */
export interface SequencerGlance {
  readonly sequence: number;
  /** State root of the last sealed batch. */
  readonly stateRoot: string;
  readonly nextDepositIndex: number;
}

/** The state of a devnet at its clean stop. */
interface StoppedAt {
  readonly sequence: number;
  readonly stateRoot: string;
}

export async function readSequencerStatus(adminUrl: string): Promise<SequencerGlance | undefined> {
  try {
    const response = await fetch(`${adminUrl}/status`, { signal: AbortSignal.timeout(2_000) });
    return response.ok ? ((await response.json()) as SequencerGlance) : undefined;
  } catch {
    return undefined;
  }
}

/** Notes where the exchange stands, once nobody sends commands any more; the next start is held to it. */
export async function rememberStop(adminUrl: string, folder: DataFolder): Promise<void> {
  const status = await readSequencerStatus(adminUrl);
  if (status === undefined) return;
  const stopped: StoppedAt = { sequence: status.sequence, stateRoot: status.stateRoot };
  writeFileSync(folder.stopped, `${JSON.stringify(stopped)}\n`);
}

/**
 * The sentence with which a start resumes, from what was noted at the last clean stop and what was recovered from the
 * journal; undefined on a first start. Throws DevnetFault when the journal gave back another state.
 */
export function compareWithStop(recovered: SequencerGlance, folder: DataFolder): string | undefined {
  const stopped = readJson<StoppedAt>(folder.stopped);
  const where = `resumed at sequence ${recovered.sequence}, state root ${recovered.stateRoot}`;
  if (stopped === undefined) return recovered.sequence > 0 ? where : undefined;
  if (recovered.sequence < stopped.sequence || recovered.stateRoot !== stopped.stateRoot) {
    throw new DevnetFault(
      `The journal gave back sequence ${recovered.sequence} and state root ${recovered.stateRoot}, but the exchange was stopped at ${stopped.sequence} and ${stopped.stateRoot}; keep ${folder.journal} and report this.`,
    );
  }
  return `${where} (same as when stopped)`;
}
