import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { DoorClientFrameSchema, DoorServerFrameSchema } from '@keel/proto/door';
import { DoorFrameType } from '@keel/proto/door_market';
import { Side, TimeInForce } from '@keel/proto/order';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  decodeDoorMessage,
  decodeDoorRequest,
  encodeDoorAnswer,
  encodeDoorFrame,
  encodeDoorRequest,
} from '../src/door.ts';

const ACCOUNT = `0x${'a1'.repeat(20)}`;
const SIGNATURE = `0x${'5f'.repeat(64)}1b`;
const guard = { account: ACCOUNT, nonce: 1_790_000_000_000, signature: SIGNATURE };
const terms = { market: 'BTC-USD', side: 'buy', orderType: 'limit', price: '60000.5', size: '0.001' };
const BTC = { priceDecimals: 1, sizeDecimals: 5 };

/** The generated reader and writer of the words judge ours. */
const ownRequest = (bytes: Uint8Array) => fromBinary(DoorClientFrameSchema, bytes);
const ownMessage = (bytes: Uint8Array) => fromBinary(DoorServerFrameSchema, bytes);

test('an order: the generated code reads what was meant, and writes what is read', () => {
  const params = { ...guard, ...terms, timeInForce: 'postOnly', clientOrderId: 'quote-7', reduceOnly: false };
  const bytes = encodeDoorRequest({ id: 7, method: 'order.place', params });
  const request = ownRequest(bytes);
  expect(request.id).toEqual({ case: 'idNumber', value: 7n });
  expect(request.body).toMatchObject({
    case: 'placeOrder',
    value: {
      guard: { nonce: 1_790_000_000_000n, account: new Uint8Array(20).fill(0xa1) },
      terms: { market: 'BTC-USD', side: Side.BUY, timeInForce: TimeInForce.POST_ONLY, price: '60000.5' },
    },
  });
  const { reduceOnly: _, ...said } = params;
  expect(decodeDoorRequest(bytes)).toEqual({ id: 7, method: 'order.place', params: said });
  expect(decodeDoorRequest(toBinary(DoorClientFrameSchema, request))).toEqual(decodeDoorRequest(bytes));
});

test('what was set to zero by a foreign writer is said, what was not is not', () => {
  const body = { case: 'cancelAllAfter', value: { guard: { subaccount: 0n }, timeoutMs: 0n } } as const;
  const frame = create(DoorClientFrameSchema, { id: { case: 'idText', value: 'a' }, body });
  expect(decodeDoorRequest(toBinary(DoorClientFrameSchema, frame))).toEqual({
    id: 'a',
    method: 'order.cancelAllAfter',
    params: { subaccount: 0, timeoutMs: 0 },
  });
});

const REQUESTS: readonly (readonly [method: string, body: string, params: object | null | undefined])[] = [
  ['order.place', 'placeOrder', { ...guard, ...terms }],
  ['order.placeBatch', 'placeOrders', { ...guard, orders: [terms, terms], grouping: 'oneCancelsOther' }],
  ['order.placeBatch', 'placeOrders', guard],
  ['order.amend', 'amendOrder', { ...guard, orderId: '12', market: 'BTC-USD', price: '1', size: '2' }],
  ['order.amendBatch', 'amendOrders', { ...guard, amendments: [{ clientOrderId: 'x', price: '1' }] }],
  ['order.replace', 'replaceOrder', { ...guard, replaced: { orderId: '12' }, order: terms }],
  ['order.cancel', 'cancelOrder', { ...guard, orderId: '999999999999999' }],
  ['order.cancelBatch', 'cancelOrders', { ...guard, orders: [{ orderId: '1' }, {}] }],
  ['order.cancelAll', 'cancelAllOrders', { ...guard, market: 'BTC-USD' }],
  ['order.cancelAllAfter', 'cancelAllAfter', { ...guard, timeoutMs: 0, expiresAfter: 5 }],
  ['subscribe', 'subscribe', { channel: 'book', market: 'BTC-USD', levels: 20, intervalMs: 100, fromSeq: 0 }],
  ['unsubscribe', 'unsubscribe', { channel: 'account', account: ACCOUNT, subaccount: 3 }],
  ['ping', 'ping', {}],
  // What the words have no place for goes as JSON, to be refused for what it is.
  ['ping', 'json', undefined],
  ['session.cancelOnDisconnect', 'json', null],
  ['leverage.set', 'json', { ...guard, market: 'BTC-USD', leverage: 5 }],
  ['order.place', 'json', { ...guard, ...terms, tip: '1' }],
  ['order.place', 'json', { ...guard, ...terms, price: 60_000 }],
  ['order.place', 'json', { ...guard, ...terms, price: null }],
  ['order.place', 'json', { ...guard, ...terms, side: 'Buy' }],
  ['order.place', 'json', { ...guard, ...terms, signature: '0xzz' }],
  ['order.cancel', 'json', { ...guard, orderId: '007' }],
  ['order.cancelAllAfter', 'json', { ...guard, timeoutMs: -1 }],
  ['order.placeBatch', 'json', { ...guard, orders: [{ ...terms, tip: '1' }] }],
];

