import {
  actionOfCommand,
  hashAction,
  keelDomain,
  type OrderTerms,
  recoverSigner,
  type SignableAction,
} from '@keel/signing';
import type { SignedCommand } from '@keel/types';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openSocket, type TestSocket } from './openSocket.ts';
import { ACCOUNT, BTC, BTC_MARKET, OWNER } from './readModelOf.ts';
import { GOOD_ORDER, GUARD, signed } from './signedOrder.ts';
import { CHAIN_ID, type Exchange, SETTLEMENT, startExchange } from './startExchange.ts';

let exchange: Exchange;
let client: TestSocket;
beforeAll(async () => {
  exchange = await startExchange();
  client = await openSocket(exchange.port);
});
afterAll(() => exchange.stop());
beforeEach(() => {
  exchange.commands.length = 0;
  // Answers are looked at elsewhere: here every command is taken, and refused with a code that no door gives.
  exchange.onCommand = () => [{ kind: 'commandRejected', code: 301, accountId: ACCOUNT }];
});

const STOP_SELL: OrderTerms = {
  ...GOOD_ORDER,
  side: 'sell',
  orderType: 'market',
  timeInForce: 'ioc',
  price: '0',
  size: '0.1',
  reduceOnly: true,
  triggerKind: 'stop',
  triggerPrice: '58000',
};
/** Every option that one order can have at a time. */
const FULL_ORDER: OrderTerms = {
  ...GOOD_ORDER,
  timeInForce: 'gtt',
  clientOrderId: 'ladder-1',
  expiresAt: 1_800_000_000_000,
  displaySize: '0.0002',
  selfTrade: 'decrement',
  selfTradeScope: 'owner',
  takeProfitTrigger: '66000',
  takeProfitPrice: '65990.5',
  stopLossTrigger: '57000',
};
const FULL_REQUEST = {
  marketId: BTC,
  side: 'buy',
  orderType: 'limit',
  timeInForce: 'gtt',
  priceTicks: 600_005,
  sizeLots: 100,
  reduceOnly: false,
  clientOrderId: 'ladder-1',
  expiresAtMs: 1_800_000_000_000,
  displayLots: 20,
  selfTrade: 'decrement',
  selfTradeScope: 'owner',
  attached: { takeProfitTicks: 660_000, takeProfitLimitTicks: 659_905, stopLossTicks: 570_000, stopLossLimitTicks: 0 },
} as const;
const STOP_REQUEST = {
  side: 'sell',
  orderType: 'market',
  priceTicks: 0,
  sizeLots: 10_000,
  trigger: { kind: 'stop', triggerTicks: 580_000, trailTicks: 0 },
} as const;

