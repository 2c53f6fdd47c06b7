import { divFloor, mulDivFloor, PPM, type Ppm, type PriceTicks, type TimeMs } from '@keel/types';
import { type Candle, readCandles } from '../candles.ts';
import { USDT_COLLATERAL, WEEK_MARKET } from './weekTerms.ts';

/** One recorded minute. */
export interface Minute {
  readonly openTimeMs: TimeMs;
  /** BTC in USDC, a price each 15 s. */
  readonly pathTicks: readonly PriceTicks[];
  /** Highest less lowest price, the gap to the minute before included, as a part of the lowest. */
  readonly rangePpm: Ppm;
  /** USDT in USDC when the minute opens and when it closes; 0 = not recorded. */
  readonly pegOpenTicks: PriceTicks | 0;
  readonly pegCloseTicks: PriceTicks | 0;
}

/**
 * The minutes of a recording of BTC in USDC and, where there is one, of BTC in USDT: a minute of the first without its like in
 * the second keeps the last price of USDT. Only opens and closes are compared: extremes of one minute are seconds apart.
 * @throws Error naming the line that is no candle, or the file that has none.
 */
export function readRecording(file: string, pegFile: string | undefined): readonly Minute[] {
  const candles = readCandles(file, WEEK_MARKET.priceDecimals);
  if (candles.length === 0) throw new Error(`${file} has no candle`);
  const pegs = pegFile === undefined ? [] : readCandles(pegFile, WEEK_MARKET.priceDecimals);
  const byTime = new Map(pegs.map((candle) => [candle.openTimeMs, candle]));
  let pegTicks: PriceTicks | 0 = 0;
  return candles.map((candle, place) => {
    const peg = byTime.get(candle.openTimeMs);
    const pegOpenTicks = peg === undefined ? pegTicks : ratioTicks(candle, peg, 0);
    pegTicks = peg === undefined ? pegTicks : ratioTicks(candle, peg, -1);
    const { openTimeMs, pathTicks } = candle;
    return {
      openTimeMs,
      pathTicks,
      rangePpm: rangeOf(candle, candles[place - 1]),
      pegOpenTicks,
      pegCloseTicks: pegTicks,
    };
  });
}

function rangeOf({ pathTicks }: Candle, before: Candle | undefined): Ppm {
  const prices = [...pathTicks, before?.pathTicks.at(-1) ?? pathTicks[0]!];
  const lowest = Math.min(...prices);
  return mulDivFloor(Math.max(...prices) - lowest, PPM, lowest);
}

/** What one USDT is worth in USDC when BTC costs so much in both, rounded down. */
function ratioTicks(candle: Candle, peg: Candle, at: 0 | -1): PriceTicks {
  const scale = 10 ** USDT_COLLATERAL.priceDecimals;
  return Math.max(1, divFloor(candle.pathTicks.at(at)! * scale, peg.pathTicks.at(at)!));
}