test.each(REQUESTS)('%s as %s', (method, body, params) => {
  for (const id of [0, -5, Number.MAX_SAFE_INTEGER, 'my-id']) {
    const request = { id, method, ...(params === undefined ? {} : { params }) };
    const bytes = encodeDoorRequest(request);
    expect(ownRequest(bytes).body.case).toBe(body);
    expect(decodeDoorRequest(bytes)).toEqual(request);
  }
});

test('any params come back as they were', () => {
  const part = fc.oneof(
    fc.constantFrom('0', '', '1.5', 'buy', 'gtc', ACCOUNT, SIGNATURE, '12', null, true, false, 0, 1, 2 ** 53 - 1, -1),
    fc.jsonValue(),
  );
  const names = ['account', 'market', 'side', 'price', 'size', 'nonce', 'orderId', 'orders', 'replaced', 'order'];
  const names2 = ['amendments', 'timeoutMs', 'channel', 'fromSeq', 'account', 'signature', 'interval', 'resumed'];
  const params = fc.dictionary(fc.constantFrom(...names, ...names2), part);
  const method = fc.constantFrom(...new Set(REQUESTS.map(([name]) => name)));
  fc.assert(
    fc.property(method, params, (name, said) => {
      const request = JSON.parse(JSON.stringify({ id: 1, method: name, params: said })) as {
        params: Record<string, unknown>;
      };
      const { params: read } = decodeDoorRequest(encodeDoorRequest({ id: 1, method: name, params: request.params }));
      expect({ ...defaultsLeftOut(request.params), ...(read as object) }).toEqual(request.params);
    }),
    { numRuns: 1_000 },
  );
});

/** Those of them that mean nothing when they are there. */
function defaultsLeftOut(params: Readonly<Record<string, unknown>>): object {
  const { orderId, market } = params;
  return { ...(orderId === '0' ? { orderId } : {}), ...(market === '' ? { market } : {}) };
}

test('what the words do not know has a name that no check knows', () => {
  const unknown = Uint8Array.of(0x08, 0x02, 0x72, 0x03, 0xf8, 0x07, 0x01);
  expect(decodeDoorRequest(unknown)).toEqual({ id: 1, method: 'ping', params: { '#127': true } });
  const side = Uint8Array.of(0x1a, 0x04, 0x12, 0x02, 0x10, 0x07);
  expect(decodeDoorRequest(side)).toEqual({ method: 'order.place', params: { side: '#7' } });
  expect(decodeDoorRequest(new Uint8Array())).toEqual({});
});

