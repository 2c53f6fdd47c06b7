import type { Hex } from '@keel/types';
import type { KeelDomain } from './domain.ts';
import { hashPriceReport } from './hashAction.ts';
import { type PriceFeed, type PriceFigures, signedPriceReport } from './priceReport.ts';
import { signHash } from './signAction.ts';

/**
 * The signature that makes figures a `PriceReport` of whoever has the key: 65 bytes r, s, v as of `signAction`. It holds
 * for this feed of this exchange only.
 */
export function signPriceReport(domain: KeelDomain, feed: PriceFeed, figures: PriceFigures, privateKey: Hex): Hex {
  return signHash(hashPriceReport(domain, signedPriceReport(feed, figures)), privateKey);
}
