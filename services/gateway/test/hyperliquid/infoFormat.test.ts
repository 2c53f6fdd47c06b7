import type { FillDoc, LiquidationDoc, OrderUpdateDoc } from '@keel/redis';
import { type OrderCloseReason, REJECT_CODES, type RejectName, toOrderId, toSequence } from '@keel/types';
import { describe, expect, test } from 'vitest';
import { aggregateFills } from '../../src/hyperliquid/format/aggregateFills.ts';
import { orderStatus } from '../../src/hyperliquid/format/orderStatus.ts';
import { NO_DAY, writeAssetCtx } from '../../src/hyperliquid/format/writeAssetCtx.ts';
import { writeFill } from '../../src/hyperliquid/format/writeFill.ts';
import { writeLevels } from '../../src/hyperliquid/format/writeLevels.ts';
import { writeLiquidations } from '../../src/hyperliquid/format/writeLiquidations.ts';
import { writeFrontendOrder } from '../../src/hyperliquid/format/writeOrder.ts';
import { dayFigures } from '../../src/hyperliquid/info/marketFigures.ts';
import { type ClientInterval, candleBounds } from '../../src/hyperliquid/info/readCandles.ts';
import { ACCOUNT, BTC, BTC_MARKET, OPEN_ORDER, OWNER, SUB_ACCOUNT } from '../readModelOf.ts';

const { spec } = BTC_MARKET;

describe('fills', () => {
  const fill = (changes: Partial<FillDoc>): FillDoc => ({
    tradeId: 1,
    accountId: ACCOUNT,
    orderId: toOrderId(1),
    clientOrderId: '',
    marketId: BTC,
    side: 'buy',
    role: 'taker',
    priceTicks: 600_000,
    sizeLots: 10,
    startLots: 0,
    feeAtoms: 24_000,
    realisedPnlAtoms: 0,
    timeMs: 1,
    sequence: toSequence(1),
    liquidation: false,
    ...changes,
  });

  test.each([
    ['buy', 0, false, 'Open Long'],
    ['buy', 5, false, 'Open Long'],
    ['buy', -15, false, 'Close Short'],
    ['buy', -10, false, 'Close Short'],
    ['buy', -9, false, 'Short > Long'],
    ['sell', 0, false, 'Open Short'],
    ['sell', -5, false, 'Open Short'],
    ['sell', 10, false, 'Close Long'],
    ['sell', 9, false, 'Long > Short'],
    ['sell', 10, true, 'Liquidated Cross Long'],
    ['buy', -10, true, 'Liquidated Cross Short'],
  ] as const)('%s 10 at a position of %i, liquidation %s: %s', (side, startLots, liquidation, dir) => {
    expect(writeFill(fill({ side, startLots, liquidation }), spec, OWNER)).toMatchObject({ dir });
  });

  test('whoever met a liquidation is not told whose it was', () => {
    const met = writeFill(fill({ liquidation: true, role: 'maker' }), spec, OWNER);
    expect(met.liquidation).toEqual({ markPx: '60000', method: 'market' });
    expect(met.dir).toBe('Open Long');
    expect(writeFill(fill({ liquidation: true }), spec, OWNER).liquidation).toMatchObject({ liquidatedUser: OWNER });
  });

  // By hand: 10 at 600,000 and 20 at 600,001 are 30 at 600,000.67, of which whole ticks are shown.
  test('what an order took at once is one fill, what it gave is not', () => {
    const taken = [fill({}), fill({ tradeId: 2, sizeLots: 20, priceTicks: 600_001, startLots: 10 })];
    const given = taken.map((each): FillDoc => ({ ...each, role: 'maker' }));
    expect(aggregateFills(taken)).toMatchObject([
      { tradeId: 1, sizeLots: 30, priceTicks: 600_000, startLots: 0, feeAtoms: 48_000 },
    ]);
    expect(aggregateFills(given)).toEqual(given);
    const later = fill({ tradeId: 3, sequence: toSequence(2) });
    expect(aggregateFills([...taken, later])).toHaveLength(2);
  });
});

