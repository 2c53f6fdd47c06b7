import type { FundingPaymentDoc, FundingRateDoc } from '@keel/redis';
import { formatDecimal, type Hex, type MarketSpec, type TimeMs } from '@keel/types';
import { formatQuote, formatSize } from '../../format/formatMarket.ts';
import { hashOfSequence } from './parts.ts';

const PPB_DECIMALS = 9;

export interface FundingRateAnswer {
  readonly coin: string;
  readonly fundingRate: string;
  /** The average premium is not kept; what settled is the rate. */
  readonly premium: string;
  readonly time: TimeMs;
}

export interface FundingDelta {
  readonly type: 'funding';
  readonly coin: string;
  /** Received; negative = paid. */
  readonly usdc: string;
  readonly szi: string;
  readonly fundingRate: string;
  readonly nSamples: null;
}

export interface FundingPaymentAnswer {
  readonly time: TimeMs;
  readonly hash: Hex;
  readonly delta: FundingDelta;
}

export function writeFundingRate({ ratePpb, timeMs }: FundingRateDoc, spec: MarketSpec): FundingRateAnswer {
  return {
    coin: spec.baseAsset,
    fundingRate: formatDecimal(ratePpb, PPB_DECIMALS),
    premium: '0',
    time: timeMs,
  };
}

/** Funding moves when a position changes, for all hours since the last time; the rate is that of the last of them. */
export function writeFundingPayment(payment: FundingPaymentDoc, spec: MarketSpec): FundingPaymentAnswer {
  return {
    time: payment.timeMs,
    hash: hashOfSequence(payment.sequence),
    delta: {
      type: 'funding',
      coin: spec.baseAsset,
      usdc: formatQuote(0 - payment.amountAtoms),
      szi: formatSize(payment.sizeLots, spec),
      fundingRate: formatDecimal(payment.ratePpb, PPB_DECIMALS),
      nSamples: null,
    },
  };
}
