import { REJECT_CODES, toOrderId } from '@keel/types';
import { ExchangeClient, HttpTransport } from '@nktkas/hyperliquid';
import { privateKeyToAccount } from 'viem/accounts';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { accepted } from '../acceptedOrder.ts';
import { ACCOUNT, BTC, OPEN_ORDER, OWNER } from '../readModelOf.ts';
import { until } from '../startExchange.ts';
import {
  type AgentExchange,
  closed,
  DEFAULT,
  filled,
  item,
  place,
  refused,
  rejected,
  rested,
  STOP,
  startAgentExchange,
  statuses,
  WIRE,
} from './exchangeParts.ts';
import { AGENT, CLOID } from './infoData.ts';
import { openHyperliquidSocket } from './openHyperliquidSocket.ts';
import { AGENT_KEY, signedExchange } from './signedExchange.ts';

let exchange: AgentExchange;
beforeAll(async () => {
  exchange = await startAgentExchange();
});
afterAll(() => exchange?.stop());
afterEach(() => {
  exchange.commands.length = 0;
  exchange.onCommand = () => [];
});
const send: AgentExchange['send'] = (...signed) => exchange.send(...signed);
const sent: AgentExchange['sent'] = () => exchange.sent();

describe('orders', () => {
  test('what becomes of each is told beside what was refused, here or by the engine', async () => {
    exchange.onCommand = () => [
      accepted(11, { clientOrderId: CLOID }),
      rested(11, 1_000),
      item(0, 11),
      accepted(12),
      filled(12, 400, 599_990),
      filled(12, 600, 600_000),
      closed(12, 'filled'),
      item(1, 12),
      accepted(13, { timeInForce: 'ioc' }),
      closed(13, 'immediateRemainder', 1_000),
      item(2, 13),
      accepted(14, { timeInForce: 'ioc' }),
      filled(14, 250, 600_000),
      closed(14, 'immediateRemainder', 750),
      item(3, 14),
      accepted(15, { orderType: 'market' }),
      { kind: 'orderWaiting', orderId: toOrderId(15), triggerTicks: 580_000 },
      item(4, 15),
      item(5, 0, REJECT_CODES.INSUFFICIENT_MARGIN),
      { kind: 'orderDuplicated', orderId: toOrderId(3), accountId: ACCOUNT, clientOrderId: CLOID },
      item(6, 3),
    ];
    const orders = [
      { ...WIRE, c: CLOID },
      WIRE,
      WIRE,
      WIRE,
      { ...WIRE, p: '60000.05' },
      STOP,
      WIRE,
      { ...WIRE, c: CLOID },
    ];
    expect(await send(place(...orders))).toEqual(
      statuses(
        { resting: { oid: 11, cloid: CLOID } },
        { filled: { totalSz: '0.01', avgPx: '59999.6', oid: 12 } },
        { error: 'Order could not immediately match against any resting orders.' },
        { filled: { totalSz: '0.0025', avgPx: '60000', oid: 14 } },
        { error: 'Price must be divisible by tick size. It is tickSize in GET /v1/markets.' },
        'waitingForTrigger',
        { error: 'Insufficient margin to place order.' },
        { error: 'Duplicate cloid: order 3 has it.' },
      ),
    );
    const command = sent();
    expect(command).toMatchObject({ kind: 'placeOrders', grouping: 'none', orders: { length: 7 } });
    expect(command.auth).toMatchObject({
      owner: OWNER,
      subaccount: 0,
      signer: AGENT,
      expiresAfterMs: 0,
      hyperliquid: { source: 'b' },
    });
  });

  test('a single one goes as a batch of one, with its nonce and limit in time', async () => {
    exchange.onCommand = () => [accepted(11), filled(11, 400, 600_000), rested(11, 600), item(0, 11)];
    expect(await send({ ...place(WIRE), builder: { b: OWNER, f: 10 } }, { nonce: 77, expiresAfter: 2 ** 41 })).toEqual(
      statuses({ resting: { oid: 11 } }),
    );
    expect(sent()).toMatchObject({ kind: 'placeOrders', auth: { nonce: 77, expiresAfterMs: 2 ** 41 } });
  });

  test('none of which is any good: nothing is sent', async () => {
    const answer = statuses(
      { error: 'Order has zero size.' },
      { error: 'Order has invalid size: more decimals than szDecimals.' },
    );
    expect(await send(place({ ...WIRE, s: '0' }, { ...WIRE, s: '0.000001' }))).toEqual(answer);
    expect(exchange.commands).toEqual([]);
  });

  test('with a stop that hangs on one', async () => {
    const action = { type: 'order', orders: [WIRE, STOP], grouping: 'normalTpsl' };
    exchange.onCommand = () => [accepted(11), rested(11, 1_000), item(0, 11)];
    expect(await send(action)).toEqual(statuses({ resting: { oid: 11 } }, 'waitingForFill'));
    expect(sent()).toMatchObject({ orders: [{ attached: { stopLossTicks: 580_000, stopLossLimitTicks: 0 } }] });
    exchange.onCommand = () => [accepted(11), filled(11, 1_000, 600_000), closed(11, 'filled'), item(0, 11)];
    expect(await send(action)).toEqual(
      statuses({ filled: { totalSz: '0.01', avgPx: '60000', oid: 11 } }, 'waitingForTrigger'),
    );
    exchange.onCommand = () => [item(0, 0, REJECT_CODES.ATTACHED_ORDER_INVALID)];
    expect(await send(action)).toEqual(
      statuses({ error: 'Invalid TP/SL price.' }, { error: 'Refused with the other order of its group.' }),
    );
  });

  test('two triggers of which one ends the other, and the same once more', async () => {
    const tp = { ...STOP, p: '65000', t: { trigger: { isMarket: false, triggerPx: '65000', tpsl: 'tp' } }, c: CLOID };
    const action = { type: 'order', orders: [tp, STOP], grouping: 'positionTpsl' };
    exchange.onCommand = () => [
      accepted(11),
      accepted(12),
      { kind: 'orderWaiting', orderId: toOrderId(11), triggerTicks: 650_000 },
      item(0, 11),
      { kind: 'orderWaiting', orderId: toOrderId(12), triggerTicks: 580_000 },
      item(1, 12),
    ];
    expect(await send(action)).toEqual(statuses('waitingForTrigger', 'waitingForTrigger'));
    expect(sent()).toMatchObject({ grouping: 'oneCancelsOther' });
    exchange.onCommand = () => [
      { kind: 'orderDuplicated', orderId: toOrderId(11), accountId: ACCOUNT, clientOrderId: CLOID },
    ];
    const error = { error: 'Duplicate cloid: order 11 has it.' };
    expect(await send(action)).toEqual(statuses(error, error));
  });
});

