import { type CollateralSpec, formatDecimal, type MarketSpec, type PriceReport } from '@keel/types';

/** A price report as it is signed: as with orders, the text is what a person can read. */
export interface SignedPriceReport {
  /** See `PriceFeed.name`. */
  readonly feed: string;
  /** Canonical decimal in USD. */
  readonly price: string;
  /** Middle of perpetual futures elsewhere, in USD; `0` = not fed. */
  readonly perpPrice: string;
  /** Milliseconds since 1970. */
  readonly publishTime: number;
  readonly reportSequence: number;
}

/** Which price a report speaks of, and what its ticks are. */
export interface PriceFeed {
  /** A market's symbol, or `collateral:` and an asset's; symbols have no colon, so one name is one feed. */
  readonly name: string;
  /** One tick = 10^-priceDecimals USD. */
  readonly priceDecimals: number;
}

/** What the feeder says; the rest of a `PriceReport` follows from its key. */
export type PriceFigures = Omit<PriceReport, 'feeder' | 'signature'>;

/** The feed of a market's index. */
export function marketFeed({ symbol, priceDecimals }: Pick<MarketSpec, 'symbol' | 'priceDecimals'>): PriceFeed {
  return { name: symbol, priceDecimals };
}

/** The feed of a collateral asset's price. */
export function collateralFeed({ symbol, priceDecimals }: Pick<CollateralSpec, 'symbol' | 'priceDecimals'>): PriceFeed {
  return { name: `collateral:${symbol}`, priceDecimals };
}

/** The text that is signed. Figures must be unsigned safe integers; anything else is a fault of the caller (asserted). */
export function signedPriceReport(feed: PriceFeed, figures: PriceFigures): SignedPriceReport {
  return {
    feed: feed.name,
    price: formatDecimal(figures.priceTicks, feed.priceDecimals),
    perpPrice: formatDecimal(figures.perpTicks, feed.priceDecimals),
    publishTime: figures.publishTimeMs,
    reportSequence: figures.reportSequence,
  };
}
