import type { Market } from '@keel/client';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRandom } from '../src/createRandom.ts';
import { deriveKey } from '../src/deriveKey.ts';
import { centreTicks, type LadderSettings, quoteLadder } from '../src/maker/quoteLadder.ts';
import { lotsWorth, marketView, unitsOf } from '../src/marketView.ts';
import { decideCasual } from '../src/taker/decideCasual.ts';
import { decideLeveraged, type LeveragedMemory } from '../src/taker/decideLeveraged.ts';
import { BTC, SOL } from './markets.ts';

const USDC = 1_000_000;
const LADDER: LadderSettings = {
  offsetsPpm: [1_000, 10_000],
  notionalsAtoms: [6_000 * USDC, 12_000 * USDC],
  inventoryAtomsMax: 100_000 * USDC,
  skewPpmMax: 2_000,
};

describe('a maker', () => {
  test('quotes both sides of the index, further and larger', () => {
    expect(quoteLadder(BTC, 600_000, 0, LADDER)).toEqual([
      { side: 'buy', priceTicks: 599_400, sizeLots: 10_010 },
      { side: 'sell', priceTicks: 600_600, sizeLots: 9_990 },
      { side: 'buy', priceTicks: 594_000, sizeLots: 20_202 },
      { side: 'sell', priceTicks: 606_000, sizeLots: 19_801 },
    ]);
  });

  test.each([
    [0, 600_000],
    // 50,000 USDC long at 60,000: half full, so half of 2,000 ppm down.
    [83_333, 599_400],
    [-83_333, 600_599],
    [10_000_000, 598_800],
  ])('with %i lots centres at %i', (inventoryLots, ticks) => {
    expect(Math.abs(centreTicks(BTC, inventoryLots, LADDER) - ticks)).toBeLessThanOrEqual(1);
  });

  test('full of a position it quotes only the side that takes it off', () => {
    expect(new Set(quoteLadder(BTC, 600_000, 166_667, LADDER).map(({ side }) => side))).toEqual(new Set(['sell']));
    expect(new Set(quoteLadder(BTC, 600_000, -166_667, LADDER).map(({ side }) => side))).toEqual(new Set(['buy']));
  });

  test('never crosses its own centre, never below the smallest notional', () => {
    const centre = fc.integer({ min: 1, max: 10_000_000 });
    fc.assert(
      fc.property(centre, fc.integer({ min: -10_000, max: 10_000 }), (ticks, inventoryLots) => {
        for (const { side, priceTicks, sizeLots } of quoteLadder(BTC, ticks, inventoryLots, LADDER)) {
          if (side === 'buy') expect(priceTicks).toBeLessThan(ticks);
          else expect(priceTicks).toBeGreaterThan(ticks);
          expect(priceTicks * sizeLots).toBeGreaterThanOrEqual(BTC.minNotionalAtoms);
        }
      }),
    );
  });
});

