import { type AccountId, divCeil, divFloor, mulDivCeil, PPM, type QuoteAtoms, type SizeLots } from '@keel/types';
import { findHolding } from '../holdings.ts';
import { PRICE_TICKS_MAX } from '../limits.ts';
import type { NewOrder } from '../margin/spareAtomsAfter.ts';
import { type AccountState, accountOf, type EngineState, type Holding, type MarketState } from '../state.ts';
import { addToQueue, dropFirst, firstId, firstKey, type IdQueue, sweepQueue } from '../timers/idQueue.ts';

/** Shares are dealt for so many times the lots that are there: what a maker changes between two looks needs no new entry. */
const ROOM = 2;

/**
 * Lets the markets find an account with risk-adding orders before its equity can be below initial margin by a move of
 * their marks. The `freeAtoms` that it has above are shared out over its holdings, and each market keeps the marks,
 * upwards and downwards, at which a holding has lost its share. Shares that still stand are left as they are. Funding, open interest, a price of other collateral and
 * an account below initial margin whose orders do not count are seen with its next look only.
 */
export function watchOrders(state: EngineState, account: AccountState, freeAtoms: QuoteAtoms): void {
  let restAtoms = freeAtoms;
  let parts = 0;
  let unwatched = 0;
  for (const holding of account.holdings) {
    if (!isExposed(holding)) continue;
    parts += 1;
    if (isWatched(holding)) restAtoms -= lossIn(holding, 0, 0);
    else unwatched += 1;
  }
  // All its orders went, and it holds nothing.
  if (parts === 0) return;
  // Too little is left for the new ones beside the shares that stand: all are dealt anew.
  const anew = unwatched === 0 || restAtoms * 4 * parts < freeAtoms * unwatched;
  const shareAtoms = anew ? divFloor(freeAtoms, parts) : divFloor(restAtoms, unwatched);
  for (const holding of account.holdings) {
    if (!isExposed(holding)) continue;
    if (freeAtoms < 0) leaveAlone(holding);
    else if (anew || !isWatched(holding)) watchHolding(state, holding, shareAtoms);
  }
}

/** The mark of a market moved: whose orders may have used up their share is looked at after this command. */
export function suspectQuoters(state: EngineState, market: MarketState): void {
  takeReached(state, market, market.ordersWatchedUp, market.markTicks, upKey);
  takeReached(state, market, market.ordersWatchedDown, 0 - market.markTicks, downKey);
}

/** Where a holding stands in each of the two queues. */
function upKey({ ordersWatchedTo }: Holding): number {
  return ordersWatchedTo;
}

function downKey({ ordersWatchedFrom }: Holding): number {
  return 0 - ordersWatchedFrom;
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

/**
 * What all holdings together can lose before a market names the account: with no more than that above initial margin, the
 * marks that are kept still stand. Beyond the safe integers it is only compared.
 */
export function lossBeforeNamed({ holdings }: AccountState): number {
  let atoms = 0;
  for (const holding of holdings) if (isExposed(holding)) atoms += lossIn(holding, 0, 0);
  return atoms;
}

/** Whether the marks that are kept last for an order more, with `spareAtoms` above initial margin after it. */
export function watchLasts(
  { holdings }: AccountState,
  market: MarketState,
  { side, sizeLots }: NewOrder,
  spareAtoms: QuoteAtoms,
): boolean {
  let atoms = 0;
  let known = false;
  for (const holding of holdings) {
    const here = holding.market === market;
    known ||= here;
    if (here) atoms += side === 'buy' ? lossIn(holding, sizeLots, 0) : lossIn(holding, 0, sizeLots);
    else if (isExposed(holding)) atoms += lossIn(holding, 0, 0);
  }
  return known && atoms <= spareAtoms;
}

function lossIn(holding: Holding, moreBuyLots: SizeLots, moreSellLots: SizeLots): number {
  if (!isWatched(holding)) return Number.POSITIVE_INFINITY;
  const { markTicks } = holding.market;
  const upAtoms = (holding.ordersWatchedTo - markTicks) * perTickUp(holding, moreBuyLots, moreSellLots);
  const downAtoms = (markTicks - holding.ordersWatchedFrom) * perTickDown(holding, moreBuyLots);
  return Math.max(upAtoms, downAtoms, 0);
}

function watchHolding(state: EngineState, holding: Holding, shareAtoms: QuoteAtoms): void {
  const { market } = holding;
  const upTicks = ticksFor(shareAtoms, perTickUp(holding, 0, 0));
  const downTicks = ticksFor(shareAtoms, perTickDown(holding, 0));
  holding.ordersWatchedTo = Math.min(market.markTicks + upTicks, PRICE_TICKS_MAX + 1);
  holding.ordersWatchedFrom = Math.max(market.markTicks - downTicks, 0);
  // No mark is 0, or above the market's highest price.
  if (holding.ordersWatchedTo <= market.spec.maxPriceTicks) addWatch(state, holding, market.ordersWatchedUp, upKey);
  if (holding.ordersWatchedFrom > 0) addWatch(state, holding, market.ordersWatchedDown, downKey);
}

function addWatch(state: EngineState, holding: Holding, queue: IdQueue, keyOf: (holding: Holding) => number): void {
  sweepReplaced(state, holding.market, queue, keyOf);
  addToQueue(queue, keyOf(holding), holding.account.accountId);
}

/** Drops the entries of a queue that no holding stands by any more, once they may be more than half. */
function sweepReplaced(
  state: EngineState,
  market: MarketState,
  queue: IdQueue,
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
}

/** Ticks of mark that a share lasts, with room for more lots, rounded down: looked at too early, never late; more than there are for a holding that loses nothing. */
function ticksFor(shareAtoms: QuoteAtoms, perTickAtoms: number): number {
  return perTickAtoms === 0 ? PRICE_TICKS_MAX : divFloor(shareAtoms, perTickAtoms * ROOM);
}

/** Most that EQ - IM falls by when mark rises by a tick: a short and asks lose, and the worst size is worth more. */
function perTickUp(holding: Holding, moreBuyLots: SizeLots, moreSellLots: SizeLots): number {
  const { sizeLots, leverage } = holding;
  const { spec } = holding.market;
  const buyLots = holding.restingBuyLots + moreBuyLots;
  const sellLots = holding.restingSellLots + moreSellLots;
  const worstLots = Math.abs(sizeLots) + Math.max(buyLots, sellLots);
  const topPpm = spec.marginTiers.at(-1)?.initialMarginPpm ?? spec.initialMarginPpm;
  const setPpm = leverage === 0 ? 0 : divCeil(PPM, leverage);
  const ppm = spec.openInterestUpperAtoms === 0 ? Math.max(topPpm, setPpm) : PPM;
  const requiredLots = mulDivCeil(worstLots, ppm, PPM) + 1;
  return (Math.max(0 - sizeLots, 0) + sellLots + requiredLots) * spec.atomsPerTickLot;
}

/** The same for a mark that falls by a tick: a long and bids lose, and no size is worth more. */
function perTickDown({ market, sizeLots, restingBuyLots }: Holding, moreBuyLots: SizeLots): number {
  return (Math.max(sizeLots, 0) + restingBuyLots + moreBuyLots) * market.spec.atomsPerTickLot;
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
