import { formatDecimal } from '@keel/types';

/** Digits after the point of a decimal text: `0.10` has 2. */
export function fractionDigits(text: string): number {
  const point = text.indexOf('.');
  return point === -1 ? 0 : text.length - point - 1;
}

/** The text as an integer count of 10^-decimals. Exact as long as `decimals` covers the text's own fraction. */
export function toUnits(text: string, decimals: number): bigint {
  const fraction = fractionDigits(text);
  return BigInt(text.replace('.', '')) * 10n ** BigInt(Math.max(0, decimals - fraction));
}

/** Negative, zero or positive like a - b. Exact. */
export function compareDecimals(a: string, b: string): number {
  const decimals = Math.max(fractionDigits(a), fractionDigits(b));
  const difference = toUnits(a, decimals) - toUnits(b, decimals);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** a + b in canonical spelling. Exact. */
export function addDecimals(a: string, b: string): string {
  const decimals = Math.max(fractionDigits(a), fractionDigits(b));
  return formatDecimal(toUnits(a, decimals) + toUnits(b, decimals), decimals);
}

/** a - b in canonical spelling. Exact. */
export function subtractDecimals(a: string, b: string): string {
  const decimals = Math.max(fractionDigits(a), fractionDigits(b));
  return formatDecimal(toUnits(a, decimals) - toUnits(b, decimals), decimals);
}

/** The distance between two decimals, canonical. Exact. */
export function distanceOf(a: string, b: string): string {
  return compareDecimals(a, b) < 0 ? subtractDecimals(b, a) : subtractDecimals(a, b);
}

/** A rate as a percentage: `0.0000125` is `0.00125`. Exact, the point only moves. */
export function toPercent(rate: string): string {
  return formatDecimal(toUnits(rate, fractionDigits(rate)) * 100n, fractionDigits(rate));
}

/**
 * part / whole in percent with `digits` decimals, rounded towards zero; undefined when `whole` is zero.
 * Rounding down keeps "distance to liquidation" from looking kinder than it is.
 */
export function percentOf(part: string, whole: string, digits = 2): string | undefined {
  const decimals = Math.max(fractionDigits(part), fractionDigits(whole));
  const divisor = toUnits(whole, decimals);
  if (divisor === 0n) return undefined;
  const text = formatDecimal((toUnits(part, decimals) * 10n ** BigInt(digits + 2)) / divisor, digits);
  return text + missingZeros(text, digits);
}

/** Zeros that would bring the text to `decimals` digits after the point; drawn beside it so that points line up. */
export function missingZeros(text: string, decimals: number): string {
  const fraction = fractionDigits(text);
  if (fraction >= decimals) return '';
  return `${fraction === 0 ? '.' : ''}${'0'.repeat(decimals - fraction)}`;
}

/** -1, 0 or 1. */
export function signOf(text: string): -1 | 0 | 1 {
  if (/^-?[0.]*$/.test(text)) return 0;
  return text.startsWith('-') ? -1 : 1;
}
