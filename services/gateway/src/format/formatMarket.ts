import type { MarketDoc } from '@keel/redis';
import { divFloor, formatDecimal, type MarketSpec, PPM, QUOTE_DECIMALS, type TimeMs } from '@keel/types';
import type { MarketAnswer } from '../wire/answers.ts';

const PPM_DECIMALS = 6;
const PPB_DECIMALS = 9;

export const formatPrice = (ticks: number, spec: MarketSpec): string => formatDecimal(ticks, spec.priceDecimals);
export const formatSize = (lots: number, spec: MarketSpec): string => formatDecimal(lots, spec.sizeDecimals);
export const formatQuote = (atoms: number | bigint): string => formatDecimal(atoms, QUOTE_DECIMALS);
/** A price that is 0 as long as there is none. */
export const formatPriceOrNull = (ticks: number, spec: MarketSpec): string | null =>
  ticks === 0 ? null : formatPrice(ticks, spec);

/** A market as answered; `timeMs` is the read model's time, which decides whether its index price is stale. */
export function formatMarket(market: MarketDoc, timeMs: TimeMs): MarketAnswer {
  const { spec } = market;
  return {
    symbol: spec.symbol,
    baseAsset: spec.baseAsset,
    tickSize: formatPrice(1, spec),
    lotSize: formatSize(1, spec),
    minNotional: formatQuote(spec.minOrderNotionalAtoms),
    maxOpenInterest: formatSize(spec.maxOpenInterestLots, spec),
    priceBand: formatDecimal(spec.priceBandPpm, PPM_DECIMALS),
    maxLeverage: String(divFloor(PPM, spec.initialMarginPpm)),
    initialMargin: formatDecimal(spec.initialMarginPpm, PPM_DECIMALS),
    maintenanceMargin: formatDecimal(spec.maintenanceMarginPpm, PPM_DECIMALS),
    makerFee: formatDecimal(spec.makerFeePpm, PPM_DECIMALS),
    takerFee: formatDecimal(spec.takerFeePpm, PPM_DECIMALS),
    index: formatPriceOrNull(market.indexTicks, spec),
    mark: formatPriceOrNull(market.markTicks, spec),
    last: formatPriceOrNull(market.lastTicks, spec),
    fundingRate: formatDecimal(market.fundingRatePpb, PPB_DECIMALS),
    nextFundingTime: market.nextFundingMs,
    openInterest: formatSize(market.openInterestLots, spec),
    volume: formatQuote(BigInt(market.volumeAtoms)),
    trades: market.tradeCount,
    status: statusOf(market, timeMs),
    tradingStatus: market.tradingStatus,
  };
}

function statusOf(market: MarketDoc, timeMs: TimeMs): MarketAnswer['status'] {
  if (market.indexTicks === 0) return 'noPrice';
  return timeMs - market.indexTimeMs > market.spec.indexStaleMs ? 'stalePrice' : 'open';
}
