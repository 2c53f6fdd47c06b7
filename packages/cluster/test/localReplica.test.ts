import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeSequencedCommand } from '@keel/codec';
import { openJournal } from '@keel/journal';
import { Exchange, emptyParts } from '@keel/replica';
import { type Command, type SealedBatch, toSequence } from '@keel/types';
import { expect, test } from 'vitest';
import { LocalReplica } from '../src/index.ts';

test('a batch is told when the journal holds it, and before anybody who flushes after it goes on', async () => {
  const journal = await openJournal(mkdtempSync(join(tmpdir(), 'keel-replica-')));
  const told: { batchIndex: number; durable: number }[] = [];
  const replica = new LocalReplica({
    exchange: new Exchange(emptyParts()),
    journal,
    onSealed: ({ batchIndex }: SealedBatch) => told.push({ batchIndex, durable: journal.durableSequence }),
    onCheckpoint: () => undefined,
    fail: (fault) => expect.unreachable(String(fault)),
  });
  const apply = (command: Command): void => {
    const sequence = replica.sequence + 1;
    const payload = encodeSequencedCommand({ sequence: toSequence(sequence), timeMs: sequence, command });
    const previousHash = journal.lastHash;
    const height = replica.height + 1;
    const checkpoint = undefined;
    replica.applyBlock({ height, epoch: 1, previousHash, firstSequence: sequence, payloads: [payload], checkpoint });
  };
  // The first is being flushed when the second comes, which seals: its flush is the one after.
  apply({ kind: 'advanceTime' });
  apply({ kind: 'sealBatch' });
  expect(told).toEqual([]);
  await journal.flush();
  expect(told).toEqual([{ batchIndex: 0, durable: 2 }]);
  await journal.close();
});
