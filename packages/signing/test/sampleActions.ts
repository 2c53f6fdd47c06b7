import type { OrderTerms, SignableAction } from '../src/index.ts';

const OWNER = '0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266';
const OTHER = '0x70997970c51812dc3a010c7d01b50e0d17dc79c8';
const signed = { account: OWNER, nonce: 1_700_000_000_000, expiresAfter: 22 } as const;

/** An order of today's simplest kind: everything that can be left out is. */
export const PLAIN_ORDER: OrderTerms = {
  market: 'BTC-USD',
  side: 'buy',
  orderType: 'limit',
  timeInForce: 'gtc',
  price: '22196.5',
  size: '0.5',
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
};

const EXIT_ORDER: OrderTerms = {
  ...PLAIN_ORDER,
  side: 'sell',
  orderType: 'market',
  timeInForce: 'ioc',
  price: '0',
  reduceOnly: true,
  clientOrderId: 'exit-1',
  selfTrade: 'decrement',
  selfTradeScope: 'owner',
  triggerKind: 'trailingStop',
  trail: '150',
};

/** One of every type, as frozen as the types are. */
export const SAMPLE_ACTIONS: readonly SignableAction[] = [
  { primaryType: 'PlaceOrder', ...signed, ...PLAIN_ORDER },
  {
    primaryType: 'PlaceOrder',
    ...signed,
    ...PLAIN_ORDER,
    timeInForce: 'gtt',
    clientOrderId: 'a-1',
    expiresAt: 1_700_000_060_000,
    displaySize: '0.1',
    takeProfitTrigger: '23000',
    takeProfitPrice: '22990',
    stopLossTrigger: '21000',
    stopLossPrice: '20950',
  },
  { primaryType: 'PlaceOrders', ...signed, orders: [PLAIN_ORDER, EXIT_ORDER], grouping: 'oneCancelsOther' },
  { primaryType: 'PlaceOrders', ...signed, orders: [], grouping: 'none' },
  {
    primaryType: 'PlaceScale',
    ...signed,
    order: { ...PLAIN_ORDER, price: '0' },
    fromPrice: '22000',
    toPrice: '21000',
    orderCount: 10,
    skewPpm: 2_000_000,
  },
  {
    primaryType: 'PlaceTwap',
    ...signed,
    market: 'BTC-USD',
    side: 'sell',
    size: '3',
    reduceOnly: true,
    clientOrderId: 'twap-1',
    durationMs: 600_000,
    slices: 60,
  },
  {
    primaryType: 'AmendOrder',
    ...signed,
    orderId: '77',
    clientOrderId: '',
    market: 'BTC-USD',
    price: '22200',
    size: '0.25',
  },
  {
    primaryType: 'AmendOrders',
    ...signed,
    amendments: [
      { orderId: '77', clientOrderId: '', market: 'BTC-USD', price: '22200', size: '0.25' },
      { orderId: '0', clientOrderId: 'a-1', market: 'BTC-USD', price: '22100', size: '1' },
    ],
  },
  {
    primaryType: 'ReplaceOrder',
    ...signed,
    replaced: { orderId: '0', clientOrderId: 'a-1' },
    order: { ...PLAIN_ORDER, clientOrderId: 'a-1' },
  },
  { primaryType: 'CancelOrder', ...signed, orderId: '77', clientOrderId: '' },
  { primaryType: 'CancelOrder', ...signed, orderId: '0', clientOrderId: 'a-1' },
  {
    primaryType: 'CancelOrders',
    ...signed,
    orders: [
      { orderId: '77', clientOrderId: '' },
      { orderId: '0', clientOrderId: 'a-1' },
    ],
  },
  { primaryType: 'CancelAllOrders', ...signed, market: '' },
  { primaryType: 'CancelAllOrders', ...signed, market: 'BTC-USD' },
  { primaryType: 'CancelAllAfter', ...signed, timeoutMs: 5_000 },
  {
    primaryType: 'SetMarketMakerProtection',
    ...signed,
    market: 'BTC-USD',
    windowMs: 1_000,
    quantity: '2.5',
    delta: '1',
    fillCount: 20,
  },
  { primaryType: 'ResetMarketMakerProtection', ...signed, market: 'BTC-USD' },
  { primaryType: 'ApproveAgent', ...signed, agent: OTHER, agentName: 'desk', agentExpiresAt: 33 },
  { primaryType: 'RevokeAgent', ...signed, agent: OTHER },
  { primaryType: 'Withdraw', ...signed, recipient: OTHER, amount: '1.5' },
];
