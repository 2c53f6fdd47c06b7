import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type JournalRecord, readRecordFrames } from '@keel/journal';
import { CommandFault } from '../commandFault.ts';
import { EXIT } from '../exitCodes.ts';
import { askAny } from '../nodes/askAny.ts';
import type { NodeDoor } from '../nodes/nodeDoor.ts';
import { statusSchema } from '../nodes/nodeSchemas.ts';
import { lookIntoJournal } from './lookIntoJournal.ts';

/** Where commands are read from: a data directory or a running node. */
export interface LogSource {
  readonly lastSequence: () => Promise<number>;
  /** From a sequence to the end as it is now; none if that is beyond the end. */
  readonly read: (from: number) => AsyncIterable<JournalRecord>;
}

/** Looks at the files, which a sequencer may be writing; they are read again only when they have grown. */
export function ofDirectory(dataDir: string): LogSource {
  let seen = '';
  return {
    lastSequence: async () => (await lookIntoJournal(dataDir)).lastSequence,
    read: async function* (from) {
      const now = shapeOf(dataDir);
      if (now === seen) return;
      const journal = await lookIntoJournal(dataDir);
      seen = now;
      if (from <= journal.lastSequence) yield* journal.read(from);
    },
  };
}

/** Name and size of the last segment. */
function shapeOf(dataDir: string): string {
  const folder = join(dataDir, 'segments');
  const last = readdirSync(folder).sort().at(-1);
  return last === undefined ? 'empty' : `${last} ${statSync(join(folder, last)).size}`;
}

/** Asks the first node that answers for the records in its own journal; each is held to the one before. */
export function ofNode(door: NodeDoor): LogSource {
  const token = door.token();
  let url: string | undefined;
  const status = async (): Promise<number> => {
    const { value, url: farthest } = await askAny(door, '/status', statusSchema);
    url ??= farthest;
    return value.durableSequence ?? value.sequence;
  };
  return {
    lastSequence: status,
    read: async function* (from) {
      if (url === undefined) await status();
      yield* recordsOf(`${url}/replica/records?from=${from}`, token);
    },
  };
}

async function* recordsOf(address: string, token: string): AsyncGenerator<JournalRecord> {
  const headers = { authorization: `Bearer ${token}` };
  const response = await fetch(address, { headers, redirect: 'error' }).catch((fault: unknown) => {
    throw new CommandFault(`${address}: ${String(fault)}; keelctl status shows who is there`, EXIT.nobodyReached);
  });
  if (response.status === 401) throw new CommandFault(`${address}: the token is refused; compare KEEL_INTAKE_TOKEN`);
  if (!response.ok || response.body === null)
    throw new CommandFault(`${address} answers ${response.status}; with --data DIR the files themselves are read`);
  yield* readRecordFrames(response.body, address);
}
