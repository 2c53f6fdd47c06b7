import { toAccountId, toMarketId, toOrderId } from '@keel/types';
import type { FullReadModel, StateDiff } from '../src/index.ts';
import {
  accountOf,
  approvedBy,
  auctionOf,
  bookOrderOf,
  candleOf,
  certificateOf,
  closedOrderOf,
  collateralOf,
  depositOf,
  exchangeOf,
  fillOf,
  fundingPaymentOf,
  fundingRateOf,
  headAt,
  marginCallOf,
  marketOf,
  orderOf,
  priceOf,
  tradeOf,
} from './documentsOf.ts';

/** Everything at `sequence` carries `sequence` as its canary. */
export function diffAt(sequence: number): StateDiff {
  return {
    head: headAt(sequence),
    markets: [marketOf(sequence)],
    levels: [
      { marketId: toMarketId(1), side: 'buy', priceTicks: 999_000, sizeLots: sequence },
      { marketId: toMarketId(1), side: 'sell', priceTicks: 1_001_000, sizeLots: sequence },
      // One ask level that moves with every flush: the one before goes.
      { marketId: toMarketId(1), side: 'sell', priceTicks: 2_000_000 + sequence, sizeLots: sequence },
      { marketId: toMarketId(1), side: 'sell', priceTicks: 2_000_000 + sequence - 1, sizeLots: 0 },
    ],
    accounts: [accountOf(sequence)],
    approvals: [approvedBy(1)],
    orders: [orderOf(sequence, sequence)],
    closedOrders: sequence > 1 ? [{ accountId: toAccountId(1), orderId: toOrderId(sequence - 1) }] : [],
    bookOrders: [bookOrderOf(sequence, sequence), { ...bookOrderOf(0, sequence - 1), queuePlace: 0 }],
    candles: [candleOf(sequence)],
    trades: [tradeOf(sequence)],
    fills: [fillOf(sequence)],
    liquidations: [],
    marginEvents: [marginCallOf(sequence, 1)],
    certificates: [certificateOf(sequence, 1, 1)],
    orderUpdates: [closedOrderOf(sequence)],
    fundingPayments: [fundingPaymentOf(sequence)],
    fundingRates: [fundingRateOf(sequence)],
    ledger: [depositOf(sequence)],
    auctions: [auctionOf(sequence)],
    endedAuctions: [],
    collaterals: [collateralOf(sequence)],
    prices: [priceOf(sequence)],
    exchange: exchangeOf(sequence),
  };
}

export function fullAt(sequence: number): FullReadModel {
  const diff = diffAt(sequence);
  return {
    head: diff.head,
    markets: diff.markets,
    levels: diff.levels.filter((level) => level.sizeLots > 0),
    accounts: diff.accounts,
    approvals: diff.approvals,
    orders: diff.orders,
    bookOrders: diff.bookOrders.filter((order) => order.sizeLots > 0),
    exchange: exchangeOf(sequence),
    candles: diff.candles,
    auctions: diff.auctions,
    collaterals: diff.collaterals,
    prices: diff.prices,
    history: diff,
  };
}

/** So many bids of one market, for a rebuild that takes its time. */
export function levelsOf(count: number): FullReadModel['levels'] {
  return Array.from({ length: count }, (_, index) => ({
    marketId: toMarketId(1),
    side: 'buy' as const,
    priceTicks: index + 1,
    sizeLots: 1,
  }));
}
