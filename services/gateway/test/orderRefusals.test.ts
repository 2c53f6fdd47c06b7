import type { OrderTerms, SignableAction } from '@keel/signing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openSocket, type TestSocket } from './openSocket.ts';
import { ORDER_ROWS } from './orderRows.ts';
import { GOOD_ORDER, GUARD, signed } from './signedOrder.ts';
import { type Exchange, factsOf, startExchange } from './startExchange.ts';

let exchange: Exchange;
let client: TestSocket;
beforeAll(async () => {
  exchange = await startExchange();
  client = await openSocket(exchange.port);
});
afterAll(() => exchange.stop());
beforeEach(() => {
  exchange.commands.length = 0;
});

const order = (changes: Partial<OrderTerms>): SignableAction => ({
  primaryType: 'PlaceOrder',
  ...GUARD,
  ...GOOD_ORDER,
  ...changes,
});
const batch = (...orders: readonly OrderTerms[]): SignableAction => ({
  primaryType: 'PlaceOrders',
  ...GUARD,
  orders,
  grouping: 'none',
});
const find = (kind: SignableAction['primaryType']): SignableAction =>
  ORDER_ROWS.map(([, , action]) => action).find(({ primaryType }) => primaryType === kind)!;
const changed = (kind: SignableAction['primaryType'], changes: object): unknown => ({
  ...signed(find(kind)),
  ...changes,
});

