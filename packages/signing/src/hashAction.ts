import { keccak_256 } from '@noble/hashes/sha3.js';
import { concatBytes } from '@noble/hashes/utils.js';
import { addressWord, boolWord, stringWord, uintWord } from './abiWords.ts';
import type { SignableAction } from './action.ts';
import { ACTION_FIELDS, typeHash } from './actionTypes.ts';
import { domainSeparator, type KeelDomain } from './domain.ts';

const PLACE_ORDER = typeHash('PlaceOrder', ACTION_FIELDS.PlaceOrder);
const CANCEL_ORDER = typeHash('CancelOrder', ACTION_FIELDS.CancelOrder);
const CANCEL_ALL_ORDERS = typeHash('CancelAllOrders', ACTION_FIELDS.CancelAllOrders);
const APPROVE_AGENT = typeHash('ApproveAgent', ACTION_FIELDS.ApproveAgent);
const REVOKE_AGENT = typeHash('RevokeAgent', ACTION_FIELDS.RevokeAgent);
const WITHDRAW = typeHash('Withdraw', ACTION_FIELDS.Withdraw);
const PREFIX = Uint8Array.of(0x19, 0x01);

/**
 * The 32 bytes that are signed: keccak-256 of 0x1901, the domain separator and the hash of the action's struct.
 * Numbers must be unsigned safe integers and addresses 20 bytes; anything else is a fault of the caller (asserted).
 */
export function hashAction(domain: KeelDomain, action: SignableAction): Uint8Array {
  return keccak_256(concatBytes(PREFIX, domainSeparator(domain), keccak_256(encodeAction(action))));
}

/** EIP-712 encodeData with the type hash in front; each list of words follows the frozen order of ACTION_FIELDS. */
function encodeAction(action: SignableAction): Uint8Array {
  const account = addressWord(action.account);
  const nonce = uintWord(action.nonce);
  const expiresAfter = uintWord(action.expiresAfter);
  switch (action.primaryType) {
    case 'PlaceOrder':
      return concatBytes(
        PLACE_ORDER,
        account,
        stringWord(action.market),
        stringWord(action.side),
        stringWord(action.orderType),
        stringWord(action.timeInForce),
        stringWord(action.price),
        stringWord(action.size),
        boolWord(action.reduceOnly),
        stringWord(action.clientOrderId),
        nonce,
        expiresAfter,
      );
    case 'CancelOrder':
      return concatBytes(CANCEL_ORDER, account, stringWord(action.orderId), nonce, expiresAfter);
    case 'CancelAllOrders':
      return concatBytes(CANCEL_ALL_ORDERS, account, stringWord(action.market), nonce, expiresAfter);
    case 'ApproveAgent':
      return concatBytes(
        APPROVE_AGENT,
        account,
        addressWord(action.agent),
        stringWord(action.agentName),
        uintWord(action.agentExpiresAt),
        nonce,
        expiresAfter,
      );
    case 'RevokeAgent':
      return concatBytes(REVOKE_AGENT, account, addressWord(action.agent), nonce, expiresAfter);
    case 'Withdraw':
      return concatBytes(
        WITHDRAW,
        account,
        addressWord(action.recipient),
        stringWord(action.amount),
        nonce,
        expiresAfter,
      );
  }
}
