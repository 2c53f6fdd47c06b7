import { appendFileSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JournalCorrupt, openJournal } from '../src/index.ts';
import { appendGroup, copyOf, payloadOf, readAll, segmentFiles, tempFolder, writtenJournal } from './tempJournal.ts';

/** Hundreds of openings with an fsync each: on a slow disk they take a while. */
const SLOW_DISK_TIMEOUT_MS = 120_000;
const SEGMENT_HEADER_BYTES = 64;
const RECORD_HEADER_BYTES = 49;
const recordBytes = (sequence: number) => RECORD_HEADER_BYTES + payloadOf(sequence).length;

/** Where each record of a segment begins, and the end of the last one. */
function boundaries(firstSequence: number, count: number): number[] {
  const places = [SEGMENT_HEADER_BYTES];
  for (let done = 0; done < count; done++) places.push((places.at(-1) as number) + recordBytes(firstSequence + done));
  return places;
}

describe('a torn tail', () => {
  it('cut at any byte of the last group leaves the whole records before it, and the journal works on', {
    timeout: SLOW_DISK_TIMEOUT_MS,
  }, async () => {
    const dir = await writtenJournal([2, 3]);
    const ends = boundaries(1, 5);
    for (let size = ends[2] as number; size < (ends[5] as number); size++) {
      const torn = copyOf(dir);
      const file = segmentFiles(torn)[0] as string;
      truncateSync(file, size);
      const whole = ends.filter((end) => end <= size).length - 1;
      const journal = await openJournal(torn);
      expect(journal.lastSequence).toBe(whole);
      expect(journal.notices.length).toBe(ends.includes(size) ? 0 : 1);
      await appendGroup(journal, 1);
      await journal.close();
      expect((await readAll(torn)).records.length).toBe(whole + 1);
    }
  });

  it('of zeros is cut off, whatever its length', async () => {
    for (const zeros of [1, 48, 49, 512, 5000]) {
      const dir = await writtenJournal([2, 3]);
      const file = segmentFiles(dir)[0] as string;
      appendFileSync(file, Buffer.alloc(zeros));
      const { lastSequence, notices } = await readAll(dir);
      expect(lastSequence).toBe(5);
      expect(notices).toEqual([`cut a torn tail of ${zeros} bytes off ${file} after sequence 5`]);
      expect(statSync(file).size).toBe(boundaries(1, 5).at(-1));
    }
  });

  it('with an unwritten page in the middle of the last group is cut off from there', async () => {
    const dir = await writtenJournal([1, 100], undefined, 200);
    const file = segmentFiles(dir)[0] as string;
    const bytes = readFileSync(file);
    bytes.fill(0, 8192, 12_288);
    writeFileSync(file, bytes);
    const { lastSequence, notices } = await readAll(dir);
    expect(lastSequence).toBe(Math.floor((8192 - SEGMENT_HEADER_BYTES) / (RECORD_HEADER_BYTES + 200)));
    expect(notices.length).toBe(1);
  });

  it('is none when a later group was flushed', async () => {
    const dir = await writtenJournal([1, 100, 1], undefined, 200);
    const file = segmentFiles(dir)[0] as string;
    const bytes = readFileSync(file);
    bytes.fill(0, 8192, 12_288);
    writeFileSync(file, bytes);
    await expect(openJournal(dir)).rejects.toMatchObject({ name: 'JournalCorrupt', file });
    expect(readFileSync(file)).toEqual(bytes);
  });

  it('that reaches below what is known to be durable is damage and stays as it is', async () => {
    const dir = await writtenJournal([2, 3]);
    const file = segmentFiles(dir)[0] as string;
    truncateSync(file, statSync(file).size - 1);
    await expect(openJournal(dir, { knownSequence: 5 })).rejects.toThrow('ends at 4, but 5 was on stable storage');
    expect(statSync(file).size).toBe((boundaries(1, 5).at(-1) as number) - 1);
    expect((await readAll(dir, { knownSequence: 4 })).lastSequence).toBe(4);
  });

  it('of a segment is one that was only begun; it is removed', async () => {
    for (const bytes of [Buffer.alloc(0), Buffer.alloc(20, 1), Buffer.alloc(SEGMENT_HEADER_BYTES)]) {
      const dir = await writtenJournal([5, 5], { segmentBytesMax: 300 });
      writeFileSync(segmentFiles(dir)[1] as string, bytes);
      const { lastSequence, notices } = await readAll(dir);
      expect(lastSequence).toBe(5);
      expect(notices.length).toBe(1);
      expect(segmentFiles(dir).length).toBe(1);
    }
  });
});