describe('a leveraged taker', () => {
  const facts = { equityAtoms: 2_000 * USDC, positionLots: new Map<string, number>(), markets: [BTC], nowMs: 1_000 };
  const fresh = (): LeveragedMemory => ({ holdUntilMs: 0, caution: 1 });

  test('opens near the highest leverage, within the slippage it bears', () => {
    const random = createRandom('a seed', 'taker');
    const sides = new Set<string>();
    for (let draw = 0; draw < 40; draw += 1) {
      const move = decideLeveraged(facts, fresh(), random);
      if (move.kind !== 'trade') throw new Error('a taker with money and a market waits');
      sides.add(move.side);
      const leverage = (move.sizeLots * BTC.markTicks) / facts.equityAtoms;
      expect(leverage).toBeGreaterThan(18.7);
      expect(leverage).toBeLessThan(22);
      expect(move.priceTicks).toBe(move.side === 'buy' ? 601_800 : 598_200);
    }
    expect(sides).toEqual(new Set(['buy', 'sell']));
  });

  test('is smaller after the exchange said that margin does not suffice', () => {
    const move = decideLeveraged(facts, { holdUntilMs: 0, caution: 0.5 }, createRandom('a seed', 'taker'));
    expect(move.kind === 'trade' && (move.sizeLots * BTC.markTicks) / facts.equityAtoms).toBeLessThan(11);
  });

  test('holds what it has, then closes all of it', () => {
    const memory = fresh();
    const holding = { ...facts, positionLots: new Map([['BTC-USD', -777]]) };
    const random = createRandom('a seed', 'taker');
    expect(decideLeveraged(holding, memory, random)).toEqual({ kind: 'wait' });
    expect(memory.holdUntilMs).toBeGreaterThanOrEqual(61_000);
    expect(decideLeveraged({ ...holding, nowMs: memory.holdUntilMs }, memory, random)).toMatchObject({
      kind: 'trade',
      side: 'buy',
      sizeLots: 777,
      reduceOnly: true,
    });
  });

  test('closes what a liquidation has left of it, without waiting', () => {
    const poor = { ...facts, equityAtoms: 399 * USDC, positionLots: new Map([['BTC-USD', 5]]) };
    expect(decideLeveraged(poor, fresh(), createRandom('s', 't'))).toMatchObject({ side: 'sell', reduceOnly: true });
  });

  test.each([
    ['without a market', { ...facts, markets: [] }],
    ['without money', { ...facts, equityAtoms: 0 }],
  ])('%s waits', (_, without) => {
    expect(decideLeveraged(without, fresh(), createRandom('s', 't'))).toEqual({ kind: 'wait' });
  });
});

test('a casual taker reduces a position that has grown', () => {
  const random = createRandom('a seed', 'casual');
  const lots = 10_000; // 6,000 USDC of BTC
  for (let draw = 0; draw < 30; draw += 1) {
    const facts = { equityAtoms: USDC, positionLots: new Map([['BTC-USD', lots]]), markets: [BTC], nowMs: 0 };
    const move = decideCasual(facts, random);
    if (move.kind === 'trade') expect(move.side).toBe('sell');
  }
});

test('a market as it is sent becomes units', () => {
  const sent = {
    symbol: 'SOL-USD',
    tradingStatus: 'open',
    tickSize: '0.01',
    lotSize: '0.01',
    index: '3357.5',
    mark: null,
    minNotional: '10',
    maxLeverage: '20',
  } as Market;
  expect(marketView(sent)).toEqual({ ...SOL, markTicks: 0 });
  expect(marketView({ ...sent, tickSize: '1', index: '3357' })).toMatchObject({ priceDecimals: 0, indexTicks: 3_357 });
  expect(unitsOf('-0.05', 2)).toBe(-5);
  expect(() => unitsOf('0.055', 2)).toThrow('decimals');
});

test('lots for a worth are never worth more', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 10 ** 12 }), fc.integer({ min: 1, max: 10 ** 6 }), (atoms, ticks) => {
      const lots = lotsWorth(SOL, atoms, ticks);
      expect(lots * ticks * SOL.atomsPerTickLot).toBeLessThanOrEqual(atoms);
      expect((lots + 1) * ticks * SOL.atomsPerTickLot).toBeGreaterThan(atoms);
    }),
  );
});

test('keys and behaviour follow from the seed alone', () => {
  expect(deriveKey('a', 'maker', 0)).toBe(deriveKey('a', 'maker', 0));
  const others = [deriveKey('b', 'maker', 0), deriveKey('a', 'taker', 0), deriveKey('a', 'maker', 1)];
  expect(new Set([deriveKey('a', 'maker', 0), ...others]).size).toBe(4);
  const draws = (seed: string) => Array.from({ length: 5 }, createRandom(seed, 'x'));
  expect(draws('a')).toEqual(draws('a'));
  expect(draws('a')).not.toEqual(draws('b'));
  for (const draw of draws('a')) expect(draw >= 0 && draw < 1).toBe(true);
});
