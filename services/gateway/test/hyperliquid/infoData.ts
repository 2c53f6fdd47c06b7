import {
  type AccountDoc,
  emptyStateDiff,
  type FillDoc,
  type MarketDoc,
  type OrderDoc,
  type OrderUpdateDoc,
  type StateDiff,
} from '@keel/redis';
import { addressOfKey } from '@keel/signing';
import { toMarketId, toOrderId, toSequence } from '@keel/types';
import { ACCOUNT, BTC, BTC_MARKET, fullAt, headAt, OPEN_ORDER, SUB_ACCOUNT, WETH } from '../readModelOf.ts';

export const AGENT = addressOfKey(`0x${'0a'.repeat(32)}`);
export const STRANGER = `0x${'99'.repeat(20)}` as const;
export const CLOID = '0x000102030405060708090a0b0c0d0e0f';
export const ETH = toMarketId(2);

/** Ticks of 0.01, lots of 0.001; no price yet. */
const ETH_MARKET: MarketDoc = {
  ...BTC_MARKET,
  spec: {
    ...BTC_MARKET.spec,
    marketId: ETH,
    symbol: 'ETH-USD',
    baseAsset: 'ETH',
    priceDecimals: 2,
    sizeDecimals: 3,
    atomsPerTickLot: 10,
    initialMarginPpm: 50_000,
    marginTiers: [],
    makerFeePpm: -50,
    takerFeePpm: 350,
  },
  indexTicks: 0,
  markTicks: 0,
  stableTicks: 0,
  fundingRatePpb: 0,
  openInterestLots: 0,
  backstop: null,
};

/** The account of the tests, which has an agent, leverage 10 in BTC and owes funding. */
const ACCOUNT_DOC: AccountDoc = {
  ...(fullAt(1).accounts[0] as AccountDoc),
  agents: [{ agent: AGENT, agentName: 'bot', expiresAtMs: 0 }],
  leverages: [{ marketId: BTC, leverage: 10 }],
  balances: [{ assetId: WETH, amountAtoms: 50_000_000 }],
  volumeAtoms: '13000000000',
};

const order = (orderId: number, terms: Partial<OrderDoc>): OrderDoc => ({
  ...OPEN_ORDER,
  orderId: toOrderId(orderId),
  clientOrderId: '',
  ...terms,
});

/** A stop that closes at market, and a take-profit at a limit. */
const STOP = order(8, {
  state: 'waiting',
  side: 'sell',
  orderType: 'market',
  timeInForce: 'ioc',
  priceTicks: 0,
  sizeLots: 10_000,
  remainingLots: 10_000,
  shownLots: 0,
  reduceOnly: true,
  clientOrderId: CLOID,
  trigger: { kind: 'stop', triggerTicks: 580_000, trailTicks: 0 },
  placedMs: 6,
});
const TAKE_PROFIT = order(9, {
  state: 'waiting',
  side: 'sell',
  priceTicks: 640_000,
  reduceOnly: true,
  trigger: { kind: 'takeProfit', triggerTicks: 650_000, trailTicks: 0 },
  placedMs: 7,
});

const over = (doc: OrderDoc, sequence: number, how: Partial<OrderUpdateDoc>): OrderUpdateDoc => ({
  accountId: ACCOUNT,
  order: { ...doc, shownLots: 0, queuePlace: 0 },
  state: 'closed',
  closeReason: 'cancelledByOwner',
  closeCode: 0,
  timeMs: 990_000 + sequence,
  sequence: toSequence(sequence),
  ...how,
});

/** Bought 0.08 at 59,000, sold 0.02 at 59,500, bought 0.04 at 59,200: long 0.1. */
const fill = (
  tradeId: number,
  side: 'buy' | 'sell',
  sizeLots: number,
  priceTicks: number,
  startLots: number,
  clientOrderId = '',
): FillDoc => ({
  tradeId,
  accountId: ACCOUNT,
  orderId: toOrderId(tradeId),
  clientOrderId,
  marketId: BTC,
  side,
  role: side === 'buy' ? 'taker' : 'maker',
  priceTicks,
  sizeLots,
  startLots,
  feeAtoms: side === 'buy' ? 1_888_000 : -59_500,
  realisedPnlAtoms: side === 'buy' ? 0 : 10_000_000,
  timeMs: 990_000 + tradeId,
  sequence: toSequence(tradeId),
  liquidation: false,
});