describe('damage', () => {
  it('of any bit is named with its file and record, or is in the last record and cut off', {
    timeout: SLOW_DISK_TIMEOUT_MS,
  }, async () => {
    const dir = await writtenJournal([3, 4, 2, 5, 1, 3], { segmentBytesMax: 1000 });
    const files = segmentFiles(dir).map((file) => file.slice(dir.length));
    expect(files.length).toBe(2);
    const original = (await readAll(dir)).records.map((record) => record.recordHash);
    const firstInSecond = Number(files[1]?.slice(-20, -4));
    const starts = [
      [0, ...boundaries(1, firstInSecond - 1)],
      [0, ...boundaries(firstInSecond, original.length - firstInSecond + 1)],
    ] as const;
    const sizes = starts.map((places) => places.at(-1) as number);
    const lastRecord = starts[1].at(-2) as number;
    await fc.assert(
      fc.asyncProperty(fc.nat((sizes[0] as number) + (sizes[1] as number) - 1), fc.nat(7), async (byte, bit) => {
        const place = byte < (sizes[0] as number) ? 0 : 1;
        const at = place === 0 ? byte : byte - (sizes[0] as number);
        const damaged = copyOf(dir);
        const file = damaged + files[place];
        const bytes = readFileSync(file);
        bytes[at] = (bytes[at] as number) ^ (1 << bit);
        writeFileSync(file, bytes);
        const outcome = await readAll(damaged).catch((error: unknown) => error);
        if (place === 1 && at >= lastRecord) {
          expect(outcome).toMatchObject({ lastSequence: original.length - 1, notices: [expect.any(String)] });
          const { records } = outcome as Awaited<ReturnType<typeof readAll>>;
          expect(records.map((record) => record.recordHash)).toEqual(original.slice(0, -1));
        } else {
          const offset = starts[place]?.findLast((start) => start <= at);
          expect(outcome).toMatchObject({ name: 'JournalCorrupt', file, offset });
        }
      }),
      { numRuns: 300 },
    );
  });

  it('by a file of another journal is found', async () => {
    const dir = await writtenJournal([5, 5], { segmentBytesMax: 300 });
    const other = await writtenJournal([5, 5], { segmentBytesMax: 300 });
    writeFileSync(segmentFiles(dir)[1] as string, readFileSync(segmentFiles(other)[1] as string));
    await expect(openJournal(dir)).rejects.toThrow('belongs to another journal');
  });

  it('by records in another order is found', async () => {
    const dir = await writtenJournal([1, 1, 1], undefined, 50);
    const file = segmentFiles(dir)[0] as string;
    const bytes = readFileSync(file);
    const [a, b] = [SEGMENT_HEADER_BYTES, SEGMENT_HEADER_BYTES + RECORD_HEADER_BYTES + 50];
    const swapped = Buffer.concat([
      bytes.subarray(0, a),
      bytes.subarray(b, b + b - a),
      bytes.subarray(a, b),
      bytes.subarray(b + b - a),
    ]);
    writeFileSync(file, swapped);
    await expect(openJournal(dir)).rejects.toThrow('sequence 2 follows 0');
  });

  it('by what an attacker has put into a payload is not taken for a record', async () => {
    const dir = tempFolder();
    const journal = await openJournal(dir);
    await appendGroup(journal, 1);
    const file = segmentFiles(dir)[0] as string;
    // A whole group of the same sequences, only not with this journal's salt.
    const other = await writtenJournal([1, 1, 1]);
    const forged = readFileSync(segmentFiles(other)[0] as string).subarray(SEGMENT_HEADER_BYTES);
    journal.append(2, forged);
    await journal.close();
    truncateSync(file, statSync(file).size - 1);
    const { lastSequence, notices } = await readAll(dir);
    expect(lastSequence).toBe(1);
    expect(notices.length).toBe(1);
  });

  it('by a file that is no segment is refused', async () => {
    const dir = await writtenJournal([1]);
    writeFileSync(`${dir}/segments/notes.txt`, '');
    await expect(openJournal(dir)).rejects.toBeInstanceOf(JournalCorrupt);
  });
});
