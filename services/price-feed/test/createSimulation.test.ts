import { type MarketStatus, toMarketId } from '@keel/types';
import { describe, expect, test } from 'vitest';
import { createSimulation } from '../src/createSimulation.ts';

const market: MarketStatus = {
  marketId: toMarketId(1),
  symbol: 'BTC-USD',
  priceDecimals: 1,
  maxPriceTicks: 10_000_000,
  indexJumpPpm: 200_000,
  indexTicks: 0,
};
const STEP_MS = 500;
const SEEDS = Array.from({ length: 100 }, (_unused, seed) => seed);

function walk(seed: number, steps: number, indexTicks = 0): number[] {
  const source = createSimulation({ ...market, indexTicks }, { seed, volatility: 1 });
  return Array.from({ length: steps }, () => source.advance(STEP_MS)[0] as number);
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
    const ether = createSimulation({ ...market, symbol: 'ETH-USD' }, { seed: 1, volatility: 1 });
    expect(ether.advance(STEP_MS)[0]).toBeLessThan(31_000);
  });

  test('begins at the exchange index when there is one, else at 60000', () => {
    expect(Math.abs((walk(1, 1)[0] as number) / 600_000 - 1)).toBeLessThan(0.05);
    expect(Math.abs((walk(1, 1, 221_965)[0] as number) / 221_965 - 1)).toBeLessThan(0.05);
  });

  test('somebody at 20x is liquidated within two minutes for 9 of 10 seeds, and half of them within 75 s', () => {
    const seconds = SEEDS.map((seed) => stepsUntilLiquidation(walk(seed, 2_000)) * (STEP_MS / 1_000)).sort(
      (a, b) => a - b,
    );
    expect(seconds[0]).toBeGreaterThanOrEqual(0);
    expect(seconds[50]).toBeLessThan(75);
    expect(seconds[90]).toBeLessThan(120);
  });

  test('stays whole, in range, inside the jump bound and near its anchor for an hour', () => {
    for (const seed of SEEDS.slice(0, 20)) {
      let previous = 600_000;
      for (const price of walk(seed, 7_200)) {
        expect(Number.isInteger(price)).toBe(true);
        expect(Math.abs(price / previous - 1), `seed ${seed}`).toBeLessThan(0.1);
        expect(price, `seed ${seed}`).toBeGreaterThan(150_000);
        expect(price, `seed ${seed}`).toBeLessThan(2_400_000);
        previous = price;
      }
    }
  });
});
