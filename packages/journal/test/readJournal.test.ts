import { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { JournalCorrupt, openJournal, readJournal } from '../src/index.ts';
import { appendGroup, hashesOf, payloadOf, segmentFiles, tempFolder, writtenJournal } from './tempJournal.ts';

const sequencesOf = (records: Iterable<{ sequence: number }>) => [...records].map(({ sequence }) => sequence);

it('reads any range with its hashes, and takes no lock', async () => {
  const dir = await writtenJournal([4, 4, 4, 4], { segmentBytesMax: 500 });
  const hashes = hashesOf(Array.from({ length: 16 }, (_, place) => payloadOf(place + 1)));
  for (let from = 1; from <= 16; from++)
    for (let to = from - 1; to <= 16; to++) {
      const previous = from === 1 ? {} : { previousHash: hashes[from - 2] as Uint8Array };
      expect([...readJournal(dir, from, to, previous)].map(({ recordHash }) => recordHash)).toEqual(
        hashes.slice(from - 1, to),
      );
    }
  expect(existsSync(join(dir, 'lock'))).toBe(false);
  expect(() => [...readJournal(dir, 3, 4, { previousHash: hashes[2] as Uint8Array })]).toThrow('the hash chain');
});

it('reads while another appends and begins segments', async () => {
  const dir = tempFolder();
  const journal = await openJournal(dir, { segmentBytesMax: 2_000 });
  await appendGroup(journal, 5);
  let stop = false;
  const writer = (async () => {
    while (!stop) await appendGroup(journal, 7);
  })();
  for (let round = 0; round < 60; round++) {
    await new Promise((resolve) => setTimeout(resolve, 1));
    const to = journal.durableSequence;
    let last = 0;
    for (const { sequence } of readJournal(dir, 1, to)) {
      last = sequence;
      if (sequence % 10 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    expect(last).toBe(to);
  }
  stop = true;
  await writer;
  expect(segmentFiles(dir).length).toBeGreaterThan(2);
  await journal.close();
});

it('does not look behind what is durable: half a record, half a header', async () => {
  const dir = await writtenJournal([5, 5], { segmentBytesMax: 300 });
  const [first, second] = segmentFiles(dir) as [string, string];
  appendFileSync(second, Buffer.alloc(20, 1));
  writeFileSync(second.replace('06.log', '11.log'), Buffer.alloc(10));
  expect(sequencesOf(readJournal(dir, 1, 10))).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  expect(readFileSync(second).length).toBeGreaterThan(0);
  expect(sequencesOf(readJournal(dir, 2, 5))).toEqual([2, 3, 4, 5]);
  expect(() => [...readJournal(dir, 1, 11)]).toThrow(JournalCorrupt);
  rmSync(first);
  expect(() => [...readJournal(dir, 1, 10)]).toThrow('begins at 6 where 1 belongs');
});

it('says where the journal ends too early', async () => {
  const dir = await writtenJournal([5]);
  expect(() => [...readJournal(dir, 1, 6)]).toThrow('the log ends before 6');
  expect(() => [...readJournal(tempFolder(), 1, 1)]).toThrow('the log ends before 1');
});
