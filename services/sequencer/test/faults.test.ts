import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileLog, Sequencer } from '@keel/cluster';
import { openJournal } from '@keel/journal';
import { Exchange, emptyParts } from '@keel/replica';
import { createMetrics } from '@keel/runtime';
import type { Command } from '@keel/types';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createClock } from '../src/clock.ts';
import { createFigures, watchSequencer } from '../src/figures.ts';
import { GENESIS_MARKETS, listGenesisMarkets } from '../src/genesisMarkets.ts';
import { btcIndex, FEEDERS } from './feeders.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'keel-faults-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

/** A sequencer in this process, on a real journal; what would end the process is kept instead. */
async function open(queueMax = 10, clock = createClock(0)) {
  const journal = await openJournal(dir);
  const exchange = new Exchange(emptyParts());
  const faults: unknown[] = [];
  let groups = 0;
  let sealed = 0;
  let stopped: () => void = () => undefined;
  const failed = new Promise<void>((resolve) => {
    stopped = resolve;
  });
  const sequencer = new Sequencer({
    exchange,
    log: fileLog(journal),
    clock,
    monotonicMs: () => performance.now(),
    nextTurn: () => new Promise((resolve) => setImmediate(resolve)),
    queueMax,
    watch: watchSequencer(createFigures(createMetrics('test'), exchange)),
    onLeadershipLost: (lost) => faults.push(lost),
    onApplied: () => undefined,
    onSealed: () => {
      sealed += 1;
    },
    onGroup: () => {
      groups += 1;
    },
    fail: (fault) => {
      faults.push(fault);
      stopped();
      return undefined as never;
    },
  });
  await listGenesisMarkets(exchange, sequencer);
  await new Promise((resolve) => setImmediate(resolve));
  return { journal, exchange, sequencer, faults, failed, groups: () => groups, sealed: () => sealed };
}

const turn = (): Promise<unknown> => new Promise((resolve) => setTimeout(resolve, 20));

test('an assertion of the engine stops it: the command is in the journal, neither acknowledged nor published', async () => {
  const { journal, exchange, sequencer, faults, failed, groups } = await open();
  let acknowledged = 0;
  const before = groups();
  const [market] = exchange.state.markets;
  if (market === undefined) throw new Error('no market');
  market.insuranceFundAtoms = -1;
  exchange.state.dirty.markets.add(market.spec.marketId);
  for (let count = 0; count < 3; count += 1) {
    sequencer.submit({ kind: 'advanceTime' }).then(
      () => {
        acknowledged += 1;
      },
      () => undefined,
    );
  }
  await failed;
  await turn();
  expect(faults).toMatchObject([
    { name: 'AssertionError', message: expect.stringContaining('insurance fund below 0') },
  ]);
  expect({ acknowledged, groups: groups() - before }).toEqual({ acknowledged: 0, groups: 0 });
  expect(journal.durableSequence).toBe(GENESIS_MARKETS.length + 3);
  await journal.close();
});

test('a fault in the middle of a group leaves nothing of the group outside, not even a batch that was sealed before it', async () => {
  const times: number[] = [];
  const clock = createClock(0);
  const { journal, exchange, sequencer, faults, failed, groups, sealed } = await open(
    10,
    () => times.shift() ?? clock(),
  );
  await sequencer.submit({ kind: 'setPriceFeeders', feeders: FEEDERS });
  await turn();
  const before = { groups: groups(), sequence: exchange.state.sequence };
  let acknowledged = 0;
  // A clock that runs back is our fault; the third command of the group is the one to show it.
  times.push(Date.now(), Date.now(), 1);
  for (const command of [
    btcIndex(600_000),
    { kind: 'sealBatch' },
    { kind: 'advanceTime' },
    btcIndex(600_001),
  ] as Command[]) {
    sequencer.submit(command).then(
      () => {
        acknowledged += 1;
      },
      () => undefined,
    );
  }
  await failed;
  await turn();
  expect(faults).toMatchObject([{ name: 'AssertionError', message: expect.stringContaining('time runs back') }]);
  expect(exchange.state).toMatchObject({ sequence: before.sequence + 2, nextBatchIndex: 1 });
  expect({ acknowledged, groups: groups() - before.groups, sealed: sealed() }).toEqual({
    acknowledged: 0,
    groups: 0,
    sealed: 0,
  });
  expect(journal.durableSequence).toBe(before.sequence + 4);
  await journal.close();
});

test('a journal that cannot be written stops it before anything is applied', async () => {
  const { journal, exchange, sequencer, faults, failed } = await open();
  const { sequence } = exchange.state;
  await journal.close();
  let acknowledged = false;
  sequencer.submit({ kind: 'advanceTime' }).then(
    () => {
      acknowledged = true;
    },
    () => undefined,
  );
  await failed;
  await turn();
  expect(faults).toHaveLength(1);
  expect({ acknowledged, sequence: exchange.state.sequence }).toEqual({ acknowledged: false, sequence });
});

test('a queue that is full refuses, and stopping acknowledges what was taken', async () => {
  const { journal, sequencer } = await open();
  const taken = Array.from({ length: 10 }, () => sequencer.submit({ kind: 'advanceTime' }));
  await expect(sequencer.submit({ kind: 'advanceTime' })).rejects.toThrow('10 commands wait for the log');
  await sequencer.stop();
  const sequences = (await Promise.all(taken)).map(({ sequence }) => sequence);
  expect(sequences).toEqual(Array.from({ length: 10 }, (_unused, index) => GENESIS_MARKETS.length + 1 + index));
  await expect(sequencer.submit({ kind: 'advanceTime' })).rejects.toThrow('the sequencer is stopping');
  await journal.close();
});

test('the shortest queue is long enough to list the first markets', async () => {
  const { journal, exchange, sequencer } = await open(1);
  expect(exchange.state.markets).toHaveLength(GENESIS_MARKETS.length);
  await sequencer.stop();
  await journal.close();
});
