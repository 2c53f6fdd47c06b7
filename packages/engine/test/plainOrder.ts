import type { OrderRequest } from '@keel/types';

/** The terms of an order that asks for nothing special. */
export const PLAIN = {
  orderType: 'limit',
  timeInForce: 'gtc',
  reduceOnly: false,
  clientOrderId: '',
  expiresAtMs: 0,
  displayLots: 0,
  selfTrade: 'expireMaker',
  selfTradeScope: 'account',
  trigger: undefined,
  attached: undefined,
} as const satisfies Partial<OrderRequest>;
