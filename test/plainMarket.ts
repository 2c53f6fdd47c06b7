import type { MarketSpec } from '@keel/types';

/** The rules of a market that may be left out: one margin tier, no limits on top, no backstop, open at once after a halt. */
export const PLAIN_MARKET = {
  marginTiers: [],
  openInterestLowerAtoms: 0,
  openInterestUpperAtoms: 0,
  concentrationPpm: 0,
  concentrationFloorLots: 0,
  stablePriceMovePpm: 0,
  resumeGraceMs: 0,
  liquidationBudgetAtoms: 0,
  backstopLossCapAtoms: 0,
  deleverageRule: 'waterFilling',
} as const satisfies Partial<MarketSpec>;
