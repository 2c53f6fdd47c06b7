import {
  CLOSE_OUT_LARGE_STEP_MS,
  closeOutLots,
  closeOutPrices,
  isLargePosition,
  notionalAtoms,
  type SizeLots,
  type TimeMs,
} from '@keel/types';
import { CLOSE_OUT_STEPS_PER_ACCOUNT } from '../limits.ts';
import { solvencyOf } from '../margin/accountFigures.ts';
import type { AccountState, Auction, EngineState, Holding } from '../state.ts';
import { auctionTerms, endAuction, isOver, startAuction, tellStep } from './auctions.ts';
import { hasBudget, nextSecondMs } from './budget.ts';
import { closeOutOnBook } from './closeOutOnBook.ts';
import { closeOutPosition, isSpent, isUnderMargined, largestPosition } from './closeOutTerms.ts';
import type { Round } from './round.ts';
import { takeOver } from './takeOver.ts';

const NONE: ReadonlySet<Holding> = new Set();

/**
 * The gentle part of a liquidation: as much as restores health is offered to the book at the fillable price, position by
 * position, the one with the largest maintenance first. What the book does not take at once becomes an auction, and until
 * that is over nothing else is closed. Returns when the market's budget allows the next try; undefined = as usual.
 */
export function closePart(state: EngineState, round: Round, account: AccountState): TimeMs | undefined {
  if (account.auction !== undefined) return stepAuction(state, round, account, account.auction);
  for (let step = 0; step < CLOSE_OUT_STEPS_PER_ACCOUNT; step += 1) {
    const solvency = solvencyOf(account);
    const { equityAtoms, maintenanceAtoms } = solvency;
    if (!isUnderMargined(solvency) || isSpent(solvency)) return undefined;
    if (state.timeMs < account.nextStepMs) return undefined;
    const holding = largestPosition(account, NONE);
    if (holding === undefined) return undefined;
    const { market } = holding;
    const { spec, markTicks } = market;
    const wholeLots = Math.abs(holding.sizeLots);
    const lots = closeOutLots(spec, markTicks, wholeLots, equityAtoms, maintenanceAtoms);
    if (!hasBudget(state, market, notionalAtoms(spec, markTicks, lots))) return nextSecondMs(state);
    if (isLargePosition(notionalAtoms(spec, markTicks, wholeLots))) {
      account.nextStepMs = state.timeMs + CLOSE_OUT_LARGE_STEP_MS;
    }
    const prices = closeOutPrices(closeOutPosition(holding, solvency), lots);
    const limitTicks = prices?.fillableTicks ?? 0;
    const filledLots =
      prices === undefined
        ? 0
        : closeOutOnBook(state, round, { holding, lots, limitTicks, prices, auctionId: 0, elapsedMs: 0 });
    if (filledLots < lots) {
      if (isUnderMargined(solvencyOf(account))) startAuction(state, holding, lots - filledLots, round.events);
      return undefined;
    }
  }
  return undefined;
}

/** One step of a running auction: its price moves on, and the book is asked first. When its time is over the rest goes on. */
function stepAuction(state: EngineState, round: Round, account: AccountState, auction: Auction): TimeMs | undefined {
  const { market } = auction;
  const over = isOver(state, auction);
  const terms = auctionTerms(state, auction);
  if (terms === undefined) {
    endAuction(state, account, 'filled', round.events);
    return undefined;
  }
  const { holding, lots, prices, limitTicks, elapsedMs } = terms;
  if (!over && !hasBudget(state, market, notionalAtoms(market.spec, market.markTicks, lots)))
    return nextSecondMs(state);
  const { auctionId } = auction;
  const filledLots = closeOutOnBook(state, round, { holding, lots, limitTicks, prices, auctionId, elapsedMs });
  const leftLots: SizeLots = lots - filledLots;
  if (leftLots === 0) {
    endAuction(state, account, 'filled', round.events);
    return undefined;
  }
  tellStep(state, auction, limitTicks, leftLots, round.events);
  if (!over || !isUnderMargined(solvencyOf(account))) return undefined;
  endAuction(state, account, 'timeOver', round.events);
  takeOver(state, round, { holding, lots: leftLots, auctionId, elapsedMs });
  return undefined;
}
