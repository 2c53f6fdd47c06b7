import { divFloor, mulDivFloor, PPM, type Ppm, type PriceTicks, type TimeMs } from '@keel/types';

/** What all prices do: each is its price at the beginning times a factor. */
export interface PricePath {
  /** For tables and the picture: `-20 %`, or the name of a file. */
  readonly label: string;
  /** Ascending by time, the first at 0 with factor 1 unless a file says otherwise; straight lines in between. */
  readonly points: readonly PathPoint[];
}

export interface PathPoint {
  readonly ms: TimeMs;
  readonly factorPpm: Ppm;
}

const FALL_MS = 60_000;
const PERCENT_PPM = 10_000;

/** A straight fall by so many per cent within a minute; the price stays there. */
export function linearFall(percent: number): PricePath {
  const factorPpm = PPM - percent * PERCENT_PPM;
  return {
    label: `-${percent} %`,
    points: [
      { ms: 0, factorPpm: PPM },
      { ms: FALL_MS, factorPpm },
    ],
  };
}

export function endMsOf({ points }: PricePath): TimeMs {
  return points.at(-1)?.ms ?? 0;
}

/** The factor at a time from the beginning, rounded down; before the first point that of the first, after the last that of the last. */
export function factorAt({ points }: PricePath, ms: TimeMs): Ppm {
  const next = firstAfter(points, ms);
  const before = points[next - 1] ?? points[0];
  const after = points[next];
  if (before === undefined) return PPM;
  if (after === undefined || before === after) return before.factorPpm;
  // mulDivFloor rounds towards -infinity, so a fall is never a millionth too small.
  return before.factorPpm + mulDivFloor(after.factorPpm - before.factorPpm, ms - before.ms, after.ms - before.ms);
}

export function ticksAt(startTicks: PriceTicks, factorPpm: Ppm, maxPriceTicks: PriceTicks): PriceTicks {
  return Math.min(maxPriceTicks, Math.max(1, mulDivFloor(startTicks, factorPpm, PPM)));
}

/** Place of the first point later than `ms`: a path may have many points and is asked every second. */
function firstAfter(points: readonly PathPoint[], ms: TimeMs): number {
  let low = 0;
  let high = points.length;
  while (low < high) {
    const middle = divFloor(low + high, 2);
    if (points[middle]!.ms <= ms) low = middle + 1;
    else high = middle;
  }
  return low;
}
