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
import type { AccountId, DeleverageRank, MarketSpec } from '@keel/types';
import type { MarketDirectory } from '../marketDirectory.ts';
import type { BatchAnswer, CandleAnswer, Level, StatusAnswer, TradeAnswer } from '../wire/answers.ts';
import type { LiquidationAnswer } from '../wire/riskAnswers.ts';
import { type AccountNames, nameOf } from './accountNames.ts';
import { formatAveragePrice } from './formatAveragePrice.ts';
import { formatMarket, formatPrice, formatQuote, formatSize } from './formatMarket.ts';

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
      certificates: exchange.certificatesTotal,
    },
    volume: formatQuote(BigInt(exchange.volumeAtoms)),
    insuranceFund: formatQuote(BigInt(exchange.insuranceFundAtoms)),
    markets: markets.map((market) => {
      const { symbol, openInterest, mark, priceQuality, tradingStatus } = formatMarket(market, head.timeMs);
      return { symbol, openInterest, mark, priceQuality, tradingStatus };
    }),
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

/** `names` should hold every account that `accountsOfLiquidation` names. */
export function formatLiquidation(
  doc: LiquidationDoc,
  names: AccountNames,
  markets: MarketDirectory,
): LiquidationAnswer {
  const { event } = doc;
  const [accountId, counterpartyId] = accountsOfLiquidation(doc) as [AccountId, AccountId?];
  const account = nameOf(names, accountId);
  const counterparty = counterpartyId === undefined ? undefined : nameOf(names, counterpartyId);
  const answer: LiquidationAnswer = {
    liquidationId: String(event.liquidationId),
    stage: event.kind,
    account: account.owner,
    subaccount: account.subaccount,
    counterparty: counterparty?.owner ?? null,
    counterpartySubaccount: counterparty?.subaccount ?? null,
    closeOutStage: null,
    auctionId: null,
    certificateId: doc.certificateId === 0 ? null : doc.certificateId,
    market: null,
    side: null,
    size: null,
    filledSize: null,
    price: null,
    limitPrice: null,
    zeroPrice: null,
    mark: null,
    equity: null,
    maintenanceMargin: null,
    amount: null,
    rank: null,
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
    case 'auctionStarted': {
      const spec = markets.spec(event.marketId);
      return {
        ...answer,
        auctionId: event.auctionId,
        market: spec.symbol,
        side: event.side,
        size: formatSize(event.sizeLots, spec),
        limitPrice: formatPrice(event.fillableTicks, spec),
        zeroPrice: formatPrice(event.zeroTicks, spec),
      };
    }
    case 'positionCloseOut': {
      const spec = markets.spec(event.marketId);
      return {
        ...answer,
        closeOutStage: event.stage,
        auctionId: event.auctionId === 0 ? null : event.auctionId,
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
      return {
        ...answer,
        market: markets.spec(event.marketId).symbol,
        amount: formatQuote(event.amountAtoms),
      };
    case 'positionDeleveraged': {
      const spec = markets.spec(event.marketId);
      return {
        ...answer,
        closeOutStage: 'deleverage',
        market: spec.symbol,
        size: formatSize(event.sizeLots, spec),
        price: formatPrice(event.priceTicks, spec),
        rank: formatRank(event.rank, spec),
      };
    }
  }
}

function formatRank(rank: DeleverageRank, spec: MarketSpec): NonNullable<LiquidationAnswer['rank']> {
  const { rule, place, candidates, score, level } = rank;
  return {
    rule,
    place,
    candidates,
    score,
    level,
    size: formatSize(rank.sizeLots, spec),
    hedgedSize: formatSize(rank.hedgedLots, spec),
    notional: formatQuote(rank.notionalAtoms),
    equity: formatQuote(rank.equityAtoms),
    unrealisedPnl: formatQuote(rank.unrealisedAtoms),
    neededSize: formatSize(rank.neededLots, spec),
  };
}
