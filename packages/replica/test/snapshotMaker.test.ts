import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { JournalFault, newestSnapshot } from '@keel/journal';
import { expect, it, onTestFinished } from 'vitest';
import {
  type OpenedExchange,
  SnapshotDiffers,
  SnapshotMaker,
  type SnapshotMakerOptions,
  snapshotOf,
} from '../src/index.ts';
import { goOn, open, tempFolder } from './writtenExchange.ts';

const EVERY = 1_000;

function makerOf(dataDir: string, opened: OpenedExchange, options: Partial<SnapshotMakerOptions> = {}): SnapshotMaker {
  const { journal, batches, snapshotSequence } = opened;
  return new SnapshotMaker({
    dataDir,
    everyCommands: EVERY,
    lastSequence: snapshotSequence,
    journal,
    batches,
    ...options,
  });
}

const pointOf = ({ exchange }: OpenedExchange) => ({
  sequence: exchange.state.sequence,
  stateRoot: exchange.stateRoot(),
});
const snapshotsIn = (dir: string) => readdirSync(join(dir, 'snapshots')).map((name) => Number(name.slice(0, 16)));

it('is made beside an exchange that goes on, each from the one before, and three are kept', async () => {
  const dir = tempFolder();
  const opened = await open(dir);
  const maker = makerOf(dir, opened);
  for (const [place, commands] of [1_200, 1_000, 700, 600].entries()) {
    await goOn(opened, commands);
    const point = pointOf(opened);
    const expected = snapshotOf(opened.exchange);
    let made = false;
    const making = maker.make(point).finally(() => {
      made = true;
    });
    expect(maker.busy).toBe(true);
    while (!made) await goOn(opened, 10);
    expect(opened.exchange.state.sequence).toBeGreaterThan(point.sequence);
    const info = await making;
    expect(info).toMatchObject({ ...point, bytes: expected.payload.length, notices: [] });
    // From the beginning the first time, later only what came since the one before.
    if (place > 0) expect(info.commands).toBeLessThan(point.sequence);
    const { snapshot } = await newestSnapshot(dir);
    expect(snapshot?.sequence).toBe(point.sequence);
    expect(Buffer.compare(snapshot?.payload as Uint8Array, expected.payload)).toBe(0);
    expect(Buffer.compare(snapshot?.recordHash as Uint8Array, expected.recordHash)).toBe(0);
    expect(maker.lastSequence).toBe(point.sequence);
  }
  expect(snapshotsIn(dir).length).toBe(3);
  const root = opened.exchange.stateRoot();
  await opened.journal.close();
  const again = await open(dir);
  expect(again.snapshotSequence).toBe(maker.lastSequence);
  expect(again.exchange.stateRoot()).toBe(root);
  await again.journal.close();
});

it('is due after so many commands, one at a time', async () => {
  const dir = tempFolder();
  const opened = await open(dir);
  const maker = makerOf(dir, opened);
  await goOn(opened, EVERY - 1);
  expect(maker.due(opened.exchange.state.sequence)).toBe(false);
  await goOn(opened, 1);
  expect(maker.due(opened.exchange.state.sequence)).toBe(true);
  const first = maker.make(pointOf(opened));
  expect(maker.due(10 * EVERY)).toBe(false);
  await goOn(opened, 1);
  expect(maker.make(pointOf(opened))).toBe(first);
  await first;
  expect(snapshotsIn(dir)).toEqual([EVERY]);
  expect(maker.due(2 * EVERY - 1)).toBe(false);
  expect(maker.due(2 * EVERY)).toBe(true);
  await opened.journal.close();
});

it('is not written when the exchange has another root than its journal leads to', async () => {
  const dir = tempFolder();
  const opened = await open(dir);
  await goOn(opened, 50);
  const { stateRoot } = pointOf(opened);
  await goOn(opened, 1);
  const made = makerOf(dir, opened).make({ sequence: 51, stateRoot });
  await expect(made).rejects.toBeInstanceOf(SnapshotDiffers);
  await expect(made).rejects.toThrow(
    /^the exchange has the root 0x[0-9a-f]{64} at sequence 51, but its journal leads to/,
  );
  expect((await newestSnapshot(dir)).snapshot).toBeUndefined();
  await opened.journal.close();
});

it('is not made of a journal that is damaged below what is durable', async () => {
  const dir = tempFolder();
  const opened = await open(dir);
  await goOn(opened, 300);
  const file = join(dir, 'segments', '0000000000000001.log');
  const bytes = readFileSync(file);
  bytes[5_000] = (bytes[5_000] as number) ^ 1;
  writeFileSync(file, bytes);
  const made = makerOf(dir, opened).make(pointOf(opened));
  await expect(made).rejects.toBeInstanceOf(SnapshotDiffers);
  await expect(made).rejects.toThrow(/JournalCorrupt: the journal is damaged: .*a bad record/);
  expect((await newestSnapshot(dir)).snapshot).toBeUndefined();
  await opened.journal.close();
});

it('that finds the disk full harms nothing: the journal goes on, and the next due time tries again', async (context) => {
  const dir = tempFolder();
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', dir], { stdio: 'ignore' });
  } catch {
    context.skip('mounting a tmpfs is not allowed here');
  }
  onTestFinished(() => void execFileSync('umount', [dir]));
  const opened = await open(dir);
  onTestFinished(() => opened.journal.close());
  const maker = makerOf(dir, opened);
  await goOn(opened, EVERY);
  const filler = join(dir, 'filler');
  const free = () => Number(execFileSync('df', ['--output=avail', '-B1', dir], { encoding: 'utf8' }).split('\n')[1]);
  writeFileSync(filler, Buffer.alloc(Math.max(0, free() - 80_000)));
  const made = maker.make(pointOf(opened));
  await expect(made).rejects.toBeInstanceOf(JournalFault);
  await expect(made).rejects.toThrow(/^no snapshot of sequence 1000: .*no space left on the device \(ENOSPC\)$/);
  expect(snapshotsIn(dir)).toEqual([]);
  expect(maker.due(EVERY)).toBe(false);
  await goOn(opened, 100);
  rmSync(filler);
  await goOn(opened, EVERY - 100);
  expect(maker.due(opened.exchange.state.sequence)).toBe(true);
  await maker.make(pointOf(opened));
  expect(snapshotsIn(dir)).toEqual([2 * EVERY]);
});

it('at a clean stop is written from here, and a thread that still runs is ended', async () => {
  const dir = tempFolder();
  const opened = await open(dir);
  await goOn(opened, 5_000);
  const maker = makerOf(dir, opened);
  const making = maker.make(pointOf(opened));
  const ended = expect(making).rejects.toThrow('no snapshot of sequence 5000: it was stopped');
  await goOn(opened, 3);
  expect(await maker.makeLast(opened.exchange)).toEqual(pointOf(opened));
  await ended;
  expect(snapshotsIn(dir)).toEqual([5_003]);
  expect(await maker.makeLast(opened.exchange)).toBeUndefined();
  await opened.journal.close();
  const again = await open(dir);
  expect(again.snapshotSequence).toBe(5_003);
  expect(again.exchange.stateRoot()).toBe(opened.exchange.stateRoot());
  await again.journal.close();
});
