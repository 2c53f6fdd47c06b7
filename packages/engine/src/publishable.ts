import { assert, divFloor, FUNDING_INDEX_SCALE, mulDivCeil, notionalAtoms } from '@keel/types';
import { FUNDING_PERIOD_MS } from './limits.ts';
import { backstopIsKept } from './liquidation/backstop.ts';
import type { EngineState, MarketState } from './state.ts';

const PPB = 1_000_000_000;

/**
 * Cheap checks after each command and before anybody hears of it: what breaks one stops the process instead of being
 * published. Between two commands a market's funding index moves by one hour's cap at most, and only when an hour ended: an
 * index that was reset or lost would pay out other people's money. That is asked of every market, because the equity
 * of whoever withdraws or is called for margin counts markets that the command never touched; the rest of touched markets.
 * @throws AssertionError
 */
export function assertPublishable(state: EngineState): void {
  for (const market of state.markets) assertFundingMoves(state, market);
  for (const marketId of state.dirty.markets) {
    const market = state.markets[marketId - 1]!;
    const { book, insuranceFundAtoms } = market;
    assert(insuranceFundAtoms >= 0, 'insurance fund below 0 in market', marketId);
    assert(book.bestBid < book.bestAsk || book.bestAsk === 0, 'crossed book in market', marketId);
    assert(backstopIsKept(market), 'backstop vault beyond its cap in market', marketId);
  }
}

function assertFundingMoves(state: EngineState, market: MarketState): void {
  const { spec, fundingIndex, indexTicks } = market;
  const { timeMs } = state;
  market.published ??= { fundingIndex, indexTicks, timeMs };
  const { published } = market;
  if (published.fundingIndex !== fundingIndex) {
    const hourEnded = divFloor(timeMs, FUNDING_PERIOD_MS) > divFloor(published.timeMs, FUNDING_PERIOD_MS);
    // Funding is settled before the command, so on the index that was last published.
    const perLot = notionalAtoms(spec, published.indexTicks, 1) * FUNDING_INDEX_SCALE;
    const most = hourEnded ? mulDivCeil(perLot, spec.fundingCapPpb, PPB) : 0;
    const moved = Math.abs(fundingIndex - published.fundingIndex);
    assert(moved <= most, `funding index of market ${spec.marketId} moved by ${moved}, at most ${most}`);
  }
  published.fundingIndex = fundingIndex;
  published.indexTicks = indexTicks;
  published.timeMs = timeMs;
}
