import { lineFault } from './lineFault.ts';
import { parseTime } from './parseTime.ts';

export interface Candle {
  readonly openTimeMs: number;
  readonly openUsd: number;
  readonly highUsd: number;
  readonly lowUsd: number;
  readonly closeUsd: number;
}

const COLUMNS = ['open_time', 'open', 'high', 'low', 'close'] as const;
type Column = (typeof COLUMNS)[number];
const HEADER = `${COLUMNS.join(',')},volume`;
const PRICE = /^[0-9]+(\.[0-9]+)?$/;
const TIME_EXAMPLE = 'a time like 2023-03-08 00:00:00+00:00, ISO 8601 or epoch seconds';

/**
 * The candles of a CSV text with the columns open_time, open, high, low and close (others are ignored), times
 * increasing, at least one. Throws a StartupFault for the first line that does not fit; blank lines at the end are fine.
 */
export function parseCandles(text: string, file: string): readonly Candle[] {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  while (lines.length > 0 && lines.at(-1)?.trim() === '') lines.pop();
  const header = (lines[0] ?? '').split(',').map((name) => name.trim());
  for (const column of COLUMNS) {
    if (!header.includes(column)) throw lineFault(file, 1, quoted(lines[0] ?? ''), `the header ${HEADER}`);
  }
  const places = COLUMNS.map((column) => header.indexOf(column));
  const candles: Candle[] = [];
  let previousMs = Number.NEGATIVE_INFINITY;
  for (let index = 1; index < lines.length; index += 1) {
    const line = lines[index] ?? '';
    const cells = line.split(',');
    if (cells.length !== header.length)
      throw lineFault(file, index + 1, `${cells.length} columns in ${quoted(line)}`, `${header.length} columns`);
    const candle = parseCandle(
      places.map((place) => (cells[place] ?? '').trim()),
      (found, expected) => lineFault(file, index + 1, found, expected),
    );
    if (candle.openTimeMs <= previousMs)
      throw lineFault(file, index + 1, `open_time ${quoted(line)}`, 'a later open_time than the line before');
    previousMs = candle.openTimeMs;
    candles.push(candle);
  }
  if (candles.length === 0) throw lineFault(file, 2, 'the end of the file', 'at least one candle');
  return candles;
}

/** `cells` in the order of COLUMNS. */
function parseCandle(cells: readonly string[], fault: (found: string, expected: string) => Error): Candle {
  const openTimeMs = parseTime(cells[0] ?? '');
  if (openTimeMs === undefined) throw fault(`open_time ${quoted(cells[0] ?? '')}`, TIME_EXAMPLE);
  const price = (place: number): number => {
    const cell = cells[place] ?? '';
    const column: Column = COLUMNS[place] ?? 'open';
    if (!PRICE.test(cell) || Number(cell) <= 0)
      throw fault(`${column} ${quoted(cell)}`, 'a price above 0 like 22196.56');
    return Number(cell);
  };
  const candle = { openTimeMs, openUsd: price(1), highUsd: price(2), lowUsd: price(3), closeUsd: price(4) };
  if (candle.highUsd < Math.max(candle.openUsd, candle.closeUsd, candle.lowUsd))
    throw fault(`high ${candle.highUsd}`, 'no other price of the candle above it');
  if (candle.lowUsd > Math.min(candle.openUsd, candle.closeUsd))
    throw fault(`low ${candle.lowUsd}`, 'no other price of the candle below it');
  return candle;
}

function quoted(text: string): string {
  return `"${text}"`;
}
