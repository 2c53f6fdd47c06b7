import type { OpenOrder } from '@keel/client';
import { TIME_MS } from './scriptTime.ts';

/** A buy of 0.5 BTC at 63,000 that rests. */
export const PLAIN_ORDER: OpenOrder = {
  orderId: '7700',
  clientOrderId: '',
  market: 'BTC-USD',
  state: 'resting',
  side: 'buy',
  orderType: 'limit',
  timeInForce: 'gtc',
  price: '63000',
  size: '0.5',
  remainingSize: '0.5',
  shownSize: '0.5',
  displaySize: null,
  reduceOnly: false,
  expiresAt: 0,
  selfTrade: 'expireMaker',
  selfTradeScope: 'account',
  triggerKind: null,
  triggerPrice: null,
  trail: null,
  takeProfitTrigger: null,
  takeProfitPrice: null,
  stopLossTrigger: null,
  stopLossPrice: null,
  linkedOrderId: null,
  parentOrderId: null,
  twap: null,
  time: TIME_MS - 420_000,
};
const MARKET_ORDER = { orderType: 'market', timeInForce: 'ioc', price: null, shownSize: '0' } as const;

/** One order of every kind, and what the page says of it: type, price, trigger, state, attached. */
export const ORDER_KINDS: readonly (readonly [order: OpenOrder, cells: readonly string[]])[] = [
  [
    { ...PLAIN_ORDER, orderId: '1', takeProfitTrigger: '66000', stopLossTrigger: '57000' },
    ['Limit', '63000', '–', 'Resting', 'TP 66000, SL 57000'],
  ],
  [
    {
      ...PLAIN_ORDER,
      orderId: '2',
      timeInForce: 'gtt',
      displaySize: '0.1',
      shownSize: '0.04',
      expiresAt: TIME_MS + 1_000,
    },
    ['Iceberg', '63000', '–', 'Resting, 0.04 shown, until 2026-09-21 14:14:01', '–'],
  ],
  [
    {
      ...PLAIN_ORDER,
      ...MARKET_ORDER,
      orderId: '3',
      state: 'waiting',
      side: 'sell',
      reduceOnly: true,
      triggerKind: 'stop',
      triggerPrice: '58000',
    },
    ['Stop market, reduce only', 'Market', '≤ 58000', 'Waiting', '–'],
  ],
  [
    {
      ...PLAIN_ORDER,
      orderId: '4',
      state: 'waiting',
      triggerKind: 'stop',
      triggerPrice: '65000',
      shownSize: '0',
      linkedOrderId: '5',
    },
    ['Stop limit', '63000', '≥ 65000', 'Waiting, or order 5', '–'],
  ],
  [
    {
      ...PLAIN_ORDER,
      orderId: '5',
      state: 'waiting',
      side: 'sell',
      triggerKind: 'takeProfit',
      triggerPrice: '66000',
      shownSize: '0',
    },
    ['Take profit limit', '63000', '≥ 66000', 'Waiting', '–'],
  ],
  [
    {
      ...PLAIN_ORDER,
      ...MARKET_ORDER,
      orderId: '6',
      state: 'waiting',
      triggerKind: 'takeProfit',
      triggerPrice: '61000',
    },
    ['Take profit market', 'Market', '≤ 61000', 'Waiting', '–'],
  ],
  [
    {
      ...PLAIN_ORDER,
      ...MARKET_ORDER,
      orderId: '7',
      state: 'waiting',
      side: 'sell',
      triggerKind: 'trailingStop',
      trail: '150.5',
    },
    ['Trailing stop market', 'Market', '150.5 below high', 'Waiting', '–'],
  ],
  [
    {
      ...PLAIN_ORDER,
      ...MARKET_ORDER,
      orderId: '8',
      state: 'twap',
      twap: { startTime: TIME_MS, durationMs: 60_000, slices: 12, slicesDone: 3 },
    },
    ['TWAP', 'Market', '–', 'Slice 3 of 12', '–'],
  ],
];
