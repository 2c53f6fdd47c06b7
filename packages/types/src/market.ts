import type { MarketId } from './ids.ts';
import type { Ppm, PriceTicks, QuoteAtoms, SizeLots, TimeMs } from './units.ts';

/**
 * open: everything. postOnly: only orders that cannot trade on arrival. cancelOnly: orders only go. In both the prices,
 * triggers and close-outs go on. halted: as cancelOnly, and time stands still for the market: no mark, no funding, no
 * trigger, no slice, no close-out.
 */
export type TradingStatus = 'open' | 'postOnly' | 'cancelOnly' | 'halted';

/** Money of one market that stands between its traders and a loss nobody can pay. */
export type SafetyFund = 'insurance' | 'backstop';

/**
 * Who is deleveraged first. waterFilling: the highest leverage, downwards until levels meet. profitLeverage: profit rate
 * times effective leverage (BitMEX). profitNotional: mark / entry * notional / account value (Hyperliquid).
 */
export type DeleverageRule = 'waterFilling' | 'profitLeverage' | 'profitNotional';

/** Rates of that part of a position's notional that lies above the floor. */
export interface MarginTier {
  /** A whole number of USDC (10^6 atoms), so that the deductions are exact. */
  readonly floorNotionalAtoms: QuoteAtoms;
  readonly initialMarginPpm: Ppm;
  readonly maintenanceMarginPpm: Ppm;
}

/** What a market is, fixed when it is listed. Ticks and lots are powers of ten of USD and of the base asset. */
export interface MarketSpec {
  readonly marketId: MarketId;
  /** For example `BTC-USD`; 3 to 16 of A-Z, 0-9 and `-`. */
  readonly symbol: string;
  readonly baseAsset: string;
  /** One tick = 10^-priceDecimals USD. */
  readonly priceDecimals: number;
  /** One lot = 10^-sizeDecimals base units. */
  readonly sizeDecimals: number;
  /** Quote atoms in one tick times one lot: 10^(6 - priceDecimals - sizeDecimals); a whole number >= 1. */
  readonly atomsPerTickLot: number;
  /** Highest price an order or an index may have, at most 2^30. maxPriceTicks * maxPositionLots * atomsPerTickLot stays safe. */
  readonly maxPriceTicks: PriceTicks;
  readonly maxOrderLots: SizeLots;
  readonly maxPositionLots: SizeLots;
  /** An order that adds to open interest beyond this is refused. */
  readonly maxOpenInterestLots: SizeLots;
  /** Smallest notional of an order that is not reduce-only. */
  readonly minOrderNotionalAtoms: QuoteAtoms;
  /** Initial margin as a part of notional: 50_000 = 20x leverage. */
  readonly initialMarginPpm: Ppm;
  /** Maintenance margin as a part of notional; below initialMarginPpm. */
  readonly maintenanceMarginPpm: Ppm;
  /** Tiers above the first, whose rates are the two before; ascending, at most MARGIN_TIERS_MAX. Rates never fall. */
  readonly marginTiers: readonly MarginTier[];
  /** Initial margin rises to 100 % while open interest, as notional at mark, goes from lower to upper; both 0 = never. */
  readonly openInterestLowerAtoms: QuoteAtoms;
  readonly openInterestUpperAtoms: QuoteAtoms;
  /** Largest part of open interest that one owner's accounts may hold together, once it is above the floor; 0 = any. */
  readonly concentrationPpm: Ppm;
  /** So many lots an owner may always hold. */
  readonly concentrationFloorLots: SizeLots;
  /** The stable price follows mark by at most this part of itself a minute; 0 = it is the mark. Initial margin only. */
  readonly stablePriceMovePpm: Ppm;
  readonly makerFeePpm: Ppm;
  readonly takerFeePpm: Ppm;
  /** Worst distance from mark that a market order without a price of its own may trade at. */
  readonly marketSlippagePpm: Ppm;
  /** A limit may lie no further from mark, on either side; that of a waiting order from its trigger. */
  readonly priceBandPpm: Ppm;
  /** Mark price stays inside index * (1 +- markBandPpm). */
  readonly markBandPpm: Ppm;
  /** An index that jumps further than this does not move the mark: new risk stops until it is back or has stood. */
  readonly indexJumpPpm: Ppm;
  /** Index older than this adds no risk and liquidates nobody. */
  readonly indexStaleMs: TimeMs;
  /** After a halt: no liquidation for so long once the market is open again; 0 = it opens at once, without stages. */
  readonly resumeGraceMs: TimeMs;
  /** Highest liquidation fee as a part of close-out notional. */
  readonly liquidationFeePpm: Ppm;
  /** Notional of close-outs sent to the book in one second of sequenced time; what is beyond waits. 0 = any. */
  readonly liquidationBudgetAtoms: QuoteAtoms;
  /** Most that the market's backstop vault may lose of what was put into it; 0 = there is no backstop. */
  readonly backstopLossCapAtoms: QuoteAtoms;
  readonly deleverageRule: DeleverageRule;
  /** Notional whose average book price is the impact price of the funding premium. */
  readonly impactNotionalAtoms: QuoteAtoms;
  /** Interest part of funding over 8 hours, in 10^-9. */
  readonly fundingInterestPpb: number;
  /** Largest funding rate of one hour, in 10^-9. */
  readonly fundingCapPpb: number;
}