/** Refused at the door, over REST and WebSocket alike: what is sent, its code, and the path of the field at fault. */
const REFUSALS: readonly [what: string, method: string, body: unknown, code: string, path?: string][] = [
  [
    'time in force unknown',
    'order.place',
    changed('PlaceOrder', { timeInForce: 'day' }),
    'BAD_REQUEST',
    '/timeInForce',
  ],
  ['expiry as a text', 'order.place', changed('PlaceOrder', { expiresAt: '5' }), 'BAD_REQUEST', '/expiresAt'],
  ['expiry negative', 'order.place', changed('PlaceOrder', { expiresAt: -5 }), 'BAD_REQUEST', '/expiresAt'],
  ['self-trade unknown', 'order.place', changed('PlaceOrder', { selfTrade: 'no' }), 'BAD_REQUEST', '/selfTrade'],
  ['trigger unknown', 'order.place', changed('PlaceOrder', { triggerKind: 'if' }), 'BAD_REQUEST', '/triggerKind'],
  ['display off lot', 'order.place', signed(order({ displaySize: '0.000001' })), 'SIZE_OFF_LOT', '/displaySize'],
  ['display as a number', 'order.place', changed('PlaceOrder', { displaySize: 1 }), 'BAD_REQUEST', '/displaySize'],
  [
    'trigger off tick',
    'order.place',
    signed(order({ triggerKind: 'stop', triggerPrice: '1.55' })),
    'PRICE_OFF_TICK',
    '/triggerPrice',
  ],
  [
    'trigger without a kind',
    'order.place',
    signed(order({ triggerPrice: '58000' })),
    'TRIGGER_INVALID',
    '/triggerKind',
  ],
  ['trail without a kind', 'order.place', signed(order({ trail: '5' })), 'TRIGGER_INVALID', '/triggerKind'],
  [
    'trail "1e2"',
    'order.place',
    signed(order({ triggerKind: 'trailingStop', trail: '1e2' })),
    'NOT_A_DECIMAL',
    '/trail',
  ],
  [
    'take-profit off tick',
    'order.place',
    signed(order({ takeProfitTrigger: '66000.01' })),
    'PRICE_OFF_TICK',
    '/takeProfitTrigger',
  ],
  [
    'stop-loss limit with zeros',
    'order.place',
    signed(order({ stopLossTrigger: '57000', stopLossPrice: '56000.0' })),
    'NOT_CANONICAL_DECIMAL',
    '/stopLossPrice',
  ],
  ['an order that is no batch', 'order.place', signed(batch(GOOD_ORDER)), 'UNKNOWN_FIELD'],
  ['no orders', 'order.placeBatch', signed(batch()), 'BATCH_SIZE_INVALID', '/orders'],
  [
    '51 orders',
    'order.placeBatch',
    signed(batch(...Array.from({ length: 51 }, () => GOOD_ORDER))),
    'BATCH_SIZE_INVALID',
    '/orders',
  ],
  [
    'second order off tick',
    'order.placeBatch',
    signed(batch(GOOD_ORDER, { ...GOOD_ORDER, price: '1.55' })),
    'PRICE_OFF_TICK',
    '/orders/1/price',
  ],
  [
    'second order of no market',
    'order.placeBatch',
    signed(batch(GOOD_ORDER, { ...GOOD_ORDER, market: 'DOGE-USD' })),
    'MARKET_UNKNOWN',
    '/orders/1/market',
  ],
  [
    'an order with a signature of its own',
    'order.placeBatch',
    changed('PlaceOrders', { orders: [{ ...GOOD_ORDER, signature: '0x' }] }),
    'UNKNOWN_FIELD',
    '/orders/0/signature',
  ],
  [
    'an order without side',
    'order.placeBatch',
    changed('PlaceOrders', { orders: [GOOD_ORDER, { ...GOOD_ORDER, side: undefined }] }),
    'BAD_REQUEST',
    '/orders/1/side',
  ],
  ['orders that are an object', 'order.placeBatch', changed('PlaceOrders', { orders: {} }), 'BAD_REQUEST', '/orders'],
  ['grouping unknown', 'order.placeBatch', changed('PlaceOrders', { grouping: 'all' }), 'BAD_REQUEST', '/grouping'],
  [
    'scale from nowhere',
    'order.placeScale',
    changed('PlaceScale', { fromPrice: '0' }),
    'PRICE_OUT_OF_RANGE',
    '/fromPrice',
  ],
  ['scale to off tick', 'order.placeScale', changed('PlaceScale', { toPrice: '1.55' }), 'PRICE_OFF_TICK', '/toPrice'],
  ['scale of a half', 'order.placeScale', changed('PlaceScale', { orderCount: 2.5 }), 'BAD_REQUEST', '/orderCount'],
  ['scale without its order', 'order.placeScale', changed('PlaceScale', { order: undefined }), 'BAD_REQUEST', '/order'],
  ['TWAP off lot', 'order.placeTwap', changed('PlaceTwap', { size: '0.000001' }), 'SIZE_OFF_LOT', '/size'],
  ['TWAP of nothing', 'order.placeTwap', changed('PlaceTwap', { size: '0' }), 'SIZE_OUT_OF_RANGE', '/size'],
  ['TWAP with a price', 'order.placeTwap', changed('PlaceTwap', { price: '1' }), 'UNKNOWN_FIELD', '/price'],
  ['amendment of nothing', 'order.amend', changed('AmendOrder', { orderId: '0' }), 'BAD_REQUEST', '/orderId'],
  ['amendment without market', 'order.amend', changed('AmendOrder', { market: undefined }), 'BAD_REQUEST', '/market'],
  ['amendment to size 0', 'order.amend', changed('AmendOrder', { size: '0' }), 'SIZE_OUT_OF_RANGE', '/size'],
  [
    'second amendment off lot',
    'order.amendBatch',
    changed('AmendOrders', {
      amendments: ['0.05', '0.000001'].map((size) => ({ orderId: '7', market: 'BTC-USD', price: '1', size })),
    }),
    'SIZE_OFF_LOT',
    '/amendments/1/size',
  ],
  [
    'no amendments',
    'order.amendBatch',
    changed('AmendOrders', { amendments: [] }),
    'BATCH_SIZE_INVALID',
    '/amendments',
  ],
  ['replacing nothing', 'order.replace', changed('ReplaceOrder', { replaced: {} }), 'BAD_REQUEST', '/replaced/orderId'],
  [
    'replacing by an order without price',
    'order.replace',
    changed('ReplaceOrder', { order: { ...GOOD_ORDER, price: '0' } }),
    'PRICE_OUT_OF_RANGE',
    '/order/price',
  ],
  ['order id 007', 'order.cancel', changed('CancelOrder', { orderId: '007' }), 'BAD_REQUEST', '/orderId'],
  ['order id as a number', 'order.cancel', changed('CancelOrder', { orderId: 7 }), 'BAD_REQUEST', '/orderId'],
  ['cancelling nothing', 'order.cancel', changed('CancelOrder', { clientOrderId: '' }), 'BAD_REQUEST', '/orderId'],
  [
    'second cancel of nothing',
    'order.cancelBatch',
    changed('CancelOrders', { orders: [{ orderId: '7' }, {}] }),
    'BAD_REQUEST',
    '/orders/1/orderId',
  ],
  ['no cancels', 'order.cancelBatch', changed('CancelOrders', { orders: [] }), 'BATCH_SIZE_INVALID', '/orders'],
  [
    'timeout negative',
    'order.cancelAllAfter',
    changed('CancelAllAfter', { timeoutMs: -1 }),
    'BAD_REQUEST',
    '/timeoutMs',
  ],
  [
    'quantity off lot',
    'protection.set',
    changed('SetMarketMakerProtection', { quantity: '0.000001' }),
    'SIZE_OFF_LOT',
    '/quantity',
  ],
  [
    'delta negative',
    'protection.set',
    changed('SetMarketMakerProtection', { delta: '-1' }),
    'SIZE_OUT_OF_RANGE',
    '/delta',
  ],
  [
    'reset of no market',
    'protection.reset',
    changed('ResetMarketMakerProtection', { market: 'X' }),
    'MARKET_UNKNOWN',
    '/market',
  ],
];

const pathOf = new Map(ORDER_ROWS.map(([path, method]) => [method, path]));

describe('refused at the door, with no nonce used', () => {
  test.each(REFUSALS)('%s (%s)', async (_, method, body, code, path) => {
    const problem = (await exchange.post(pathOf.get(method)!, body)).body;
    expect(problem.code).toBe(code);
    if (path !== undefined) expect(problem.details.path).toBe(path);
    expect((await client.ask(method, body as object)).error).toEqual(factsOf(problem));
    expect(exchange.commands).toEqual([]);
  });
});
