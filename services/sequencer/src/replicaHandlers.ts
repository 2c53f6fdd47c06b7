import { createReadStream, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Journal, type JournalRecord, readJournal, writeRecordFrames } from '@keel/journal';
import type { BatchStore } from '@keel/replica';
import type { AdminHandler } from '@keel/runtime';
import { AdminFault } from './adminFault.ts';
import { guardedHandler } from './postHandler.ts';

export interface ReplicaSource {
  readonly dataDir: string;
  readonly token: string;
  /** Undefined until the journal is open. */
  readonly journal: () => Pick<Journal, 'durableSequence'> | undefined;
  readonly batches: () => BatchStore | undefined;
}

const BYTES = { 'content-type': 'application/octet-stream', 'cache-control': 'no-store' };
const LINES = { 'content-type': 'application/x-ndjson', 'cache-control': 'no-store' };

/** What a node shows of its disk to a node that needs it: newest snapshot, records, batches. */
export function replicaHandlers(source: ReplicaSource): Readonly<Record<string, AdminHandler>> {
  const { token, dataDir } = source;
  return {
    '/replica/snapshot': guardedHandler(token, async (response) => {
      const folder = join(dataDir, 'snapshots');
      const newest = namesIn(folder).sort().at(-1);
      if (newest === undefined) throw new AdminFault(404, 'NOT_READY', 'this node has no snapshot yet');
      response.writeHead(200, BYTES);
      await pipeline(createReadStream(join(folder, newest)), response);
    }),
    '/replica/records': guardedHandler(token, async (response, query) => {
      const durable = source.journal()?.durableSequence;
      if (durable === undefined) throw new AdminFault(503, 'NOT_READY', 'the journal is being replayed');
      const from = wholeOf(query, 'from', 1);
      response.writeHead(200, BYTES);
      await pipeline(Readable.from(framesFrom(dataDir, from, durable)), response);
    }),
    '/replica/batches': guardedHandler(token, async (response, query) => {
      const batches = source.batches();
      if (batches === undefined) throw new AdminFault(503, 'NOT_READY', 'the journal is being replayed');
      const from = wholeOf(query, 'from', 0);
      response.writeHead(200, LINES);
      await pipeline(Readable.from(batchLines(batches, from)), response);
    }),
  };
}

/** From the record before the first, whose hash the first frame needs. */
function* framesFrom(dataDir: string, from: number, durable: number): Generator<Uint8Array> {
  if (from > durable) return;
  const records = readJournal(dataDir, Math.max(1, from - 1), durable);
  let previousHash: Uint8Array = new Uint8Array(32);
  if (from > 1) previousHash = (records.next().value as JournalRecord).recordHash;
  yield* writeRecordFrames(records, previousHash);
}

async function* batchLines(batches: BatchStore, from: number): AsyncGenerator<string> {
  await batches.settled();
  for (let index = from; index <= batches.lastIndex; index += 1) {
    const batch = await batches.get(index);
    if (batch !== undefined) yield `${JSON.stringify(batch)}\n`;
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith('.snap'));
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw fault;
  }
}

function wholeOf(query: URLSearchParams, name: string, lowest: number): number {
  const text = query.get(name) ?? String(lowest);
  const value = /^[0-9]{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= lowest)) throw new AdminFault(400, 'BAD_REQUEST', `${name} is no whole number from ${lowest} on`);
  return value;
}
