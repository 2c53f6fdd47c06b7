import { setTimeout as sleep } from 'node:timers/promises';
import {
  type CandleDoc,
  emptyStateDiff,
  type FillDoc,
  type LiquidationDoc,
  type OrderUpdateDoc,
  type StateDiff,
  type TradeDoc,
} from '@keel/redis';
import { toAccountId, toOrderId, toSequence } from '@keel/types';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ACCOUNT, BTC, bidFlush, fullAt, headAt, OPEN_ORDER, OWNER } from '../readModelOf.ts';
import { type Exchange, until } from '../startExchange.ts';
import { CLOID, infoFlush, STRANGER } from './infoData.ts';
import { openHyperliquidSocket } from './openHyperliquidSocket.ts';
import { askInfo, channelsAt, startChannels } from './startChannels.ts';

let exchange: Exchange;
const start = async (): Promise<void> => {
  exchange = await startChannels();
};
const stop = () => exchange?.stop();
const open = () => openHyperliquidSocket(exchange.port);
const ask = (body: object) => askInfo(exchange, body);

/** Sells 0.02 to the account's bid at 59,900, which then has 0.03 left; ann's other order is cancelled by her. */
const FILL: FillDoc = {
  tradeId: 12,
  accountId: ACCOUNT,
  orderId: OPEN_ORDER.orderId,
  clientOrderId: CLOID,
  marketId: BTC,
  side: 'buy',
  role: 'maker',
  priceTicks: 599_000,
  sizeLots: 2_000,
  startLots: 10_000,
  feeAtoms: -59_900,
  realisedPnlAtoms: 0,
  timeMs: 1_000_003,
  sequence: toSequence(3),
  liquidation: false,
};
const TRADE: TradeDoc = {
  tradeId: 12,
  marketId: BTC,
  priceTicks: 599_000,
  sizeLots: 2_000,
  takerSide: 'sell',
  timeMs: 1_000_003,
  sequence: toSequence(3),
  liquidation: false,
};
const PARTLY: OrderUpdateDoc = {
  accountId: ACCOUNT,
  order: { ...OPEN_ORDER, clientOrderId: CLOID, remainingLots: 3_000, filledLots: 3_000, filledAtoms: 1_797_000_000 },
  state: 'open',
  closeReason: undefined,
  closeCode: 0,
  timeMs: 1_000_003,
  sequence: toSequence(3),
};
const LIQUIDATED: OrderUpdateDoc = {
  ...PARTLY,
  order: {
    ...OPEN_ORDER,
    orderId: toOrderId(20),
    clientOrderId: '',
    filledLots: 0,
    filledAtoms: 0,
    remainingLots: 6_000,
  },
  state: 'closed',
  closeReason: 'liquidation',
};
const CAT = toAccountId(77);

/** `at` 3, or later with everything that is counted by it. */
function fillFlush(at: number): StateDiff {
  const sequence = toSequence(at);
  const [ann] = fullAt(1).accounts;
  return {
    ...emptyStateDiff(headAt(at)),
    levels: [{ marketId: BTC, side: 'buy', priceTicks: 599_000, sizeLots: 3_000 }],
    accounts: [
      { ...(ann as NonNullable<typeof ann>), positions: [{ ...POSITION, sizeLots: 12_000 }] },
      { ...(ann as NonNullable<typeof ann>), accountId: CAT, owner: STRANGER, mainAccountId: CAT, positions: [] },
    ],
    trades: [{ ...TRADE, sequence, tradeId: at + 9 }],
    fills: [
      { ...FILL, sequence, tradeId: at + 9 },
      { ...FILL, sequence, tradeId: at + 9, accountId: CAT, orderId: toOrderId(30), side: 'sell', role: 'taker' },
    ],
    orderUpdates: [
      { ...PARTLY, sequence },
      { ...LIQUIDATED, sequence },
    ],
  };
}
const POSITION = { marketId: BTC, sizeLots: 12_000, entryNotionalAtoms: 7_098_000_000, fundingIndex: 0 };

