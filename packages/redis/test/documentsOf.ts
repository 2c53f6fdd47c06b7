import {
  type Address,
  type DeleverageRank,
  toAccountId,
  toAssetId,
  toMarketId,
  toOrderId,
  toSequence,
} from '@keel/types';
import type {
  AccountAddress,
  AccountDoc,
  ApprovalsDoc,
  AuctionDoc,
  BookOrderDoc,
  CandleDoc,
  CertificateDoc,
  CollateralDoc,
  ExchangeDoc,
  FillDoc,
  FundingPaymentDoc,
  FundingRateDoc,
  HeadDoc,
  LedgerDoc,
  LiquidationDoc,
  MarginEventDoc,
  MarketDoc,
  OrderDoc,
  OrderUpdateDoc,
  PriceDoc,
  TradeDoc,
} from '../src/index.ts';

/**
 * Documents that all carry the same number `canary` somewhere: a reader that sees two different ones has seen two
 * sequences at once.
 */
export const ZERO_ROOT = `0x${'00'.repeat(32)}` as const;
export const OWNER: Address = `0x${'11'.repeat(20)}`;
export const AGENT: Address = `0x${'22'.repeat(20)}`;

/** One of the accounts of an owner or agent; default: the main one. */
export function at(address: Address, subaccount = 0): AccountAddress {
  return { address, subaccount };
}

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
      marginTiers: [],
      openInterestLowerAtoms: 0,
      openInterestUpperAtoms: 0,
      concentrationPpm: 0,
      concentrationFloorLots: 0,
      stablePriceMovePpm: 0,
      makerFeePpm: 100,
      takerFeePpm: 400,
      marketSlippagePpm: 50_000,
      priceBandPpm: 500_000,
      markBandPpm: 50_000,
      indexJumpPpm: 200_000,
      indexStaleMs: 10_000,
      resumeGraceMs: 0,
      liquidationFeePpm: 10_000,
      liquidationBudgetAtoms: 0,
      backstopLossCapAtoms: 0,
      deleverageRule: 'waterFilling',
      impactNotionalAtoms: 10_000_000_000,
      fundingInterestPpb: 100_000,
      fundingCapPpb: 40_000_000,
    },
    tradingStatus: 'open',
    indexTicks: 1_000_000,
    indexTimeMs: 1_000,
    markTicks: 1_000_000,
    stableTicks: 1_000_000,
    perpTicks: 0,
    jumpTicks: 0,
    jumpSinceMs: 0,
    resumeStage: 0,
    resumeSinceMs: 0,
    lastTicks: canary,
    fundingIndex: 0,
    fundingRatePpb: 0,
    nextFundingMs: 3_600_000,
    openInterestLots: 0,
    insuranceFundAtoms: 0,
    backstop: null,
    deleverage: { sampledMs: 0, longs: { sampled: 0, quintiles: [] }, shorts: { sampled: 0, quintiles: [] } },
    tradeCount: canary,
    volumeAtoms: '0',
  };
}

export function accountOf(canary: number, accountId = 1, owner: Address = OWNER): AccountDoc {
  return {
    accountId: toAccountId(accountId),
    owner,
    subaccount: 0,
    mainAccountId: toAccountId(accountId),
    backstopMarketId: 0,
    collateralAtoms: canary,
    balances: [],
    leverages: [],
    liquidator: false,
    warnedPercent: 0,
    auctionId: 0,
    positions: [{ marketId: toMarketId(1), sizeLots: 5, entryNotionalAtoms: 5_000_000, fundingIndex: 0 }],
    agents: [{ agent: AGENT, agentName: 'desk', expiresAtMs: 0 }],
    inLiquidation: false,
    cancelAllAfterMs: 0,
    protections: [],
    volumeAtoms: String(canary),
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
    firedMs: 0,
    filledLots: 0,
    filledAtoms: 0,
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
    clientOrderId: '',
    marketId: toMarketId(1),
    side: 'buy',
    role: 'taker',
    priceTicks: 1_000_000,
    sizeLots: 1,
    startLots: 0,
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
    certificateId: 0,
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
      rank: RANK,
    },
    certificateId: 0,
  };
}

const RANK: DeleverageRank = {
  rule: 'waterFilling',
  place: 1,
  candidates: 3,
  sizeLots: 5,
  entryNotionalAtoms: 5_000_000,
  unrealisedAtoms: 1,
  equityAtoms: 1_000_000,
  notionalAtoms: 5_000_000,
  hedgedLots: 0,
  score: '5000000000',
  level: '4000000000',
  neededLots: 1,
};

