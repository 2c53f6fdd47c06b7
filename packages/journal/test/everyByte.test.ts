import { expect, it } from 'vitest';
import { JournalCorrupt, type JournalRecord, newestSnapshot, openJournal, writeSnapshot } from '../src/index.ts';
import { MemoryDisk } from './memoryDisk.ts';
import { payloadOf } from './tempJournal.ts';

/** Seconds on a machine of its own, minutes where ten others want the same two cores. */
const TIMEOUT_MS = 600_000;
/** In memory, so that every single cut and flip is opened anew. KEEL_TEST_RUNS=n makes n flips. */
const LAST_BYTES = 64 * 1024;
const FLIPS = Number(process.env.KEEL_TEST_RUNS ?? 10_000);
const SEED = Number(process.env.KEEL_TEST_SEED ?? 20_261);
/** Every so many cuts all records are read and the journal goes on; the others compare the last record's hash. */
const READ_ALL_EVERY = 251;
const DIR = '/data';

interface Written {
  readonly disk: MemoryDisk;
  /** Segments in order. */
  readonly files: readonly { readonly path: string; readonly bytes: Buffer; readonly firstByte: number }[];
  readonly bytes: number;
  readonly hashes: readonly Uint8Array[];
  /** By record, in bytes of the journal as if its segments were one file: where it ends, and whether a flush ended there. */
  readonly ends: readonly number[];
  readonly flushed: readonly boolean[];
}

/** A journal of at least so many bytes, in groups of 1 to 9 records. */
async function write(bytesMin: number, segmentBytesMax: number, payloadBytes?: number): Promise<Written> {
  const disk = new MemoryDisk();
  const journal = await openJournal(DIR, { disk, segmentBytesMax, salt: Buffer.from('saltsalt') });
  const [hashes, ends, flushed]: [Uint8Array[], number[], boolean[]] = [[], [], []];
  const size = () => [...disk.files.values()].reduce((sum, { bytes }) => sum + bytes.length, 0);
  for (let group = 0; size() < bytesMin; group++) {
    const records = 1 + ((group * 5) % 9);
    const lengths: number[] = [];
    for (let count = 0; count < records; count++) {
      const payload = payloadOf(journal.lastSequence + 1, payloadBytes);
      lengths.push(49 + payload.length);
      hashes.push(journal.append(journal.lastSequence + 1, payload));
    }
    await journal.flush();
    let end = size() - lengths.reduce((sum, length) => sum + length, 0);
    for (const [place, length] of lengths.entries()) {
      end += length;
      ends.push(end);
      flushed.push(place === lengths.length - 1);
    }
  }
  await journal.close();
  let bytes = 0;
  const files = [...disk.files.entries()].map(([path, file]) => {
    bytes += file.bytes.length;
    return { path, bytes: file.bytes, firstByte: bytes - file.bytes.length };
  });
  return { disk, files, bytes, hashes, ends, flushed };
}

/** The disk as it is when only the first bytes of the journal were written. */
function cutAt({ files }: Written, length: number): MemoryDisk {
  const disk = new MemoryDisk();
  for (const { path, bytes, firstByte } of files)
    if (firstByte < length) disk.put(path, bytes.subarray(0, length - firstByte));
  return disk;
}

it.each([
  // An opening reads all of the last segment: large records keep 65,537 of them short.
  ['one segment', 64 * 1024 * 1024, 1_500],
  ['many segments', 8 * 1024, undefined],
])(
  'cut at any byte of its last 64 KB, a journal of %s has all that was flushed at that length',
  { timeout: TIMEOUT_MS },
  async (_, segmentBytesMax, payloadBytes) => {
    const written = await write(LAST_BYTES + 4_096, segmentBytesMax, payloadBytes);
    const { bytes, hashes, ends, flushed } = written;
    let whole = 0;
    let acked = 0;
    for (let length = bytes - LAST_BYTES; length <= bytes; length++) {
      while (whole < ends.length && (ends[whole] as number) <= length) {
        whole++;
        if (flushed[whole - 1]) acked = whole;
      }
      const disk = cutAt(written, length);
      const journal = await openJournal(DIR, { disk, segmentBytesMax, knownSequence: acked });
      const outcome = [journal.lastSequence, Buffer.compare(journal.lastHash, hashes[whole - 1] as Uint8Array)];
      if (outcome[0] !== whole || outcome[1] !== 0 || whole < acked)
        expect.fail(`cut at ${length}: recovered ${outcome.join()}, written whole ${whole}, flushed ${acked}`);
      const recordsCut = length > (ends[whole - 1] as number);
      if (journal.notices.length !== (recordsCut && !beginsSegment(written, length) ? 1 : 0))
        expect.fail(`cut at ${length}: ${journal.notices.join('; ')}`);
      if (length % READ_ALL_EVERY !== 0) continue;
      expect([...journal.read(1)].map(({ recordHash }) => recordHash)).toEqual(hashes.slice(0, whole));
      journal.append(whole + 1, payloadOf(whole + 1));
      await journal.close();
      disk.crash();
      expect((await openJournal(DIR, { disk, knownSequence: whole + 1 })).lastHash).toEqual(journal.lastHash);
      // Without the last record, what was acknowledged is gone, and that is said instead of cut.
      await expect(
        openJournal(DIR, { disk: cutAt(written, length), segmentBytesMax, knownSequence: whole + 1 }),
      ).rejects.toBeInstanceOf(JournalCorrupt);
    }
  },
);