describe('cancels and changes', () => {
  test('cancels, item by item', async () => {
    exchange.onCommand = () => [
      closed(7, 'cancelledByOwner', 5_000),
      item(0, 7),
      item(1, 0, REJECT_CODES.ORDER_UNKNOWN),
    ];
    const action = {
      type: 'cancel',
      cancels: [
        { a: 0, o: 7 },
        { a: 0, o: 0 },
        { a: 0, o: 8 },
      ],
    };
    const error = { error: 'Order was never placed, already canceled, or filled.' };
    const answer = { status: 'ok', response: { type: 'cancel', data: { statuses: ['success', error, error] } } };
    expect(await send(action)).toEqual(answer);
    expect(sent()).toMatchObject({ kind: 'cancelOrders', orders: [{ orderId: 7 }, { orderId: 8 }] });
  });

  test('cancels by name', async () => {
    exchange.onCommand = () => [closed(7, 'cancelledByOwner', 5_000), item(0, 7)];
    const answer = { status: 'ok', response: { type: 'cancel', data: { statuses: ['success'] } } };
    expect(await send({ type: 'cancelByCloid', cancels: [{ asset: 0, cloid: CLOID }] })).toEqual(answer);
    expect(sent()).toMatchObject({ kind: 'cancelOrders', orders: [{ orderId: 0, clientOrderId: CLOID }] });
  });

  test('one change is another order', async () => {
    exchange.onCommand = () => [closed(7, 'replaced', 5_000), accepted(11), rested(11, 1_000)];
    expect(await send({ type: 'modify', oid: 7, order: WIRE })).toEqual(DEFAULT);
    expect(sent()).toMatchObject({ kind: 'replaceOrder', replaced: { orderId: 7 } });
    const batch = { type: 'batchModify', modifies: [{ oid: 7, order: WIRE }] };
    expect(await send(batch)).toEqual(statuses({ resting: { oid: 11 } }));
    exchange.onCommand = () => rejected(REJECT_CODES.ORDER_UNKNOWN);
    const text = 'Order was never placed, already canceled, or filled.';
    expect(await send({ type: 'modify', oid: 8, order: WIRE })).toEqual(refused(text));
    expect(await send(batch)).toEqual(refused(text));
    expect(await send({ type: 'modify', oid: 7, order: { ...WIRE, s: '0' } })).toEqual(refused('Order has zero size.'));
  });

  test('several changes keep their orders: what has traded of them counts', async () => {
    const open = { a: 0, b: true, p: '59000', s: '0.02', r: false, t: { limit: { tif: 'Gtc' } } };
    exchange.onCommand = () => [
      {
        kind: 'orderAmended',
        orderId: toOrderId(7),
        accountId: ACCOUNT,
        marketId: BTC,
        clientOrderId: 'mine',
        priceTicks: 590_000,
        sizeLots: 3_000,
        remainingLots: 2_000,
        keptPlace: false,
      },
      rested(7, 2_000),
      item(0, 7),
    ];
    const modifies = [
      { oid: 7, order: open },
      { oid: 7, order: { ...open, b: false } },
      { oid: 999, order: open },
    ];
    expect(await send({ type: 'batchModify', modifies })).toEqual(
      statuses(
        { resting: { oid: 7 } },
        { error: expect.stringContaining('only price and size') },
        { error: 'Order was never placed, already canceled, or filled.' },
      ),
    );
    const tradedLots = OPEN_ORDER.sizeLots - OPEN_ORDER.remainingLots;
    const amendments = [
      { orderId: 7, clientOrderId: '', marketId: BTC, priceTicks: 590_000, sizeLots: 2_000 + tradedLots },
    ];
    expect(sent()).toMatchObject({ kind: 'amendOrders', amendments });
  });

  test('several changes of nothing that is there send nothing', async () => {
    const modifies = [
      { oid: 998, order: WIRE },
      { oid: 999, order: WIRE },
    ];
    const error = { error: 'Order was never placed, already canceled, or filled.' };
    expect(await send({ type: 'batchModify', modifies })).toEqual(statuses(error, error));
    expect(exchange.commands).toEqual([]);
  });

  test('a dead-man switch, and its end', async () => {
    expect(await send({ type: 'scheduleCancel', time: Date.now() + 30_000 })).toEqual(DEFAULT);
    expect((sent() as { timeoutMs: number }).timeoutMs).toBeGreaterThan(25_000);
    exchange.commands.length = 0;
    expect(await send({ type: 'scheduleCancel' })).toEqual(DEFAULT);
    expect(sent()).toMatchObject({ kind: 'cancelAllAfter', timeoutMs: 0 });
    expect(await send({ type: 'scheduleCancel', time: 5 })).toEqual(
      refused('Scheduled cancel time must be 1 second to 24 hours from now.'),
    );
  });

  test('noop uses its nonce up', async () => {
    exchange.onCommand = () => rejected(REJECT_CODES.BATCH_SIZE_INVALID);
    expect(await send({ type: 'noop' })).toEqual(DEFAULT);
    expect(sent()).toMatchObject({ kind: 'cancelOrders', orders: [] });
    exchange.onCommand = () => rejected(REJECT_CODES.NONCE_ALREADY_USED);
    expect(await send({ type: 'noop' })).toEqual(refused('Invalid nonce: duplicate nonce.'));
  });

  test('a leverage; isolated margin is told where it is', async () => {
    const action = { type: 'updateLeverage', asset: 0, isCross: true, leverage: 5 };
    expect(await send(action)).toEqual(DEFAULT);
    expect(sent()).toMatchObject({ kind: 'setLeverage', marketId: BTC, leverage: 5 });
    const isolated = refused(expect.stringContaining('POST /v1/transfers'));
    expect(await send({ ...action, isCross: false })).toEqual(isolated);
    expect(await send({ type: 'updateIsolatedMargin', asset: 0, isBuy: true, ntli: 5 })).toEqual(isolated);
    exchange.onCommand = () => rejected(REJECT_CODES.LEVERAGE_NOT_COVERED);
    expect(await send(action)).toEqual(refused('Insufficient margin to place order.'));
  });
});

