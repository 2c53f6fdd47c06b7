import type { Address, PriceReport } from '@keel/types';
import type { KeelDomain } from './domain.ts';
import { hashPriceReport } from './hashAction.ts';
import { type PriceFeed, signedPriceReport } from './priceReport.ts';
import { recoverSignerNative } from './recoverSignerNative.ts';
import type { SignatureFault } from './signature.ts';

/** As `recoverPriceFeeder`, by libsecp256k1. Needs `nativeRecoveryAvailable` (asserted). */
export function recoverPriceFeederNative(
  domain: KeelDomain,
  feed: PriceFeed,
  report: PriceReport,
): Address | SignatureFault {
  return recoverSignerNative(hashPriceReport(domain, signedPriceReport(feed, report)), report.signature);
}
