import type { SignableAction } from './action.ts';
import { ACTION_FIELDS, spellType } from './actionTypes.ts';

/** The type of a message as EIP-712 spells and hashes it, the structs it holds behind it: for documents that others sign by. */
export function spellActionType(primaryType: SignableAction['primaryType']): string {
  return spellType(primaryType, ACTION_FIELDS[primaryType]);
}
