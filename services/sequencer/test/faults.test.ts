import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openJournal } from '@keel/journal';
import { createMetrics } from '@keel/runtime';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createClock } from '../src/clock.ts';
import { Exchange } from '../src/exchange.ts';
import { createFigures } from '../src/figures.ts';
import { GENESIS_MARKETS, listGenesisMarkets } from '../src/genesisMarkets.ts';
import { Sequencer } from '../src/sequencer.ts';
import { emptyParts } from '../src/snapshotPayload.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'keel-faults-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

/** A sequencer in this process, on a real journal; what would end the process is kept instead. */
async function open(queueMax = 10) {
  const journal = await openJournal(dir);
  const exchange = new Exchange(emptyParts());
  const faults: unknown[] = [];
  let groups = 0;
  let stopped: () => void = () => undefined;
  const failed = new Promise<void>((resolve) => {
    stopped = resolve;
  });
  const sequencer = new Sequencer({
    exchange,
    journal,
    clock: createClock(0),
    queueMax,
    figures: createFigures(createMetrics('test'), exchange),
    onSealed: () => undefined,
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
  return { journal, exchange, sequencer, faults, failed, groups: () => groups };
}

const turn = (): Promise<unknown> => new Promise((resolve) => setTimeout(resolve, 20));

test('an assertion of the engine stops it: the command is in the journal, neither acknowledged nor published', async () => {
  const { journal, exchange, sequencer, faults, failed, groups } = await open();
  let acknowledged = 0;
  const before = groups();
  exchange.state.insuranceFundAtoms = -1;
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
  expect(faults).toMatchObject([{ name: 'AssertionError', message: 'insurance fund below 0' }]);
  expect({ acknowledged, groups: groups() - before }).toEqual({ acknowledged: 0, groups: 0 });
  expect(journal.durableSequence).toBe(GENESIS_MARKETS.length + 3);
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
  await expect(sequencer.submit({ kind: 'advanceTime' })).rejects.toThrow('10 commands wait for the journal');
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
