import type { BookOrderDoc, FundingRateDoc } from '@keel/redis';
import { formatDecimal, type MarketSpec } from '@keel/types';
import type { MarketAnswer } from '../wire/answers.ts';
import type { BookOrderAnswer, FundingRateAnswer, TickerData } from '../wire/marketAnswers.ts';
import { formatPrice, formatPriceOrNull, formatSize } from './formatMarket.ts';

const PPB_DECIMALS = 9;

/** A market's prices at a glance; `bbo` as it is formatted. */
export function formatTicker(market: MarketAnswer, bbo: Pick<TickerData, 'bid' | 'ask'>): TickerData {
  const { symbol, mark, index, last, fundingRate, nextFundingTime, openInterest, volume, status, tradingStatus } =
    market;
  const rest = { fundingRate, nextFundingTime, openInterest, volume, status, tradingStatus };
  return { market: symbol, mark, index, last, ...bbo, ...rest };
}

export function formatBookOrder(order: BookOrderDoc, spec: MarketSpec): BookOrderAnswer {
  const { orderId, side, priceTicks, sizeLots, queuePlace } = order;
  return {
    orderId: String(orderId),
    side,
    price: formatPrice(priceTicks, spec),
    size: formatSize(sizeLots, spec),
    queuePlace,
  };
}

export function formatFundingRate(doc: FundingRateDoc, spec: MarketSpec): FundingRateAnswer {
  return {
    fundingRate: formatDecimal(doc.ratePpb, PPB_DECIMALS),
    mark: formatPriceOrNull(doc.markTicks, spec),
    time: doc.timeMs,
    sequence: doc.sequence,
  };
}
