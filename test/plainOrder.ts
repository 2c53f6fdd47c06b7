import type { OrderTerms } from '@keel/signing';

/** What a limit order of no special kind says besides its market, side, price and size. */
export const PLAIN_ORDER = {
  orderType: 'limit',
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
} as const satisfies Partial<OrderTerms>;
