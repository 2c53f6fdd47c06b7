import { type OrderAccepted, toOrderId } from '@keel/types';
import { ACCOUNT, BTC } from './readModelOf.ts';

/** The engine took a buy of 0.01 BTC at 60,000. */
export const accepted = (orderId: number, changes: Partial<OrderAccepted> = {}): OrderAccepted => ({
  kind: 'orderAccepted',
  orderId: toOrderId(orderId),
  accountId: ACCOUNT,
  marketId: BTC,
  side: 'buy',
  orderType: 'limit',
  timeInForce: 'gtc',
  priceTicks: 600_000,
  sizeLots: 1_000,
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
  ...changes,
});
