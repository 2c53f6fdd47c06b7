import {
  emptyStateDiff,
  type FullReadModel,
  type HeadDoc,
  type MarketDoc,
  type OrderDoc,
  type StateDiff,
} from '@keel/redis';
import { addressOfKey } from '@keel/signing';
import { toAccountId, toMarketId, toOrderId, toSequence } from '@keel/types';

/** A small exchange: BTC-USD at 60,000.0, one account long 0.1 BTC from 59,000 with 1,000 USDC, one open order. */
export const KEY = `0x${'01'.repeat(32)}` as const;
export const OWNER = addressOfKey(KEY);
export const BTC = toMarketId(1);
export const ACCOUNT = toAccountId(1);

export function headAt(sequence: number): HeadDoc {
  const stateRoot = `0x${'00'.repeat(32)}` as const;
  return { sequence: toSequence(sequence), timeMs: 1_000_000 + sequence, stateRoot, batchIndex: -1 };
}

export const BTC_MARKET: MarketDoc = {
  spec: {
    marketId: BTC,
    symbol: 'BTC-USD',
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
  indexTicks: 600_000,
  indexTimeMs: 1_000_000,
  markTicks: 600_000,
  lastTicks: 599_990,
  fundingIndex: 0,
  fundingRatePpb: 12_500,
  nextFundingMs: 3_600_000,
  openInterestLots: 10_000,
  tradeCount: 1,
  volumeAtoms: '9007199254740993',
};

/** A buy of 0.06 BTC at 59,900 of which 0.01 has traded. */
export const OPEN_ORDER: OrderDoc = {
  orderId: toOrderId(7),
  accountId: ACCOUNT,
  marketId: BTC,
  state: 'resting',
  side: 'buy',
  orderType: 'limit',
  timeInForce: 'gtc',
  priceTicks: 599_000,
  sizeLots: 6_000,
  remainingLots: 5_000,
  shownLots: 5_000,
  displayLots: 0,
  reduceOnly: false,
  clientOrderId: 'mine',
  expiresAtMs: 0,
  selfTrade: 'expireMaker',
  selfTradeScope: 'account',
  trigger: undefined,
  attached: undefined,
  queuePlace: 3,
  linkedOrderId: 0,
  parentOrderId: 0,
  twap: undefined,
  placedMs: 5,
};

export function fullAt(sequence: number): FullReadModel {
  return {
    head: headAt(sequence),
    markets: [BTC_MARKET],
    levels: [
      { marketId: BTC, side: 'buy', priceTicks: 599_000, sizeLots: 5_000 },
      { marketId: BTC, side: 'buy', priceTicks: 598_000, sizeLots: 100_000 },
      { marketId: BTC, side: 'sell', priceTicks: 601_005, sizeLots: 1 },
    ],
    accounts: [
      {
        accountId: ACCOUNT,
        owner: OWNER,
        collateralAtoms: 1_000_000_000,
        positions: [{ marketId: BTC, sizeLots: 10_000, entryNotionalAtoms: 5_900_000_000, fundingIndex: 0 }],
        agents: [],
        inLiquidation: false,
        cancelAllAfterMs: 0,
        protections: [],
      },
    ],
    orders: [OPEN_ORDER],
    exchange: {
      accounts: 1,
      openOrders: 1,
      ordersTotal: 9,
      tradesTotal: 1,
      liquidationsTotal: 0,
      volumeAtoms: '9007199254740993',
      insuranceFundAtoms: '1000000',
    },
    candles: [
      {
        marketId: BTC,
        interval: '1m',
        openTimeMs: 960_000,
        openTicks: 599_990,
        highTicks: 600_000,
        lowTicks: 599_990,
        closeTicks: 599_990,
        volumeLots: 10,
        trades: 1,
      },
    ],
    history: {
      trades: [
        {
          tradeId: 1,
          marketId: BTC,
          priceTicks: 599_990,
          sizeLots: 10,
          takerSide: 'sell',
          timeMs: 999_999,
          sequence: toSequence(1),
          liquidation: false,
        },
      ],
      fills: [],
      liquidations: [
        {
          sequence: toSequence(1),
          timeMs: 999_999,
          event: {
            kind: 'positionCloseOut',
            liquidationId: 3,
            accountId: ACCOUNT,
            marketId: BTC,
            side: 'sell',
            sizeLots: 10_000,
            filledLots: 2_500,
            quoteAtoms: 1_477_500_000,
            limitTicks: 590_000,
            markTicks: 600_000,
            equityAtoms: -1,
            maintenanceMarginAtoms: 120_000_000,
            feeAtoms: 0,
          },
        },
      ],
    },
  };
}

/** A flush in which the best bid becomes `lots`. */
export function bidFlush(sequence: number, lots: number): StateDiff {
  return {
    ...emptyStateDiff(headAt(sequence)),
    levels: [{ marketId: BTC, side: 'buy', priceTicks: 599_000, sizeLots: lots }],
  };
}
