import { type Address, toAccountId, toMarketId, toOrderId, toSequence } from '@keel/types';
import type {
  AccountDoc,
  CandleDoc,
  ExchangeDoc,
  FillDoc,
  FullReadModel,
  HeadDoc,
  LiquidationDoc,
  MarketDoc,
  OrderDoc,
  StateDiff,
  TradeDoc,
} from '../src/index.ts';

/**
 * Documents that all carry the same number `canary` somewhere: a reader that sees two different ones has seen two
 * sequences at once.
 */
export const ZERO_ROOT = `0x${'00'.repeat(32)}` as const;
export const OWNER: Address = `0x${'11'.repeat(20)}`;
export const AGENT: Address = `0x${'22'.repeat(20)}`;

export function headAt(sequence: number): HeadDoc {
  return { sequence: toSequence(sequence), timeMs: 1_000 + sequence, stateRoot: ZERO_ROOT, batchIndex: -1 };
}

export function marketOf(canary: number, marketId = 1, symbol = 'BTC-USD'): MarketDoc {
  return {
    spec: {
      marketId: toMarketId(marketId),
      symbol,
      baseAsset: 'BTC',
      priceDecimals: 1,
      sizeDecimals: 5,
      atomsPerTickLot: 1,
      maxPriceTicks: 10_000_000,
      maxOrderLots: 10_000_000,
      maxPositionLots: 100_000_000,
      maxOpenInterestLots: 400_000_000,
      minOrderNotionalAtoms: 10_000_000,
      initialMarginPpm: 40_000,
      maintenanceMarginPpm: 20_000,
      makerFeePpm: 100,
      takerFeePpm: 400,
      marketSlippagePpm: 50_000,
      priceBandPpm: 500_000,
      markBandPpm: 50_000,
      indexJumpPpm: 200_000,
      indexStaleMs: 10_000,
      liquidationFeePpm: 10_000,
      impactNotionalAtoms: 10_000_000_000,
      fundingInterestPpb: 100_000,
      fundingCapPpb: 40_000_000,
    },
    tradingStatus: 'open',
    indexTicks: 1_000_000,
    indexTimeMs: 1_000,
    markTicks: 1_000_000,
    lastTicks: canary,
    fundingIndex: 0,
    fundingRatePpb: 0,
    nextFundingMs: 3_600_000,
    openInterestLots: 0,
    tradeCount: canary,
    volumeAtoms: '0',
  };
}

export function accountOf(canary: number, accountId = 1, owner: Address = OWNER): AccountDoc {
  return {
    accountId: toAccountId(accountId),
    owner,
    collateralAtoms: canary,
    positions: [{ marketId: toMarketId(1), sizeLots: 5, entryNotionalAtoms: 5_000_000, fundingIndex: 0 }],
    agents: [{ agent: AGENT, agentName: 'desk', expiresAtMs: 0 }],
    inLiquidation: false,
    cancelAllAfterMs: 0,
    protections: [],
  };
}

export function orderOf(canary: number, orderId = 1, accountId = 1): OrderDoc {
  return {
    orderId: toOrderId(orderId),
    accountId: toAccountId(accountId),
    marketId: toMarketId(1),
    state: 'resting',
    side: 'buy',
    orderType: 'limit',
    timeInForce: 'gtc',
    priceTicks: 999_000,
    sizeLots: 1_000_000,
    remainingLots: canary,
    shownLots: canary,
    displayLots: 0,
    reduceOnly: false,
    clientOrderId: '',
    expiresAtMs: 0,
    selfTrade: 'expireMaker',
    selfTradeScope: 'account',
    trigger: undefined,
    attached: undefined,
    queuePlace: orderId,
    linkedOrderId: 0,
    parentOrderId: 0,
    twap: undefined,
    placedMs: 1_000,
  };
}

export function tradeOf(sequence: number): TradeDoc {
  return {
    tradeId: sequence,
    marketId: toMarketId(1),
    priceTicks: 1_000_000,
    sizeLots: 1,
    takerSide: 'buy',
    timeMs: 1_000 + sequence,
    sequence: toSequence(sequence),
    liquidation: false,
  };
}

export function fillOf(sequence: number): FillDoc {
  return {
    tradeId: sequence,
    accountId: toAccountId(1),
    orderId: toOrderId(1),
    marketId: toMarketId(1),
    side: 'buy',
    role: 'taker',
    priceTicks: 1_000_000,
    sizeLots: 1,
    feeAtoms: 400,
    realisedPnlAtoms: 0,
    timeMs: 1_000 + sequence,
    sequence: toSequence(sequence),
    liquidation: false,
  };
}

export function liquidationEndedOf(sequence: number, accountId: number): LiquidationDoc {
  return {
    sequence: toSequence(sequence),
    timeMs: 1_000 + sequence,
    event: {
      kind: 'liquidationEnded',
      liquidationId: sequence,
      accountId: toAccountId(accountId),
      equityAtoms: 2,
      maintenanceMarginAtoms: 1,
    },
  };
}

export function deleveragedOf(sequence: number, bankruptId: number, deleveragedId: number): LiquidationDoc {
  return {
    sequence: toSequence(sequence),
    timeMs: 1_000 + sequence,
    event: {
      kind: 'positionDeleveraged',
      liquidationId: sequence,
      marketId: toMarketId(1),
      bankruptAccountId: toAccountId(bankruptId),
      deleveragedAccountId: toAccountId(deleveragedId),
      sizeLots: 1,
      quoteAtoms: 1_000_000,
      priceTicks: 1_000_000,
      realisedPnlAtoms: 0,
    },
  };
}

export function candleOf(minute: number, closeTicks = 1_000_000): CandleDoc {
  return {
    marketId: toMarketId(1),
    interval: '1m',
    openTimeMs: minute * 60_000,
    openTicks: 1_000_000,
    highTicks: 1_000_000,
    lowTicks: 1_000_000,
    closeTicks,
    volumeLots: 1,
    trades: 1,
  };
}

export function exchangeOf(canary: number): ExchangeDoc {
  return {
    accounts: 1,
    openOrders: 1,
    ordersTotal: canary,
    tradesTotal: canary,
    liquidationsTotal: 0,
    volumeAtoms: '0',
    insuranceFundAtoms: '0',
  };
}

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
    revokedAgents: [],
    orders: [orderOf(sequence, sequence)],
    closedOrders: sequence > 1 ? [{ accountId: toAccountId(1), orderId: toOrderId(sequence - 1) }] : [],
    candles: [candleOf(sequence)],
    trades: [tradeOf(sequence)],
    fills: [fillOf(sequence)],
    liquidations: [],
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
    orders: diff.orders,
    exchange: exchangeOf(sequence),
    candles: diff.candles,
    history: { trades: diff.trades, fills: diff.fills, liquidations: [] },
  };
}
