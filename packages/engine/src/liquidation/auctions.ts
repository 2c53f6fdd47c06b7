import {
  AUCTION_MS,
  auctionLimitTicks,
  type CloseOutPrices,
  closeOutPrices,
  type Event,
  type PriceTicks,
  type SizeLots,
  type TimeMs,
} from '@keel/types';
import { findHolding } from '../holdings.ts';
import { solvencyOf } from '../margin/accountFigures.ts';
import type { AccountState, Auction, EngineState, Holding } from '../state.ts';
import { closeOutPosition } from './closeOutTerms.ts';

/** What a running auction asks for at this moment. */
export interface AuctionTerms {
  readonly holding: Holding;
  /** Still to be closed, as far as the position is still there. */
  readonly lots: SizeLots;
  readonly prices: CloseOutPrices;
  readonly limitTicks: PriceTicks;
  readonly elapsedMs: TimeMs;
}

/**
 * The auction's price now: both of its ends follow the mark and the account's figures. Undefined when the position is gone
 * (others took it by deleveraging), or when the account is bankrupt and no tick is as good as the zero price.
 */
export function auctionTerms(state: EngineState, auction: Auction): AuctionTerms | undefined {
  const { account, market } = auction;
  const holding = findHolding(account, market);
  const lots = Math.min(auction.remainingLots, Math.abs(holding?.sizeLots ?? 0));
  if (holding === undefined || lots === 0) return undefined;
  const prices = closeOutPrices(closeOutPosition(holding, solvencyOf(account)), lots);
  if (prices === undefined) return undefined;
  const elapsedMs = state.timeMs - auction.startMs;
  return { holding, lots, prices, limitTicks: auctionLimitTicks(prices, elapsedMs), elapsedMs };
}

export function isOver(state: EngineState, { startMs }: Auction): boolean {
  return state.timeMs - startMs >= AUCTION_MS;
}

/** What the book did not take at the fillable price goes to an auction; the account has none. */
export function startAuction(state: EngineState, holding: Holding, lots: SizeLots, events: Event[]): void {
  const { account, market } = holding;
  const auction: Auction = {
    auctionId: state.nextAuctionId,
    account,
    market,
    startMs: state.timeMs,
    remainingLots: lots,
    limitTicks: 0,
  };
  const terms = auctionTerms(state, auction);
  // Only a bankrupt has no price; the next turn finds it so.
  if (terms === undefined) return;
  auction.limitTicks = terms.limitTicks;
  state.nextAuctionId += 1;
  state.auctions.set(auction.auctionId, auction);
  account.auction = auction;
  state.dirty.accounts.add(account.accountId);
  events.push({
    kind: 'auctionStarted',
    auctionId: auction.auctionId,
    liquidationId: account.liquidationId,
    accountId: account.accountId,
    marketId: market.spec.marketId,
    side: holding.sizeLots > 0 ? 'sell' : 'buy',
    sizeLots: lots,
    fillableTicks: terms.prices.fillableTicks,
    zeroTicks: terms.prices.zeroTicks,
    endsAtMs: auction.startMs + AUCTION_MS,
  });
}

/** After lots went or time passed: tells what the auction asks from now on, if that is something else than before. */
export function tellStep(
  state: EngineState,
  auction: Auction,
  limitTicks: PriceTicks,
  lots: SizeLots,
  events: Event[],
): void {
  if (auction.limitTicks === limitTicks && auction.remainingLots === lots) return;
  auction.limitTicks = limitTicks;
  auction.remainingLots = lots;
  state.dirty.accounts.add(auction.account.accountId);
  events.push({ kind: 'auctionStepped', auctionId: auction.auctionId, limitTicks, remainingLots: lots });
}

/** Ends the account's auction, if it has one. */
export function endAuction(
  state: EngineState,
  account: AccountState,
  reason: Extract<Event, { kind: 'auctionEnded' }>['reason'],
  events: Event[],
): void {
  const { auction } = account;
  if (auction === undefined) return;
  account.auction = undefined;
  state.auctions.delete(auction.auctionId);
  state.dirty.accounts.add(account.accountId);
  const { auctionId, remainingLots } = auction;
  events.push({ kind: 'auctionEnded', auctionId, reason, remainingLots: reason === 'filled' ? 0 : remainingLots });
}