/** A certificate as bulky as a small one is, of a close-out on the book or against `counterpartyId`. */
export function certificateOf(
  certificateId: number,
  liquidationId: number,
  accountId: number,
  counterpartyId = 0,
): CertificateDoc {
  const figures = { equityAtoms: -1, initialMarginAtoms: 40, maintenanceMarginAtoms: 20 };
  return {
    certificateId,
    sequence: toSequence(certificateId),
    timeMs: 1_000 + certificateId,
    stage: counterpartyId === 0 ? 'book' : 'deleverage',
    liquidationId,
    auctionId: 0,
    accountId: toAccountId(accountId),
    owner: OWNER,
    subaccount: 0,
    marketId: toMarketId(1),
    side: 'sell',
    sizeLots: 5,
    filledLots: 5,
    quoteAtoms: 5_000_000,
    feeAtoms: 0,
    insuranceAtoms: 0,
    insuranceFundAtoms: 0,
    limitTicks: 1_000_000,
    fillableTicks: 1_000_000,
    zeroTicks: 1_000_000,
    zeroQuoteAtoms: 5_000_000,
    elapsedMs: 0,
    counterpartyId: counterpartyId === 0 ? 0 : toAccountId(counterpartyId),
    collateralAtoms: 0,
    balances: [],
    positions: [],
    markets: [],
    feeders: [],
    before: figures,
    after: figures,
    rank: counterpartyId === 0 ? undefined : RANK,
  };
}

export function marginCallOf(sequence: number, accountId: number): MarginEventDoc {
  return {
    sequence: toSequence(sequence),
    timeMs: 1_000 + sequence,
    event: {
      kind: 'marginCall',
      accountId: toAccountId(accountId),
      levelPercent: 75,
      equityAtoms: 4,
      maintenanceMarginAtoms: 3,
      shortageAtoms: 1,
      marketId: 0,
      side: 'sell',
      sizeLots: 0,
    },
  };
}

export function auctionOf(canary: number, auctionId = 1): AuctionDoc {
  return {
    auctionId,
    liquidationId: 1,
    accountId: toAccountId(1),
    marketId: toMarketId(1),
    side: 'sell',
    sizeLots: 5,
    remainingLots: canary,
    limitTicks: 1_000_000,
    fillableTicks: 1_000_000,
    zeroTicks: 990_000,
    startMs: 1_000,
    endsAtMs: 11_000,
  };
}

/** `canary` atoms of it were deposited. */
export function collateralOf(canary: number): CollateralDoc {
  return {
    spec: {
      assetId: toAssetId(1),
      symbol: 'WETH',
      decimals: 8,
      priceDecimals: 2,
      maxPriceTicks: 10_000_000,
      haircutPpm: 100_000,
      maxDepositedAtoms: 1_000_000_000_000,
      priceJumpPpm: 100_000,
      priceStaleMs: 10_000,
    },
    priceTicks: 300_000,
    priceTimeMs: 1_000,
    jumpTicks: 0,
    depositedAtoms: String(canary),
    withdrawnAtoms: '0',
    treasuryAtoms: '0',
  };
}

export function priceOf(canary: number): PriceDoc {
  const report = { feeder: AGENT, priceTicks: canary, perpTicks: 0, publishTimeMs: 1_000, reportSequence: canary };
  const signature = `0x${'ab'.repeat(65)}` as const;
  return { feed: 'BTC-USD', priceTicks: canary, priceTimeMs: 1_000, reports: [{ ...report, signature }] };
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
    volumeAtoms: '1000000',
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
    certificatesTotal: canary,
    feeders: [{ feeder: AGENT, weight: 1 }],
  };
}

/** The agent, approved by the owners of these main accounts, the first first. */
export function approvedBy(...accountIds: readonly number[]): ApprovalsDoc {
  const approvals = accountIds.map((accountId) => ({ accountId: toAccountId(accountId), expiresAtMs: 0 }));
  return { agent: AGENT, approvals };
}

export function bookOrderOf(sizeLots: number, orderId: number, priceTicks = 999_000): BookOrderDoc {
  return {
    marketId: toMarketId(1),
    orderId: toOrderId(orderId),
    side: 'buy',
    priceTicks,
    sizeLots,
    queuePlace: orderId,
  };
}

/** An order of id `orderId` that was over at `sequence`. */
export function closedOrderOf(sequence: number, orderId = sequence, clientOrderId = ''): OrderUpdateDoc {
  const order = { ...orderOf(0, orderId), clientOrderId, shownLots: 0, queuePlace: 0, filledLots: 1_000_000 };
  const { accountId } = order;
  const timeMs = 1_000 + sequence;
  return {
    accountId,
    order,
    state: 'filled',
    closeReason: 'filled',
    closeCode: 0,
    timeMs,
    sequence: toSequence(sequence),
  };
}

export function fundingPaymentOf(sequence: number): FundingPaymentDoc {
  return {
    accountId: toAccountId(1),
    marketId: toMarketId(1),
    sizeLots: 5,
    amountAtoms: sequence,
    fundingIndex: 1,
    ratePpb: 100_000,
    timeMs: 1_000 + sequence,
    sequence: toSequence(sequence),
  };
}

export function fundingRateOf(sequence: number): FundingRateDoc {
  return {
    marketId: toMarketId(1),
    ratePpb: 100_000,
    fundingIndex: sequence,
    markTicks: 1_000_000,
    timeMs: 1_000 + sequence,
    sequence: toSequence(sequence),
  };
}

export function depositOf(sequence: number): LedgerDoc {
  const accountId = toAccountId(1);
  return {
    accountId,
    event: { kind: 'depositCredited', depositIndex: sequence, accountId, assetId: 0, amountAtoms: sequence },
    timeMs: 1_000 + sequence,
    sequence: toSequence(sequence),
  };
}
