import { divFloorBig, markQuoteAtoms, mulDivFloor, PPM, quoteLimitTicks, type SizeLots } from '@keel/types';
import { crosses } from '../book/crosses.ts';
import { BACKSTOP_STEP_MS, BACKSTOP_STEP_PPM } from '../limits.ts';
import { equityOf, solvencyOf } from '../margin/accountFigures.ts';
import { marketPermits } from '../prices/permissions.ts';
import type { EngineState, Holding, MarketState } from '../state.ts';
import { autoDeleverage } from './autoDeleverage.ts';
import { backstopCapAtoms, backstopHolding, backstopIsSpent, backstopLossAtoms } from './backstop.ts';
import { work } from './closeOutOnBook.ts';
import { closeOutPosition } from './closeOutTerms.ts';
import type { Round } from './round.ts';

/**
 * What the backstop vaults took over goes back to the market: a fifth of it every 5 s, offered to the book at mark or better. A
 * vault that has lost what it may, or is under maintenance, gives its whole position to those who stand against it. Asked
 * after every command, because a vault's cap is no line that the watch knows; there is one vault a market.
 */
export function unwindBackstops(state: EngineState, round: Round): void {
  for (const market of state.markets) {
    if (!acts(state, market)) continue;
    const holding = backstopHolding(market)!;
    if (backstopIsSpent(market)) giveAway(state, round, holding);
    else offer(state, round, market, holding);
  }
}

/** Whether some vault has something to do now. */
export function backstopsAct(state: EngineState): boolean {
  for (const market of state.markets) if (market.backstop !== undefined && acts(state, market)) return true;
  return false;
}

function acts(state: EngineState, market: MarketState): boolean {
  if (backstopHolding(market) === undefined) return false;
  if (state.timeMs < market.backstopDueMs && !backstopIsSpent(market)) return false;
  return marketPermits(state, market, 'liquidate');
}

/**
 * At mark, or where mark is worse for the vault than its cap allows, at the price at which it has lost exactly the cap. What
 * is beyond the cap is spread over the lots of those who are worth something: what only bankrupts stand against stays, and
 * must not be owed anything. The price is that of what is left after each taker, so the last lots leave the vault at the cap
 * to the atom.
 */
function giveAway(state: EngineState, round: Round, holding: Holding): void {
  const { account, market } = holding;
  const wholeLots = Math.abs(holding.sizeLots);
  const takableLots = lotsOfSolvent(holding);
  const position = () => closeOutPosition(holding, solvencyOf(account));
  const quoteOf = (lots: SizeLots) => {
    const beyondAtoms = Math.max(0, backstopLossAtoms(market) - backstopCapAtoms(market));
    const leftLots = Math.abs(holding.sizeLots);
    const payingLots = Math.max(lots, Math.min(leftLots, takableLots - (wholeLots - leftLots)));
    const share = divFloorBig(BigInt(-beyondAtoms) * BigInt(lots), BigInt(payingLots));
    return markQuoteAtoms(position(), lots) - Number(share);
  };
  autoDeleverage(state, round, {
    holding,
    lots: wholeLots,
    auctionId: 0,
    isDue: () => true,
    quoteOf,
    termsOf: (lots) => ({
      prices: undefined,
      limitTicks: quoteLimitTicks(position(), lots, quoteOf(lots)) ?? 0,
      zeroQuoteAtoms: quoteOf(lots),
      elapsedMs: 0,
    }),
  });
}

/** Lots that stand against the position in accounts that are worth something. */
function lotsOfSolvent({ market, sizeLots }: Holding): SizeLots {
  let lots = 0;
  for (const other of market.holders) {
    if (other.sizeLots > 0 !== sizeLots > 0 && equityOf(other.account) > 0) lots += Math.abs(other.sizeLots);
  }
  return lots;
}

function offer(state: EngineState, round: Round, market: MarketState, holding: Holding): void {
  market.backstopDueMs = state.timeMs + BACKSTOP_STEP_MS;
  state.dirty.markets.add(market.spec.marketId);
  const side = holding.sizeLots > 0 ? 'sell' : 'buy';
  const lots = Math.max(1, mulDivFloor(Math.abs(holding.sizeLots), BACKSTOP_STEP_PPM, PPM));
  if (!crosses(market.book, side, market.markTicks)) return;
  work(state, holding, { side, lots, limitTicks: market.markTicks, liquidation: false }, round.events);
}
