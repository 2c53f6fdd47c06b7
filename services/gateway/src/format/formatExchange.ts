import {
  accountsOfLiquidation,
  type BatchDoc,
  type CandleDoc,
  type ExchangeDoc,
  type HeadDoc,
  type LiquidationDoc,
  type MarketDoc,
  type TradeDoc,
} from '@keel/redis';
import type { AccountId, Address, MarketSpec } from '@keel/types';
import type { MarketDirectory } from '../marketDirectory.ts';
import type {
  BatchAnswer,
  CandleAnswer,
  Level,
  LiquidationAnswer,
  StatusAnswer,
  TradeAnswer,
} from '../wire/answers.ts';
import { formatAveragePrice } from './formatAveragePrice.ts';
import { formatPrice, formatPriceOrNull, formatQuote, formatSize } from './formatMarket.ts';

export type Network = StatusAnswer['network'];

export function formatStatus(
  head: HeadDoc,
  exchange: ExchangeDoc,
  markets: readonly MarketDoc[],
  lastBatch: BatchDoc | undefined,
  network: Network,
): StatusAnswer {
  return {
    sequence: head.sequence,
    timeMs: head.timeMs,
    network,
    counters: {
      accounts: exchange.accounts,
      openOrders: exchange.openOrders,
      orders: exchange.ordersTotal,
      trades: exchange.tradesTotal,
      liquidations: exchange.liquidationsTotal,
    },
    volume: formatQuote(BigInt(exchange.volumeAtoms)),
    insuranceFund: formatQuote(BigInt(exchange.insuranceFundAtoms)),
    markets: markets.map(({ spec, openInterestLots, markTicks }) => ({
      symbol: spec.symbol,
      openInterest: formatSize(openInterestLots, spec),
      mark: formatPriceOrNull(markTicks, spec),
    })),
    lastBatch: lastBatch === undefined ? null : formatBatch(lastBatch),
  };
}

export function formatLevel(ticks: number, lots: number, spec: MarketSpec): Level {
  return [formatPrice(ticks, spec), formatSize(lots, spec)];
}

export function formatTrade(trade: TradeDoc, spec: MarketSpec): TradeAnswer {
  return {
    tradeId: String(trade.tradeId),
    price: formatPrice(trade.priceTicks, spec),
    size: formatSize(trade.sizeLots, spec),
    takerSide: trade.takerSide,
    time: trade.timeMs,
    liquidation: trade.liquidation,
  };
}

export function formatCandle(candle: CandleDoc, spec: MarketSpec): CandleAnswer {
  return {
    time: candle.openTimeMs,
    open: formatPrice(candle.openTicks, spec),
    high: formatPrice(candle.highTicks, spec),
    low: formatPrice(candle.lowTicks, spec),
    close: formatPrice(candle.closeTicks, spec),
    volume: formatSize(candle.volumeLots, spec),
    trades: candle.trades,
  };
}

export function formatBatch(batch: BatchDoc): BatchAnswer {
  const { nextDepositIndex: _, nextWithdrawalIndex: __, timeMs, ...rest } = batch;
  return { ...rest, time: timeMs };
}

/** `owners` holds every account that `accountsOfLiquidation` names. */
export function formatLiquidation(
  doc: LiquidationDoc,
  owners: ReadonlyMap<AccountId, Address>,
  markets: MarketDirectory,
): LiquidationAnswer {
  const { event } = doc;
  const [accountId, counterpartyId] = accountsOfLiquidation(doc) as [AccountId, AccountId?];
  const answer: LiquidationAnswer = {
    liquidationId: String(event.liquidationId),
    stage: event.kind,
    account: owners.get(accountId) ?? '0x',
    counterparty: counterpartyId === undefined ? null : (owners.get(counterpartyId) ?? '0x'),
    market: null,
    side: null,
    size: null,
    filledSize: null,
    price: null,
    limitPrice: null,
    mark: null,
    equity: null,
    maintenanceMargin: null,
    amount: null,
    time: doc.timeMs,
    sequence: doc.sequence,
  };
  switch (event.kind) {
    case 'liquidationStarted':
    case 'liquidationEnded':
      return {
        ...answer,
        equity: formatQuote(event.equityAtoms),
        maintenanceMargin: formatQuote(event.maintenanceMarginAtoms),
      };
    case 'positionCloseOut': {
      const spec = markets.spec(event.marketId);
      return {
        ...answer,
        market: spec.symbol,
        side: event.side,
        size: formatSize(event.sizeLots, spec),
        filledSize: formatSize(event.filledLots, spec),
        price: formatAveragePrice(event.quoteAtoms, event.filledLots, spec),
        limitPrice: formatPrice(event.limitTicks, spec),
        mark: formatPrice(event.markTicks, spec),
        equity: formatQuote(event.equityAtoms),
        maintenanceMargin: formatQuote(event.maintenanceMarginAtoms),
        amount: formatQuote(event.feeAtoms),
      };
    }
    case 'insurancePaid':
      return { ...answer, amount: formatQuote(event.amountAtoms) };
    case 'positionDeleveraged': {
      const spec = markets.spec(event.marketId);
      return {
        ...answer,
        market: spec.symbol,
        size: formatSize(event.sizeLots, spec),
        price: formatPrice(event.priceTicks, spec),
      };
    }
  }
}
