import { type KeelDomain, type SignableAction, signAction } from '@keel/signing';
import type { Hex } from '@keel/types';

/** The body of a signed request: the fields of its typed data, and the signature over them. */
export function signedBody(domain: KeelDomain, action: SignableAction, key: Hex): Record<string, unknown> {
  const { primaryType: _, ...fields } = action;
  return { ...fields, signature: signAction(domain, action, key) };
}
