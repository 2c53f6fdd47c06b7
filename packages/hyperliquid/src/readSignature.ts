import type { Hex } from '@keel/types';
import { readObject } from './readFields.ts';
import { Unreadable } from './unreadable.ts';

const HALF = /^0x[0-9a-fA-F]{1,64}$/;

/**
 * {r, s, v} in the one spelling that the exchange keeps: 65 bytes. Some clients leave out leading zeros of r and s, and some
 * wallets count v from 0.
 */
export function readSignature(value: unknown, path: string): Hex {
  const { r, s, v } = readObject(value, path, ['r', 's', 'v']);
  if (v !== 0 && v !== 1 && v !== 27 && v !== 28) throw new Unreadable(`${path}.v is none of 27, 28`);
  const parity = v < 27 ? v + 27 : v;
  return `0x${readHalf(r, `${path}.r`)}${readHalf(s, `${path}.s`)}${parity.toString(16)}`;
}

function readHalf(value: unknown, path: string): string {
  if (typeof value !== 'string' || !HALF.test(value))
    throw new Unreadable(`${path} is not 0x and at most 32 bytes of hex`);
  return value.slice(2).toLowerCase().padStart(64, '0');
}