type Row = readonly [path: string, method: string, action: SignableAction, command: object];
const ROWS: readonly Row[] = [
  [
    '/v1/orders',
    'order.place',
    { primaryType: 'PlaceOrder', ...GUARD, ...FULL_ORDER },
    { kind: 'placeOrder', ...FULL_REQUEST },
  ],
  [
    '/v1/orders',
    'order.place',
    {
      primaryType: 'PlaceOrder',
      ...GUARD,
      ...STOP_SELL,
      triggerKind: 'trailingStop',
      triggerPrice: '0',
      trail: '150.5',
    },
    { kind: 'placeOrder', trigger: { kind: 'trailingStop', triggerTicks: 0, trailTicks: 1_505 } },
  ],
  [
    '/v1/orders/batch',
    'order.placeBatch',
    { primaryType: 'PlaceOrders', ...GUARD, orders: [FULL_ORDER, STOP_SELL], grouping: 'oneCancelsOther' },
    { kind: 'placeOrders', grouping: 'oneCancelsOther', orders: [FULL_REQUEST, STOP_REQUEST] },
  ],
  [
    '/v1/orders/scale',
    'order.placeScale',
    {
      primaryType: 'PlaceScale',
      ...GUARD,
      order: { ...GOOD_ORDER, price: '0', size: '1' },
      fromPrice: '59000',
      toPrice: '58000.5',
      orderCount: 5,
      skewPpm: 2_000_000,
    },
    {
      kind: 'placeScale',
      order: { priceTicks: 0, sizeLots: 100_000 },
      fromTicks: 590_000,
      toTicks: 580_005,
      orderCount: 5,
      skewPpm: 2_000_000,
    },
  ],
  [
    '/v1/orders/twap',
    'order.placeTwap',
    {
      primaryType: 'PlaceTwap',
      ...GUARD,
      market: 'BTC-USD',
      side: 'sell',
      size: '0.5',
      reduceOnly: true,
      clientOrderId: 'slow',
      durationMs: 60_000,
      slices: 12,
    },
    { kind: 'placeTwap', marketId: BTC, side: 'sell', sizeLots: 50_000, durationMs: 60_000, slices: 12 },
  ],
  [
    '/v1/orders/amend',
    'order.amend',
    {
      primaryType: 'AmendOrder',
      ...GUARD,
      orderId: '7',
      clientOrderId: '',
      market: 'BTC-USD',
      price: '59900',
      size: '0.05',
    },
    { kind: 'amendOrder', orderId: 7, clientOrderId: '', marketId: BTC, priceTicks: 599_000, sizeLots: 5_000 },
  ],
  [
    '/v1/orders/amend-batch',
    'order.amendBatch',
    {
      primaryType: 'AmendOrders',
      ...GUARD,
      amendments: [
        { orderId: '0', clientOrderId: 'mine', market: 'BTC-USD', price: '59900.5', size: '0.05' },
        { orderId: '8', clientOrderId: '', market: 'BTC-USD', price: '0', size: '0.01' },
      ],
    },
    {
      kind: 'amendOrders',
      amendments: [
        { orderId: 0, clientOrderId: 'mine', priceTicks: 599_005, sizeLots: 5_000 },
        { orderId: 8, priceTicks: 0, sizeLots: 1_000 },
      ],
    },
  ],
  [
    '/v1/orders/replace',
    'order.replace',
    {
      primaryType: 'ReplaceOrder',
      ...GUARD,
      replaced: { orderId: '0', clientOrderId: 'mine' },
      order: { ...GOOD_ORDER, clientOrderId: 'mine' },
    },
    { kind: 'replaceOrder', replaced: { orderId: 0, clientOrderId: 'mine' }, order: { clientOrderId: 'mine' } },
  ],
  [
    '/v1/orders/cancel',
    'order.cancel',
    { primaryType: 'CancelOrder', ...GUARD, orderId: '0', clientOrderId: 'mine' },
    { kind: 'cancelOrder', orderId: 0, clientOrderId: 'mine' },
  ],
  [
    '/v1/orders/cancel-batch',
    'order.cancelBatch',
    {
      primaryType: 'CancelOrders',
      ...GUARD,
      orders: [
        { orderId: '7', clientOrderId: '' },
        { orderId: '0', clientOrderId: 'mine' },
      ],
    },
    {
      kind: 'cancelOrders',
      orders: [
        { orderId: 7, clientOrderId: '' },
        { orderId: 0, clientOrderId: 'mine' },
      ],
    },
  ],
  [
    '/v1/orders/cancel-all',
    'order.cancelAll',
    { primaryType: 'CancelAllOrders', ...GUARD, market: 'BTC-USD' },
    { kind: 'cancelAllOrders', marketId: BTC },
  ],
  [
    '/v1/orders/cancel-all-after',
    'order.cancelAllAfter',
    { primaryType: 'CancelAllAfter', ...GUARD, timeoutMs: 5_000 },
    { kind: 'cancelAllAfter', timeoutMs: 5_000 },
  ],
  [
    '/v1/market-maker-protection',
    'protection.set',
    {
      primaryType: 'SetMarketMakerProtection',
      ...GUARD,
      market: 'BTC-USD',
      windowMs: 1_000,
      quantity: '1.5',
      delta: '0',
      fillCount: 20,
    },
    {
      kind: 'setMarketMakerProtection',
      marketId: BTC,
      windowMs: 1_000,
      quantityLots: 150_000,
      deltaLots: 0,
      fillCount: 20,
    },
  ],
  [
    '/v1/market-maker-protection/reset',
    'protection.reset',
    { primaryType: 'ResetMarketMakerProtection', ...GUARD, market: 'BTC-USD' },
    { kind: 'resetMarketMakerProtection', marketId: BTC },
  ],
];

