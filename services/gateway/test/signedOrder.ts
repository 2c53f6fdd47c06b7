import { keelDomain, type OrderTerms, type PlaceOrderAction, type SignableAction, signAction } from '@keel/signing';
import { KEY, OWNER } from './readModelOf.ts';
import { CHAIN_ID, SETTLEMENT } from './startExchange.ts';

const domain = keelDomain(CHAIN_ID, SETTLEMENT);

/** The body of an action: its fields and the signature of the test's account. */
export function signed(action: SignableAction): Record<string, unknown> {
  const { primaryType: _, ...fields } = action;
  return { ...fields, signature: signAction(domain, action, KEY) };
}

/** A good order with every field, each of which but market, side, type, price and size is at its default. */
export const GOOD_ORDER: OrderTerms = {
  market: 'BTC-USD',
  side: 'buy',
  orderType: 'limit',
  timeInForce: 'gtc',
  price: '60000.5',
  size: '0.001',
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

/** Replay guard of the tests' actions. */
export const GUARD = { account: OWNER, subaccount: 0, nonce: 1_000, expiresAfter: 0 } as const;

/** A good order, signed; `changes` are made before the signature. */
export function signedOrder(changes: Partial<PlaceOrderAction> = {}) {
  return signed({ primaryType: 'PlaceOrder', ...GUARD, ...GOOD_ORDER, ...changes });
}