describe('what channels go on with', () => {
  beforeEach(start);
  afterEach(stop);
  test('a fill of a resting order: tape, book, best prices, fills, orders, events, account', async () => {
    const client = await open();
    const channels = ['orderUpdates', 'userFills', 'userEvents', 'clearinghouseState'];
    for (const type of channels) await client.subscribe({ type, user: OWNER });
    for (const type of ['trades', 'l2Book', 'bbo']) await client.subscribe({ type, coin: 'BTC' });
    for (const type of ['userFills', 'clearinghouseState', 'trades', 'l2Book', 'bbo']) await client.data(type, 1);
    await sleep(200);
    await exchange.writer.write(fillFlush(3));
    expect((await client.data('trades', 2))[1]).toEqual([
      {
        coin: 'BTC',
        side: 'A',
        px: '59900',
        sz: '0.02',
        time: 1_000_003,
        hash: `0x${'3'.padStart(64, '0')}`,
        tid: 12,
        users: [OWNER, STRANGER],
      },
    ]);
    expect((await client.data('l2Book', 2))[1]).toEqual({
      coin: 'BTC',
      time: 1_000_003,
      levels: [
        [
          { px: '59900', sz: '0.03', n: 1 },
          { px: '59800', sz: '1', n: 1 },
        ],
        [{ px: '60100.5', sz: '0.00001', n: 1 }],
      ],
    });
    expect((await client.data('bbo', 2))[1]).toMatchObject({ bbo: [{ px: '59900', sz: '0.03' }, { px: '60100.5' }] });
    const fill = {
      coin: 'BTC',
      px: '59900',
      sz: '0.02',
      side: 'B',
      time: 1_000_003,
      startPosition: '0.1',
      dir: 'Open Long',
      closedPnl: '0',
      hash: `0x${'3'.padStart(64, '0')}`,
      oid: 7,
      crossed: false,
      fee: '-0.0599',
      tid: 12,
      feeToken: 'USDC',
      twapId: null,
      cloid: CLOID,
    };
    expect((await client.data('userFills', 2))[1]).toEqual({ user: OWNER, fills: [fill] });
    expect(await client.data('orderUpdates', 1)).toEqual([
      [
        {
          order: {
            coin: 'BTC',
            side: 'B',
            limitPx: '59900',
            sz: '0.03',
            oid: 7,
            timestamp: 5,
            origSz: '0.06',
            cloid: CLOID,
            avgPx: '59900',
          },
          status: 'open',
          statusTimestamp: 1_000_003,
        },
        {
          order: { coin: 'BTC', side: 'B', limitPx: '59900', sz: '0.06', oid: 20, timestamp: 5, origSz: '0.06' },
          status: 'liquidatedCanceled',
          statusTimestamp: 1_000_003,
        },
      ],
    ]);
    expect(await client.data('user', 2)).toEqual([{ fills: [fill] }, { nonUserCancel: [{ coin: 'BTC', oid: 20 }] }]);
    expect((await client.data('clearinghouseState', 2))[1]).toMatchObject({
      clearinghouseState: { assetPositions: [{ position: { coin: 'BTC', szi: '0.12' } }] },
    });
  });

  test('funding and money in the shapes of their first frames, without isSnapshot', async () => {
    const client = await open();
    for (const type of ['userFundings', 'userNonFundingLedgerUpdates', 'user'])
      await client.subscribe({ type, user: OWNER });
    for (const type of ['userFundings', 'userNonFundingLedgerUpdates']) await client.data(type, 1);
    const at = { accountId: ACCOUNT, timeMs: 1_000_003, sequence: toSequence(3) };
    await exchange.writer.write({
      ...emptyStateDiff(headAt(3)),
      fundingPayments: [
        { ...at, marketId: BTC, sizeLots: -10_000, amountAtoms: -750_000, fundingIndex: 1, ratePpb: 12_500 },
      ],
      ledger: [
        {
          ...at,
          event: { kind: 'depositCredited', depositIndex: 1, accountId: ACCOUNT, assetId: 0, amountAtoms: 7_000_000 },
        },
      ],
    });
    const funding = {
      time: 1_000_003,
      coin: 'BTC',
      usdc: '0.75',
      szi: '-0.1',
      fundingRate: '0.0000125',
      nSamples: null,
    };
    expect((await client.data('userFundings', 2))[1]).toEqual({ user: OWNER, fundings: [funding] });
    expect(await client.data('user', 1)).toEqual([{ funding }]);
    expect((await client.data('userNonFundingLedgerUpdates', 2))[1]).toEqual({
      user: OWNER,
      nonFundingLedgerUpdates: [
        { time: 1_000_003, hash: `0x${'3'.padStart(64, '0')}`, delta: { type: 'deposit', usdc: '7' } },
      ],
    });
  });

  test('a liquidation: each step that traded as an event, and one line of the ledger when it is over', async () => {
    const client = await open();
    for (const type of ['userNonFundingLedgerUpdates', 'userEvents']) await client.subscribe({ type, user: OWNER });
    await client.data('userNonFundingLedgerUpdates', 1);
    await sleep(100);
    const [{ event: closeOut }] = fullAt(1).history.liquidations as [LiquidationDoc];
    const about = {
      liquidationId: 8,
      accountId: ACCOUNT,
      equityAtoms: 90_000_000,
      maintenanceMarginAtoms: 120_000_000,
    };
    const step = (at: number, event: object): LiquidationDoc => ({
      sequence: toSequence(at),
      timeMs: 1_000_000 + at,
      event: { ...event, ...about } as LiquidationDoc['event'],
      certificateId: 0,
    });
    const trade = { ...closeOut, counterpartyId: 0 };
    await exchange.writer.write({
      ...emptyStateDiff(headAt(3)),
      liquidations: [step(3, { kind: 'liquidationStarted' }), step(3, trade)],
    });
    await exchange.writer.write({
      ...emptyStateDiff(headAt(4)),
      liquidations: [step(4, trade), step(4, { kind: 'liquidationEnded' })],
    });
    const liquidation = {
      lid: 8,
      liquidator: `0x${'00'.repeat(20)}`,
      liquidated_user: OWNER,
      liquidated_ntl_pos: '1477.5',
      liquidated_account_value: '90',
    };
    expect(await client.data('user', 2)).toEqual([{ liquidation }, { liquidation }]);
    expect((await client.data('userNonFundingLedgerUpdates', 2)).slice(1)).toEqual([
      {
        user: OWNER,
        nonFundingLedgerUpdates: [
          {
            time: 1_000_003,
            hash: `0x${'3'.padStart(64, '0')}`,
            delta: {
              type: 'liquidation',
              liquidatedNtlPos: '2955',
              accountValue: '90',
              leverageType: 'Cross',
              liquidatedPositions: [{ coin: 'BTC', szi: '0.05' }],
            },
          },
        ],
      },
    ]);
    const later = await open();
    await later.subscribe({ type: 'userNonFundingLedgerUpdates', user: OWNER });
    const [first] = (await later.data('userNonFundingLedgerUpdates', 1)) as { nonFundingLedgerUpdates: unknown[] }[];
    const lines = await ask({ type: 'userNonFundingLedgerUpdates', user: OWNER, startTime: 0 });
    expect(first?.nonFundingLedgerUpdates).toEqual(lines);
  });

  test('a book that changes all the time is sent once in 100 ms, and ends as it is', async () => {
    const client = await open();
    await client.subscribe({ type: 'l2Book', coin: 'BTC' });
    await client.data('l2Book', 1);
    const beginMs = performance.now();
    let sequence = 2;
    const heard = (): number => client.heard.filter(({ channel }) => channel === 'l2Book').length;
    // Longer than a second where the machine has no time to read what it writes.
    while (performance.now() - beginMs < 1_000 || heard() <= 3)
      await exchange.writer.write(bidFlush(++sequence, sequence));
    const { levels } = (await ask({ type: 'l2Book', coin: 'BTC' })) as { levels: unknown };
    await until(() => JSON.stringify(client.heard.at(-1)?.data).includes(JSON.stringify(levels)));
    const frames = heard();
    expect(sequence).toBeGreaterThan(frames);
    expect(frames).toBeLessThan(2 + (performance.now() - beginMs) / 100);
  });

  test('a candle is told as it ended, then the one that began', async () => {
    const client = await open();
    await client.subscribe({ type: 'candle', coin: 'BTC', interval: '1m' });
    await client.data('candle', 1);
    const last = infoFlush().candles.findLast(({ interval }) => interval === '1m') as CandleDoc;
    const ended = { ...last, closeTicks: 600_000, trades: 3 };
    const began = { ...last, openTimeMs: last.openTimeMs + 60_000, openTicks: 600_100, trades: 1 };
    await exchange.writer.write({ ...emptyStateDiff(headAt(3)), candles: [ended, began] });
    expect((await client.data('candle', 3)).slice(1)).toMatchObject([
      { t: 1_080_000, T: 1_139_999, s: 'BTC', i: '1m', c: '60000', n: 3 },
      { t: 1_140_000, T: 1_199_999, s: 'BTC', i: '1m', o: '60010', n: 1 },
    ]);
  });

  test('best prices are not told when something else of the book changes', async () => {
    const client = await open();
    await client.subscribe({ type: 'bbo', coin: 'BTC' });
    await client.data('bbo', 1);
    const deep = { marketId: BTC, side: 'buy', priceTicks: 597_000, sizeLots: 5 } as const;
    await exchange.writer.write({ ...emptyStateDiff(headAt(3)), levels: [deep] });
    await exchange.writer.write(bidFlush(4, 7));
    const [, second] = await client.data('bbo', 2);
    expect(second).toMatchObject({ time: 1_000_004, bbo: [{ px: '59900', sz: '0.00007' }, { px: '60100.5' }] });
  });

  test('unsubscribed is silent, and a later subscription begins anew', async () => {
    const client = await open();
    await client.subscribe({ type: 'bbo', coin: 'BTC' });
    await client.data('bbo', 1);
    client.send({ method: 'unsubscribe', subscription: { type: 'bbo', coin: 'BTC' } });
    await client.data('subscriptionResponse', 2);
    await exchange.writer.write(bidFlush(3, 7));
    await channelsAt(exchange, 3);
    expect(await client.data('bbo', 1)).toHaveLength(1);
    await client.subscribe({ type: 'bbo', coin: 'BTC' });
    expect((await client.data('bbo', 2))[1]).toMatchObject({ bbo: [{ sz: '0.00007' }, {}] });
  });

  test('an account that is opened later is told to whoever waits for it', async () => {
    const client = await open();
    await client.subscribe({ type: 'userFills', user: STRANGER });
    await client.data('userFills', 1);
    await exchange.writer.write(fillFlush(3));
    expect((await client.data('userFills', 2))[1]).toMatchObject({
      user: STRANGER,
      fills: [{ side: 'A', crossed: true }],
    });
  });

  test('an agent that is approved while it waits is told its owner, and an account is told now and then all the same', async () => {
    const client = await open();
    const agent = `0x${'ab'.repeat(20)}` as const;
    await client.subscribe({ type: 'clearinghouseState', user: agent });
    await client.subscribe({ type: 'orderUpdates', user: agent });
    const first = await client.data('clearinghouseState', 1);
    // Nothing happened: it is the same once more.
    expect(await client.data('clearinghouseState', 2)).toEqual([...first, ...first]);
    const approvals = [{ agent, approvals: [{ accountId: ACCOUNT, expiresAtMs: 0 }] }];
    await exchange.writer.write({ ...emptyStateDiff(headAt(3)), approvals });
    const holds = (data: unknown): boolean => JSON.stringify(data).includes('"szi":"0.1"');
    await until(async () => (await client.data('clearinghouseState', 3)).some(holds));
    await sleep(100);
    await exchange.writer.write(fillFlush(4));
    await client.data('orderUpdates', 1);
  });

  test('Redis goes and comes back: what happened meanwhile is told once', async () => {
    const client = await open();
    for (const type of ['userFills', 'orderUpdates', 'userEvents']) await client.subscribe({ type, user: OWNER });
    await client.data('userFills', 1);
    await exchange.writer.write(fillFlush(3));
    await client.data('userFills', 2);
    await client.data('orderUpdates', 1);
    await exchange.killRedis();
    await exchange.restartRedis();
    const full = fullAt(4);
    const [before, after] = [fillFlush(3), fillFlush(4)];
    await exchange.writer.rebuild({
      ...full,
      history: {
        ...full.history,
        trades: [...before.trades, ...after.trades],
        fills: [...before.fills, ...after.fills],
        orderUpdates: [...before.orderUpdates, ...after.orderUpdates],
      },
    });
    const told = (await client.data('userFills', 3)) as { fills: { tid: number }[] }[];
    await sleep(300);
    expect(told.slice(1).map(({ fills: each }) => each.map(({ tid }) => tid))).toEqual([[12], [13]]);
    expect(client.heard.filter(({ channel }) => channel === 'userFills')).toHaveLength(3);
  });
});
