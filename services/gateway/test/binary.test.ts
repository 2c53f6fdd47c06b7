import { once } from 'node:events';
import { type Event, type OrderAccepted, REJECT_CODES, type Side, toOrderId } from '@keel/types';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { CHANNEL_NAMES } from '../src/wire/channels.ts';
import { type BinarySocket, bodyOf, openBinarySocket } from './binarySocket.ts';
import { openSocket, type TestSocket } from './openSocket.ts';
import { ACCOUNT, BTC, bidFlush, OWNER } from './readModelOf.ts';
import { GOOD_ORDER, GUARD, signed, signedOrder } from './signedOrder.ts';
import { type Exchange, startExchange, until } from './startExchange.ts';

let exchange: Exchange;
let json: TestSocket;
let binary: BinarySocket;
beforeEach(async () => {
  exchange = await startExchange();
  json = await openSocket(exchange.port);
  binary = await openBinarySocket(exchange.port);
});
afterEach(() => exchange.stop());

const answerOf = (heard: readonly object[], id: unknown) =>
  heard.find((message) => 'id' in message && message.id === id);

/** Answers that are alike in both forms, but for what two commands cannot share. */
function withoutPlace(answer: object | undefined): object {
  const text = JSON.stringify(answer).replace(/"(sequence|timeMs|left)":\d+/g, '"$1":0');
  return JSON.parse(text) as object;
}

async function askBoth(id: number | string, method: string, params?: object | null): Promise<object> {
  const request = { id, method, ...(params === undefined ? {} : { params }) };
  json.send(request);
  await until(() => answerOf(json.heard, id) !== undefined);
  binary.ask(request);
  await until(() => answerOf(binary.heard, id) !== undefined);
  const said = withoutPlace(answerOf(json.heard, id));
  expect(withoutPlace(answerOf(binary.heard, id)), method).toEqual(said);
  return said;
}

/** Which words the last answer came in. */
const lastCase = () => bodyOf(binary.bytes.at(-1) as Uint8Array);

const accepted: OrderAccepted = {
  kind: 'orderAccepted',
  orderId: toOrderId(44),
  accountId: ACCOUNT,
  marketId: BTC,
  side: 'buy',
  orderType: 'limit',
  timeInForce: 'gtc',
  priceTicks: 600_005,
  sizeLots: 100,
  reduceOnly: false,
  clientOrderId: '',
  expiresAtMs: 0,
  displayLots: 0,
  selfTrade: 'expireMaker',
  selfTradeScope: 'account',
  trigger: undefined,
  attached: undefined,
  linkedOrderId: 0,
  parentOrderId: 0,
};
const rested: Event = { kind: 'orderRested', orderId: toOrderId(44), remainingLots: 100 };
const closed: Event = {
  kind: 'orderClosed',
  orderId: toOrderId(44),
  accountId: ACCOUNT,
  marketId: BTC,
  reason: 'cancelledByOwner',
  remainingLots: 100,
  code: 0,
};

