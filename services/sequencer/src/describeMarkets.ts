import { type EngineState, listMarkets } from '@keel/engine';

/** Markets as `GET /markets` of the admin port shows them: the engine's own figures of this moment, integers. */
export function describeMarkets(state: EngineState): object {
  const markets = [...listMarkets(state)].map(({ spec, ...market }) => ({
    marketId: spec.marketId,
    symbol: spec.symbol,
    priceDecimals: spec.priceDecimals,
    sizeDecimals: spec.sizeDecimals,
    tradingStatus: market.tradingStatus,
    resumeStage: market.resumeStage,
    quality: market.quality,
    indexTicks: market.indexTicks,
    indexTimeMs: market.indexTimeMs,
    markTicks: market.markTicks,
    lastTicks: market.lastTicks,
    openInterestLots: market.openInterestLots,
    insuranceFundAtoms: market.insuranceFundAtoms,
    backstopEquityAtoms: market.backstopEquityAtoms,
  }));
  return { sequence: state.sequence, timeMs: state.timeMs, markets };
}
