import { AssertionError } from '@keel/types';
import { CodecError } from './codecError.ts';

const SAFE_MAX = BigInt(Number.MAX_SAFE_INTEGER);

/** A safe integer >= 0 for a uint64 field; anything else is a fault of ours. */
export function toUint64(value: number, field: string): bigint {
  if (!Number.isSafeInteger(value) || value < 0) throw new AssertionError(`${field} is no uint64: ${value}`);
  return BigInt(value);
}

/** A safe integer of either sign for a sint64 field; anything else is a fault of ours. */
export function toSint64(value: number, field: string): bigint {
  if (!Number.isSafeInteger(value)) throw new AssertionError(`${field} is no safe integer: ${value}`);
  return BigInt(value);
}

/** An integer from 0 to 2^32 - 1; anything else is a fault of ours. */
export function toUint32(value: number, field: string): number {
  if (value >>> 0 !== value) throw new AssertionError(`${field} is no uint32: ${value}`);
  return value;
}

/** An integer from -2^31 to 2^31 - 1; anything else is a fault of ours. */
export function toSint32(value: number, field: string): number {
  if ((value | 0) !== value) throw new AssertionError(`${field} is no sint32: ${value}`);
  return value;
}

/** A uint64 as a safe integer. Throws CodecError OUT_OF_RANGE. */
export function fromUint64(value: bigint, field: string): number {
  if (value > SAFE_MAX) throw new CodecError('OUT_OF_RANGE', field, `${value} is above 2^53 - 1`);
  return Number(value);
}

/** A uint64 as a safe integer above 0. Throws CodecError OUT_OF_RANGE. */
export function fromPositive(value: bigint, field: string): number {
  if (value === 0n) throw new CodecError('OUT_OF_RANGE', field, 'must be above 0');
  return fromUint64(value, field);
}

/** A sint64 as a safe integer. Throws CodecError OUT_OF_RANGE. */
export function fromSint64(value: bigint, field: string): number {
  if (value > SAFE_MAX || value < -SAFE_MAX)
    throw new CodecError('OUT_OF_RANGE', field, `${value} is outside ±(2^53 - 1)`);
  return Number(value);
}

/** A uint64 that cannot be zero, such as a sequence. Throws CodecError OUT_OF_RANGE. */
export function fromPositiveUint64(value: bigint, field: string): number {
  if (value === 0n) throw new CodecError('OUT_OF_RANGE', field, 'must be at least 1');
  return fromUint64(value, field);
}
