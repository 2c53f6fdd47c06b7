import type { FundingPaymentDoc, LedgerDoc, OrderUpdateDoc } from '@keel/redis';
import { formatDecimal, type MarketSpec, rejectName } from '@keel/types';
import type { AssetDirectory } from '../assetDirectory.ts';
import type {
  DepositAnswer,
  FundingPaymentAnswer,
  OrderUpdateAnswer,
  WithdrawalRequestAnswer,
} from '../wire/accountEvents.ts';
import { formatOpenOrder } from './formatAccount.ts';
import { formatAveragePrice } from './formatAveragePrice.ts';
import { formatQuote, formatSize } from './formatMarket.ts';

const PPB_DECIMALS = 9;

export function formatOrderUpdate(doc: OrderUpdateDoc, spec: MarketSpec): OrderUpdateAnswer {
  return {
    order: formatOpenOrder(doc.order, spec),
    state: doc.state,
    closeReason: doc.closeReason ?? null,
    closeCode: doc.closeCode === 0 ? null : (rejectName(doc.closeCode) ?? null),
    filledSize: formatSize(doc.order.filledLots, spec),
    averagePrice: formatAveragePrice(doc.order.filledAtoms, doc.order.filledLots, spec),
    remainingSize: formatSize(doc.order.remainingLots, spec),
    time: doc.timeMs,
    sequence: doc.sequence,
  };
}

export function formatFundingPayment(doc: FundingPaymentDoc, spec: MarketSpec): FundingPaymentAnswer {
  return {
    market: spec.symbol,
    size: formatSize(doc.sizeLots, spec),
    amount: formatQuote(doc.amountAtoms),
    fundingRate: formatDecimal(doc.ratePpb, PPB_DECIMALS),
    time: doc.timeMs,
    sequence: doc.sequence,
  };
}

/** Lines of a ledger that are deposits. */
export function formatDeposits(ledger: readonly LedgerDoc[], assets: AssetDirectory): DepositAnswer[] {
  return ledger.flatMap(({ event, timeMs, sequence }) => {
    if (event.kind !== 'depositCredited') return [];
    const { symbol, decimals } = assets.byId(event.assetId);
    const amount = formatDecimal(event.amountAtoms, decimals);
    return [{ depositIndex: event.depositIndex, asset: symbol, amount, time: timeMs, sequence }];
  });
}

/** Lines of a ledger that are requests of withdrawals. */
export function formatWithdrawalRequests(
  ledger: readonly LedgerDoc[],
  assets: AssetDirectory,
): WithdrawalRequestAnswer[] {
  return ledger.flatMap(({ event, timeMs, sequence }) => {
    if (event.kind !== 'withdrawalRequested') return [];
    const { symbol, decimals } = assets.byId(event.assetId);
    const amount = formatDecimal(event.amountAtoms, decimals);
    const { withdrawalIndex, recipient } = event;
    return [{ withdrawalIndex, recipient, asset: symbol, amount, time: timeMs, sequence }];
  });
}
