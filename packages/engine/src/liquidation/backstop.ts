import type { QuoteAtoms } from '@keel/types';
import { findHolding } from '../holdings.ts';
import { equityOf, solvencyOf } from '../margin/accountFigures.ts';
import type { Holding, MarketState } from '../state.ts';

/** What a market's vault has lost of what was put into it, at this mark; below 0 = gained. */
export function backstopLossAtoms({ backstop, backstopContributedAtoms }: MarketState): QuoteAtoms {
  return backstop === undefined ? 0 : backstopContributedAtoms - equityOf(backstop);
}

/** The most it may lose: its cap, and never more than was put into it. */
export function backstopCapAtoms({ spec, backstopContributedAtoms }: MarketState): QuoteAtoms {
  return Math.min(spec.backstopLossCapAtoms, backstopContributedAtoms);
}

/** The vault's position; undefined when it has none. */
export function backstopHolding(market: MarketState): Holding | undefined {
  const holding = market.backstop === undefined ? undefined : findHolding(market.backstop, market);
  return holding === undefined || holding.sizeLots === 0 ? undefined : holding;
}

/** Whether the vault has to give its position away: its loss is at the cap, or it is under maintenance. */
export function backstopIsSpent(market: MarketState): boolean {
  const { equityAtoms, maintenanceAtoms } = solvencyOf(market.backstop!);
  return equityAtoms < maintenanceAtoms || backstopLossAtoms(market) >= backstopCapAtoms(market);
}

/**
 * What must hold after each command: a vault without a position has lost no more than its cap. One that has to give its
 * position away does so in the same command, as far as others can bear it, and what is left leaves it at the cap when it goes;
 * until then, and while no price allows it, its loss on paper may be larger.
 */
export function backstopIsKept(market: MarketState): boolean {
  if (market.backstop === undefined || backstopHolding(market) !== undefined) return true;
  return backstopLossAtoms(market) <= backstopCapAtoms(market);
}
