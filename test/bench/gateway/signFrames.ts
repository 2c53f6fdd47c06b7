import { addressOfKey, keelDomain, type OrderTerms, type SignableAction } from '@keel/signing';
import type { Address, Hex } from '@keel/types';
import { PLAIN_ORDER } from '../../plainOrder.ts';
import { signedBody } from '../../signedBody.ts';

const ORDER: OrderTerms = {
  ...PLAIN_ORDER,
  market: 'BTC-USD',
  side: 'buy',
  price: '60000',
  size: '0.001',
};

export interface Signer {
  readonly chainId: number;
  readonly settlement: Address;
  readonly key: Hex;
}

/** The body of a signed request; `fields` are those of its typed data. */
export function signBody({ chainId, settlement, key }: Signer, action: SignableAction): object {
  return signedBody(keelDomain(chainId, settlement), action, key);
}

/** Bodies of orders that alternate between joining the bid and the ask at one price, so half of them trade. */
export function signOrders(signer: Signer, count: number, account: number): object[] {
  const guard = { account: addressOfKey(signer.key), subaccount: 0, expiresAfter: 0 };
  const firstNonce = Date.now();
  return Array.from({ length: count }, (_item, at) =>
    signBody(signer, {
      primaryType: 'PlaceOrder',
      ...guard,
      ...ORDER,
      side: (at + account) % 2 === 0 ? 'buy' : 'sell',
      nonce: firstNonce + at,
    }),
  );
}

/** Price of the order that change `at` puts into the book: far from the others', and its own for thousands of changes. */
export function priceOfChange(at: number): string {
  const tenths = 500_000 + (at % 50_000);
  return tenths % 10 === 0 ? String(tenths / 10) : (tenths / 10).toFixed(1);
}

/** Names of one process's orders; a name that was used before would be answered with the order that had it. */
const RUN = Date.now().toString(36);

/** Change `at` takes the order of the one before away and places its own; the first has none to take. */
export function signChange(signer: Signer, at: number): { readonly method: string; readonly params: object } {
  const guard = { account: addressOfKey(signer.key), subaccount: 0, expiresAfter: 0, nonce: Date.now() + at };
  const order = { ...ORDER, price: priceOfChange(at), clientOrderId: `${RUN}-${at}` };
  if (at === 0)
    return { method: 'order.place', params: signBody(signer, { primaryType: 'PlaceOrder', ...guard, ...order }) };
  const replaced = { orderId: '0', clientOrderId: `${RUN}-${at - 1}` };
  const action = { primaryType: 'ReplaceOrder', ...guard, replaced, order } as const;
  return { method: 'order.replace', params: signBody(signer, action) };
}
