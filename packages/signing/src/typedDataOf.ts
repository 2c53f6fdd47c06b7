import type { SignableAction } from './action.ts';
import { ACTION_FIELDS, DOMAIN_FIELDS, type TypedField } from './actionTypes.ts';
import type { KeelDomain } from './domain.ts';

/** What `eth_signTypedData_v4` takes; plain JSON. */
export interface TypedData {
  readonly domain: KeelDomain;
  readonly types: Readonly<Record<string, readonly TypedField[]>>;
  readonly primaryType: SignableAction['primaryType'];
  readonly message: Readonly<Record<string, string | number | boolean>>;
}

/** The action as a wallet is shown it. Its hash is `hashAction(domain, action)`. */
export function typedDataOf(domain: KeelDomain, action: SignableAction): TypedData {
  const { primaryType, ...message } = action;
  return {
    domain,
    types: { EIP712Domain: DOMAIN_FIELDS, [primaryType]: ACTION_FIELDS[primaryType] },
    primaryType,
    message,
  };
}
