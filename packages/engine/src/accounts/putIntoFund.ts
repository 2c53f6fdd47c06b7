import {
  COLLATERAL_ATOMS_MAX,
  type Event,
  type QuoteAtoms,
  REJECT_CODES,
  type RejectCode,
  type SafetyFund,
} from '@keel/types';
import { backstopHolding, backstopLossAtoms } from '../liquidation/backstop.ts';
import type { AccountState, EngineState, MarketState } from '../state.ts';
import { openBackstop } from './backstop.ts';

/** Whether the market has the fund at all. Its vault is offered only with a loss cap. */
export function fundRefusal({ spec }: MarketState, fund: SafetyFund): RejectCode | undefined {
  return fund === 'backstop' && spec.backstopLossCapAtoms === 0 ? REJECT_CODES.BACKSTOP_NOT_OFFERED : undefined;
}

/** Whether the fund may hold so much more: sums of money stay far inside the safe integers. */
export function fundHasRoom(market: MarketState, fund: SafetyFund, amountAtoms: QuoteAtoms): boolean {
  const { backstop, backstopContributedAtoms, insuranceFundAtoms } = market;
  const heldAtoms =
    fund === 'insurance' ? insuranceFundAtoms : Math.max(backstopContributedAtoms, backstop?.collateralAtoms ?? 0);
  return heldAtoms + amountAtoms <= COLLATERAL_ATOMS_MAX;
}

/** Puts money that was taken elsewhere into a market's fund. `giver` undefined: out of the trading fees. */
export function putIntoFund(
  state: EngineState,
  market: MarketState,
  fund: SafetyFund,
  amountAtoms: QuoteAtoms,
  giver: AccountState | undefined,
  events: Event[],
): void {
  const balanceAtoms = add(state, market, fund, amountAtoms, events);
  const { marketId } = market.spec;
  state.dirty.markets.add(marketId);
  events.push({ kind: 'safetyFunded', marketId, fund, accountId: giver?.accountId ?? 0, amountAtoms, balanceAtoms });
}

function add(
  state: EngineState,
  market: MarketState,
  fund: SafetyFund,
  amountAtoms: QuoteAtoms,
  events: Event[],
): QuoteAtoms {
  if (fund === 'insurance') {
    market.insuranceFundAtoms += amountAtoms;
    return market.insuranceFundAtoms;
  }
  const backstop = openBackstop(state, market, events);
  const madeUpAtoms = Math.min(amountAtoms, lostForGoodAtoms(market));
  backstop.collateralAtoms += amountAtoms;
  market.backstopContributedAtoms += amountAtoms - madeUpAtoms;
  state.dirty.accounts.add(backstop.accountId);
  return backstop.collateralAtoms;
}

/**
 * What a vault without a position has lost: nothing brings it back but new money, which makes up for it before it counts as
 * put in. So a vault that was shut at its cap opens again, and may lose that much more, not a whole cap for the smallest
 * gift. While it has a position its loss is one on paper, and gifts only add to what it may lose by.
 */
function lostForGoodAtoms(market: MarketState): QuoteAtoms {
  return backstopHolding(market) === undefined ? Math.max(0, backstopLossAtoms(market)) : 0;
}
