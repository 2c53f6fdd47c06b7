import type { SignableAction } from './action.ts';
import { ACTION_FIELDS, DOMAIN_FIELDS, NESTED_FIELDS, nestedNames, type TypedField } from './actionTypes.ts';
import type { KeelDomain } from './domain.ts';

/** What `eth_signTypedData_v4` takes; plain JSON. */
export interface TypedData {
  readonly domain: KeelDomain;
  readonly types: Readonly<Record<string, readonly TypedField[]>>;
  readonly primaryType: SignableAction['primaryType'];
  /** Texts, numbers and booleans by field; a struct or list of structs where the type says so. */
  readonly message: Readonly<Record<string, unknown>>;
}

/** The action as a wallet is shown it. Its hash is `hashAction(domain, action)`. */
export function typedDataOf(domain: KeelDomain, action: SignableAction): TypedData {
  const { primaryType, ...message } = action;
  const fields = ACTION_FIELDS[primaryType];
  const nested = nestedNames(fields).map((name) => [name, NESTED_FIELDS[name]] as const);
  return {
    domain,
    types: { EIP712Domain: DOMAIN_FIELDS, ...Object.fromEntries(nested), [primaryType]: fields },
    primaryType,
    message,
  };
}
