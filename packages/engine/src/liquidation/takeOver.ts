import {
  type CloseOutPosition,
  closeOutPrices,
  type PriceTicks,
  quoteLimitTicks,
  type SizeLots,
  type TimeMs,
  zeroQuoteAtoms,
} from '@keel/types';
import { CLOSE_OUT_STEPS_PER_ACCOUNT } from '../limits.ts';
import { solvencyOf } from '../margin/accountFigures.ts';
import { slippageLimitTicks } from '../prices/slippageLimit.ts';
import type { AccountState, EngineState, Holding } from '../state.ts';
import { autoDeleverage } from './autoDeleverage.ts';
import { closeOutOnBook } from './closeOutOnBook.ts';
import { closeOutPosition, isSpent, isUnderMargined, largestPosition } from './closeOutTerms.ts';
import { giveToBackstop } from './giveToBackstop.ts';
import type { Round } from './round.ts';

/** Lots of a position that must go now; 0, 0 = not out of an auction. */
interface Due {
  readonly holding: Holding;
  readonly lots: SizeLots;
  readonly auctionId: number;
  readonly elapsedMs: TimeMs;
}

/**
 * The hard part of a liquidation, for an account with less than 2/3 of what it needs: whole positions, the one with the
 * largest maintenance first, until it is above that line again. Returns whether anything went.
 */
export function takeOverAll(state: EngineState, round: Round, account: AccountState): boolean {
  const refused = new Set<Holding>();
  let closed = false;
  for (let step = 0; step < CLOSE_OUT_STEPS_PER_ACCOUNT; step += 1) {
    if (!isSpent(solvencyOf(account))) break;
    const holding = largestPosition(account, refused);
    if (holding === undefined) break;
    const lots = Math.abs(holding.sizeLots);
    const closedLots = takeOver(state, round, { holding, lots, auctionId: 0, elapsedMs: 0 });
    closed ||= closedLots > 0;
    if (closedLots < lots) refused.add(holding);
  }
  return closed;
}

/** Closes lots at the zero price: on the book, with the backstop vault, against opposing positions. Returns how many went. */
export function takeOver(state: EngineState, round: Round, due: Due): SizeLots {
  const { holding, lots } = due;
  let leftLots = lots;
  // The last step of an auction has just asked the book for the zero price.
  if (due.auctionId === 0) leftLots -= sellAtZero(state, round, due);
  if (leftLots > 0 && isDue(due)) {
    leftLots -= giveToBackstop(state, round, { ...due, ...pricesNow(holding, leftLots), lots: leftLots });
  }
  if (leftLots > 0) leftLots -= deleverage(state, round, due, leftLots);
  return lots - leftLots;
}

/**
 * Whether the rest still has to go at the zero price. A book that paid well, or lots of a higher tier that went, may have brought the account
 * above two thirds again: then the rest can wait for better. What an auction left goes as long as the account is not healthy.
 */
function isDue({ holding, auctionId }: Due): boolean {
  const solvency = solvencyOf(holding.account);
  return auctionId === 0 ? isSpent(solvency) : isUnderMargined(solvency);
}

function sellAtZero(state: EngineState, round: Round, { holding, lots }: Due): SizeLots {
  const position = closeOutPosition(holding, solvencyOf(holding.account));
  const { prices } = pricesNow(holding, lots);
  const limitTicks = position.equityAtoms < 0 ? bankruptLimitTicks(holding, position, lots) : prices?.zeroTicks;
  if (limitTicks === undefined) return 0;
  return closeOutOnBook(state, round, { holding, lots, limitTicks, prices, auctionId: 0, elapsedMs: 0 });
}

/**
 * Worst price that the fund may pay for: a bankrupt account's zero price lies on the good side of mark. Never beyond the
 * slippage cap of a market order: else a friend's bid far from mark could buy the whole fund.
 */
function bankruptLimitTicks(holding: Holding, position: CloseOutPosition, lots: SizeLots): PriceTicks | undefined {
  const { market, sizeLots } = holding;
  const affordableTicks = quoteLimitTicks(position, lots, zeroQuoteAtoms(position, lots) - market.insuranceFundAtoms);
  if (affordableTicks === undefined) return undefined;
  return sizeLots > 0
    ? Math.max(affordableTicks, slippageLimitTicks(market, 'sell'))
    : Math.min(affordableTicks, slippageLimitTicks(market, 'buy'));
}

function pricesNow(holding: Holding, lots: SizeLots) {
  return { prices: closeOutPrices(closeOutPosition(holding, solvencyOf(holding.account)), lots) };
}

/** At the zero price of the account as each of them leaves it, so that the last lots leave exactly nothing. */
function deleverage(state: EngineState, round: Round, due: Due, leftLots: SizeLots): SizeLots {
  const { holding, auctionId, elapsedMs } = due;
  const position = () => closeOutPosition(holding, solvencyOf(holding.account));
  return autoDeleverage(state, round, {
    holding,
    lots: leftLots,
    auctionId,
    isDue: () => isDue(due),
    quoteOf: (lots) => zeroQuoteAtoms(position(), lots),
    termsOf: (lots) => {
      const { prices } = pricesNow(holding, lots);
      const zeroAtoms = zeroQuoteAtoms(position(), lots);
      return { prices, limitTicks: prices?.zeroTicks ?? 0, zeroQuoteAtoms: zeroAtoms, elapsedMs };
    },
  });
}
