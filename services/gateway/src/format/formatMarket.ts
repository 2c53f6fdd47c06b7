import { type MarketDoc, RESUME_STAGES } from '@keel/redis';
import { divFloor, formatDecimal, type MarketSpec, PPM, QUOTE_DECIMALS, type TimeMs } from '@keel/types';
import type { MarketAnswer } from '../wire/answers.ts';
import { priceQuality } from './priceQuality.ts';

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
    marketId: spec.marketId,
    baseAsset: spec.baseAsset,
    tickSize: formatPrice(1, spec),
    lotSize: formatSize(1, spec),
    minNotional: formatQuote(spec.minOrderNotionalAtoms),
    maxOpenInterest: formatSize(spec.maxOpenInterestLots, spec),
    priceBand: formatDecimal(spec.priceBandPpm, PPM_DECIMALS),
    maxLeverage: String(divFloor(PPM, spec.initialMarginPpm)),
    initialMargin: formatDecimal(spec.initialMarginPpm, PPM_DECIMALS),
    maintenanceMargin: formatDecimal(spec.maintenanceMarginPpm, PPM_DECIMALS),
    marginTiers: spec.marginTiers.map((tier) => ({
      floorNotional: formatQuote(tier.floorNotionalAtoms),
      initialMargin: formatDecimal(tier.initialMarginPpm, PPM_DECIMALS),
      maintenanceMargin: formatDecimal(tier.maintenanceMarginPpm, PPM_DECIMALS),
    })),
    openInterestScaling:
      spec.openInterestUpperAtoms === 0
        ? null
        : { lower: formatQuote(spec.openInterestLowerAtoms), upper: formatQuote(spec.openInterestUpperAtoms) },
    concentration:
      spec.concentrationPpm === 0
        ? null
        : {
            part: formatDecimal(spec.concentrationPpm, PPM_DECIMALS),
            floor: formatSize(spec.concentrationFloorLots, spec),
          },
    makerFee: formatDecimal(spec.makerFeePpm, PPM_DECIMALS),
    takerFee: formatDecimal(spec.takerFeePpm, PPM_DECIMALS),
    index: formatPriceOrNull(market.indexTicks, spec),
    mark: formatPriceOrNull(market.markTicks, spec),
    indexTime: market.indexTimeMs,
    priceQuality: priceQuality({ ...market, priceTimeMs: market.indexTimeMs, staleMs: spec.indexStaleMs }, timeMs),
    jumpPrice: formatPriceOrNull(market.jumpTicks, spec),
    stablePrice: formatPriceOrNull(market.stableTicks, spec),
    last: formatPriceOrNull(market.lastTicks, spec),
    fundingRate: formatDecimal(market.fundingRatePpb, PPB_DECIMALS),
    nextFundingTime: market.nextFundingMs,
    openInterest: formatSize(market.openInterestLots, spec),
    insuranceFund: formatQuote(market.insuranceFundAtoms),
    backstop: formatBackstop(market),
    deleverageRule: spec.deleverageRule,
    resume: formatResume(market),
    volume: formatQuote(BigInt(market.volumeAtoms)),
    trades: market.tradeCount,
    status: statusOf(market, timeMs),
    tradingStatus: market.tradingStatus,
  };
}

function formatBackstop({ backstop, spec }: MarketDoc): MarketAnswer['backstop'] {
  if (backstop === null) return null;
  const { contributedAtoms, equityAtoms, sizeLots } = backstop;
  return {
    contributed: formatQuote(contributedAtoms),
    equity: formatQuote(equityAtoms),
    loss: formatQuote(Math.max(0, contributedAtoms - equityAtoms)),
    lossCap: formatQuote(spec.backstopLossCapAtoms),
    size: formatSize(sizeLots, spec),
  };
}

function formatResume({ resumeStage, resumeSinceMs }: MarketDoc): MarketAnswer['resume'] {
  const stage = RESUME_STAGES[resumeStage - 1];
  return stage === undefined ? null : { stage, since: resumeSinceMs };
}

function statusOf(market: MarketDoc, timeMs: TimeMs): MarketAnswer['status'] {
  if (market.indexTicks === 0) return 'noPrice';
  return timeMs - market.indexTimeMs > market.spec.indexStaleMs ? 'stalePrice' : 'open';
}