test('every method and every refusal says the same in both forms', async () => {
  const items = { ...GUARD, nonce: 2_000 };
  exchange.onCommand = (command) => {
    if (command.kind === 'cancelOrder') return [closed];
    if (command.kind === 'cancelAllAfter')
      return [{ kind: 'cancelAllAfterSet', accountId: ACCOUNT, deadlineMs: 9 } as Event];
    if (command.kind === 'placeOrders')
      return [{ kind: 'batchItem', item: 0, code: REJECT_CODES.INSUFFICIENT_MARGIN, orderId: 0 } as Event];
    return command.kind === 'placeOrder' ? [accepted, rested] : [];
  };
  const order = signedOrder();
  await askBoth(1, 'order.place', order);
  expect(lastCase()).toBe('placedOrder');
  expect(exchange.commands[1]).toEqual(exchange.commands[0]);
  await askBoth(2, 'order.cancel', signed({ primaryType: 'CancelOrder', ...GUARD, orderId: '44', clientOrderId: '' }));
  expect(lastCase()).toBe('cancelled');
  const { grouping } = { grouping: 'none' } as const;
  await askBoth(
    'b',
    'order.placeBatch',
    signed({ primaryType: 'PlaceOrders', ...items, orders: [GOOD_ORDER], grouping }),
  );
  expect(lastCase()).toBe('placedOrders');
  await askBoth(3, 'order.cancelAllAfter', signed({ primaryType: 'CancelAllAfter', ...items, timeoutMs: 5_000 }));
  expect(lastCase()).toBe('cancelAllAfterSet');
  await askBoth(4, 'leverage.set', signed({ primaryType: 'SetLeverage', ...items, market: 'BTC-USD', leverage: 5 }));
  expect(lastCase()).toBe('resultJson');
  await askBoth(5, 'ping', {});
  expect(lastCase()).toBe('pong');
  await askBoth(6, 'session.limits');
  await askBoth(7, 'session.cancelOnDisconnect', null);
  const { price: _, ...withoutPrice } = order;
  const refused: readonly (readonly [string, object | null | undefined, string])[] = [
    ['order.place', { ...order, tip: '1' }, 'UNKNOWN_FIELD'],
    ['order.place', withoutPrice, 'BAD_REQUEST'],
    ['order.place', { ...order, side: 'Buy' }, 'BAD_REQUEST'],
    ['order.place', { ...order, price: '60000.55' }, 'PRICE_OFF_TICK'],
    ['order.place', { ...order, price: '060000' }, 'NOT_CANONICAL_DECIMAL'],
    ['order.place', { ...order, signature: '0x00' }, 'BAD_SIGNATURE'],
    ['order.place', { ...order, market: 'DOGE-USD' }, 'MARKET_UNKNOWN'],
    ['order.place', null, 'BAD_REQUEST'],
    ['order.fly', {}, 'METHOD_NOT_FOUND'],
    ['subscribe', { channel: 'book', market: 'DOGE-USD' }, 'MARKET_UNKNOWN'],
    ['subscribe', { channel: 'book', market: 'BTC-USD', grouping: '3' }, 'BAD_REQUEST'],
    ['subscribe', { channel: 'books' }, 'BAD_REQUEST'],
    ['ping', { news: 1 }, 'UNKNOWN_FIELD'],
  ];
  for (const [at, [method, params, code]] of refused.entries()) {
    const said = await askBoth(100 + at, method, params);
    expect(said, `${method} ${JSON.stringify(params)}`).toMatchObject({ error: { code } });
    expect(lastCase()).toBe('error');
  }
}, 30_000);

test('every frame of every channel, random flushes after it, and views of the book: the same in both forms', async () => {
  const seed = Date.now() % 1_000_000;
  const random = dice(seed);
  const subscriptions = [
    ...CHANNEL_NAMES.map((channel) => ({
      channel,
      ...(['book', 'bookOrders', 'bbo', 'ticker', 'candles', 'trades'].includes(channel) ? { market: 'BTC-USD' } : {}),
      ...(channel === 'account' ? { account: OWNER } : {}),
    })),
    { channel: 'book', market: 'BTC-USD', levels: 5, grouping: '10', intervalMs: 20 },
  ];
  for (const [at, params] of subscriptions.entries()) await askBoth(at, 'subscribe', params);
  const framesOf = (heard: readonly object[]) => heard.filter((message) => 'channel' in message).map(textOf);
  await until(() => framesOf(binary.heard).length >= subscriptions.length);
  const last = 60;
  for (let sequence = 2; sequence <= last; sequence += 1) {
    const levels = Array.from({ length: 1 + random(4) }, () => {
      const side: Side = random(2) === 0 ? 'buy' : 'sell';
      const priceTicks = (side === 'buy' ? 590_000 : 602_000) + random(50) * 10;
      return { marketId: BTC, side, priceTicks, sizeLots: random(3) === 0 ? 0 : 1 + random(5_000_000) };
    });
    const bookOrders = levels.slice(0, 2).map((level, at) => ({
      ...level,
      orderId: toOrderId(1 + random(9)),
      queuePlace: level.sizeLots === 0 ? 0 : sequence * 10 + at,
    }));
    const trades = Array.from({ length: random(3) }, (_item, at) => ({
      tradeId: sequence * 10 + at,
      marketId: BTC,
      priceTicks: 600_000 + random(9),
      sizeLots: 1 + random(99),
      takerSide: random(2) === 0 ? 'buy' : 'sell',
      timeMs: 5,
      sequence,
      liquidation: random(2) === 0,
    }));
    await exchange.writer.write({ ...bidFlush(sequence, 0), levels, bookOrders, trades } as never);
  }
  const chained = (texts: readonly string[]) =>
    new Set(
      texts.filter((text) => /"channel":"(book|bookOrders|trades|bbo)"/.test(text) && !text.includes('grouping')),
    );
  const isThere = (heard: readonly object[]) =>
    heard.some((message) => 'prevSeq' in message && (message as { seq?: number }).seq === last);
  await until(() => isThere(json.heard) && isThere(binary.heard));
  expect(chained(framesOf(binary.heard)), `seed ${seed}`).toEqual(chained(framesOf(json.heard)));
  expect(chained(framesOf(json.heard)).size).toBeGreaterThan(100);
  // Those that depend on when they were asked for: whatever both were told at one sequence is alike.
  const others = new Map(framesOf(json.heard).map((text) => [placeOf(text), text]));
  const compared = framesOf(binary.heard).filter((text) => others.has(placeOf(text)));
  for (const text of compared) expect(text, `seed ${seed}`).toBe(others.get(placeOf(text)));
  const kinds = new Set(binary.bytes.map(bodyOf));
  expect(kinds).toEqual(new Set(['frame', 'frameJson', 'subscribed']));
}, 60_000);

