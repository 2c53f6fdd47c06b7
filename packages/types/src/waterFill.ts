import { divCeilBig, divFloorBig, type QuoteAtoms, type SizeLots } from './units.ts';

/** Ranks are told as whole numbers: scaled by this, rounded down. */
export const RANK_SCALE = 1_000_000_000n;

/** A position that may be deleveraged, and what its account is worth. */
export interface Leveraged {
  /** Value at mark of the lots that may be taken. */
  readonly notionalAtoms: QuoteAtoms;
  /** Above 0. */
  readonly equityAtoms: QuoteAtoms;
}

/** A leverage as an exact fraction; never below 0, divisor above 0. */
export interface Leverage {
  readonly notional: bigint;
  readonly equity: bigint;
}

/** Positive when `a` has the higher leverage; compared without dividing. */
export function compareLeverage(a: Leveraged, b: Leveraged): number {
  const left = BigInt(a.notionalAtoms) * BigInt(b.equityAtoms);
  const right = BigInt(b.notionalAtoms) * BigInt(a.equityAtoms);
  return left > right ? 1 : left < right ? -1 : 0;
}

/**
 * The common leverage that the highest ones come down to when `neededAtoms` of notional are taken from them together,
 * and how many are above it: sum over them of (N - level * E) = needed. `candidates` by leverage, highest first. When all
 * together have less than is needed, all of them come down to 0.
 */
export function waterLevel(
  candidates: readonly Leveraged[],
  neededAtoms: bigint,
): { readonly level: Leverage; readonly above: number } {
  let notional = 0n;
  let equity = 0n;
  let above = 0;
  for (const candidate of candidates) {
    // Whoever is not above the level of those before gives nothing, nor do those behind.
    const free = notional - neededAtoms;
    if (above > 0 && BigInt(candidate.notionalAtoms) * equity <= free * BigInt(candidate.equityAtoms)) break;
    notional += BigInt(candidate.notionalAtoms);
    equity += BigInt(candidate.equityAtoms);
    above += 1;
  }
  const left = notional - neededAtoms;
  return { level: { notional: left > 0n ? left : 0n, equity: equity > 0n ? equity : 1n }, above };
}

/** Lots that bring one position down to the level: ceil((N - level * E) / value of a lot), at least 0. Nobody gives more. */
export function lotsAboveLevel(
  { notionalAtoms, equityAtoms }: Leveraged,
  level: Leverage,
  lotAtoms: QuoteAtoms,
): SizeLots {
  const excess = BigInt(notionalAtoms) * level.equity - level.notional * BigInt(equityAtoms);
  return excess <= 0n ? 0 : Number(divCeilBig(excess, level.equity * BigInt(lotAtoms)));
}

/**
 * What each candidate gives, in the given order; together exactly `neededLots`, or all there is. Each gives the whole lots
 * of its part, and of the lots that are left over one each who gave up the largest rest of a lot, the first of equals: so
 * nobody gives a lot more or a lot less than its part, and nobody more than it has.
 */
export function waterFillLots(
  candidates: readonly Leveraged[],
  neededLots: SizeLots,
  lotAtoms: QuoteAtoms,
): { readonly lots: readonly SizeLots[]; readonly level: Leverage } {
  const { level, above } = waterLevel(candidates, BigInt(neededLots) * BigInt(lotAtoms));
  const unit = level.equity * BigInt(lotAtoms);
  const lots: SizeLots[] = [];
  const rests: { readonly place: number; readonly rest: bigint }[] = [];
  let leftLots = neededLots;
  for (let place = 0; place < above; place += 1) {
    const { notionalAtoms, equityAtoms } = candidates[place]!;
    const excess = BigInt(notionalAtoms) * level.equity - level.notional * BigInt(equityAtoms);
    const whole = divFloorBig(excess, unit);
    lots.push(Number(whole));
    rests.push({ place, rest: excess - whole * unit });
    leftLots -= Number(whole);
  }
  rests.sort((a, b) => (a.rest === b.rest ? a.place - b.place : a.rest > b.rest ? -1 : 1));
  for (const { place, rest } of rests) {
    // The rests sum up to the lots that are left, unless everybody gives all there is.
    if (leftLots === 0 || rest === 0n) break;
    lots[place]! += 1;
    leftLots -= 1;
  }
  return { lots, level };
}

/** A leverage as certificates tell it: scaled by 10^9, rounded down. */
export function scaledLeverage({ notional, equity }: Leverage): bigint {
  return divFloorBig(notional * RANK_SCALE, equity);
}

/** What the two other rules rank a position by. */
export interface ProfitRanked {
  /** Signed: long > 0. */
  readonly sizeLots: SizeLots;
  readonly entryNotionalAtoms: QuoteAtoms;
  readonly unrealisedAtoms: QuoteAtoms;
  /** Value at mark of the whole position. */
  readonly notionalAtoms: QuoteAtoms;
  /** Above 0. */
  readonly equityAtoms: QuoteAtoms;
}

/**
 * BitMEX: profit rate * effective leverage for a position in profit, profit rate / leverage for one at a loss; the
 * leverage is notional / equity of the account. Scaled by 10^9, rounded down.
 */
export function profitLeverageScore(position: ProfitRanked): bigint {
  const equity = BigInt(position.equityAtoms);
  const profit = BigInt(position.unrealisedAtoms);
  const value = BigInt(position.notionalAtoms);
  const entry = entryOf(position);
  return profit > 0n
    ? divFloorBig(profit * value * RANK_SCALE, entry * equity)
    : divFloorBig(profit * equity * RANK_SCALE, entry * (value === 0n ? 1n : value));
}

/**
 * Hyperliquid: (mark / entry) * (notional / equity) for a long, (entry / mark) * (notional / equity) for a short, so that
 * the winners stand first on both sides. Scaled by 10^9, rounded down.
 */
export function profitNotionalScore(position: ProfitRanked): bigint {
  const equity = BigInt(position.equityAtoms);
  const value = BigInt(position.notionalAtoms);
  const entry = entryOf(position);
  return position.sizeLots > 0
    ? divFloorBig(value * value * RANK_SCALE, entry * equity)
    : divFloorBig(entry * RANK_SCALE, equity);
}

/** A position whose average came down to nothing divides by an atom. */
function entryOf({ entryNotionalAtoms }: ProfitRanked): bigint {
  return BigInt(Math.max(1, Math.abs(entryNotionalAtoms)));
}
