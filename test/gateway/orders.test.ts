import { setTimeout as sleep } from 'node:timers/promises';
import { type Account, type BatchOutcome, KeelClient, type NewOrder, type PlacedOutcome } from '@keel/client';
import type { Hex } from '@keel/types';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { waitFor } from '../e2e/waitFor.ts';
import { type Door, startDoor } from './startDoor.ts';

/** Every kind of order through the gateway with the real engine behind it: ann makes the market, bob trades. */
const ANN_KEY: Hex = `0x${'b1'.repeat(32)}`;
const BOB_KEY: Hex = `0x${'b2'.repeat(32)}`;
const USDC = 1_000_000;
const BTC = 1;

let door: Door;
let ann: KeelClient;
let bob: KeelClient;

beforeAll(async () => {
  door = await startDoor();
  ann = new KeelClient({ url: door.url, privateKey: ANN_KEY });
  bob = new KeelClient({ url: door.url, privateKey: BOB_KEY });
  await door.deposit(ann.address, 1_000_000 * USDC);
  await door.deposit(bob.address, 100_000 * USDC);
});
afterAll(async () => {
  ann?.close();
  bob?.close();
  await door?.stop();
});

/** Index of BTC in whole USD. */
const price = (usd: number) => door.price(BTC, usd * 10);
const limit = (side: 'buy' | 'sell', size: string, at: string, more: Partial<NewOrder> = {}): NewOrder => ({
  market: 'BTC-USD',
  side,
  size,
  price: at,
  ...more,
});

/** No orders, no positions, 60,000. */
beforeEach(async () => {
  await price(60_000);
  await Promise.all([ann.cancelAll(), bob.cancelAll()]);
  const [position] = (await settled(bob)).positions;
  if (position === undefined) return;
  const long = !position.size.startsWith('-');
  const size = position.size.replace('-', '');
  await ann.placeOrder(limit(long ? 'buy' : 'sell', size, '60000'));
  await bob.placeOrder(limit(long ? 'sell' : 'buy', size, '60000', { timeInForce: 'fok' }));
});

/** The account as of this moment: the read model follows the log within milliseconds. */
async function settled(client: KeelClient): Promise<Account> {
  const { sequence } = await client.cancelAll('ETH-USD');
  return waitFor('the read model', async () => {
    const account = await client.account();
    return account.sequence >= sequence ? account : undefined;
  });
}

const statesOf = (batch: BatchOutcome<PlacedOutcome>) =>
  batch.items.map((item) => ('error' in item ? item.error.code : item.state));

