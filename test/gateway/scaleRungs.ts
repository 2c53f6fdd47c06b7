import type { NewOrder, NewScale } from '@keel/client';
import { formatDecimal } from '@keel/types';
import type { Pitch } from './randomAsk.ts';
import { units } from './units.ts';

/** The orders of a scale as the engine's README gives them: prices rounded towards the first, the last has the rest. */
export function scaleRungs(scale: NewScale, { priceDecimals, sizeDecimals }: Pitch): NewOrder[] {
  const { fromPrice, toPrice, orderCount, skewPpm = 1_000_000, size, ...order } = scale;
  const [from, to] = [units(fromPrice, priceDecimals), units(toPrice, priceDecimals)];
  const count = BigInt(orderCount);
  const all = units(size, sizeDecimals);
  const weights = Array.from(
    { length: orderCount },
    (_, i) => 1_000_000n + ((BigInt(skewPpm) - 1_000_000n) * BigInt(i)) / (count - 1n),
  );
  const whole = weights.reduce((sum, weight) => sum + weight, 0n);
  let left = all;
  return weights.map((weight, i) => {
    const last = i === orderCount - 1;
    const lots = last ? left : (all * weight) / whole;
    left -= lots;
    const price = formatDecimal(from + ((to - from) * BigInt(i)) / (count - 1n), priceDecimals);
    return { ...order, price, size: formatDecimal(lots, sizeDecimals) };
  });
}
