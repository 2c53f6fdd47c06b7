import { describe, expect, it } from 'vitest';
import { type Journal, JournalCorrupt, openJournal } from '../src/index.ts';
import { MemoryDisk } from './memoryDisk.ts';
import { payloadOf } from './tempJournal.ts';

const DIR = '/data';
const SECTOR_BYTES = 512;
const HEADERS_BYTES = 64 + 49;
const TIMEOUT_MS = 120_000;
const SEED = Number(process.env.KEEL_TEST_SEED ?? 20_262);

/** A journal of one flush and then another: the file after each, and the hashes of all records. */
interface TwoFlushes {
  readonly path: string;
  readonly first: Buffer;
  readonly both: Buffer;
  readonly firstRecords: number;
  readonly hashes: readonly Uint8Array[];
}

async function flush(journal: Journal, lengths: readonly number[], hashes: Uint8Array[]): Promise<void> {
  for (const length of lengths) {
    const sequence = journal.lastSequence + 1;
    hashes.push(journal.append(sequence, payloadOf(sequence, length)));
  }
  await journal.flush();
}

async function writeTwice(first: readonly number[], second: readonly number[]): Promise<TwoFlushes> {
  const disk = new MemoryDisk();
  const journal = await openJournal(DIR, { disk, salt: Buffer.from('saltsalt') });
  const hashes: Uint8Array[] = [];
  const file = () => [...disk.files.entries()][0] as [string, { bytes: Buffer }];
  await flush(journal, first, hashes);
  const [path, { bytes }] = file();
  await flush(journal, second, hashes);
  return { path, first: bytes, both: file()[1].bytes, firstRecords: first.length, hashes };
}

/** The file as a loss of power leaves it when only the sectors of the second flush that `isWritten` were written. */
function tear({ first, both }: TwoFlushes, size: number, isWritten: (sector: number) => boolean): Buffer {
  const torn = Buffer.alloc(size);
  first.copy(torn);
  const firstSector = Math.floor(first.length / SECTOR_BYTES);
  for (let sector = firstSector; sector * SECTOR_BYTES < size; sector++) {
    const [from, to] = [Math.max(first.length, sector * SECTOR_BYTES), (sector + 1) * SECTOR_BYTES];
    if (isWritten(sector)) both.copy(torn, from, from, Math.min(to, size));
  }
  return torn;
}

/** Opens what is left: everything of the first flush must be there, and nothing that was never written. */
async function expectRecovered(written: TwoFlushes, torn: Buffer, where: string): Promise<void> {
  const disk = new MemoryDisk();
  disk.put(written.path, torn);
  const journal = await openJournal(DIR, { disk }).catch((fault: unknown) => expect.fail(`${where}: ${String(fault)}`));
  const read = [...journal.read(1)].map(({ recordHash }) => recordHash);
  if (read.length < written.firstRecords) expect.fail(`${where}: ${read.length} records`);
  expect(read, where).toEqual(written.hashes.slice(0, read.length));
}

describe('a flush of which some sectors were written', () => {
  it('is cut off where it begins when its first sector is missing, wherever in a sector that is', {
    timeout: TIMEOUT_MS,
  }, async () => {
    for (let at = 0; at < SECTOR_BYTES; at++) {
      // A length of 70,000 has a byte other than zero among its first three, one of 300 not before the third.
      for (const length of [300, 1_024, 70_000]) {
        const written = await writeTwice([2 * SECTOR_BYTES + at - HEADERS_BYTES], [length, 100, 100]);
        const firstSector = Math.floor(written.first.length / SECTOR_BYTES);
        const torn = tear(written, written.both.length, (sector) => sector !== firstSector);
        await expectRecovered(written, torn, `from byte ${at} of a sector, a payload of ${length} bytes`);
      }
    }
  });

  it(`is cut off whichever they are (seed ${SEED})`, { timeout: TIMEOUT_MS }, async () => {
    let state = SEED;
    const below = (bound: number): number => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return Math.floor((state / 2 ** 32) * bound);
    };
    const lengths = (): number[] => Array.from({ length: 1 + below(8) }, () => 1 + below(below(4) === 0 ? 2_000 : 300));
    for (let run = 0; run < 5_000; run++) {
      const written = await writeTwice(lengths(), lengths());
      const growth = written.both.length - written.first.length;
      const size = below(2) === 0 ? written.both.length : written.first.length + below(growth + 1);
      const share = 1 + below(3);
      const torn = tear(written, size, () => below(4) < share);
      await expectRecovered(written, torn, `seed ${SEED}, run ${run}`);
    }
  });

  it('is damage when a byte of what was written is another one', async () => {
    for (let at = 0; at < SECTOR_BYTES; at++) {
      const written = await writeTwice([2 * SECTOR_BYTES + at - HEADERS_BYTES], [300, 100, 100]);
      const flipped = Buffer.from(written.both);
      const byte = written.first.length + 60;
      flipped[byte] = (flipped[byte] as number) ^ 1;
      const disk = new MemoryDisk();
      disk.put(written.path, flipped);
      const opened = openJournal(DIR, { disk });
      await expect(opened, `from byte ${at} of a sector`).rejects.toBeInstanceOf(JournalCorrupt);
    }
  });
});
