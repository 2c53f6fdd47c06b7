import { keelDomain, type SignableAction, signAction } from '@keel/signing';
import { KEY, OWNER } from './readModelOf.ts';
import { CHAIN_ID, SETTLEMENT } from './startExchange.ts';

const domain = keelDomain(CHAIN_ID, SETTLEMENT);

/** The body of an action: its fields and the signature of the test's account. */
export function signed(action: SignableAction): Record<string, unknown> {
  const { primaryType: _, ...fields } = action;
  return { ...fields, signature: signAction(domain, action, KEY) };
}

/** A good order with every field, signed; `changes` are made before the signature. */
export function signedOrder(changes: Partial<Extract<SignableAction, { primaryType: 'PlaceOrder' }>> = {}) {
  return signed({
    primaryType: 'PlaceOrder',
    account: OWNER,
    market: 'BTC-USD',
    side: 'buy',
    orderType: 'limit',
    timeInForce: 'gtc',
    price: '60000.5',
    size: '0.001',
    reduceOnly: false,
    clientOrderId: '',
    nonce: 1_000,
    expiresAfter: 0,
    ...changes,
  });
}
