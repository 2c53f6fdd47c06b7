import { basename } from 'node:path';
import { parseDecimal, type TimeMs } from '@keel/types';
import { CommandLineFault } from '../commandLineFault.ts';
import { readBounded } from '../readBounded.ts';
import type { PathPoint, PricePath } from './pricePath.ts';

const BYTES_MAX = 4 * 1024 * 1024;
const POINTS_MAX = 100_000;
const PATH_MS_MAX = 24 * 3_600_000;
const FACTOR_DECIMALS = 6;
/** A hundred times the price at the beginning; the markets' own highest prices hold too. */
const FACTOR_PPM_MAX = 100_000_000;

/**
 * A path from a file of lines `milliseconds,factor`, the first at 0, ascending; a first line of letters is a heading.
 * @throws CommandLineFault naming the first line that is not so.
 */
export function readPath(file: string): PricePath {
  const lines = readBounded(file, BYTES_MAX).split(/\r?\n/);
  while (lines.at(-1)?.trim() === '') lines.pop();
  const first = /^[a-z]/i.test(lines[0] ?? '') ? 1 : 0;
  if (lines.length - first > POINTS_MAX) throw new CommandLineFault(`${file} has more than ${POINTS_MAX} points`);
  if (lines.length === first) throw new CommandLineFault(`${file} has no points`);
  const points: PathPoint[] = [];
  for (const [place, line] of lines.entries()) {
    if (place < first) continue;
    const point = parsePoint(line, points.at(-1)?.ms);
    if (typeof point === 'string') throw new CommandLineFault(`${file}, line ${place + 1}: ${point}`);
    points.push(point);
  }
  return { label: basename(file), points };
}

/** The point, or what is wrong with the line. */
function parsePoint(line: string, previousMs: TimeMs | undefined): PathPoint | string {
  const [time, factor, ...more] = line.split(',').map((cell) => cell.trim());
  if (time === undefined || factor === undefined || more.length > 0) return 'not "milliseconds,factor"';
  const ms = parseDecimal(time, 0);
  if (typeof ms !== 'number' || ms > PATH_MS_MAX) return `"${time}" is no time from 0 to ${PATH_MS_MAX} ms`;
  if (previousMs === undefined && ms !== 0) return 'the first point is not at 0 ms';
  if (previousMs !== undefined && ms <= previousMs) return `${ms} ms does not come after ${previousMs} ms`;
  // 0.80 is what other programs write; only trailing zeros are forgiven.
  const factorPpm = parseDecimal(factor.includes('.') ? factor.replace(/\.?0+$/, '') : factor, FACTOR_DECIMALS);
  if (typeof factorPpm !== 'number' || factorPpm < 1 || factorPpm > FACTOR_PPM_MAX) {
    return `"${factor}" is no factor from 0.000001 to 100 with at most ${FACTOR_DECIMALS} decimals`;
  }
  return { ms, factorPpm };
}
