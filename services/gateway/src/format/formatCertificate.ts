import type { CertificateDoc } from '@keel/redis';
import type { MarketDirectory } from '../marketDirectory.ts';
import type { CertificateAnswer } from '../wire/certificates.ts';
import { formatAveragePrice } from './formatAveragePrice.ts';
import type { Network } from './formatExchange.ts';
import { formatPrice, formatQuote, formatSize } from './formatMarket.ts';

/** A certificate with what its signatures are bound to: a file that can be verified by itself. */
export function formatCertificate(doc: CertificateDoc, markets: MarketDirectory, network: Network): CertificateAnswer {
  const spec = markets.spec(doc.marketId);
  const markTicks = doc.markets.find(({ marketId }) => marketId === doc.marketId)?.markTicks ?? 0;
  return {
    domain: { chainId: network.chainId, verifyingContract: network.settlement },
    // The document is the certificate, unread: whatever it says is what is verified.
    certificate: doc as unknown as CertificateAnswer['certificate'],
    readable: {
      market: spec.symbol,
      stage: doc.stage,
      side: doc.side,
      size: formatSize(doc.sizeLots, spec),
      filledSize: formatSize(doc.filledLots, spec),
      averagePrice: formatAveragePrice(doc.quoteAtoms, doc.filledLots, spec),
      limitPrice: formatPrice(doc.limitTicks, spec),
      fillablePrice: formatPrice(doc.fillableTicks, spec),
      zeroPrice: formatPrice(doc.zeroTicks, spec),
      mark: formatPrice(markTicks, spec),
      equityBefore: formatQuote(doc.before.equityAtoms),
      maintenanceMarginBefore: formatQuote(doc.before.maintenanceMarginAtoms),
      equityAfter: formatQuote(doc.after.equityAtoms),
      maintenanceMarginAfter: formatQuote(doc.after.maintenanceMarginAtoms),
      fee: formatQuote(doc.feeAtoms),
      insurance: formatQuote(doc.insuranceAtoms),
    },
  };
}
