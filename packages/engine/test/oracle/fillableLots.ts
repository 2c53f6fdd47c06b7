import type { AccountId, SizeLots } from '@keel/types';
import type { Candidate, DefiniteTerms } from './checkNow.ts';
import {
  accountOf,
  crosses,
  findProtection,
  type Model,
  type ModelOrder,
  marketOf,
  otherSide,
  restingOrders,
} from './model.ts';
import { feeOn, solvencyAfter, solvencyOf, valueAt } from './money.ts';

interface Counted {
  lots: SizeLots;
  cash: bigint;
}

/** Lots that a fill-or-kill order is sure to get: only makers whose fill cannot fail count. 0 if its owner could not bear it. */
export function fillableLots(
  model: Model,
  candidate: Candidate,
  terms: DefiniteTerms,
  without: ModelOrder | undefined,
): SizeLots {
  const { accountId, marketId, side } = candidate;
  const market = marketOf(model, marketId);
  const sign = side === 'buy' ? 1 : -1;
  const byAccount = new Map<AccountId, Counted>();
  const unsure = new Set<AccountId>();
  const taker: Counted = { lots: 0, cash: 0n };
  let left = terms.sizeLots;
  for (const maker of restingOrders(model, marketId, otherSide(side))) {
    if (left === 0 || !crosses(side, terms.priceTicks, maker.priceTicks)) break;
    if (maker === without) continue;
    if (accountOf(model, maker.accountId).owner === accountOf(model, accountId).owner) {
      if (candidate.selfTrade === 'expireMaker') continue;
      break;
    }
    if (maker.expiresAtMs !== 0 && maker.expiresAtMs <= model.timeMs) continue;
    // What may trade before, at a worse price for it, or not at all, makes the rest of its account unsure too.
    const isProtected = (findProtection(model, maker.accountId, marketId)?.windowMs ?? 0) > 0;
    if (maker.reduceOnly || maker.linkedOrderId !== 0 || isProtected) unsure.add(maker.accountId);
    if (unsure.has(maker.accountId)) continue;
    const lots = Math.min(left, maker.shownLots);
    const value = valueAt(market, maker.priceTicks, lots);
    const counted = byAccount.get(maker.accountId) ?? { lots: 0, cash: 0n };
    const fee = feeOn(market, maker.priceTicks, lots, market.spec.makerFeePpm);
    const more: Counted = { lots: counted.lots - lots * sign, cash: counted.cash + value * BigInt(sign) - fee };
    const bears = [{ lots: 0, cash: 0n }, more].every((then) => isHealthy(model, maker.accountId, candidate, then));
    if (!bears) {
      unsure.add(maker.accountId);
      continue;
    }
    byAccount.set(maker.accountId, more);
    // Hidden lots trade later, and nobody knows how many.
    if (maker.shownLots < maker.remainingLots) unsure.add(maker.accountId);
    taker.lots += lots * sign;
    taker.cash -= value * BigInt(sign) + feeOn(market, maker.priceTicks, lots, market.spec.takerFeePpm);
    left -= lots;
  }
  return isHealthy(model, accountId, candidate, taker) ? terms.sizeLots - left : 0;
}

function isHealthy(model: Model, accountId: AccountId, { marketId }: Candidate, { lots, cash }: Counted): boolean {
  const account = accountOf(model, accountId);
  const { equity, maintenance } = solvencyAfter(model, account, marketId, solvencyOf(model, account), lots, cash);
  return equity >= maintenance;
}