describe.each(['rest', 'ws'] as const)('over %s', (over) => {
  const name = (text: string) => `${text}-${over}`;

  test('a name places one order, is amended, replaced and cancelled', async () => {
    const order = limit('buy', '0.02', '50000', { clientOrderId: name('a') });
    const placed = await bob.placeOrder(order, { over });
    expect(placed).toMatchObject({ duplicate: false, state: 'resting', price: '50000', shownSize: '0.02' });
    const again = await bob.placeOrder(order, { over });
    expect(again).toMatchObject({ duplicate: true, orderId: placed.orderId, clientOrderId: name('a'), state: null });

    const named = { clientOrderId: name('a') };
    const smaller = { order: named, market: 'BTC-USD', price: '50000', size: '0.01' };
    expect(await bob.amendOrder(smaller, { over })).toMatchObject({
      orderId: placed.orderId,
      state: 'open',
      keptPlace: true,
      remainingSize: '0.01',
    });
    const moved = await bob.amendOrder({ ...smaller, price: '51000.5' }, { over });
    expect(moved).toMatchObject({ orderId: placed.orderId, keptPlace: false, price: '51000.5', size: '0.01' });

    const replacement = limit('buy', '0.03', '52000', named);
    const replaced = await bob.replaceOrder(named, replacement, { over });
    expect(replaced).toMatchObject({ replacedOrderId: placed.orderId, state: 'resting', price: '52000' });
    expect((await settled(bob)).openOrders).toMatchObject([{ orderId: replaced.orderId, clientOrderId: name('a') }]);
    expect((await bob.cancelOrder(named, { over })).cancelledOrderIds).toEqual([replaced.orderId]);
    await expect(bob.cancelOrder(named, { over })).rejects.toMatchObject({ code: 'ORDER_UNKNOWN' });
  });

  test('a batch takes each order by itself; so do amendments and cancellations', async () => {
    const batch = await bob.placeOrders(
      [
        limit('buy', '0.01', '55000'),
        limit('buy', '90', '55000'),
        limit('sell', '0.05', '65000', { displaySize: '0.01' }),
      ],
      { over },
    );
    expect(statesOf(batch)).toEqual(['resting', 'INSUFFICIENT_MARGIN', 'resting']);
    const [low, , high] = batch.items as PlacedOutcome[];
    expect(high).toMatchObject({ shownSize: '0.01', remainingSize: '0.05' });
    const amended = await bob.amendOrders(
      [
        { order: low!.orderId, market: 'BTC-USD', price: '55000', size: '0.005' },
        { order: '999999', market: 'BTC-USD', price: '55000', size: '0.005' },
      ],
      { over },
    );
    expect(amended.items).toMatchObject([{ keptPlace: true, size: '0.005' }, { error: { code: 'ORDER_UNKNOWN' } }]);
    const cancelled = await bob.cancelOrders([low!.orderId, '999999', high!.orderId], { over });
    expect(cancelled.cancelledOrderIds).toEqual([low!.orderId, high!.orderId]);
    expect(cancelled.items).toMatchObject([
      { orderId: low!.orderId },
      { error: { code: 'ORDER_UNKNOWN' } },
      { orderId: high!.orderId },
    ]);
  });

  test('a scale rests evenly, and the last order has the rest', async () => {
    const scale = {
      market: 'BTC-USD',
      side: 'buy',
      size: '0.1',
      fromPrice: '59000',
      toPrice: '58000',
      orderCount: 3,
    } as const;
    expect(statesOf(await bob.placeScale(scale, { over }))).toEqual(['resting', 'resting', 'resting']);
    const rungs = (await settled(bob)).openOrders.map(({ price: at, size }) => [at, size]);
    expect(rungs).toEqual([
      ['59000', '0.03333'],
      ['58500', '0.03333'],
      ['58000', '0.03334'],
    ]);
  });

  test('one cancels the other: when the take-profit trades, the stop goes', async () => {
    await ann.placeOrder(limit('sell', '0.02', '60000'));
    await bob.placeOrder(limit('buy', '0.02', '60000', { timeInForce: 'fok' }));
    const pair = await bob.placeOrders(
      [
        limit('sell', '0.02', '60500', { reduceOnly: true }),
        { market: 'BTC-USD', side: 'sell', size: '0.02', reduceOnly: true, trigger: { kind: 'stop', price: '59500' } },
      ],
      { over, grouping: 'oneCancelsOther' },
    );
    expect(statesOf(pair)).toEqual(['resting', 'waiting']);
    const [limitOrder, stop] = pair.items as PlacedOutcome[];
    expect(stop?.triggerPrice).toBe('59500');
    expect((await settled(bob)).openOrders).toMatchObject([
      { orderId: limitOrder!.orderId, linkedOrderId: stop!.orderId },
      { orderId: stop!.orderId, state: 'waiting', triggerKind: 'stop', triggerPrice: '59500', price: null },
    ]);
    await ann.placeOrder(limit('buy', '0.02', '60500', { timeInForce: 'ioc' }));
    expect(await settled(bob)).toMatchObject({ openOrders: [], positions: [] });
  });

  test('a stop and attached orders fire when mark gets there', async () => {
    await ann.placeOrders([limit('sell', '0.02', '60000'), limit('buy', '0.05', '59000')]);
    await bob.placeOrder(
      limit('buy', '0.02', '60000', {
        timeInForce: 'ioc',
        takeProfit: { trigger: '62000' },
        stopLoss: { trigger: '59200', price: '58500' },
      }),
      { over },
    );
    const { openOrders } = await settled(bob);
    expect(openOrders).toMatchObject([
      { state: 'waiting', triggerKind: 'takeProfit', triggerPrice: '62000', price: null, size: '0.02' },
      { state: 'waiting', triggerKind: 'stop', triggerPrice: '59200', price: '58500', reduceOnly: true },
    ]);
    expect(openOrders[0]?.linkedOrderId).toBe(openOrders[1]?.orderId);
    expect(openOrders[0]?.parentOrderId).not.toBeNull();
    await price(59_100);
    const after = await waitFor('the stop', async () => {
      const account = await settled(bob);
      return account.openOrders.length === 0 ? account : undefined;
    });
    expect(after.positions).toEqual([]);
    expect((await bob.fills()).fills[0]).toMatchObject({ side: 'sell', price: '59000', size: '0.02', role: 'taker' });
  });

  test('an iceberg shows a part at a time in the book', async () => {
    const iceberg = await ann.placeOrder(limit('sell', '0.05', '60100', { displaySize: '0.02' }), { over });
    await waitFor('the book', async () => {
      const { asks } = await bob.book('BTC-USD');
      return JSON.stringify(asks) === '[["60100","0.02"]]' ? true : undefined;
    });
    const taken = await bob.placeOrder(limit('buy', '0.03', '60100', { timeInForce: 'ioc' }), { over });
    expect(taken).toMatchObject({ state: 'filled', filledSize: '0.03' });
    expect(taken.fills.map(({ size }) => size)).toEqual(['0.02', '0.01']);
    expect((await settled(ann)).openOrders).toMatchObject([
      { orderId: iceberg.orderId, remainingSize: '0.02', shownSize: '0.01', displaySize: '0.02' },
    ]);
  });

  test('post-only slides to where it does not trade; fill-or-kill trades all', async () => {
    await ann.placeOrder(limit('sell', '0.01', '60000'));
    const slid = await bob.placeOrder(limit('buy', '0.01', '60005', { timeInForce: 'postOnlySlide' }), { over });
    expect(slid).toMatchObject({ state: 'resting', price: '59999.9', filledSize: '0' });
    await expect(bob.placeOrder(limit('buy', '0.02', '60005', { timeInForce: 'fok' }), { over })).rejects.toMatchObject(
      { code: 'FILL_OR_KILL_UNFILLABLE' },
    );
    const all = await bob.placeOrder(limit('buy', '0.01', '60005', { timeInForce: 'fok' }), { over });
    expect(all).toMatchObject({ state: 'filled', averagePrice: '60000' });
  });

  test('a gtt order goes at its time, and a dead-man switch takes the rest', async () => {
    const expiresAt = Date.now() + 700;
    expect(await bob.placeOrder(limit('buy', '0.01', '50000', { expiresAt }), { over })).toMatchObject({ expiresAt });
    await bob.placeOrder(limit('buy', '0.01', '51000'), { over });
    const { deadline, timeMs } = await bob.cancelAllAfter(2_000, { over });
    expect(deadline).toBe(timeMs + 2_000);
    expect(await settled(bob)).toMatchObject({ cancelAllAfter: deadline, openOrders: [{}, {}] });
    await sleep(800);
    expect((await settled(bob)).openOrders).toMatchObject([{ price: '51000' }]);
    await sleep(1_500);
    expect(await settled(bob)).toMatchObject({ cancelAllAfter: 0, openOrders: [] });
  });

  test('a TWAP order shows its slices until it is cancelled', async () => {
    await ann.placeOrder(limit('sell', '1', '60010'));
    const twap = await bob.placeTwap(
      { market: 'BTC-USD', side: 'buy', size: '0.1', durationMs: 60_000, slices: 10 },
      { over },
    );
    expect(twap).toMatchObject({ state: 'twap', filledSize: '0.01', remainingSize: '0.09', price: null });
    const [shown] = (await settled(bob)).openOrders;
    expect(shown).toMatchObject({
      orderId: twap.orderId,
      state: 'twap',
      twap: { durationMs: 60_000, slices: 10, slicesDone: 1 },
    });
    await expect(
      bob.amendOrder({ order: twap.orderId, market: 'BTC-USD', price: '60000', size: '0.2' }, { over }),
    ).rejects.toMatchObject({ code: 'ORDER_NOT_AMENDABLE' });
    expect((await bob.cancelOrder(twap.orderId, { over })).cancelledOrderIds).toEqual([twap.orderId]);
  });

  test('market-maker protection takes the orders after a fill too many, until it is reset', async () => {
    await ann.setMarketMakerProtection({ market: 'BTC-USD', windowMs: 60_000, fillCount: 1 }, { over });
    await ann.placeOrders([
      limit('sell', '0.01', '60000'),
      limit('sell', '0.01', '60010'),
      limit('sell', '1', '60020'),
    ]);
    const taken = await bob.placeOrder(limit('buy', '0.5', '60100', { timeInForce: 'ioc' }), { over });
    expect(taken).toMatchObject({ filledSize: '0.02', closeReason: 'immediateRemainder' });
    expect(await settled(ann)).toMatchObject({
      openOrders: [],
      protections: [{ market: 'BTC-USD', windowMs: 60_000, quantity: '0', delta: '0', fillCount: 1, frozen: true }],
    });
    const order = limit('buy', '0.01', '50000');
    await expect(ann.placeOrder(order, { over })).rejects.toMatchObject({ code: 'MARKET_MAKER_PROTECTION_ACTIVE' });
    await ann.resetMarketMakerProtection('BTC-USD', { over });
    expect((await ann.placeOrder(order, { over })).state).toBe('resting');
    await ann.setMarketMakerProtection({ market: 'BTC-USD', windowMs: 0 }, { over });
    expect((await settled(ann)).protections).toEqual([]);
  });

  test('a market that is not open says so, and lets orders go', async () => {
    const { orderId } = await bob.placeOrder(limit('buy', '0.02', '50000'), { over });
    const refusal = (order: NewOrder) => bob.placeOrder(order, { over }).catch((fault: { code: string }) => fault.code);
    for (const [status, gtc, postOnly] of [
      ['postOnly', 'MARKET_POST_ONLY', undefined],
      ['halted', 'MARKET_HALTED', 'MARKET_HALTED'],
      // Last, because from a halt a market opens in stages.
      ['cancelOnly', 'MARKET_CANCEL_ONLY', 'MARKET_CANCEL_ONLY'],
    ] as const) {
      await door.setTradingStatus(BTC, status);
      expect(await refusal(limit('buy', '0.01', '50000'))).toBe(gtc);
      const posted = await refusal(limit('buy', '0.01', '50000', { timeInForce: 'postOnly' }));
      expect(posted).toEqual(postOnly ?? expect.objectContaining({ state: 'resting' }));
      await waitFor('the status', async () => {
        const [btc] = await bob.markets();
        return btc?.tradingStatus === status ? true : undefined;
      });
    }
    const smaller = { order: orderId, market: 'BTC-USD', price: '50000', size: '0.01' };
    expect(await bob.amendOrder(smaller, { over })).toMatchObject({ keptPlace: true });
    expect((await bob.cancelOrder(orderId, { over })).cancelledOrderIds).toEqual([orderId]);
    await door.setTradingStatus(BTC, 'open');
    expect(await refusal(limit('buy', '0.01', '50000'))).toMatchObject({ state: 'resting' });
  });

  /** What the engine refuses of the new fields, each by its own code. */
  const stop = (at: string): Partial<NewOrder> => ({ trigger: { kind: 'stop', price: at } });
  const scale = {
    market: 'BTC-USD',
    side: 'buy',
    size: '0.1',
    fromPrice: '59000',
    toPrice: '58000',
    orderCount: 3,
  } as const;
  const twap = { market: 'BTC-USD', side: 'buy', size: '0.1', durationMs: 60_000, slices: 10 } as const;
  const place = (order: NewOrder) => () => bob.placeOrder(order, { over });
  test.each([
    [
      'iceberg of more than a hundred parts',
      place(limit('buy', '0.2', '50000', { displaySize: '0.001' })),
      'DISPLAY_SIZE_INVALID',
    ],
    [
      'iceberg that may not rest',
      place(limit('buy', '0.2', '50000', { displaySize: '0.1', timeInForce: 'ioc' })),
      'ORDER_FLAGS_CONFLICT',
    ],
    ['gtt of the past', place(limit('buy', '0.01', '50000', { expiresAt: 1 })), 'EXPIRY_INVALID'],
    ['gtc with an end', place(limit('buy', '0.01', '50000', { expiresAt: 1, timeInForce: 'gtc' })), 'EXPIRY_INVALID'],
    ['stop without a price', place(limit('sell', '0.01', '50000', stop('0'))), 'TRIGGER_INVALID'],
    ['stop that mark has passed', place(limit('sell', '0.01', '60000', stop('60100'))), 'TRIGGER_ALREADY_MET'],
    [
      'take-profit below a buy',
      place(limit('buy', '0.01', '50000', { takeProfit: { trigger: '49000' } })),
      'ATTACHED_ORDER_INVALID',
    ],
    ['limit far from mark', place(limit('sell', '0.01', '95000')), 'PRICE_OUTSIDE_BAND'],
    ['scale of one', () => bob.placeScale({ ...scale, orderCount: 1 }, { over }), 'SCHEDULE_INVALID'],
    ['scale to where it begins', () => bob.placeScale({ ...scale, toPrice: '59000' }, { over }), 'SCHEDULE_INVALID'],
    ['TWAP of five seconds', () => bob.placeTwap({ ...twap, durationMs: 5_000 }, { over }), 'SCHEDULE_INVALID'],
    ['TWAP of slices too small', () => bob.placeTwap({ ...twap, size: '0.0005' }, { over }), 'NOTIONAL_TOO_SMALL'],
    [
      'pair of three',
      () =>
        bob.placeOrders(
          Array.from({ length: 3 }, () => limit('buy', '0.01', '50000')),
          { over, grouping: 'oneCancelsOther' },
        ),
      'GROUPING_INVALID',
    ],
    ['dead-man switch of a week', () => bob.cancelAllAfter(604_800_000, { over }), 'TIMEOUT_INVALID'],
    [
      'protection without a bound',
      () => bob.setMarketMakerProtection({ market: 'BTC-USD', windowMs: 1_000 }, { over }),
      'PROTECTION_INVALID',
    ],
  ])('refused: %s', async (_, ask, code) => {
    await expect(ask()).rejects.toMatchObject({ code, details: { sequence: expect.any(Number) } });
  });

  test('an amendment below what has traded is refused', async () => {
    await ann.placeOrder(limit('sell', '0.01', '60000'));
    const { orderId } = await bob.placeOrder(limit('buy', '0.03', '60000'), { over });
    const amendment = { order: orderId, market: 'BTC-USD', price: '60000', size: '0.01' };
    await expect(bob.amendOrder(amendment, { over })).rejects.toMatchObject({ code: 'AMEND_SIZE_TOO_SMALL' });
  });
});
