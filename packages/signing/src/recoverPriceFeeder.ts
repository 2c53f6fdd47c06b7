import type { Address, PriceReport } from '@keel/types';
import type { KeelDomain } from './domain.ts';
import { hashPriceReport } from './hashAction.ts';
import { type PriceFeed, signedPriceReport } from './priceReport.ts';
import { recoverSigner } from './recoverSigner.ts';
import type { SignatureFault } from './signature.ts';

/**
 * Who signed this report for this feed. The report holds if that is `report.feeder`; a signature of another feed or
 * exchange names some other address. The reference: pure JavaScript, a few hundred per second.
 */
export function recoverPriceFeeder(domain: KeelDomain, feed: PriceFeed, report: PriceReport): Address | SignatureFault {
  return recoverSigner(hashPriceReport(domain, signedPriceReport(feed, report)), report.signature);
}
