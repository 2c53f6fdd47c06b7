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

/** Longest integer that is spelt as text because it may pass 2^53; the product of three amounts has fewer digits. */
const INTEGER_CHARACTERS_MAX = 64;
const INTEGER = /^(0|-?[1-9][0-9]*)$/;

/** A whole number spelt as text, in its one spelling; anything else is a fault of ours. */
export function toIntegerText(text: string, field: string): string {
  if (text.length > INTEGER_CHARACTERS_MAX || !INTEGER.test(text))
    throw new AssertionError(`${field} is no integer: ${text}`);
  return text;
}

/** A whole number spelt as text. Throws CodecError TEXT_TOO_LONG, or UNKNOWN_VALUE for any other spelling. */
export function fromIntegerText(text: string, field: string): string {
  fromText(text, INTEGER_CHARACTERS_MAX, field);
  if (!INTEGER.test(text)) throw new CodecError('UNKNOWN_VALUE', field, 'is no integer');
  return text;
}

/** A text that fits. Throws CodecError TEXT_TOO_LONG. */
export function fromText(text: string, max: number, field: string): string {
  if (text.length > max) throw new CodecError('TEXT_TOO_LONG', field, `${text.length} characters where ${max} fit`);
  return text;
}
