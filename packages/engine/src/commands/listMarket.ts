import {
  type Event,
  type ListMarket,
  MARKETS_MAX,
  type MarketSpec,
  PPM,
  QUOTE_DECIMALS,
  REJECT_CODES,
  type RejectCode,
  toMarketId,
} from '@keel/types';
import { PRICE_TICKS_MAX } from '../limits.ts';
import { createMarket, type EngineState } from '../state.ts';

const SYMBOL = /^[A-Z0-9-]{3,16}$/;
const BASE_ASSET = /^[A-Z0-9]{1,12}$/;
/** Rates in 10^-9 that are whole: 100 %. */
const PPB = 1_000_000_000;

/** Opens a market. It trades once it has an index price. Ids are given in order, so `spec.marketId` must be the next. */
export function listMarket(state: EngineState, { spec }: ListMarket, events: Event[]): RejectCode | undefined {
  const listed = state.markets.some((market) => market.spec.symbol === spec.symbol);
  if (listed || state.markets[spec.marketId - 1] !== undefined) return REJECT_CODES.MARKET_ALREADY_LISTED;
  if (spec.marketId !== state.markets.length + 1 || spec.marketId > MARKETS_MAX)
    return REJECT_CODES.MARKET_SPEC_INVALID;
  if (!isSound(spec)) return REJECT_CODES.MARKET_SPEC_INVALID;

  state.markets.push(createMarket(spec));
  state.dirty.markets.add(toMarketId(spec.marketId));
  events.push({ kind: 'marketListed', spec });
  return undefined;
}

/** Whether all arithmetic of the market stays exact and its rates make sense together. */
function isSound(spec: MarketSpec): boolean {
  const counts = [
    spec.atomsPerTickLot,
    spec.maxPriceTicks,
    spec.maxOrderLots,
    spec.maxPositionLots,
    spec.maxOpenInterestLots,
    spec.minOrderNotionalAtoms,
    spec.indexStaleMs,
    spec.impactNotionalAtoms,
  ];
  const decimals = spec.priceDecimals + spec.sizeDecimals;
  if (!SYMBOL.test(spec.symbol) || !BASE_ASSET.test(spec.baseAsset)) return false;
  if (!inRange(spec.priceDecimals, 0, QUOTE_DECIMALS) || !inRange(spec.sizeDecimals, 0, QUOTE_DECIMALS)) return false;
  if (decimals > QUOTE_DECIMALS || spec.atomsPerTickLot !== 10 ** (QUOTE_DECIMALS - decimals)) return false;
  if (!counts.every((count) => inRange(count, 1, Number.MAX_SAFE_INTEGER))) return false;
  if (!productIsSafe(spec.maxPriceTicks, spec.maxPositionLots, spec.atomsPerTickLot)) return false;
  if (spec.maxOrderLots > spec.maxPositionLots) return false;
  // Funding counts 10^-6 atoms per lot, and an average counts 1/1000 ticks.
  if (!productIsSafe(spec.maxPriceTicks, spec.atomsPerTickLot, PPM)) return false;
  if (!inRange(spec.initialMarginPpm, 2, PPM) || !inRange(spec.maintenanceMarginPpm, 1, spec.initialMarginPpm - 1)) {
    return false;
  }
  // A fee of the size of the margin would make every trade a loss of the account.
  if (!inRange(spec.takerFeePpm, 0, spec.maintenanceMarginPpm) || !inRange(spec.makerFeePpm, 0, spec.takerFeePpm)) {
    return false;
  }
  if (spec.maxPriceTicks > PRICE_TICKS_MAX) return false;
  // So wide a band lets every price pass.
  if (!inRange(spec.priceBandPpm, 1, PPM * PRICE_TICKS_MAX)) return false;
  const parts = [spec.marketSlippagePpm, spec.markBandPpm, spec.indexJumpPpm];
  if (!parts.every((part) => inRange(part, 1, PPM - 1))) return false;
  if (!inRange(spec.liquidationFeePpm, 0, PPM)) return false;
  return inRange(Math.abs(spec.fundingInterestPpb), 0, PPB) && inRange(spec.fundingCapPpb, 0, PPB);
}

function inRange(value: number, lowest: number, highest: number): boolean {
  return Number.isSafeInteger(value) && value >= lowest && value <= highest;
}

function productIsSafe(a: number, b: number, c: number): boolean {
  return BigInt(a) * BigInt(b) * BigInt(c) <= BigInt(Number.MAX_SAFE_INTEGER);
}
