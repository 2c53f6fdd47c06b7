import { AssertionError, assertSafeInteger } from './assert.ts';

/** Price in the market's ticks (one tick = 10^-priceDecimals USD per base unit). Safe integer, > 0 where it is a price. */
export type PriceTicks = number;
/** Size in the market's lots (one lot = 10^-sizeDecimals base units). Safe integer; signed where it is a position. */
export type SizeLots = number;
/** Money in 10^-6 USDC. Safe integer; sums over the whole exchange are `bigint`. */
export type QuoteAtoms = number;
/** Sequenced time, milliseconds since 1970-01-01 UTC. */
export type TimeMs = number;
/** Rate in 10^-6. */
export type Ppm = number;

export const PPM = 1_000_000;
export const QUOTE_DECIMALS = 6;

/** a / b rounded towards -infinity. b > 0. */
export function divFloor(a: number, b: number): number {
  assertDivisor(b);
  // The quotient is rounded to nearest, so it may have reached the next whole number, never left its own downwards.
  const quotient = Math.floor(a / b);
  return quotient * b > a ? quotient - 1 : quotient + 0;
}

/** a / b rounded towards +infinity. b > 0. */
export function divCeil(a: number, b: number): number {
  return 0 - divFloor(0 - a, b);
}

/** a / b rounded towards -infinity. b > 0. */
export function divFloorBig(a: bigint, b: bigint): bigint {
  if (b <= 0n) throw new AssertionError(`divisor must be positive: ${b}`);
  const quotient = a / b;
  return a % b < 0n ? quotient - 1n : quotient;
}

/** a / b rounded towards +infinity. b > 0. */
export function divCeilBig(a: bigint, b: bigint): bigint {
  return 0n - divFloorBig(0n - a, b);
}

/** a * b / c rounded towards -infinity, exact for any safe a and b. c > 0. The result must be a safe integer. */
export function mulDivFloor(a: number, b: number, c: number): number {
  const product = a * b;
  if (Number.isSafeInteger(product)) return divFloor(product, c);
  return toSafe(divFloorBig(BigInt(a) * BigInt(b), BigInt(c)));
}

/** a * b / c rounded towards +infinity, exact for any safe a and b. c > 0. The result must be a safe integer. */
export function mulDivCeil(a: number, b: number, c: number): number {
  return 0 - mulDivFloor(0 - a, b, c);
}

/** a * b, exact; a product outside the safe integers is a fault of ours (listing limits rule it out). */
export function mulExact(a: number, b: number): number {
  return assertSafeInteger(a * b + 0, 'product');
}

function toSafe(value: bigint): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw new AssertionError(`outside the safe integers: ${value}`);
  return number;
}

function assertDivisor(divisor: number): void {
  if (!(divisor > 0)) throw new AssertionError(`divisor must be positive: ${divisor}`);
}