describe('over HTTP', () => {
  test.each<[string, unknown, string]>([
    ['no JSON', '{"action":', 'Failed to parse the request body as JSON'],
    ['no object', '5', 'Failed to deserialize the JSON body into the target type: request is not an object'],
    [
      'no signature',
      { action: { type: 'noop' }, nonce: 1 },
      'Failed to deserialize the JSON body into the target type: signature is not an object',
    ],
    [
      'an order with a number for a price',
      { action: place({ ...WIRE, p: 60_000 }), nonce: 1, signature: { r: '0x1', s: '0x1', v: 27 } },
      'Failed to deserialize the JSON body into the target type: action.orders[0].p is not a decimal text such as "0.25"',
    ],
  ])('%s is 422 and plain text', async (_what, body, text) => {
    const answer = await exchange.post('/exchange', body);
    expect([answer.status, answer.text, answer.headers.get('content-type')]).toEqual([
      422,
      text,
      'text/plain; charset=utf-8',
    ]);
  });

  test('a page of any origin may ask', async () => {
    const preflight = await fetch(`${exchange.url}/exchange`, { method: 'OPTIONS' });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-headers')).toBe('content-type');
    const answer = await exchange.post('/exchange', await signedExchange({ type: 'setReferrer', code: 'X' }));
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
  });

  test('without a sequencer it says so, in our own words', async () => {
    await exchange.stopIntake();
    expect(await send(place(WIRE))).toEqual(refused(expect.stringContaining('[SEQUENCER_UNAVAILABLE]')));
    await exchange.startIntake();
    exchange.onCommand = () => [accepted(11), rested(11, 1_000), item(0, 11)];
    await until(async () =>
      (await exchange.post('/exchange', await signedExchange(place(WIRE)))).text.includes('resting'),
    );
  });
});