/** Field by field in one order; a binary frame may have them in another. */
function textOf(message: object): string {
  return JSON.stringify(sorted(message));
}
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
  return Object.fromEntries(entries.map(([key, part]) => [key, sorted(part)]));
}
function placeOf(text: string): string {
  const { data: _, ...place } = JSON.parse(text) as Record<string, unknown>;
  return JSON.stringify(place);
}
function dice(seed: number): (sides: number) => number {
  let state = seed + 1;
  return (sides) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) % sides;
  };
}

test('all followers of a channel are handed the same bytes', async () => {
  const other = await openBinarySocket(exchange.port);
  for (const client of [binary, other])
    client.ask({ id: 1, method: 'subscribe', params: { channel: 'book', market: 'BTC-USD' } });
  await until(() => binary.bytes.length >= 2 && other.bytes.length >= 2);
  await exchange.writer.write({
    ...bidFlush(2, 0),
    levels: [{ marketId: BTC, side: 'buy', priceTicks: 590_000, sizeLots: 7 }],
  });
  await until(() => binary.bytes.length >= 3 && other.bytes.length >= 3);
  expect(other.bytes[2]).toEqual(binary.bytes[2]);
  expect(binary.heard[2]).toMatchObject({ channel: 'book', type: 'update', seq: 2, prevSeq: 1 });
  expect((binary.bytes[2] as Uint8Array).length).toBeLessThan(60);
});

test('frames that are none: texts, bytes without sense; the eleventh closes the connection', async () => {
  binary.socket.send('{"id":1,"method":"ping"}');
  await until(() => binary.heard.length === 1);
  expect(binary.heard[0]).toMatchObject({
    id: null,
    error: { code: 'BAD_JSON', details: { fault: 'a frame is binary' } },
  });
  for (let count = 0; count < 10; count += 1) binary.socket.send(Uint8Array.of(0x1a, 0xff, count));
  await until(() => binary.closed !== undefined);
  expect(binary.closed?.code).toBe(4000);
  expect(binary.heard.at(-1)).toMatchObject({ id: null, error: { code: 'BAD_JSON' } });
});

test('an empty message, no method, an unknown field: refused by the checks of the JSON form', async () => {
  binary.socket.send(new Uint8Array());
  binary.socket.send(Uint8Array.of(0x08, 0x02));
  binary.socket.send(Uint8Array.of(0x08, 0x04, 0x72, 0x03, 0xf8, 0x07, 0x01));
  await until(() => binary.heard.length === 3);
  expect(binary.heard).toMatchObject([
    { id: null, error: { code: 'BAD_REQUEST' } },
    { id: 1, error: { code: 'BAD_REQUEST', details: { path: '/method' } } },
    { id: 2, error: { code: 'UNKNOWN_FIELD', details: { path: '/params/#127' } } },
  ]);
});

test('subprotocols: the first that is known is chosen; one that is not known is not said back, and its client gives up', async () => {
  const open = (names: string[]) => new WebSocket(`ws://127.0.0.1:${exchange.port}/v1/ws`, names);
  const both = open(['keel.v9', 'keel.v1.json', 'keel.v1.protobuf']);
  await once(both, 'open');
  expect(both.protocol).toBe('keel.v1.json');
  const [fault] = (await once(open(['keel.v9']), 'error')) as [Error];
  expect(fault.message).toBe('Server sent no subprotocol');
});
