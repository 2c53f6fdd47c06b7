import type { DeleverageRule } from '@keel/types';

/** What a position's place in the queue for auto-deleverage depends on. */
export interface RankedPosition {
  /** Signed: long > 0. */
  readonly sizeLots: number;
  /** |V| at mark, and what was paid for it, also without its sign. Quote atoms. */
  readonly notionalAtoms: number;
  readonly entryNotionalAtoms: number;
  /** Of the whole account. */
  readonly equityAtoms: number;
}

/** Parts of a score in 1; a score is cut off to one. */
const SCALE = 1_000_000n;
/** Of an account without equity: before everybody else. */
const FIRST = 1n << 62n;

/**
 * How early a position is deleveraged under `rule`: the higher, the earlier. For the light that an account is shown; the
 * receipt of a deleveraging has the exact figures. Hedges are not looked at.
 */
export function deleverageScore(rule: DeleverageRule, position: RankedPosition): bigint {
  if (position.equityAtoms <= 0) return FIRST;
  const notional = BigInt(position.notionalAtoms);
  const entry = BigInt(position.entryNotionalAtoms);
  const equity = BigInt(position.equityAtoms);
  const leverage = (SCALE * notional) / equity;
  if (rule === 'waterFilling') return leverage;
  if (entry <= 0n || notional === 0n) return 0n;
  const long = position.sizeLots > 0;
  if (rule === 'profitNotional') return long ? (leverage * notional) / entry : (leverage * entry) / notional;
  // (V - E) / E of a long, (E - V) / E of a short; a loss counts for less the more it is leveraged.
  const profit = (SCALE * (long ? notional - entry : entry - notional)) / entry;
  if (profit > 0n) return (profit * leverage) / SCALE;
  return leverage === 0n ? 0n : (profit * SCALE) / leverage;
}

/**
 * The place of a score among its side: 5 = among the fifth that goes first, 1 = among the last. `quintiles` are the scores
 * at which the second, third, fourth and fifth quintile begin.
 */
export function deleverageQuintile(score: bigint, quintiles: readonly string[]): number {
  return 1 + quintiles.filter((begins) => score >= BigInt(begins)).length;
}
