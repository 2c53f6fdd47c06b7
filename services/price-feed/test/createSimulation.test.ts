import { describe, expect, test } from 'vitest';
import { createSimulation } from '../src/sources/createSimulation.ts';
import type { PriceSource } from '../src/sources/priceSource.ts';

const STEP_MS = 500;
const SEEDS = Array.from({ length: 100 }, (_unused, seed) => seed);

function simulation(seed: number, noisePpm = 0, noiseSeed = 1): PriceSource {
  return createSimulation({ seed, volatility: 1, noisePpm, noiseSeed });
}

function priceAt(source: PriceSource, toMs: number, startUsd = 0, name = 'BTC-USD'): number {
  const seen = source.observe({ name, priceDecimals: 1, startUsd }, { nowMs: 1, fromMs: 0, toMs });
  return seen?.pricesUsd[0] as number;
}

function walk(seed: number, steps: number, startUsd = 0): number[] {
  const source = simulation(seed);
  return Array.from({ length: steps }, (_unused, step) => priceAt(source, (step + 1) * STEP_MS, startUsd));
}

/** Steps until the price is 3 % away from some earlier price, the distance to the liquidation of a 20x account. */
function stepsUntilLiquidation(prices: readonly number[]): number {
  let low = Number.POSITIVE_INFINITY;
  let high = 0;
  return prices.findIndex((price) => {
    low = Math.min(low, price);
    high = Math.max(high, price);
    return price >= low * 1.03 || price <= high * 0.97;
  });
}

describe('createSimulation', () => {
  test('the same seed walks the same way; another seed and another market another', () => {
    expect(walk(1, 200)).toEqual(walk(1, 200));
    expect(walk(1, 200)).not.toEqual(walk(2, 200));
    expect(priceAt(simulation(1), STEP_MS, 0, 'ETH-USD')).toBeLessThan(3_100);
    expect(priceAt(simulation(1), 50_000, 0, 'collateral:WETH')).toBe(priceAt(simulation(1), 50_000, 0, 'ETH-USD'));
  });

  test('whoever begins to look later, or looks seldom, sees the same path', () => {
    const source = simulation(7);
    const often = Array.from({ length: 400 }, (_unused, look) => priceAt(source, look * 130));
    expect(priceAt(simulation(7), 399 * 130)).toBe(often.at(-1));
    expect(priceAt(simulation(7), 100 * 130)).toBe(often[100]);
    // A collector that begins anew begins the path anew.
    expect(priceAt(source, 130)).toBe(often[1]);
  });

  test('each feeder errs a little, in its own way, and says the same when asked the same', () => {
    const [first, second] = [simulation(1, 50, 11), simulation(1, 50, 12)];
    const errors = SEEDS.map((step) => priceAt(first, step * STEP_MS) / priceAt(simulation(1), step * STEP_MS) - 1);
    expect(Math.max(...errors.map(Math.abs))).toBeLessThan(0.000_3);
    expect(Math.max(...errors.map(Math.abs))).toBeGreaterThan(0.000_05);
    expect(priceAt(first, 5_000)).not.toBe(priceAt(second, 5_000));
    expect(priceAt(first, 5_000)).toBe(priceAt(first, 5_000));
  });

  test('begins at the exchange price when there is one, else at 60000', () => {
    expect(Math.abs((walk(1, 1)[0] as number) / 60_000 - 1)).toBeLessThan(0.05);
    expect(Math.abs((walk(1, 1, 22_196.5)[0] as number) / 22_196.5 - 1)).toBeLessThan(0.05);
  });

  test('somebody at 20x is liquidated within two minutes for 9 of 10 seeds, and half of them within 75 s', () => {
    const seconds = SEEDS.map((seed) => stepsUntilLiquidation(walk(seed, 2_000)) * (STEP_MS / 1_000)).sort(
      (a, b) => a - b,
    );
    expect(seconds[0]).toBeGreaterThanOrEqual(0);
    expect(seconds[50]).toBeLessThan(75);
    expect(seconds[90]).toBeLessThan(120);
  });

  test('stays in range, inside the jump bound and near its anchor for an hour', () => {
    for (const seed of SEEDS.slice(0, 20)) {
      let previous = 60_000;
      for (const price of walk(seed, 7_200)) {
        expect(Math.abs(price / previous - 1), `seed ${seed}`).toBeLessThan(0.1);
        expect(price, `seed ${seed}`).toBeGreaterThan(15_000);
        expect(price, `seed ${seed}`).toBeLessThan(240_000);
        previous = price;
      }
    }
  });
});