test('no bytes do harm: they are a request, or MALFORMED', () => {
  const whole = encodeDoorRequest({ id: 7, method: 'order.place', params: { ...guard, ...terms } });
  const bent = fc.tuple(fc.nat(whole.length - 1), fc.nat(255), fc.nat(whole.length)).map(([at, byte, end]) => {
    const bytes = whole.slice(0, end);
    if (at < bytes.length) bytes[at] = byte;
    return bytes;
  });
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 60 }), bent), (bytes) => {
      for (const decode of [decodeDoorRequest, decodeDoorMessage])
        try {
          decode(bytes);
        } catch (fault) {
          expect(fault).toMatchObject({ code: 'MALFORMED' });
        }
    }),
    { numRuns: 2_000 },
  );
});

const ack = { status: 'acked', durability: 'acked', repeated: false, sequence: 12, timeMs: 5 };
const fill = { tradeId: '3', price: '60000', size: '0.001', fee: '-0.01', realisedPnl: '0' };
const traded = { filledSize: '0', averagePrice: null, remainingSize: '0.001', fills: [] };
const placed = {
  duplicate: false,
  orderId: '44',
  clientOrderId: '',
  state: 'resting',
  closeReason: null,
  price: '60000.5',
  triggerPrice: null,
  expiresAt: 0,
  shownSize: '0.001',
  ...traded,
};
const amended = {
  orderId: '44',
  state: 'open',
  closeReason: 'selfTrade',
  price: null,
  size: '0',
  keptPlace: true,
  ...traded,
  fills: [fill],
};
const refused = {
  code: 'INSUFFICIENT_MARGIN',
  number: 306,
  message: 'no',
  retryable: false,
  details: { item: 0, deep: [1] },
};
const RESULTS: readonly (readonly [method: string, body: string, result: object])[] = [
  ['order.place', 'placedOrder', { ...ack, ...placed }],
  ['order.place', 'placedOrder', { ...ack, ...placed, state: null, duplicate: true, repeated: true }],
  ['order.placeBatch', 'placedOrders', { ...ack, items: [placed, { error: refused }, { ...placed, fills: [fill] }] }],
  ['order.amend', 'amendedOrder', { ...ack, ...amended }],
  ['order.amendBatch', 'amendedOrders', { ...ack, items: [{ error: refused }, amended] }],
  ['order.replace', 'replacedOrder', { ...ack, replacedOrderId: null, ...placed }],
  ['order.replace', 'replacedOrder', { ...ack, replacedOrderId: '43', ...placed }],
  ['order.cancel', 'cancelled', { ...ack, cancelledOrderIds: [] }],
  ['order.cancelAll', 'cancelled', { ...ack, cancelledOrderIds: ['1', '300', '999999999999999'] }],
  [
    'order.cancelBatch',
    'cancelledOrders',
    { ...ack, items: [{ orderId: '1' }, { error: refused }], cancelledOrderIds: ['1'] },
  ],
  ['order.cancelAllAfter', 'cancelAllAfterSet', { ...ack, deadline: 0 }],
  ['subscribe', 'subscribed', { channel: 'book', market: 'BTC-USD', fromSeq: 0, resumed: false }],
  ['unsubscribe', 'unsubscribed', { channel: 'status' }],
  ['ping', 'pong', { timeMs: 1_790_000_000_000 }],
  ['session.limits', 'resultJson', { frameBytes: 1 }],
  ['order.place', 'resultJson', { ...ack, ...placed, news: 1 }],
  ['order.cancel', 'resultJson', { ...ack, status: 'sealed', cancelledOrderIds: [] }],
];
test.each(RESULTS)('result of %s as %s', (method, body, result) => {
  for (const id of [1, 'a']) {
    const bytes = encodeDoorAnswer({ id, result }, method);
    expect(ownMessage(bytes).body.case).toBe(body);
    expect(decodeDoorMessage(bytes)).toEqual({ id, result });
    expect(decodeDoorMessage(toBinary(DoorServerFrameSchema, ownMessage(bytes)))).toEqual({ id, result });
  }
});

