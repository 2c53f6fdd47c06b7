import { type SignableAction, spellActionType } from '@keel/signing';
import type { SignedRequest } from '../commands/createCommands.ts';

/** What is signed for a request, as EIP-712 spells it: without it nobody can sign from the documents alone. */
export function signedType({ name }: Pick<SignedRequest, 'name'>): string {
  // A request is named after its message, with a small letter; a test looks for every one of them.
  return spellActionType(`${name.slice(0, 1).toUpperCase()}${name.slice(1)}` as SignableAction['primaryType']);
}