const domain = keelDomain(CHAIN_ID, SETTLEMENT);
const specs = new Map([[BTC, BTC_MARKET.spec]]);

/** Whoever reads the log: rebuilds the text from the command and finds who signed it. */
function signerFromLog(command: SignedCommand | undefined): string {
  return recoverSigner(hashAction(domain, actionOfCommand(command!, specs)), command!.auth.signature) as string;
}

describe('a signed request reaches the log as it was signed', () => {
  test.each(ROWS)('%s, %s', async (path, method, action, expected) => {
    const body = signed(action);
    const overRest = await exchange.post(path, body);
    expect(overRest.body.error.code).toBe('ACCOUNT_IN_LIQUIDATION');
    const overSocket = await client.ask(method, body);
    expect(overSocket.error?.code).toBe('ACCOUNT_IN_LIQUIDATION');
    const [command, again] = exchange.commands as SignedCommand[];
    expect(command).toMatchObject({ ...expected, auth: { owner: OWNER, signer: OWNER, nonce: 1_000 } });
    expect(again).toEqual(command);
    expect(actionOfCommand(command!, specs)).toEqual(action);
    expect(signerFromLog(command)).toBe(OWNER);
  });

  /** The same with every field left out that stands at its default. */
  test.each(ROWS)('%s, %s, defaults left out', async (path, _, action) => {
    await exchange.post(path, withoutDefaults(signed(action)));
    const [command] = exchange.commands as SignedCommand[];
    expect(actionOfCommand(command!, specs)).toEqual(action);
    expect(signerFromLog(command)).toBe(OWNER);
  });
});

const DEFAULTS: Readonly<Record<string, unknown>> = {
  timeInForce: 'gtc',
  reduceOnly: false,
  clientOrderId: '',
  expiresAt: 0,
  displaySize: '0',
  selfTrade: 'expireMaker',
  selfTradeScope: 'account',
  triggerKind: '',
  triggerPrice: '0',
  trail: '0',
  takeProfitTrigger: '0',
  takeProfitPrice: '0',
  stopLossTrigger: '0',
  stopLossPrice: '0',
  grouping: 'none',
  skewPpm: 1_000_000,
  orderId: '0',
  quantity: '0',
  delta: '0',
  fillCount: 0,
  expiresAfter: 0,
};

function withoutDefaults(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutDefaults);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([name, held]) => !(name in DEFAULTS) || DEFAULTS[name] !== held);
  return Object.fromEntries(kept.map(([name, held]) => [name, withoutDefaults(held)]));
}

/** Refused at the door, over REST and WebSocket alike: what is sent, its code, and the path of the field at fault. */
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
  ROWS.map(([, , action]) => action).find(({ primaryType }) => primaryType === kind)!;
const changed = (kind: SignableAction['primaryType'], changes: object): unknown => ({
  ...signed(find(kind)),
  ...changes,
});

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
  ['reset of no market', 'protection.reset', changed('ResetMarketMakerProtection', { market: 'X' }), 'MARKET_UNKNOWN'],
];

const pathOf = new Map(ROWS.map(([path, method]) => [method, path]));

describe('refused at the door, with no nonce used', () => {
  test.each(REFUSALS)('%s (%s)', async (_, method, body, code, path) => {
    const { error } = (await exchange.post(pathOf.get(method)!, body)).body;
    expect(error.code).toBe(code);
    if (path !== undefined) expect(error.details.path).toBe(path);
    expect((await client.ask(method, body as object)).error).toEqual(error);
    expect(exchange.commands).toEqual([]);
  });
});
