import type { Event, QuoteAtoms, Side } from '@keel/types';
import { closeOrder } from '../book/closeOrder.ts';
import type { Solvency } from '../margin/accountFigures.ts';
import { hasAddingOrders, initialMarginAtMost, initialMarginOf, totalsOf } from '../margin/openTotals.ts';
import type { OrderRecord } from '../orders/orderRecord.ts';
import { accountPermits, marketPermits } from '../prices/permissions.ts';
import type { AccountState, EngineState, Holding } from '../state.ts';
import { lossBeforeNamed, watchOrders } from './watchOrders.ts';

/**
 * Takes risk out of an account whose equity fell below initial margin at mark: orders that are not reduce-only close, the
 * youngest first, until equity covers what is left. Those of a side that can do no more than close the position stay. So
 * does one that does not count: on the side that is not its market's worst, and not priced worse than mark. Not on prices that are not fresh: then the account is
 * looked at again when some price is. Then the markets look out for the next time; see `watchOrders`.
 */
export function preLiquidate(
  state: EngineState,
  account: AccountState,
  { equityAtoms }: Solvency,
  events: Event[],
): void {
  if (account.liquidationId !== 0 || !hasAddingOrders(account)) return;
  const lossAtoms = lossBeforeNamed(account);
  const freeAtLeastAtoms = equityAtoms - initialMarginAtMost(account);
  if (lossAtoms <= freeAtLeastAtoms) return;
  // Mostly the sums say enough without a look at the account's orders: shares of less than there is last less long.
  if (2 * freeAtLeastAtoms >= equityAtoms) {
    watchOrders(state, account, freeAtLeastAtoms);
    return;
  }
  const freeAtoms = equityAtoms - initialMarginOf(account);
  if (freeAtoms < 0) takeRisk(state, account, equityAtoms, events);
  if (lossAtoms > freeAtoms) watchOrders(state, account, equityAtoms - initialMarginOf(account));
}

/** Closes what needs margin, and tells. */
function takeRisk(state: EngineState, account: AccountState, equityAtoms: QuoteAtoms, events: Event[]): void {
  const initialAtoms = initialMarginOf(account);
  if (!pricesAreFresh(state, account)) {
    state.parked.add(account.accountId);
    return;
  }
  const closedOrders = closeYoungest(state, account, equityAtoms, events);
  if (closedOrders === 0) return;
  events.push({
    kind: 'preLiquidation',
    accountId: account.accountId,
    equityAtoms,
    initialMarginAtoms: Math.min(initialAtoms, Number.MAX_SAFE_INTEGER),
    closedOrders,
  });
}

/** Closes orders until equity covers initial margin or none is left that counts, and returns how many. */
function closeYoungest(state: EngineState, account: AccountState, equityAtoms: QuoteAtoms, events: Event[]): number {
  let closedOrders = 0;
  while (equityAtoms < initialMarginOf(account)) {
    const order = youngestThatCounts(account);
    if (order === undefined) break;
    closeOrder(state, order, 'preLiquidation', events);
    closedOrders += 1;
  }
  return closedOrders;
}

/** The order with the largest id of those that need margin. */
function youngestThatCounts({ holdings }: AccountState): OrderRecord | undefined {
  let youngest: OrderRecord | undefined;
  for (const holding of holdings) {
    if (holding.restingBuyLots + holding.restingSellLots === 0) continue;
    const { buys, sells } = worstSides(holding);
    const { markTicks } = holding.market;
    const reducing = reducingSide(holding);
    for (const order of holding.resting) {
      if (order.reduceOnly || order.side === reducing) continue;
      if (youngest !== undefined && order.orderId < youngest.orderId) continue;
      const buy = order.side === 'buy';
      const loses = buy ? order.priceTicks > markTicks : order.priceTicks < markTicks;
      if (loses || (buy ? buys : sells)) youngest = order;
    }
  }
  return youngest;
}

/** The side whose orders, all filled, do no more than close the position: they stay, whatever they lose. */
function reducingSide(holding: Holding): Side | undefined {
  const { sizeLots } = holding;
  const { buyLots, sellLots } = totalsOf(holding, undefined);
  if (sizeLots > 0) return sellLots <= sizeLots ? 'sell' : undefined;
  return sizeLots < 0 && buyLots <= -sizeLots ? 'buy' : undefined;
}

/**
 * Which side's orders lead to the market's worst size. Both, when they lead equally far: taking from one alone frees
 * nothing, but from both it does. Neither, when the position itself is the worst.
 */
function worstSides(holding: Holding): { buys: boolean; sells: boolean } {
  const { sizeLots } = holding;
  const { buyLots, sellLots } = totalsOf(holding, undefined);
  const boughtLots = Math.abs(sizeLots + buyLots);
  const soldLots = Math.abs(sizeLots - sellLots);
  const counts = Math.max(boughtLots, soldLots) > Math.abs(sizeLots);
  return { buys: counts && boughtLots >= soldLots, sells: counts && soldLots >= boughtLots };
}

/** Whether what the account holds, and the markets its orders rest in, have prices that an order may be taken away on. */
function pricesAreFresh(state: EngineState, account: AccountState): boolean {
  if (!accountPermits(state, account, 'liquidate')) return false;
  return account.holdings.every(
    ({ market, resting }) => resting.length === 0 || marketPermits(state, market, 'liquidate'),
  );
}
