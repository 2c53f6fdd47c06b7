import { parseDecimal } from '@keel/types';

/** Enough for every price and size of an answer, averages too. */
export const DECIMALS = 8;

/** A canonical decimal text as a count of 10^-decimals. */
export function units(text: string, decimals = DECIMALS): bigint {
  const count = parseDecimal(text, decimals);
  if (typeof count === 'string') throw new Error(`${text} is ${count}`);
  return BigInt(count);
}

export const sumOf = (texts: readonly string[]): bigint => texts.reduce((sum, text) => sum + units(text), 0n);
