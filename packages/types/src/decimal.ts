import { assert } from './assert.ts';

/** Why a text is not an amount in the given unit. */
export type DecimalFault = 'notADecimal' | 'notCanonical' | 'offGrid' | 'outOfRange';

const CANONICAL = /^(0|[1-9][0-9]*)(\.[0-9]*[1-9])?$/;
const DECIMAL = /^-?[0-9]+(\.[0-9]+)?$/;
/** Longest text that is read at all; 2^53 with a fraction needs fewer. */
const MAX_CHARACTERS = 32;

/**
 * A non-negative decimal text as an integer count of 10^-decimals: `parseDecimal('22196.5', 1)` = 221965.
 * Only the canonical spelling is taken (no sign, exponent, leading or trailing zeros), because what is signed is the
 * text and the text must be recoverable from the integer.
 */
export function parseDecimal(text: string, decimals: number): number | DecimalFault {
  if (text.length > MAX_CHARACTERS || !DECIMAL.test(text))
    return text.length > MAX_CHARACTERS && DECIMAL.test(text) ? 'outOfRange' : 'notADecimal';
  if (text.startsWith('-')) return 'outOfRange';
  if (!CANONICAL.test(text)) return 'notCanonical';
  const [whole = '0', fraction = ''] = text.split('.');
  if (fraction.length > decimals) return 'offGrid';
  const units = Number(whole + fraction.padEnd(decimals, '0'));
  return Number.isSafeInteger(units) ? units : 'outOfRange';
}

/** The canonical text of an integer count of 10^-decimals: `formatDecimal(221965, 1)` = `22196.5`. Exact; signed. */
export function formatDecimal(units: number | bigint, decimals: number): string {
  assert(typeof units === 'bigint' || Number.isSafeInteger(units), `not an integer: ${units}`);
  const negative = units < 0;
  const digits = String(negative ? -units : units).padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  const fraction = digits.slice(digits.length - decimals).replace(/0+$/, '');
  return `${negative ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
}
