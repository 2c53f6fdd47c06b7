import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeSequencedCommand } from '@keel/codec';
import { nodeDisk, openJournal, type ReceivedRecord, recordHashOf, writeSnapshot } from '@keel/journal';
import { BatchStore, Exchange, emptyParts, snapshotOf, toHex } from '@keel/replica';
import { type Command, type SealedBatch, toSequence } from '@keel/types';
import { expect, test } from 'vitest';
import { joinFromPeers } from '../src/index.ts';

test('a batch that was sealed behind what was fetched is not taken: the journal would look as if it had been cut', async () => {
  const [there, here] = [0, 1].map(() => mkdtempSync(join(tmpdir(), 'keel-join-'))) as [string, string];
  const exchange = new Exchange(emptyParts());
  const records: ReceivedRecord[] = [];
  const sealed: SealedBatch[] = [];
  let previousHash: Uint8Array = new Uint8Array(32);
  const apply = (command: Command): void => {
    const sequenced = { sequence: toSequence(records.length + 1), timeMs: records.length, command };
    const payload = encodeSequencedCommand(sequenced);
    const recordHash = recordHashOf(previousHash, sequenced.sequence, payload);
    records.push({ sequence: sequenced.sequence, previousHash, payload, recordHash });
    previousHash = recordHash;
    const { sealed: batch } = exchange.apply(sequenced, toHex(recordHash));
    if (batch !== undefined) sealed.push(batch);
  };
  apply({ kind: 'advanceTime' });
  apply({ kind: 'sealBatch' });
  await writeSnapshot(there, snapshotOf(exchange));
  apply({ kind: 'advanceTime' });
  apply({ kind: 'sealBatch' });
  expect(sealed.map(({ lastSequence }) => lastSequence)).toEqual([2, 4]);
  const [file = ''] = readdirSync(join(there, 'snapshots'));

  const batches = new BatchStore(here);
  await joinFromPeers({
    dataDir: here,
    disk: nodeDisk,
    batches,
    logFirstSequence: 4,
    peers: [
      {
        nodeId: 'b',
        durableSequence: 3,
        snapshot: async () => readFileSync(join(there, 'snapshots', file)),
        // Its journal was asked for before the fourth command, its batches after.
        async *records(from) {
          yield* records.slice(from - 1, 3);
        },
        async *batches(from) {
          yield* sealed.slice(from);
        },
      },
    ],
    say: () => undefined,
  });
  expect(batches.lastIndex).toBe(0);
  const journal = await openJournal(here);
  expect(journal.lastSequence).toBe(3);
  await journal.close();
});