describe('how an order stands', () => {
  const update = (changes: Partial<OrderUpdateDoc>): OrderUpdateDoc => ({
    accountId: ACCOUNT,
    order: OPEN_ORDER,
    state: 'closed',
    closeReason: 'cancelledByOwner',
    closeCode: 0,
    timeMs: 1,
    sequence: toSequence(1),
    ...changes,
  });

  test.each<[OrderCloseReason, string]>([
    ['cancelledByOwner', 'canceled'],
    ['immediateRemainder', 'iocCancelRejected'],
    ['selfTrade', 'selfTradeCanceled'],
    ['reduceOnlyNothingLeft', 'reduceOnlyCanceled'],
    ['marginInsufficient', 'marginCanceled'],
    ['openInterestLimit', 'openInterestCapCanceled'],
    ['liquidation', 'liquidatedCanceled'],
    ['preLiquidation', 'marginCanceled'],
    ['expired', 'canceled'],
    ['replaced', 'canceled'],
    ['linkedOrder', 'siblingFilledCanceled'],
    ['cancelAllAfter', 'scheduledCancel'],
    ['marketMakerProtection', 'canceled'],
    ['twapEnded', 'canceled'],
  ])('closed by %s: %s', (closeReason, status) => {
    expect(orderStatus(update({ closeReason }))).toBe(status);
  });

  test.each<[RejectName, string]>([
    ['INSUFFICIENT_MARGIN', 'perpMarginRejected'],
    ['REDUCE_ONLY_WOULD_INCREASE', 'reduceOnlyRejected'],
    ['PRICE_OUTSIDE_BAND', 'oracleRejected'],
    ['MARKET_HALTED', 'rejected'],
  ])('fired and refused with %s: %s', (name, status) => {
    const closeCode = REJECT_CODES[name];
    expect(orderStatus(update({ closeReason: 'triggerRefused', closeCode }))).toBe(status);
  });

  test('a part of it traded, and the rest of an ioc went: cancelled', () => {
    const order = { ...OPEN_ORDER, filledLots: 1 };
    expect(orderStatus(update({ closeReason: 'immediateRemainder', order }))).toBe('canceled');
  });

  test('a market order that met nobody', () => {
    const order = { ...OPEN_ORDER, orderType: 'market' } as const;
    expect(orderStatus(update({ closeReason: 'immediateRemainder', order }))).toBe('marketOrderNoLiquidityRejected');
  });

  test.each([
    ['open', undefined, 'open'],
    ['triggered', undefined, 'triggered'],
    ['filled', 'filled', 'filled'],
  ] as const)('%s', (state, closeReason, status) => {
    expect(orderStatus(update({ state, closeReason }))).toBe(status);
  });
});

test.each([
  ['stop', 'sell', 'Price below 58000', 'Stop Market', '55100'],
  ['stop', 'buy', 'Price above 58000', 'Stop Market', '60900'],
  ['takeProfit', 'sell', 'Price above 58000', 'Take Profit Market', '55100'],
  ['takeProfit', 'buy', 'Price below 58000', 'Take Profit Market', '60900'],
  ['trailingStop', 'sell', 'Price below 58000', 'Stop Market', '55100'],
] as const)('a %s that %ss waits for %s', (kind, side, triggerCondition, orderType, limitPx) => {
  const trigger = { kind, triggerTicks: 580_000, trailTicks: 0 };
  const order = { ...OPEN_ORDER, orderType: 'market', priceTicks: 0, side, trigger } as const;
  expect(writeFrontendOrder(order, spec)).toMatchObject({ triggerCondition, orderType, limitPx, tif: null });
});

test.each([
  ['gtc', 'Gtc'],
  ['gtt', 'Gtc'],
  ['ioc', 'Ioc'],
  ['fok', 'Ioc'],
  ['postOnly', 'Alo'],
  ['postOnlySlide', 'Alo'],
] as const)('time in force %s is %s', (timeInForce, tif) => {
  expect(writeFrontendOrder({ ...OPEN_ORDER, timeInForce }, spec).tif).toBe(tif);
});

describe('candles begin', () => {
  test.each<[ClientInterval, string, string, string]>([
    ['1m', '2026-11-23T04:47:59.999Z', '2026-11-23T04:47:00Z', '2026-11-23T04:48:00Z'],
    ['3m', '2026-11-23T04:47:00Z', '2026-11-23T04:45:00Z', '2026-11-23T04:48:00Z'],
    ['30m', '2026-11-23T04:47:00Z', '2026-11-23T04:30:00Z', '2026-11-23T05:00:00Z'],
    ['8h', '2026-11-23T04:47:00Z', '2026-11-23T00:00:00Z', '2026-11-23T08:00:00Z'],
    ['12h', '2026-11-23T14:47:00Z', '2026-11-23T12:00:00Z', '2026-11-24T00:00:00Z'],
    // A Monday.
    ['1w', '2026-11-23T00:00:00Z', '2026-11-23T00:00:00Z', '2026-11-30T00:00:00Z'],
    ['1w', '2026-11-22T23:59:59.999Z', '2026-11-16T00:00:00Z', '2026-11-23T00:00:00Z'],
    ['1w', '1970-01-01T00:00:00Z', '1969-12-29T00:00:00Z', '1970-01-05T00:00:00Z'],
    ['1M', '2024-02-29T12:00:00Z', '2024-02-01T00:00:00Z', '2024-03-01T00:00:00Z'],
    ['1M', '2026-12-31T23:59:59.999Z', '2026-12-01T00:00:00Z', '2027-01-01T00:00:00Z'],
  ])('%s at %s', (interval, at, open, next) => {
    expect(candleBounds(interval, Date.parse(at))).toEqual([Date.parse(open), Date.parse(next)]);
  });
});

