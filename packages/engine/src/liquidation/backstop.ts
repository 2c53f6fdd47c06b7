import type { QuoteAtoms, SizeLots } from '@keel/types';
import { equityOf, solvencyOf } from '../margin/accountFigures.ts';
import { marketPermits } from '../prices/permissions.ts';
import { type EngineState, findHolding, type Holding, type MarketState } from '../state.ts';

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
 * What must hold after each command: the vault has lost no more than its cap. While it has a position that cannot be
 * taken off it (no fresh price, a market that resumes, nobody on the other side who can bear it), its loss on paper may
 * pass the cap; it is brought back when the position goes.
 */
export function backstopIsKept(state: EngineState, market: MarketState): boolean {
  const { backstop } = market;
  if (backstop === undefined) return true;
  const holding = backstopHolding(market);
  if (holding === undefined) return backstopLossAtoms(market) <= backstopCapAtoms(market);
  if (!marketPermits(state, market, 'liquidate')) return true;
  return backstopLossAtoms(market) <= backstopCapAtoms(market) || !someoneCanBear(holding);
}

/** Whether any account on the other side of the vault's position is worth something. */
function someoneCanBear({ market, sizeLots }: Holding): boolean {
  return market.holders.some((other) => isOpposite(other, sizeLots) && equityOf(other.account) > 0);
}

function isOpposite({ sizeLots }: Holding, otherLots: SizeLots): boolean {
  return sizeLots > 0 !== otherLots > 0;
}
