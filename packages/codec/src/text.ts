import { AssertionError } from '@keel/types';
import { CodecError } from './codecError.ts';

/** Longest symbol or base asset on the wire; which ones may be listed is the engine's decision. */
export const SYMBOL_CHARACTERS_MAX = 32;

const LONE_SURROGATE = /\p{Surrogate}/u;

/** A text that survives UTF-8 and fits; anything else is a fault of ours. Lengths are in UTF-16 units. */
export function toText(text: string, max: number, field: string): string {
  if (text.length > max) throw new AssertionError(`${field} is longer than ${max}: ${text.length}`);
  if (LONE_SURROGATE.test(text)) throw new AssertionError(`${field} has a lone surrogate`);
  return text;
}

/** A text that fits. Throws CodecError TEXT_TOO_LONG. */
export function fromText(text: string, max: number, field: string): string {
  if (text.length > max) throw new CodecError('TEXT_TOO_LONG', field, `${text.length} characters where ${max} fit`);
  return text;
}
