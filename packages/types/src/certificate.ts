import type { AccountId, Address, AssetId, MarketId, Sequence } from './ids.ts';
import type { DeleverageRule, MarginTier } from './market.ts';
import type { Side } from './order.ts';
import type { PriceFeeder, PriceReport } from './price.ts';
import type { Ppm, PriceTicks, QuoteAtoms, SizeLots, TimeMs } from './units.ts';

/** Where a forced trade found its other side. */
export type CloseOutStage = 'book' | 'auction' | 'backstop' | 'deleverage';

/** What an account is worth and needs. */
export interface MarginFigures {
  readonly equityAtoms: QuoteAtoms;
  readonly initialMarginAtoms: QuoteAtoms;
  readonly maintenanceMarginAtoms: QuoteAtoms;
}

/** How a market's mark came about when it was last renewed. */
export interface MarkInputs {
  readonly indexTicks: PriceTicks;
  /** Averages as they stood after the step of that renewal, in 1/1000 tick. */
  readonly basisEmaMilli: number;
  readonly medianEmaMilli: number;
  /** Best prices and last trade then; 0 = none, and the index stood in. */
  readonly bidTicks: PriceTicks | 0;
  readonly askTicks: PriceTicks | 0;
  readonly lastTicks: PriceTicks | 0;
  /** Agreed middle of perpetual futures elsewhere; 0 = not fed. */
  readonly perpTicks: PriceTicks | 0;
}

/** One market that the account has a position in, as far as margin and price depend on it. */
export interface CertifiedMarket {
  readonly marketId: MarketId;
  readonly symbol: string;
  readonly priceDecimals: number;
  readonly sizeDecimals: number;
  readonly atomsPerTickLot: number;
  readonly maxPriceTicks: PriceTicks;
  readonly initialMarginPpm: Ppm;
  readonly maintenanceMarginPpm: Ppm;
  readonly marginTiers: readonly MarginTier[];
  readonly openInterestLowerAtoms: QuoteAtoms;
  readonly openInterestUpperAtoms: QuoteAtoms;
  readonly marketSlippagePpm: Ppm;
  readonly markBandPpm: Ppm;
  readonly liquidationFeePpm: Ppm;
  readonly deleverageRule: DeleverageRule;
  readonly openInterestLots: SizeLots;
  readonly fundingIndex: number;
  readonly markTicks: PriceTicks;
  readonly stableTicks: PriceTicks;
  readonly mark: MarkInputs;
  readonly indexTimeMs: TimeMs;
  /** An index older than this liquidates nobody. */
  readonly indexStaleMs: TimeMs;
  /** The reports that the index was agreed from, ascending by feeder. */
  readonly reports: readonly PriceReport[];
}

export interface CertifiedPosition {
  readonly marketId: MarketId;
  readonly sizeLots: SizeLots;
  readonly entryNotionalAtoms: QuoteAtoms;
  readonly fundingIndex: number;
  /** What the account set; 0 = nothing. */
  readonly leverage: number;
}

/** Collateral other than USDC, with the price it counted at and who said so. */
export interface CertifiedBalance {
  readonly assetId: AssetId;
  readonly symbol: string;
  readonly amountAtoms: number;
  readonly decimals: number;
  readonly priceDecimals: number;
  readonly haircutPpm: Ppm;
  readonly priceTicks: PriceTicks;
  /** A price older than this liquidates nobody. */
  readonly priceStaleMs: TimeMs;
  readonly reports: readonly PriceReport[];
}

/** Why this account was the one to be deleveraged: every input of its rank, as of the moment before. */
export interface DeleverageRank {
  readonly rule: DeleverageRule;
  /** From 1. */
  readonly place: number;
  /** Positions that stood on the opposing side. */
  readonly candidates: number;
  /** Of the deleveraged position and account. */
  readonly sizeLots: SizeLots;
  readonly entryNotionalAtoms: QuoteAtoms;
  readonly unrealisedAtoms: QuoteAtoms;
  readonly equityAtoms: QuoteAtoms;
  readonly notionalAtoms: QuoteAtoms;
  /** Lots that its owner's other accounts hold against it: a hedge, spared as long as others can give. */
  readonly hedgedLots: SizeLots;
  /** The rank, scaled by 10^9 and rounded down; for water-filling the leverage. Decimal text: it may pass 2^53. */
  readonly score: string;
  /** Water-filling: the leverage all were brought down to, scaled by 10^9; `0` for the other rules. */
  readonly level: string;
  /** Lots that had to go in all, in this deleveraging. */
  readonly neededLots: SizeLots;
}

/**
 * Everything a third party needs to recompute one forced trade from this record alone: that the prices were signed and
 * agreed, that the account was below maintenance, that its stage was due, that size and limit follow from the formulas,
 * that the fill kept to the limit, and what it left behind. See `checkCertificate`.
 */
export interface Certificate {
  /** From 1 over the whole exchange. */
  readonly certificateId: number;
  readonly sequence: Sequence;
  readonly timeMs: TimeMs;
  readonly stage: CloseOutStage;
  readonly liquidationId: number;
  /** 0 = not out of an auction. */
  readonly auctionId: number;
  readonly accountId: AccountId;
  readonly owner: Address;
  readonly subaccount: number;
  readonly marketId: MarketId;
  /** Side of the close-out: a long is closed by `sell`. */
  readonly side: Side;
  /** Asked for, by the size formula. */
  readonly sizeLots: SizeLots;
  readonly filledLots: SizeLots;
  /** Signed quote atoms that the account received (+) or paid (-) for what traded, before fee and insurance. */
  readonly quoteAtoms: QuoteAtoms;
  /** To the market's insurance fund. */
  readonly feeAtoms: QuoteAtoms;
  /** From the market's insurance fund to the account. */
  readonly insuranceAtoms: QuoteAtoms;
  /** What the fund held before. */
  readonly insuranceFundAtoms: QuoteAtoms;
  /** Worst price the trade was allowed to have. */
  readonly limitTicks: PriceTicks;
  /** The limit at the beginning of the auction, and its end; of `limitTicks` they are the two ends. */
  readonly fillableTicks: PriceTicks;
  readonly zeroTicks: PriceTicks;
  /** Signed quote atoms of the zero price for what traded, rounded up. */
  readonly zeroQuoteAtoms: QuoteAtoms;
  /** Sequenced time since the auction began; 0 without one. */
  readonly elapsedMs: TimeMs;
  /** The other side: liquidator, backstop or deleveraged account; 0 = orders of the book. */
  readonly counterpartyId: AccountId | 0;
  readonly collateralAtoms: QuoteAtoms;
  readonly balances: readonly CertifiedBalance[];
  /** Ascending by market, as are the markets. */
  readonly positions: readonly CertifiedPosition[];
  readonly markets: readonly CertifiedMarket[];
  /** Whose reports made all of these prices, ascending by address: what another set agreed on liquidates nobody. */
  readonly feeders: readonly PriceFeeder[];
  readonly before: MarginFigures;
  readonly after: MarginFigures;
  /** Set at stage `deleverage`. */
  readonly rank: DeleverageRank | undefined;
}
