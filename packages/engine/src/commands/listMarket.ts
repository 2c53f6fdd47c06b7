import {
  COLLATERAL_ATOMS_MAX,
  type DeleverageRule,
  type Event,
  type ListMarket,
  MARGIN_TIERS_MAX,
  MARKETS_MAX,
  type MarketSpec,
  PPM,
  QUOTE_DECIMALS,
  REJECT_CODES,
  type RejectCode,
  toMarketId,
} from '@keel/types';
import { PRICE_TICKS_MAX, RESUME_GRACE_MS_MAX } from '../limits.ts';
import { createMarket, type EngineState } from '../state.ts';

const SYMBOL = /^[A-Z0-9-]{3,16}$/;
const BASE_ASSET = /^[A-Z0-9]{1,12}$/;
const DELEVERAGE_RULES: readonly DeleverageRule[] = ['waterFilling', 'profitLeverage', 'profitNotional'];
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
  if (!tiersAreSound(spec) || !dampingIsSound(spec)) return false;
  return inRange(Math.abs(spec.fundingInterestPpb), 0, PPB) && inRange(spec.fundingCapPpb, 0, PPB);
}

/**
 * Whether tiers ascend and their rates never fall, so that more of a position never needs less. Floors are whole USDC:
 * what a tier deducts is then a whole number of atoms.
 */
function tiersAreSound({ marginTiers, initialMarginPpm, maintenanceMarginPpm }: MarketSpec): boolean {
  if (marginTiers.length > MARGIN_TIERS_MAX) return false;
  let below = { floorNotionalAtoms: 0, initialMarginPpm, maintenanceMarginPpm };
  for (const tier of marginTiers) {
    if (!inRange(tier.floorNotionalAtoms, below.floorNotionalAtoms + 1, Number.MAX_SAFE_INTEGER)) return false;
    if (tier.floorNotionalAtoms % 10 ** QUOTE_DECIMALS !== 0) return false;
    if (!inRange(tier.initialMarginPpm, below.initialMarginPpm, PPM)) return false;
    if (!inRange(tier.maintenanceMarginPpm, below.maintenanceMarginPpm, tier.initialMarginPpm - 1)) return false;
    below = tier;
  }
  return true;
}

/** What slows a cascade down, each of which may be off. */
function dampingIsSound(spec: MarketSpec): boolean {
  if (!inRange(spec.openInterestUpperAtoms, 0, Number.MAX_SAFE_INTEGER)) return false;
  if (!inRange(spec.openInterestLowerAtoms, 0, spec.openInterestUpperAtoms)) return false;
  if (!inRange(spec.concentrationPpm, 0, PPM) || !inRange(spec.stablePriceMovePpm, 0, PPM)) return false;
  if (!inRange(spec.concentrationFloorLots, 0, Number.MAX_SAFE_INTEGER)) return false;
  if (!inRange(spec.resumeGraceMs, 0, RESUME_GRACE_MS_MAX)) return false;
  if (!inRange(spec.liquidationBudgetAtoms, 0, Number.MAX_SAFE_INTEGER)) return false;
  // What the vault has is collateral of an account.
  if (!inRange(spec.backstopLossCapAtoms, 0, COLLATERAL_ATOMS_MAX)) return false;
  return DELEVERAGE_RULES.includes(spec.deleverageRule);
}

function inRange(value: number, lowest: number, highest: number): boolean {
  return Number.isSafeInteger(value) && value >= lowest && value <= highest;
}

function productIsSafe(a: number, b: number, c: number): boolean {
  return BigInt(a) * BigInt(b) * BigInt(c) <= BigInt(Number.MAX_SAFE_INTEGER);
}
