import { type AccountId, divCeil, divFloor, PPM, type QuoteAtoms } from '@keel/types';
import { PRICE_TICKS_MAX } from '../limits.ts';
import { hasAddingOrders, initialMarginAtMost, initialMarginOf } from '../margin/openTotals.ts';
import {
  type AccountState,
  accountOf,
  type EngineState,
  findHolding,
  type Holding,
  type MarketState,
} from '../state.ts';
import { addToQueue, dropFirst, firstId, firstKey, type IdQueue, sweepQueue } from '../timers/idQueue.ts';

/** Shares are dealt for so many times the lots that are there: what a maker changes between two looks needs no new entry. */
const ROOM = 2;

/**
 * Lets the markets find an account with risk-adding orders before its equity can be below initial margin by a move of
 * their marks. What it has above is shared out over its holdings, and each market keeps the marks, upwards and downwards,
 * at which a holding has lost its share. Marks that still stand are left as they are. Funding, open interest, a price of
 * other collateral and an account below initial margin whose orders do not count are seen with its next look only.
 */
export function watchOrders(state: EngineState, account: AccountState, equityAtoms: QuoteAtoms): void {
  if (!hasAddingOrders(account)) return;
  const lossAtoms = lossAtMost(account);
  // Mostly the sums say so without a look at the account's orders.
  if (lossAtoms <= equityAtoms - initialMarginAtMost(account)) return;
  const freeAtoms = equityAtoms - initialMarginOf(account);
  if (lossAtoms <= freeAtoms) return;
  const parts = account.holdings.filter(isExposed);
  for (const holding of parts) {
    if (freeAtoms < 0) leaveAlone(holding);
    else watchHolding(state, holding, divFloor(freeAtoms, parts.length));
  }
}

/** The mark of a market moved: whose orders may have used up their share is looked at after this command. */
export function suspectQuoters(state: EngineState, market: MarketState): void {
  takeReached(state, market, market.ordersWatchedUp, market.markTicks, (holding) => holding.ordersWatchedTo);
  takeReached(
    state,
    market,
    market.ordersWatchedDown,
    0 - market.markTicks,
    (holding) => 0 - holding.ordersWatchedFrom,
  );
}

function takeReached(
  state: EngineState,
  market: MarketState,
  queue: IdQueue,
  reached: number,
  keyOf: (holding: Holding) => number,
): void {
  while (firstKey(queue) <= reached) {
    const key = firstKey(queue);
    const account = accountOf(state, firstId(queue) as AccountId);
    dropFirst(queue);
    const holding = findHolding(account, market);
    if (holding === undefined || !isWatched(holding) || keyOf(holding) !== key) continue;
    leaveAlone(holding);
    state.suspects.add(account.accountId);
  }
}

/** What all holdings together can lose before a market names the account. Beyond the safe integers it is only compared. */
function lossAtMost({ holdings }: AccountState): number {
  let atoms = 0;
  for (const holding of holdings) {
    if (!isExposed(holding)) continue;
    if (!isWatched(holding)) return Number.POSITIVE_INFINITY;
    const { markTicks } = holding.market;
    const upAtoms = (holding.ordersWatchedTo - markTicks) * perTickUp(holding);
    const downAtoms = (markTicks - holding.ordersWatchedFrom) * perTickDown(holding);
    atoms += Math.max(upAtoms, downAtoms, 0);
  }
  return atoms;
}

function watchHolding(state: EngineState, holding: Holding, shareAtoms: QuoteAtoms): void {
  const { market, account } = holding;
  const upTicks = ticksFor(shareAtoms, perTickUp(holding));
  const downTicks = ticksFor(shareAtoms, perTickDown(holding));
  holding.ordersWatchedTo = Math.min(market.markTicks + upTicks, PRICE_TICKS_MAX + 1);
  holding.ordersWatchedFrom = Math.max(market.markTicks - downTicks, 0);
  addWatch(state, market, market.ordersWatchedUp, holding.ordersWatchedTo, account, (each) => each.ordersWatchedTo);
  // No mark is 0.
  if (holding.ordersWatchedFrom === 0) return;
  const key = 0 - holding.ordersWatchedFrom;
  addWatch(state, market, market.ordersWatchedDown, key, account, (each) => 0 - each.ordersWatchedFrom);
}

function addWatch(
  state: EngineState,
  market: MarketState,
  queue: IdQueue,
  key: number,
  { accountId }: AccountState,
  keyOf: (holding: Holding) => number,
): void {
  let kept: Set<number> | undefined;
  sweepQueue(queue, market.holders.length + market.book.count, (each, id) => {
    kept ??= new Set();
    const found = findHolding(accountOf(state, id as AccountId), market);
    if (found === undefined || kept.has(id) || !isWatched(found) || keyOf(found) !== each) return false;
    kept.add(id);
    return true;
  });
  addToQueue(queue, key, accountId);
}

/** Ticks of mark that a share lasts, with room for more lots; more than there are for a holding that loses nothing. */
function ticksFor(shareAtoms: QuoteAtoms, perTickAtoms: number): number {
  return perTickAtoms === 0 ? PRICE_TICKS_MAX : Math.floor(shareAtoms / (perTickAtoms * ROOM));
}

/** Most that EQ - IM falls by when mark rises by a tick: a short and asks lose, and the worst size is worth more. */
function perTickUp({ market, sizeLots, restingBuyLots, restingSellLots, leverage }: Holding): number {
  const { spec } = market;
  const worstLots = Math.abs(sizeLots) + Math.max(restingBuyLots, restingSellLots);
  const topPpm = spec.marginTiers.at(-1)?.initialMarginPpm ?? spec.initialMarginPpm;
  const setPpm = leverage === 0 ? 0 : divCeil(PPM, leverage);
  const ppm = spec.openInterestUpperAtoms === 0 ? Math.max(topPpm, setPpm) : PPM;
  const requiredLots = Math.ceil((worstLots * ppm) / PPM) + 1;
  return (Math.max(0 - sizeLots, 0) + restingSellLots + requiredLots) * spec.atomsPerTickLot;
}

/** The same for a mark that falls by a tick: a long and bids lose, and no size is worth more. */
function perTickDown({ market, sizeLots, restingBuyLots }: Holding): number {
  return (Math.max(sizeLots, 0) + restingBuyLots) * market.spec.atomsPerTickLot;
}

function isExposed({ sizeLots, restingBuyLots, restingSellLots }: Holding): boolean {
  return sizeLots !== 0 || restingBuyLots + restingSellLots > 0;
}

function isWatched({ ordersWatchedTo }: Holding): boolean {
  return ordersWatchedTo !== 0;
}

function leaveAlone(holding: Holding): void {
  holding.ordersWatchedFrom = 0;
  holding.ordersWatchedTo = 0;
}
