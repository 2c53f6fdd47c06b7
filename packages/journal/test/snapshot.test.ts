import { readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  joinSnapshotPayload,
  newestSnapshot,
  readSnapshotFile,
  type Snapshot,
  splitSnapshotPayload,
  writeSnapshot,
} from '../src/index.ts';
import { payloadOf, tempFolder } from './tempJournal.ts';

const snapshotOf = (sequence: number): Snapshot => ({
  sequence,
  recordHash: payloadOf(sequence, 32),
  stateRoot: payloadOf(sequence + 1, 32),
  payload: payloadOf(sequence, 150),
});

const fileOf = (dir: string, sequence: number) => join(dir, 'snapshots', `${String(sequence).padStart(16, '0')}.snap`);

async function writeAll(dir: string, sequences: readonly number[]): Promise<void> {
  for (const sequence of sequences) await writeSnapshot(dir, snapshotOf(sequence));
}

it('is undefined before the first', async () => {
  expect(await newestSnapshot(tempFolder())).toEqual({ snapshot: undefined, notices: [] });
});

it('comes back whole, the newest by sequence, and three are kept', async () => {
  const dir = tempFolder();
  writeFileSync(join(dir, 'x'), '');
  await writeAll(dir, [9, 10, 100, 2000]);
  expect(await newestSnapshot(dir)).toEqual({ snapshot: snapshotOf(2000), notices: [] });
  expect(readdirSync(join(dir, 'snapshots')).sort()).toEqual(
    [10, 100, 2000].map((sequence) => fileOf(dir, sequence).slice(-21)),
  );
});

it('may be of an empty state and replace one of its own sequence', async () => {
  const dir = tempFolder();
  await writeAll(dir, [7]);
  await writeSnapshot(dir, { ...snapshotOf(7), payload: new Uint8Array() });
  expect((await newestSnapshot(dir)).snapshot?.payload.length).toBe(0);
});

it('falls back when the newest is damaged in any bit or cut at any byte, and says so', async () => {
  const dir = tempFolder();
  await writeAll(dir, [1, 2]);
  const file = fileOf(dir, 2);
  const good = readFileSync(file);
  const expectFallback = async () => {
    const { snapshot, notices } = await newestSnapshot(dir);
    expect(snapshot).toEqual(snapshotOf(1));
    expect(notices).toEqual([expect.stringContaining(file)]);
  };
  await fc.assert(
    fc.asyncProperty(fc.nat(good.length - 1), fc.nat(7), async (at, bit) => {
      const bytes = Buffer.from(good);
      bytes[at] = (bytes[at] as number) ^ (1 << bit);
      writeFileSync(file, bytes);
      await expectFallback();
      writeFileSync(file, good);
      truncateSync(file, at);
      await expectFallback();
    }),
  );
});

it('is not looked for in what a crash left half written, which the next one clears away', async () => {
  const dir = tempFolder();
  await writeAll(dir, [1]);
  const half = `${fileOf(dir, 2)}.tmp`;
  writeFileSync(half, 'half');
  expect((await newestSnapshot(dir)).snapshot?.sequence).toBe(1);
  await writeAll(dir, [3]);
  expect(readdirSync(join(dir, 'snapshots'))).not.toContain(half.slice(-25));
  expect(readdirSync(join(dir, 'snapshots')).length).toBe(2);
});

it('is read by the name of its file, or told what is wrong with it', async () => {
  const dir = tempFolder();
  await writeAll(dir, [7]);
  expect(await readSnapshotFile(fileOf(dir, 7))).toEqual(snapshotOf(7));
  truncateSync(fileOf(dir, 7), 50);
  expect(await readSnapshotFile(fileOf(dir, 7))).toBe('it is cut short');
  await expect(readSnapshotFile(fileOf(dir, 8))).rejects.toThrow('ENOENT');
});

it('has a payload of two parts', () => {
  const parts = { engine: payloadOf(1, 70), rest: payloadOf(2, 9) };
  const joined = joinSnapshotPayload(parts);
  const { engine, rest } = splitSnapshotPayload(joined);
  expect([Buffer.from(engine), Buffer.from(rest)]).toEqual([Buffer.from(parts.engine), Buffer.from(parts.rest)]);
  expect(() => splitSnapshotPayload(joined.subarray(0, 3))).toThrow('a snapshot without a length');
  expect(() => splitSnapshotPayload(joined.subarray(0, 73))).toThrow('a snapshot shorter than it says');
});