describe('the day', () => {
  const candle = (openTimeMs: number, closeTicks: number) => ({
    marketId: BTC,
    interval: '5m' as const,
    openTimeMs,
    openTicks: closeTicks - 1,
    highTicks: closeTicks,
    lowTicks: closeTicks - 1,
    closeTicks,
    volumeLots: 2,
    volumeAtoms: '9007199254740993',
    trades: 1,
  });
  const DAY = 86_400_000;
  test.each([
    ['without a trade', [], 0, 0n],
    ['of which none is older', [candle(DAY, 10), candle(DAY + 1, 11)], 9, 4n],
    ['that began after an older one', [candle(0, 8), candle(1, 10)], 8, 2n],
    ['in which nothing traded', [candle(-5, 7), candle(0, 8)], 8, 0n],
  ])('%s', (_name, candles, previousTicks, volumeLots) => {
    const volumeAtoms = (volumeLots / 2n) * 9_007_199_254_740_993n;
    expect(dayFigures(candles, DAY)).toEqual({ previousTicks, volumeLots, volumeAtoms });
  });
});

describe('prices for the impact notional of 10,000 USDC', () => {
  const impact = (bids: [number, number][], asks: [number, number][]) =>
    writeAssetCtx(BTC_MARKET, { bids, asks }, NO_DAY).impactPxs;
  test.each([
    ['one level holds it', [[600_000, 100_000]], [[600_010, 100_000]], ['60000', '60001']],
    // Bids: 0.1 at 60,000 is 6,000; 4,000 at 50,000 is 0.08: 10,000 / 0.18 = 55,555.5. Asks: 0.1 at 60,000, 0.05714 at 70,000
    // (3,999.8): 9,999.8 / 0.15714 = 63,636.24, to the next tick up.
    [
      'two levels',
      [
        [600_000, 10_000],
        [500_000, 100_000],
      ],
      [
        [600_000, 10_000],
        [700_000, 100_000],
      ],
      ['55555.5', '63636.3'],
    ],
    ['there is less', [[600_000, 1]], [[610_000, 1]], ['60000', '61000']],
    ['a side is empty', [[600_000, 1]], [], null],
    ['more rests than safe integers count', [[600_000, 9_007_199_254_740_991]], [[600_001, 1]], ['60000', '60000.1']],
  ] as [string, [number, number][], [number, number][], unknown][])('%s', (_name, bids, asks, expected) => {
    expect(impact(bids, asks)).toEqual(expected);
  });
});

test('20 levels of a side are shown, and none of them in part', () => {
  const bids = Array.from({ length: 300 }, (_, at) => [600_000 - at, 1] as const);
  const asks = bids.map(([ticks]) => [1_200_001 - ticks, 1] as const);
  expect(writeLevels(spec, { bids, asks }).map((side) => side.length)).toEqual([20, 20]);
  // Steps of 10 ticks: the best bid alone, then ten each; the asks end in 1 to 10, ten each.
  const [grouped, over] = writeLevels(spec, { bids, asks }, { nSigFigs: 5, mantissa: undefined });
  expect(grouped.map(({ px, sz }) => [px, sz])).toEqual(
    Array.from({ length: 20 }, (_, at) => [String(60_000 - at), at === 0 ? '0.00001' : '0.0001']),
  );
  expect(over.map(({ px, sz }) => [px, sz])).toEqual(
    Array.from({ length: 20 }, (_, at) => [String(60_001 + at), '0.0001']),
  );
});

// By hand: 0.1 BTC long: 0.06 sold to the book for 3,540, 0.03 to a backstop for 1,760, 0.01 to somebody deleveraged for 590.
test('a liquidation is one line of the ledger, whoever took the position', () => {
  const doc = (sequence: number, event: object): LiquidationDoc =>
    ({
      sequence: toSequence(sequence),
      timeMs: 100 + sequence,
      event: { liquidationId: 3, ...event },
      certificateId: 0,
    }) as LiquidationDoc;
  const out = { kind: 'positionCloseOut', accountId: ACCOUNT, marketId: BTC, side: 'sell' };
  const rank = { marketId: BTC, bankruptAccountId: ACCOUNT, deleveragedAccountId: SUB_ACCOUNT };
  const docs = [
    doc(9, { liquidationId: 4, kind: 'liquidationStarted', accountId: SUB_ACCOUNT, equityAtoms: 1 }),
    doc(8, { liquidationId: 4, ...out, accountId: SUB_ACCOUNT, filledLots: 1, quoteAtoms: 1, counterpartyId: ACCOUNT }),
    doc(7, { kind: 'positionDeleveraged', ...rank, sizeLots: 1_000, quoteAtoms: 590_000_000 }),
    doc(6, { ...out, filledLots: 3_000, quoteAtoms: 1_760_000_000, counterpartyId: SUB_ACCOUNT }),
    doc(5, { ...out, filledLots: 6_000, quoteAtoms: 3_540_000_000, counterpartyId: 0 }),
    doc(5, { kind: 'liquidationStarted', accountId: ACCOUNT, equityAtoms: 80_500_000 }),
  ];
  expect(writeLiquidations(docs, ACCOUNT, () => spec)).toEqual([
    {
      time: 105,
      hash: `0x${'0'.repeat(63)}5`,
      delta: {
        type: 'liquidation',
        liquidatedNtlPos: '5890',
        accountValue: '80.5',
        leverageType: 'Cross',
        liquidatedPositions: [{ coin: 'BTC', szi: '0.1' }],
      },
    },
  ]);
});
