import type { Address, Hex } from '@keel/types';
import fc from 'fast-check';
import { keelDomain, type SignableAction } from '../src/index.ts';

const hexOf = (bytes: number): fc.Arbitrary<Hex> =>
  fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((array): Hex => `0x${Buffer.from(array).toString('hex')}`);

export const address: fc.Arbitrary<Address> = hexOf(20);
export const hash = fc.uint8Array({ minLength: 32, maxLength: 32 });
export const uint = fc.maxSafeNat();
/** Any key but the vanishingly rare ones outside the curve's order. */
export const privateKey = hexOf(32).filter((key) => !key.startsWith('0xfffffff') && BigInt(key) > 0n);
export const domain = fc.record({ chainId: uint, settlement: address }).map((d) => keelDomain(d.chainId, d.settlement));

const text = fc.string({ unit: 'grapheme', maxLength: 40 });
const signed = { account: address, nonce: uint, expiresAfter: uint };

/** Every type of action with free values in every field, so that an encoder cannot lean on what is usual. */
export const ACTIONS: Record<SignableAction['primaryType'], fc.Arbitrary<SignableAction>> = {
  PlaceOrder: fc.record({
    primaryType: fc.constant('PlaceOrder'),
    ...signed,
    market: text,
    side: fc.constantFrom('buy', 'sell'),
    orderType: fc.constantFrom('limit', 'market'),
    timeInForce: fc.constantFrom('gtc', 'ioc', 'postOnly'),
    price: text,
    size: text,
    reduceOnly: fc.boolean(),
    clientOrderId: text,
  }),
  CancelOrder: fc.record({ primaryType: fc.constant('CancelOrder'), ...signed, orderId: text }),
  CancelAllOrders: fc.record({ primaryType: fc.constant('CancelAllOrders'), ...signed, market: text }),
  ApproveAgent: fc.record({
    primaryType: fc.constant('ApproveAgent'),
    ...signed,
    agent: address,
    agentName: text,
    agentExpiresAt: uint,
  }),
  RevokeAgent: fc.record({ primaryType: fc.constant('RevokeAgent'), ...signed, agent: address }),
  Withdraw: fc.record({ primaryType: fc.constant('Withdraw'), ...signed, recipient: address, amount: text }),
};

export const action: fc.Arbitrary<SignableAction> = fc.oneof(...Object.values(ACTIONS));
