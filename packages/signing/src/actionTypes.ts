import { keccak_256 } from '@noble/hashes/sha3.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import type { SignableAction } from './action.ts';

export interface TypedField {
  readonly name: string;
  readonly type: 'address' | 'string' | 'bool' | 'uint64' | 'uint256';
}

export const DOMAIN_FIELDS: readonly TypedField[] = [
  { name: 'name', type: 'string' },
  { name: 'version', type: 'string' },
  { name: 'chainId', type: 'uint256' },
  { name: 'verifyingContract', type: 'address' },
];

const NONCE_FIELDS: readonly TypedField[] = [
  { name: 'nonce', type: 'uint64' },
  { name: 'expiresAfter', type: 'uint64' },
];

/** Fields of every message a wallet signs. The order is part of the type hash: frozen. */
export const ACTION_FIELDS: Readonly<Record<SignableAction['primaryType'], readonly TypedField[]>> = {
  PlaceOrder: [
    { name: 'account', type: 'address' },
    { name: 'market', type: 'string' },
    { name: 'side', type: 'string' },
    { name: 'orderType', type: 'string' },
    { name: 'timeInForce', type: 'string' },
    { name: 'price', type: 'string' },
    { name: 'size', type: 'string' },
    { name: 'reduceOnly', type: 'bool' },
    { name: 'clientOrderId', type: 'string' },
    ...NONCE_FIELDS,
  ],
  CancelOrder: [{ name: 'account', type: 'address' }, { name: 'orderId', type: 'string' }, ...NONCE_FIELDS],
  CancelAllOrders: [{ name: 'account', type: 'address' }, { name: 'market', type: 'string' }, ...NONCE_FIELDS],
  ApproveAgent: [
    { name: 'account', type: 'address' },
    { name: 'agent', type: 'address' },
    { name: 'agentName', type: 'string' },
    { name: 'agentExpiresAt', type: 'uint64' },
    ...NONCE_FIELDS,
  ],
  RevokeAgent: [{ name: 'account', type: 'address' }, { name: 'agent', type: 'address' }, ...NONCE_FIELDS],
  Withdraw: [
    { name: 'account', type: 'address' },
    { name: 'recipient', type: 'address' },
    { name: 'amount', type: 'string' },
    ...NONCE_FIELDS,
  ],
};

/** keccak-256 of the type as EIP-712 spells it, for example `RevokeAgent(address account,address agent,…)`. */
export function typeHash(name: string, fields: readonly TypedField[]): Uint8Array {
  const list = fields.map((field) => `${field.type} ${field.name}`).join(',');
  return keccak_256(utf8ToBytes(`${name}(${list})`));
}
