import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { joinSnapshotPayload, writeSnapshot } from '@keel/journal';
import { toMarketId } from '@keel/types';
import { describe, expect, test } from 'vitest';
import { openPopulation } from '../src/population/openPopulation.ts';
import { planTraders } from '../src/population/planTraders.ts';
import { POPULATION, type PopulationTerms, USDC_ATOMS } from '../src/population/populationTerms.ts';
import { type DAMPINGS, EVERY_DAMPING, specWithout } from '../src/simulate/dampings.ts';
import { depthPartPpm } from '../src/simulate/marketMakers.ts';
import { pictureOf } from '../src/simulate/pictureOf.ts';
import { linearFall, type PricePath } from '../src/simulate/pricePath.ts';
import { readEngineBytes } from '../src/simulate/readState.ts';
import { resultOf, type SimulationResult } from '../src/simulate/resultOf.ts';
import { notesOf, type Origin, simulate } from '../src/simulate/simulate.ts';
import { tableOf } from '../src/simulate/tableOf.ts';
import { Venue } from '../src/simulate/venue.ts';

const TERMS: PopulationTerms = { ...POPULATION, seed: 7, accounts: 150, markets: 2 };
const DEPTH_ATOMS = 500_000 * USDC_ATOMS;
const silent = (): void => undefined;

function resultsOf(paths: readonly PricePath[], origin: Origin, depthAtoms = DEPTH_ATOMS) {
  return simulate({ origin, paths, depthAtoms }, silent).map(resultOf);
}

const population = (changes: Partial<PopulationTerms> = {}): Origin => ({
  kind: 'population',
  terms: { ...TERMS, ...changes },
});
const sum = (results: readonly SimulationResult[], of: (result: SimulationResult) => number): number =>
  results.reduce((total, result) => total + of(result), 0);

describe('a synthetic population', () => {
  const results = resultsOf([linearFall(5), linearFall(25)], population());

  test('the same seed says the same, another one something else', () => {
    expect(resultsOf([linearFall(5), linearFall(25)], population())).toEqual(results);
    expect(resultsOf([linearFall(5), linearFall(25)], population({ seed: 8 }))).not.toEqual(results);
  });

  test('a variant for each damping, one with all and one with none', () => {
    expect(results.slice(0, 6).map(({ variant }) => variant)).toEqual([
      'all dampings',
      'no liquidation budget',
      'no backstop',
      'no open-interest margin, concentration',
      'no stable price',
      'no damping',
    ]);
    expect(results).toHaveLength(12);
  });

  test('a deeper fall liquidates more, and more than the book can take', () => {
    const [shallow, deep] = [results.slice(0, 6), results.slice(6)];
    expect(sum(shallow, ({ liquidated }) => liquidated)).toBeGreaterThan(0);
    expect(sum(deep, ({ liquidated }) => liquidated)).toBeGreaterThan(sum(shallow, ({ liquidated }) => liquidated));
    expect(sum(deep, ({ deleveragedAccounts }) => deleveragedAccounts)).toBeGreaterThan(0);
  });

  test.each(results.map((result) => [`${result.path}, ${result.variant}`, result] as const))('bounds: %s', (_, row) => {
    expect(row.liquidated).toBeLessThanOrEqual(row.accounts);
    expect(Number(row.backstopLossUsdc)).toBeLessThanOrEqual(Number(row.backstopCapUsdc));
    expect(row.calmAfterMs).not.toBeNull();
    for (const { closeOuts, notionalUsdc } of Object.values(row.stages)) {
      expect(closeOuts > 0).toBe(Number(notionalUsdc) > 0);
    }
  });

  test('with all dampings less is deleveraged than with none', () => {
    for (const rows of [results.slice(0, 6), results.slice(6)]) {
      const [damped, bare] = [rows[0]!, rows[5]!].map(({ stages }) => Number(stages.deleverage.notionalUsdc));
      expect(damped).toBeLessThan(bare!);
    }
  });

  test('without a backstop nothing goes there, and it loses nothing', () => {
    for (const row of results.filter(({ without }) => without.includes('backstop'))) {
      expect(row.stages.backstop.closeOuts).toBe(0);
      expect([row.backstopLossUsdc, row.backstopCapUsdc]).toEqual(['0', '0']);
    }
  });

  test('without open-interest margin and concentration more is open when the fall begins', () => {
    const openLots = (off: readonly (keyof typeof DAMPINGS)[]): number => {
      const { state } = openPopulation(TERMS, DEPTH_ATOMS, (spec) => specWithout(spec, off));
      return state.markets[0]!.openInterestLots;
    };
    expect(openLots(['openInterest'])).toBeGreaterThan(openLots([]));
    expect(openLots(['stablePrice'])).toBeGreaterThan(openLots([]));
  });

  test('without a book everything goes to backstop and deleveraging', () => {
    const [row] = resultsOf([linearFall(15)], population({ accounts: 60, markets: 1 }), 0);
    expect(row!.liquidated).toBeGreaterThan(0);
    expect([row!.stages.book.closeOuts, row!.stages.auction.closeOuts]).toEqual([0, 0]);
    expect(row!.stages.backstop.closeOuts + row!.stages.deleverage.closeOuts).toBeGreaterThan(0);
  });

  test('a price that stays liquidates nobody', () => {
    const still = {
      label: 'still',
      points: [
        { ms: 0, factorPpm: 1_000_000 },
        { ms: 5_000, factorPpm: 1_000_000 },
      ],
    };
    for (const row of resultsOf([still], population({ accounts: 60, markets: 1 }))) {
      expect([row.liquidated, row.calmAfterMs, row.deepestBelowIndexPpm]).toEqual([0, 0, 0]);
    }
  });

  test('table and picture tell every path and variant', () => {
    const table = tableOf(results);
    for (const { path, variant } of results) {
      expect(table).toContain(`${path}, `);
      expect(table).toContain(variant);
    }
    const picture = pictureOf([...results, { ...results[0]!, path: 'a<b>&"c' }]);
    expect(picture.startsWith('<svg ')).toBe(true);
    expect(picture).toContain('-25 %');
    expect(picture).not.toContain('a<b>');
    expect(picture).not.toMatch(/NaN|Infinity|undefined/);
    // Every bar has a place: what is opened is closed.
    expect(picture.match(/<text /g)?.length).toBe(picture.match(/<\/text>/g)?.length);
  });
});

