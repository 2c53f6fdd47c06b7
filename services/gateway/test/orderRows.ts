import type { OrderTerms, SignableAction } from '@keel/signing';
import { BTC } from './readModelOf.ts';
import { GOOD_ORDER, GUARD } from './signedOrder.ts';

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

/** Where a request goes over REST and WebSocket, what is signed, and what reaches the log. */
export type OrderRow = readonly [path: string, method: string, action: SignableAction, command: object];
/** Every signed request that goes over both transports, each option of an order at least once. */
export const ORDER_ROWS: readonly OrderRow[] = [
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
  [
    '/v1/leverage',
    'leverage.set',
    { primaryType: 'SetLeverage', ...GUARD, subaccount: 3, market: 'BTC-USD', leverage: 5 },
    { kind: 'setLeverage', marketId: BTC, leverage: 5 },
  ],
  [
    '/v1/liquidators',
    'liquidator.register',
    { primaryType: 'RegisterLiquidator', ...GUARD, active: true },
    { kind: 'registerLiquidator', active: true },
  ],
  [
    '/v1/auctions/take',
    'auction.take',
    {
      primaryType: 'TakeAuction',
      ...GUARD,
      subaccount: 129,
      market: 'BTC-USD',
      auctionId: 4,
      size: '0.05',
      price: '59450.5',
    },
    { kind: 'takeAuction', marketId: BTC, auctionId: 4, sizeLots: 5_000, limitTicks: 594_505 },
  ],
];