const BOUGHT_WHOLE = over(
  order(1, { sizeLots: 8_000, remainingLots: 0, filledLots: 8_000, filledAtoms: 4_720_000_000, clientOrderId: CLOID }),
  1,
  { state: 'filled', closeReason: 'filled' },
);
const CANCELLED = over(
  order(2, { sizeLots: 5_000, remainingLots: 3_000, filledLots: 2_000, filledAtoms: 1_190_000_000 }),
  2,
  {},
);
const IOC_UNMET = over(order(3, { timeInForce: 'ioc', remainingLots: 6_000 }), 2, {
  closeReason: 'immediateRemainder',
});

/** A flush that adds to `fullAt(1)` what the questions are about. */
export function infoFlush(): StateDiff {
  const at = { timeMs: 999_000, sequence: toSequence(2) };
  return {
    ...emptyStateDiff(headAt(2)),
    markets: [{ ...BTC_MARKET, fundingIndex: 1_000_000 }, ETH_MARKET],
    accounts: [ACCOUNT_DOC],
    approvals: [{ agent: AGENT, approvals: [{ accountId: ACCOUNT, expiresAtMs: 0 }] }],
    orders: [OPEN_ORDER, STOP, TAKE_PROFIT],
    fills: [
      fill(1, 'buy', 8_000, 590_000, 0, CLOID),
      fill(2, 'sell', 2_000, 595_000, 8_000),
      fill(3, 'buy', 4_000, 592_000, 6_000),
    ].map((doc) => ({ ...doc, sequence: toSequence(2) })),
    orderUpdates: [BOUGHT_WHOLE, CANCELLED, IOC_UNMET],
    fundingPayments: [
      {
        ...at,
        accountId: ACCOUNT,
        marketId: BTC,
        sizeLots: 10_000,
        amountAtoms: 750_000,
        fundingIndex: 1,
        ratePpb: 12_500,
      },
    ],
    fundingRates: [
      { ...at, marketId: BTC, ratePpb: 12_500, fundingIndex: 1, markTicks: 600_000, timeMs: 500_000 },
      { ...at, marketId: BTC, ratePpb: -2_000, fundingIndex: 2, markTicks: 600_000 },
    ],
    ledger: [
      {
        ...at,
        accountId: ACCOUNT,
        event: { kind: 'depositCredited', depositIndex: 0, accountId: ACCOUNT, assetId: 0, amountAtoms: 1_000_000_000 },
      },
      {
        ...at,
        accountId: ACCOUNT,
        event: {
          kind: 'transferred',
          fromAccountId: ACCOUNT,
          toAccountId: SUB_ACCOUNT,
          assetId: 0,
          amountAtoms: 5_000_000,
        },
      },
      {
        ...at,
        accountId: ACCOUNT,
        event: {
          kind: 'withdrawalRequested',
          withdrawalIndex: 4,
          accountId: ACCOUNT,
          recipient: STRANGER,
          assetId: WETH,
          amountAtoms: 150_000_000,
        },
      },
    ],
    candles: [
      { openTimeMs: 960_000, openTicks: 600_000, highTicks: 601_000, lowTicks: 599_000, closeTicks: 600_500 },
      { openTimeMs: 1_020_000, openTicks: 600_500, highTicks: 602_000, lowTicks: 600_400, closeTicks: 601_000 },
      { openTimeMs: 1_080_000, openTicks: 601_000, highTicks: 601_000, lowTicks: 598_000, closeTicks: 598_500 },
    ]
      .flatMap((candle) => [
        { ...candle, interval: '1m' as const },
        { ...candle, interval: '5m' as const },
      ])
      .map((candle) => ({ ...candle, marketId: BTC, volumeLots: 1_000, volumeAtoms: '600000000', trades: 2 })),
  };
}