/** Right behind a segment's header there is nothing to cut off. */
function beginsSegment({ files }: Written, length: number): boolean {
  return files.some(({ firstByte }) => length === firstByte + 64);
}

it(`finds each of ${FLIPS} random bit flips over a whole journal and a snapshot (seed ${SEED})`, {
  timeout: TIMEOUT_MS,
}, async () => {
  const written = await write(LAST_BYTES, 16 * 1024);
  const { disk, files, hashes, ends } = written;
  const snapshotOf = (sequence: number) => ({
    sequence,
    recordHash: hashes[sequence - 1] as Uint8Array,
    stateRoot: payloadOf(sequence, 32),
    payload: payloadOf(sequence, 8_000),
  });
  await writeSnapshot(DIR, snapshotOf(100), disk);
  await writeSnapshot(DIR, snapshotOf(200), disk);
  const newest = `${DIR}/snapshots/0000000000000200.snap`;
  const parts = [
    ...files.map(({ path, bytes }) => ({ path, bytes })),
    { path: newest, bytes: disk.read(newest, 0, 1e6) },
  ];
  const total = parts.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const lastRecord = (ends.at(-2) as number) - (files.at(-1)?.firstByte as number);
  const next = dice(SEED);
  const found = { journal: 0, snapshot: 0, cut: 0 };
  for (let run = 0; run < FLIPS; run++) {
    let at = next(total);
    let place = 0;
    while (at >= (parts[place]?.bytes.length as number)) at -= parts[place++]?.bytes.length as number;
    const { path, bytes } = parts[place] as (typeof parts)[number];
    const bit = next(8);
    const flipped = Buffer.from(bytes);
    flipped[at] = (flipped[at] as number) ^ (1 << bit);
    const damaged = disk.copy();
    damaged.put(path, flipped);
    const where = `seed ${SEED}, run ${run}: bit ${bit} of byte ${at} of ${path}`;
    if (path === newest) {
      const { snapshot, notices } = await newestSnapshot(DIR, damaged);
      expect([snapshot?.sequence, notices.length], where).toEqual([100, 1]);
      found.snapshot++;
      continue;
    }
    const outcome = await readAll(damaged, 0);
    if (place === files.length - 1 && at >= lastRecord) {
      // What a torn write looks like: cut off with a notice, unless it is known to have been acknowledged.
      expect(outcome, where).toMatchObject({ lastSequence: hashes.length - 1, notices: 1 });
      expect(await readAll(damaged.copy(), 0), where).toMatchObject({ lastSequence: hashes.length - 1, notices: 0 });
      const again = disk.copy();
      again.put(path, flipped);
      expect(await readAll(again, hashes.length), where).toBeInstanceOf(JournalCorrupt);
      found.cut++;
    } else {
      expect(outcome, where).toBeInstanceOf(JournalCorrupt);
      expect((outcome as JournalCorrupt).file, where).toBe(path);
      expect((outcome as JournalCorrupt).offset, where).toBeLessThanOrEqual(at);
      found.journal++;
    }
  }
  process.stdout.write(
    `seed ${SEED}: ${FLIPS} flips in ${total} bytes: ${found.journal} found in the journal, ` +
      `${found.cut} cut off its last record, ${found.snapshot} found in the snapshot\n`,
  );
});

/** What opening and reading all give: the error, if there is one. */
async function readAll(disk: MemoryDisk, knownSequence: number): Promise<unknown> {
  try {
    const journal = await openJournal(DIR, { disk, knownSequence });
    let last: JournalRecord | undefined;
    for (const record of journal.read(1)) last = record;
    return { lastSequence: last?.sequence, notices: journal.notices.length };
  } catch (error) {
    return error;
  }
}

/** Whole numbers from 0 to below `bound` (mulberry32). */
function dice(seed: number): (bound: number) => number {
  let state = seed >>> 0;
  return (bound) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * bound);
  };
}
