import { marketInitialMarginAtoms, type OpenOrderTotals, openOrderTotals, type QuoteAtoms } from '@keel/types';
import { tightenBounds } from '../book/restOrder.ts';
import type { OrderRecord } from '../orders/orderRecord.ts';
import type { AccountState, Holding } from '../state.ts';

export const NO_TOTALS: OpenOrderTotals = { buyLots: 0, sellLots: 0, lossAtoms: 0 };

/** Open orders of a holding without `instead`, their loss exact. */
export function totalsOf(holding: Holding, instead: OrderRecord | undefined): OpenOrderTotals {
  const { market, resting } = holding;
  const others =
    instead !== undefined && instead.holding === holding ? resting.filter((each) => each !== instead) : resting;
  if (holding.restingReduceOnly === 0) tightenBounds(holding);
  return openOrderTotals(market.spec, market.markTicks, holding.sizeLots, others);
}

/**
 * The same lots as `totalsOf`, and a loss that is not below its: from sums and bounds alone, as if every order lay at the
 * bound of its side. A loss beyond the safe integers is only compared.
 */
export function totalsAtMost(holding: Holding, instead: OrderRecord | undefined): OpenOrderTotals {
  const goes = instead !== undefined && instead.holding === holding;
  if (goes || holding.restingReduceOnly > 0) return totalsOf(holding, instead);
  const { market, restingBuyLots, restingSellLots } = holding;
  const { markTicks, spec } = market;
  const worseBuysTicks = Math.max(0, holding.buysUpToTicks - markTicks);
  const worseSellsTicks = Math.max(0, markTicks - holding.sellsDownToTicks);
  const tickLots = worseBuysTicks * restingBuyLots + worseSellsTicks * restingSellLots;
  return { buyLots: restingBuyLots, sellLots: restingSellLots, lossAtoms: tickLots * spec.atomsPerTickLot };
}

/** IM of the account at mark, its open orders exact. As long as they are many. */
export function initialMarginOf(account: AccountState): QuoteAtoms {
  return initialMarginBy(account, totalsOf);
}

/** Not below `initialMarginOf`, mostly from sums and bounds alone. */
export function initialMarginAtMost(account: AccountState): QuoteAtoms {
  return initialMarginBy(account, totalsAtMost);
}

function initialMarginBy(
  { holdings }: AccountState,
  sumUp: (holding: Holding, instead: undefined) => OpenOrderTotals,
): QuoteAtoms {
  let atoms = 0;
  for (const holding of holdings) {
    const { market, sizeLots, leverage } = holding;
    atoms += marketInitialMarginAtoms(market, market.markTicks, sizeLots, leverage, sumUp(holding, undefined));
  }
  return atoms;
}

/** Whether the account has an order in a book that is not reduce-only. */
export function hasAddingOrders({ holdings }: AccountState): boolean {
  for (const { restingBuyLots, restingSellLots } of holdings) if (restingBuyLots + restingSellLots > 0) return true;
  return false;
}