describe('a snapshot', () => {
  test('of the population comes to the same as the population itself', async () => {
    const engine = openPopulation(TERMS, DEPTH_ATOMS, (spec) => spec).snapshot();
    const dir = mkdtempSync(join(tmpdir(), 'keelctl-'));
    const hash = new Uint8Array(32);
    const payload = joinSnapshotPayload({ engine, rest: Buffer.from('{}') });
    await writeSnapshot(dir, { sequence: 5, recordHash: hash, stateRoot: hash, payload });
    const bytes = await readEngineBytes(dir);
    expect(await readEngineBytes(join(dir, 'snapshots', '0000000000000005.snap'))).toEqual(bytes);

    const [own] = resultsOf([linearFall(10)], population());
    const rows = resultsOf([linearFall(10)], { kind: 'snapshot', bytes });
    expect(rows.map(({ variant }) => variant)).toEqual([
      'all dampings',
      'no liquidation budget',
      'no backstop',
      'no damping',
    ]);
    expect(rows[0]).toEqual(own);
    // A vault that is switched off has nothing to lose any more.
    expect(rows[2]!.stages.backstop.closeOuts).toBe(0);
  });

  test('of markets without dampings has none to switch off, and says which market is closed', () => {
    const terms = { ...TERMS, accounts: 20, markets: 2 };
    const venue = openPopulation(terms, DEPTH_ATOMS, (spec) => specWithout(spec, EVERY_DAMPING));
    venue.run({ kind: 'setTradingStatus', marketId: toMarketId(2), status: 'halted' });
    const origin = { kind: 'snapshot', bytes: venue.snapshot() } as const;
    const rows = resultsOf([linearFall(30)], origin);
    expect(rows.map(({ variant }) => variant)).toEqual(['all dampings']);
    expect(Object.keys(rows[0]!.stages.book.lots)).toEqual(['BTC-USD']);
    expect(notesOf(origin)).toEqual(['ETH-USD is halted: nobody is liquidated there']);
    expect(pictureOf(rows)).not.toContain('undefined');
  });

  test('goes on from its own time: a gap would be an outage, after which nobody is liquidated for a while', () => {
    const venue = openPopulation({ ...TERMS, accounts: 5 }, DEPTH_ATOMS, (spec) => spec);
    const earlyMs = 1_000_000;
    const early = new Venue();
    early.timeMs = earlyMs;
    early.takeFeed();
    expect(Venue.from(early.snapshot()).timeMs).toBe(earlyMs);
    expect(Venue.from(venue.snapshot()).timeMs).toBe(venue.state.timeMs);
  });

  test('that is none is told in a line', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'keelctl-'));
    await expect(readEngineBytes(dir)).rejects.toThrow('it holds no snapshot');
    await expect(readEngineBytes(join(dir, 'x'))).rejects.toThrow('there is no');
    await expect(readEngineBytes(import.meta.filename)).rejects.toThrow('it is no snapshot');
  });
});

test.each([
  [0, 1_000_000],
  [-25_000, 600_000],
  [-50_000, 200_000],
  [25_000, 600_000],
  [-400_000, 200_000],
])('a move by %d within ten seconds leaves %d of the depth', (moved, part) => {
  expect(depthPartPpm(moved)).toBe(part);
});

test('the plan of a population is as its terms say', () => {
  const traders = planTraders(TERMS);
  expect(traders).toHaveLength(TERMS.accounts + TERMS.markets);
  const own = traders.slice(0, TERMS.accounts);
  const longs = own.filter(({ side }) => side === 'buy').length;
  expect(longs / own.length).toBeGreaterThan(0.5);
  expect(longs / own.length).toBeLessThan(0.8);
  for (const { market, leverage, notionalAtoms, side, early } of own) {
    expect(market < TERMS.markets && leverage >= 5 && leverage <= 50).toBe(true);
    expect(notionalAtoms >= TERMS.smallestAtoms && notionalAtoms <= TERMS.largestAtoms).toBe(true);
    expect(early && side === 'sell').toBe(false);
  }
});
