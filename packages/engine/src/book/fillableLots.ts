import { notionalAtoms, type OrderRequest, type PriceTicks, type QuoteAtoms, type SizeLots } from '@keel/types';
import { feeAtoms, type Solvency, solvencyAfter, solvencyOf, staysCountable } from '../margin/accountFigures.ts';
import type { OrderTerms } from '../orders/definiteTerms.ts';
import type { OrderRecord } from '../orders/orderRecord.ts';
import { protectionIn } from '../protection/countMakerFill.ts';
import {
  type AccountState,
  createHolding,
  type EngineState,
  findHolding,
  type Holding,
  type MarketState,
} from '../state.ts';
import { bestOpposite, crosses } from './crosses.ts';

/** An account as its counted fills would leave it. */
interface Shadow {
  readonly holding: Holding;
  solvency: Solvency;
}

/**
 * Lots that a fill-or-kill order is sure to trade within its limit, no more than its size: it is all or nothing, so only
 * makers count whose fills cannot fail. Those are not its own, not expired, not reduce-only, not linked and under no
 * protection, and their account is at or above maintenance before and after all its counted fills: equity is linear in the
 * lots and maintenance convex, so it is healthy in between too. The taker must be healthy after everything. 0 if not.
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
        return takerBears(taker, buys ? lots : -lots, cashAtoms) ? lots : 0;
      }
      const takenLots = Math.min(maker.remainingLots, sizeLots - lots);
      if (!isSure(state, maker) || !makerBears(shadows, maker, buys ? -takenLots : takenLots)) continue;
      lots += takenLots;
      cashAtoms += notionalAtoms(spec, ticks, buys ? -takenLots : takenLots) - takerFee(taker, ticks, takenLots);
    }
    ticks = buys ? book.levelAbove(ticks) : book.levelBelow(ticks);
  }
  return takerBears(taker, buys ? lots : -lots, cashAtoms) ? lots : 0;
}

function isOwn(account: AccountState, { selfTradeScope }: OrderRequest, { holding }: OrderRecord): boolean {
  return holding.account === account || (selfTradeScope === 'owner' && holding.account.owner === account.owner);
}

function isSure({ timeMs }: EngineState, maker: OrderRecord): boolean {
  const { account, market } = maker.holding;
  const expired = maker.expiresAtMs !== 0 && maker.expiresAtMs <= timeMs;
  return !expired && !maker.reduceOnly && maker.linkedOrderId === 0 && protectionIn(account, market) === undefined;
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

function takerBears(taker: Holding, deltaLots: SizeLots, cashAtoms: QuoteAtoms): boolean {
  const after = solvencyAfter(solvencyOf(taker.account), taker, deltaLots, cashAtoms);
  return isHealthy(after) && staysCountable(taker, cashAtoms);
}

function takerFee(holding: Holding, priceTicks: PriceTicks, lots: SizeLots): QuoteAtoms {
  return feeAtoms(holding, priceTicks, lots, holding.market.spec.takerFeePpm);
}

function isHealthy({ equityAtoms, maintenanceAtoms }: Solvency): boolean {
  return equityAtoms >= maintenanceAtoms;
}
