import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { divFloor, parseDecimal } from '@keel/types';

export interface Candle {
  readonly openTimeMs: number;
  /** Open, then the nearer and the further extreme, then close: the path a minute is played as. */
  readonly pathTicks: readonly number[];
}

/** Candles of a csv or csv.gz file with the columns `open_time,open,high,low,close,…`; throws with the line that does not fit. */
export function readCandles(file: string, priceDecimals: number): Candle[] {
  const raw = readFileSync(file);
  const text = (file.endsWith('.gz') ? gunzipSync(raw) : raw).toString('utf8');
  const lines = text.trimEnd().split('\n');
  return lines.slice(1).map((line, index) => {
    const [time = '', ...prices] = line.split(',');
    const openTimeMs = Date.parse(time);
    const [open, high, low, close] = prices.slice(0, 4).map((price) => toTicks(price, priceDecimals));
    if (
      Number.isNaN(openTimeMs) ||
      open === undefined ||
      high === undefined ||
      low === undefined ||
      close === undefined
    ) {
      throw new Error(`${file}:${index + 2}: not a candle: ${line}`);
    }
    const highFirst = high - open < open - low;
    return { openTimeMs, pathTicks: highFirst ? [open, high, low, close] : [open, low, high, close] };
  });
}

/** A recorded price in whole ticks, rounded down: the recording is finer than the market's tick. */
function toTicks(price: string, priceDecimals: number): number | undefined {
  const fine = 8;
  const [whole = '', fraction = ''] = price.split('.');
  const trimmed = fraction.replace(/0+$/, '');
  const units = parseDecimal(trimmed === '' ? whole : `${whole}.${trimmed}`, fine);
  return typeof units === 'number' && units > 0 ? divFloor(units, 10 ** (fine - priceDecimals)) : undefined;
}
