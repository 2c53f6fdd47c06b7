import {
  collateralFeed,
  isSignatureFault,
  type KeelDomain,
  marketFeed,
  type PriceFeed,
  recoverPriceFeeder,
} from '@keel/signing';
import {
  type Address,
  type Certificate,
  checkCertificate,
  type PriceReport,
  type PriceTicks,
  quorumOf,
} from '@keel/types';

export interface Verdict {
  /** Each `name: explanation`; none = it holds. */
  readonly faults: readonly string[];
  readonly prices: readonly VerifiedPrice[];
}

/** One price of the certificate and who signed what of it. */
export interface VerifiedPrice {
  readonly feed: PriceFeed;
  /** What the certificate counts with: the index of a market, or the price of an asset. */
  readonly priceTicks: PriceTicks;
  readonly reports: readonly VerifiedReport[];
}

export interface VerifiedReport {
  readonly report: PriceReport;
  readonly isSigned: boolean;
}

/**
 * Recovers who signed each price report and recomputes the rest with `checkCertificate`. Without `feeders` any key may
 * have signed: the certificate does not hold the exchange's set.
 */
export function verifyCertificate(
  certificate: Certificate,
  domain: KeelDomain,
  feeders: readonly Address[] = [],
): Verdict {
  const prices = pricesOf(certificate).map(({ reports, ...price }) => ({
    ...price,
    reports: reports.map((report) => ({ report, isSigned: isSignedByFeeder(domain, price.feed, report) })),
  }));
  const faults = prices.flatMap((price) => [...unsigned(price), ...outsiders(price, feeders)]);
  return { faults: [...faults, ...checkCertificate(certificate)], prices };
}

function pricesOf({ markets, balances }: Certificate) {
  return [
    ...markets.map((market) => ({
      feed: marketFeed(market),
      priceTicks: market.mark.indexTicks,
      reports: market.reports,
    })),
    ...balances.map((balance) => ({
      feed: collateralFeed(balance),
      priceTicks: balance.priceTicks,
      reports: balance.reports,
    })),
  ];
}

function isSignedByFeeder(domain: KeelDomain, feed: PriceFeed, report: PriceReport): boolean {
  const signer = recoverPriceFeeder(domain, feed, report);
  return !isSignatureFault(signer) && signer === report.feeder;
}

function unsigned({ feed, reports }: VerifiedPrice): string[] {
  return reports
    .filter(({ isSigned }) => !isSigned)
    .map(({ report }) => `signature: the report for ${feed.name} is not signed by ${report.feeder}`);
}

function outsiders({ feed, reports }: VerifiedPrice, feeders: readonly Address[]): string[] {
  if (feeders.length === 0) return [];
  const faults = reports
    .filter(({ report }) => !feeders.includes(report.feeder))
    .map(({ report }) => `feeder: ${report.feeder}, who reported ${feed.name}, is none of the exchange's`);
  const quorum = quorumOf(new Set(feeders).size);
  if (reports.length >= quorum) return faults;
  return [...faults, `quorum: ${reports.length} reports for ${feed.name}, and it takes ${quorum}`];
}