test('the same runs over the WebSocket', async () => {
  exchange.onCommand = () => [accepted(11), rested(11, 1_000), item(0, 11)];
  const client = await openHyperliquidSocket(exchange.port);
  const payload = await client.post(3, { type: 'action', payload: await signedExchange(place(WIRE)) });
  expect(payload).toEqual({ type: 'action', payload: statuses({ resting: { oid: 11 } }) });
  client.socket.close();
});

describe('@nktkas/hyperliquid, unmodified', () => {
  const client = () =>
    new ExchangeClient({
      transport: new HttpTransport({ apiUrl: exchange.url, isTestnet: true }),
      wallet: privateKeyToAccount(AGENT_KEY),
    });

  test('places, changes, cancels', async () => {
    exchange.onCommand = () => [accepted(11), rested(11, 1_000), item(0, 11)];
    const order = { a: 0, b: true, p: '60000', s: '0.01', r: false, t: { limit: { tif: 'Gtc' as const } } };
    expect(await client().order({ orders: [order], grouping: 'na' })).toEqual(statuses({ resting: { oid: 11 } }));
    sent();
    exchange.commands.length = 0;
    exchange.onCommand = () => [closed(11, 'replaced', 1_000), accepted(12), rested(12, 1_000)];
    expect(await client().modify({ oid: 11, order })).toEqual(DEFAULT);
    sent();
    exchange.commands.length = 0;
    exchange.onCommand = () => [closed(12, 'cancelledByOwner', 1_000), item(0, 12)];
    const answer = { status: 'ok', response: { type: 'cancel', data: { statuses: ['success'] } } };
    expect(await client().cancel({ cancels: [{ a: 0, o: 12 }] })).toEqual(answer);
    sent();
    expect(await client().scheduleCancel({ time: Date.now() + 60_000 })).toEqual(DEFAULT);
    expect(await client().updateLeverage({ asset: 0, isCross: true, leverage: 5 })).toEqual(DEFAULT);
    expect(await client().approveBuilderFee({ maxFeeRate: '0.01%', builder: OWNER })).toEqual(DEFAULT);
    expect(await client().setReferrer({ code: 'X' })).toEqual(DEFAULT);
  });

  test('throws what was refused', async () => {
    exchange.onCommand = () => [item(0, 0, REJECT_CODES.POST_ONLY_WOULD_CROSS)];
    const order = { a: 0, b: true, p: '60000', s: '0.01', r: false, t: { limit: { tif: 'Alo' as const } } };
    await expect(client().order({ orders: [order], grouping: 'na' })).rejects.toThrow(
      'Post only order would have immediately matched,',
    );
    await expect(client().withdraw3({ destination: OWNER, amount: '1' })).rejects.toThrow('POST /v1/withdrawals');
  });
});