test('an error, of a request whose id could not be read too', () => {
  for (const id of [null, 0, 9]) {
    const bytes = encodeDoorAnswer({ id, error: refused });
    expect(ownMessage(bytes).body).toMatchObject({ case: 'error', value: { number: 306n } });
    expect(decodeDoorMessage(bytes)).toEqual({ id, error: refused });
  }
});

const head = { market: 'BTC-USD', type: 'update', seq: 9, ts: 1_790_000_000_000 };
const levels = { bids: [['60000.5', '0.001']], asks: [['60001', '0']], checksum: 0xffff_fffe };
const best = { bid: ['60000', '0.5'], ask: null };
const trade = { tradeId: '3', price: '1', size: '2', takerSide: 'sell', time: 4, liquidation: true };
const order = { orderId: '5', side: 'buy', price: '60000', size: '0', queuePlace: 0 };
const ticker = {
  market: 'BTC-USD',
  mark: '60000.1',
  index: null,
  last: '1',
  ...best,
  fundingRate: '-0.000012345',
  nextFundingTime: 7,
  openInterest: '12.5',
  volume: '123456789012345.123456',
  status: 'stalePrice',
  tradingStatus: 'cancelOnly',
};
const FRAMES: readonly (readonly [channel: string, body: string, frame: object])[] = [
  ['book', 'frame', { ...head, prevSeq: 8, data: levels }],
  ['book', 'frame', { ...head, type: 'snapshot', resync: true, data: { bids: [], asks: [], checksum: 0 } }],
  ['book', 'frame', { ...head, levels: 5, grouping: '10', intervalMs: 20, data: levels }],
  ['bookOrders', 'frame', { ...head, data: { orders: [order, { ...order, queuePlace: 7 }] } }],
  ['trades', 'frame', { ...head, prevSeq: 0, data: { trades: [trade, { ...trade, liquidation: false }] } }],
  ['bbo', 'frame', { ...head, data: best }],
  ['bbo', 'frame', { ...head, data: { bid: null, ask: ['1', '0.00001'] } }],
  ['ticker', 'frame', { ...head, data: ticker }],
  ['ticker', 'frameJson', { ...head, data: { ...ticker, news: 1 } }],
  ['book', 'frameJson', { ...head, data: { ...levels, bids: [['60000.55', '1']] } }],
  ['candles', 'frameJson', { ...head, interval: '1m', data: { candles: [] } }],
];
test.each(FRAMES)('frame of %s as %s', (channel, body, rest) => {
  const frame = { channel, ...rest } as { channel: string; data: object };
  const bytes = encodeDoorFrame(frame, BTC, () => new TextEncoder().encode(JSON.stringify(frame)));
  expect(ownMessage(bytes).body.case).toBe(body);
  expect(decodeDoorMessage(bytes)).toEqual(frame);
  expect(decodeDoorMessage(toBinary(DoorServerFrameSchema, ownMessage(bytes)))).toEqual(frame);
});

test('a book in ticks and lots, as the generated code reads it', () => {
  const frame = { channel: 'book', ...head, prevSeq: 8, data: levels };
  const { body } = ownMessage(encodeDoorFrame(frame, BTC, () => new Uint8Array()));
  expect(body.value).toMatchObject({
    market: 'BTC-USD',
    type: DoorFrameType.UPDATE,
    seq: 9n,
    prevSeq: 8n,
    priceDecimals: 1n,
    sizeDecimals: 5n,
    data: {
      case: 'book',
      value: { bidTicks: [600_005n], bidLots: [100n], askTicks: [600_010n], askLots: [0n], checksum: 0xffff_fffe },
    },
  });
});

test('a tick may be told after the prices', () => {
  const bytes = Uint8Array.of(0x22, 0x08, 0x62, 0x04, 0x08, 0x0f, 0x10, 0x02, 0x38, 0x01);
  expect(decodeDoorMessage(bytes)).toMatchObject({ channel: 'bbo', data: { bid: ['1.5', '2'], ask: null } });
});
