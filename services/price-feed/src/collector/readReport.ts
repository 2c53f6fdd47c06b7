import { isSignatureFault, type KeelDomain, recoverPriceFeeder } from '@keel/signing';
import { nativeRecoveryAvailable, recoverPriceFeederNative } from '@keel/signing/native';
import { type Address, type PriceReport, type PriceTicks, parseDecimal } from '@keel/types';
import type { TextReport } from '../feederReply.ts';
import type { Feed } from '../sources/priceSource.ts';

/** Why a report is not handed on: the exchange would refuse the whole price for it. */
export type ReportFault = 'malformed' | 'outOfRange' | 'forged';

const recover = nativeRecoveryAvailable ? recoverPriceFeederNative : recoverPriceFeeder;

/** A report in the exchange's units, if `feeder` has signed it for this feed and exchange. */
export function readReport(
  { price, perpPrice, publishTime, reportSequence, signature }: TextReport,
  feeder: Address,
  feed: Feed,
  maxPriceTicks: PriceTicks,
  domain: KeelDomain,
): PriceReport | ReportFault {
  const priceTicks = parseDecimal(price, feed.priceDecimals);
  const perpTicks = parseDecimal(perpPrice, feed.priceDecimals);
  if (typeof priceTicks === 'string' || typeof perpTicks === 'string') return 'malformed';
  if (publishTime < 0 || reportSequence < 0) return 'malformed';
  if (priceTicks < 1 || priceTicks > maxPriceTicks || perpTicks > maxPriceTicks) return 'outOfRange';
  const report = { feeder, priceTicks, perpTicks, publishTimeMs: publishTime, reportSequence, signature };
  const signer = recover(domain, feed, report);
  return isSignatureFault(signer) || signer !== feeder ? 'forged' : report;
}
