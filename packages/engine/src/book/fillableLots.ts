import { notionalAtoms, type OrderRequest, type PriceTicks, type QuoteAtoms, type SizeLots } from '@keel/types';
import { createHolding, findHolding } from '../holdings.ts';
import { feeAtoms, type Solvency, solvencyAfter, solvencyOf, staysCountable } from '../margin/accountFigures.ts';
import type { OrderTerms } from '../orders/definiteTerms.ts';
import { isExpired, type OrderRecord } from '../orders/orderRecord.ts';
import { protectionIn } from '../protection/countMakerFill.ts';
import type { AccountState, EngineState, Holding, MarketState } from '../state.ts';
import { bestOpposite, crosses } from './crosses.ts';

/** An account as its counted fills would leave it. */
interface Shadow {
  readonly holding: Holding;
  solvency: Solvency;
}

/**
 * Lots that a fill-or-kill order is sure to trade within its limit, no more than its size: it is all or nothing, so only
 * makers count whose fills cannot fail, and only with what they show. Those are not its own, not expired, not reduce-only, not linked and under no
 * protection, and their account is at or above maintenance before and after all its counted fills: equity is linear in the
 * lots and maintenance convex, so it is healthy in between too. An account of which an order on the way does not count
 * counts no more: that order may trade first, at a price that is worse for it. The taker must be healthy after
 * everything; else 0. By the same reasoning one that was healthy and is not any more will not be, so the walk is no longer
 * than what its account can bear.
 */
export function fillableLots(
  state: EngineState,
  account: AccountState,
  market: MarketState,
  request: OrderRequest,
  terms: OrderTerms,
  instead: OrderRecord | undefined,
): SizeLots {
  const { book, resting, spec } = market;
  const { side, limitTicks, sizeLots } = terms;
  const buys = side === 'buy';
  const taker = findHolding(account, market) ?? createHolding(account, market);
  const before = solvencyOf(account);
  const shadows = new Map<AccountState, Shadow | undefined>();
  let lots = 0;
  let cashAtoms = 0;
  let ticks = crosses(book, side, limitTicks) ? bestOpposite(book, side) : 0;
  while (ticks !== 0 && lots < sizeLots && (buys ? ticks <= limitTicks : ticks >= limitTicks)) {
    for (let slot = book.headAt(ticks); slot !== 0 && lots < sizeLots; slot = book.nextInQueue(slot)) {
      const maker = resting[slot]!;
      if (maker === instead) continue;
      if (isOwn(account, request, maker)) {
        if (request.selfTrade === 'expireMaker') continue;
        return takerBears(before, taker, buys ? lots : -lots, cashAtoms) ? lots : 0;
      }
      if (isExpired(state, maker)) continue;
      const takenLots = Math.min(book.lotsOf(slot), sizeLots - lots);
      if (!isSure(maker)) shadows.set(maker.holding.account, undefined);
      else if (makerBears(shadows, maker, buys ? -takenLots : takenLots)) {
        lots += takenLots;
        cashAtoms += notionalAtoms(spec, ticks, buys ? -takenLots : takenLots) - takerFee(taker, ticks, takenLots);
        if (isHealthy(before) && !takerBears(before, taker, buys ? lots : -lots, cashAtoms)) return 0;
        // Its hidden lots come behind the others of its price, and may be asked for before its next order.
        if (book.hiddenOf(slot) > 0) shadows.set(maker.holding.account, undefined);
      }
    }
    ticks = buys ? book.levelAbove(ticks) : book.levelBelow(ticks);
  }
  return takerBears(before, taker, buys ? lots : -lots, cashAtoms) ? lots : 0;
}

function isOwn(account: AccountState, { selfTradeScope }: OrderRequest, { holding }: OrderRecord): boolean {
  return holding.account === account || (selfTradeScope === 'owner' && holding.account.owner === account.owner);
}

function isSure({ holding, reduceOnly, linkedOrderId }: OrderRecord): boolean {
  return !reduceOnly && linkedOrderId === 0 && protectionIn(holding.account, holding.market) === undefined;
}

/** Whether the maker's account stays healthy with this fill on top of those counted before; then it is counted too. */
function makerBears(shadows: Map<AccountState, Shadow | undefined>, maker: OrderRecord, deltaLots: SizeLots): boolean {
  const { account, market } = maker.holding;
  if (!shadows.has(account)) {
    const solvency = solvencyOf(account);
    shadows.set(account, isHealthy(solvency) ? { holding: { ...maker.holding }, solvency } : undefined);
  }
  const shadow = shadows.get(account);
  if (shadow === undefined) return false;
  const lots = Math.abs(deltaLots);
  const feesAtoms = feeAtoms(maker.holding, maker.priceTicks, lots, market.spec.makerFeePpm);
  const cashAtoms = notionalAtoms(market.spec, maker.priceTicks, -deltaLots) - feesAtoms;
  const after = solvencyAfter(shadow.solvency, shadow.holding, deltaLots, cashAtoms);
  if (!isHealthy(after) || !staysCountable(shadow.holding, cashAtoms)) {
    // What it would still bear is not looked for: the account counts no more.
    shadows.set(account, undefined);
    return false;
  }
  shadow.solvency = after;
  shadow.holding.sizeLots += deltaLots;
  shadow.holding.entryNotionalAtoms -= cashAtoms;
  return true;
}

function takerBears(before: Solvency, taker: Holding, deltaLots: SizeLots, cashAtoms: QuoteAtoms): boolean {
  const after = solvencyAfter(before, taker, deltaLots, cashAtoms);
  return isHealthy(after) && staysCountable(taker, cashAtoms);
}

function takerFee(holding: Holding, priceTicks: PriceTicks, lots: SizeLots): QuoteAtoms {
  return feeAtoms(holding, priceTicks, lots, holding.market.spec.takerFeePpm);
}

function isHealthy({ equityAtoms, maintenanceAtoms }: Solvency): boolean {
  return equityAtoms >= maintenanceAtoms;
}
