import { rmSync } from 'node:fs';
import { AssertionError } from '@keel/types';
import { describe, expect, it } from 'vitest';
import { JournalCorrupt, openJournal } from '../src/index.ts';
import { appendGroup, hashesOf, payloadOf, readAll, segmentFiles, tempFolder, writtenJournal } from './tempJournal.ts';

const payloads = (count: number) => Array.from({ length: count }, (_, place) => payloadOf(place + 1));

describe('what is appended', () => {
  it('comes back with the hash chain of the definition', async () => {
    const dir = await writtenJournal([1, 3, 2]);
    const { records, lastSequence, notices } = await readAll(dir);
    const hashes = hashesOf(payloads(6));
    expect(lastSequence).toBe(6);
    expect(notices).toEqual([]);
    expect(records.map((record) => record.sequence)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(records.map((record) => Buffer.from(record.payload))).toEqual(payloads(6));
    expect(records.map((record) => record.recordHash)).toEqual(hashes);
  });

  it('goes on where it ended after a restart', async () => {
    const dir = await writtenJournal([2]);
    const journal = await openJournal(dir);
    const [, second, third] = hashesOf(payloads(3));
    expect(journal.lastHash).toEqual(second);
    expect(journal.append(3, payloadOf(3))).toEqual(third);
    await journal.close();
    expect((await readAll(dir)).lastSequence).toBe(3);
  });

  it('is read from any sequence, and its hashes for any range', async () => {
    const dir = await writtenJournal([4, 4, 4, 4], { segmentBytesMax: 500 });
    const journal = await openJournal(dir);
    const hashes = hashesOf(payloads(16));
    for (let from = 1; from <= 17; from++) {
      expect([...journal.read(from)].map((record) => record.sequence)).toEqual(
        Array.from({ length: 17 - from }, (_, place) => from + place),
      );
      expect(journal.recordHashes(from, 16)).toEqual(hashes.slice(from - 1));
    }
    expect(journal.recordHashes(6, 9)).toEqual(hashes.slice(5, 9));
    await journal.close();
  });

  it('must continue the hash that the reader has', async () => {
    const dir = await writtenJournal([3]);
    const journal = await openJournal(dir);
    const [, second, third] = hashesOf(payloads(3));
    expect([...journal.read(3, second)].length).toBe(1);
    expect(() => [...journal.read(3, third)]).toThrow(JournalCorrupt);
    expect([...journal.read(4, third)].length).toBe(0);
    expect(() => [...journal.read(4, second)]).toThrow(JournalCorrupt);
    await journal.close();
  });

  it('is taken in order only', async () => {
    const journal = await openJournal(tempFolder());
    expect(() => journal.append(2, payloadOf(2))).toThrow(AssertionError);
    journal.append(1, payloadOf(1));
    expect(() => journal.append(1, payloadOf(1))).toThrow(AssertionError);
    await journal.close();
    expect(() => journal.append(2, payloadOf(2))).toThrow(AssertionError);
  });

  it('may be empty, and as long as a megabyte', async () => {
    const dir = tempFolder();
    const journal = await openJournal(dir);
    journal.append(1, new Uint8Array());
    journal.append(2, payloadOf(2, 1024 * 1024));
    expect(() => journal.append(3, new Uint8Array(1024 * 1024 + 1))).toThrow(AssertionError);
    await journal.close();
    expect((await readAll(dir)).records.map((record) => record.payload.length)).toEqual([0, 1024 * 1024]);
  });
});

describe('a flush', () => {
  it('covers what was appended before it; appends meanwhile go into the next one', async () => {
    const journal = await openJournal(tempFolder());
    journal.append(1, payloadOf(1));
    const first = journal.flush();
    journal.append(2, payloadOf(2));
    expect(journal.lastSequence).toBe(2);
    const second = journal.flush();
    journal.append(3, payloadOf(3));
    expect(journal.flush()).toBe(second);
    await first;
    expect(journal.durableSequence).toBe(1);
    expect([...journal.read(1)].map((record) => record.sequence)).toEqual([1]);
    await second;
    expect(journal.durableSequence).toBe(3);
    expect([...journal.read(1)].map((record) => record.sequence)).toEqual([1, 2, 3]);
    await journal.close();
  });

  it('of nothing is done at once', async () => {
    const journal = await openJournal(tempFolder());
    await journal.flush();
    expect(journal.durableSequence).toBe(0);
    await journal.close();
  });

  it('of many appends from many askers loses none', { timeout: 60_000 }, async () => {
    const dir = tempFolder();
    const journal = await openJournal(dir, { segmentBytesMax: 20_000 });
    const acked: number[] = [];
    const asker = async () => {
      for (let done = 0; done < 20; done++) {
        const sequence = journal.lastSequence + 1;
        journal.append(sequence, payloadOf(sequence));
        await journal.flush();
        expect(journal.durableSequence).toBeGreaterThanOrEqual(sequence);
        acked.push(sequence);
      }
    };
    await Promise.all(Array.from({ length: 25 }, asker));
    await journal.close();
    const { records } = await readAll(dir);
    expect(records.map((record) => record.sequence)).toEqual(acked.sort((a, b) => a - b));
    expect(records.map((record) => Buffer.from(record.payload))).toEqual(payloads(500));
  });
});

describe('segments', () => {
  it('roll at their size, between groups, and form one chain', async () => {
    const dir = await writtenJournal([5, 5, 5, 5], { segmentBytesMax: 300 });
    expect(segmentFiles(dir).map((file) => file.slice(-20))).toEqual([
      '0000000000000001.log',
      '0000000000000006.log',
      '0000000000000011.log',
      '0000000000000016.log',
    ]);
    expect((await readAll(dir)).records.map((record) => record.recordHash)).toEqual(hashesOf(payloads(20)));
  });

  it('may not be missing', async () => {
    for (const [place, atOpening] of [
      [0, true],
      [1, false],
    ] as const) {
      const dir = await writtenJournal([5, 5, 5], { segmentBytesMax: 300 });
      rmSync(segmentFiles(dir)[place] as string);
      const journal = openJournal(dir);
      if (atOpening) await expect(journal).rejects.toBeInstanceOf(JournalCorrupt);
      else {
        const opened = await journal;
        expect(() => [...opened.read(1)]).toThrow('begins at 11 where 6 belongs');
        await opened.close();
      }
    }
  });

  it('at the end are missed when a later sequence is known', async () => {
    const dir = await writtenJournal([5, 5], { segmentBytesMax: 300 });
    rmSync(segmentFiles(dir)[1] as string);
    await expect(openJournal(dir, { knownSequence: 10 })).rejects.toThrow('the log ends at 5, but 10 was');
    await expect(openJournal(tempFolder(), { knownSequence: 1 })).rejects.toBeInstanceOf(JournalCorrupt);
    const journal = await openJournal(dir, { knownSequence: 5 });
    await appendGroup(journal, 1);
    await journal.close();
  });
});
