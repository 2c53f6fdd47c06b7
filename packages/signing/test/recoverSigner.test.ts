import type { Hex } from '@keel/types';
import fc from 'fast-check';
import { recoverAddress } from 'viem';
import { sign } from 'viem/accounts';
import { describe, expect, test } from 'vitest';
import { addressOfKey, isSignatureFault, recoverSigner } from '../src/index.ts';
import { nativeRecoveryAvailable, recoverSignerNative } from '../src/native.ts';
import { hash, privateKey } from './actions.ts';

const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const FIELD = 0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2fn;
const HASH = new Uint8Array(32).fill(7);
const KEY: Hex = `0x${'1'.repeat(64)}`;

const word = (value: bigint): string => value.toString(16).padStart(64, '0');
const spell = (r: bigint, s: bigint, v: number): Hex => `0x${word(r)}${word(s)}${v.toString(16).padStart(2, '0')}`;
const toHex = (bytes: Uint8Array): Hex => `0x${Buffer.from(bytes).toString('hex')}`;

async function goodSignature(digest: Uint8Array, key: Hex): Promise<{ r: bigint; s: bigint; v: number; text: Hex }> {
  const text = await sign({ hash: toHex(digest), privateKey: key, to: 'hex' });
  return {
    r: BigInt(text.slice(0, 66)),
    s: BigInt(`0x${text.slice(66, 130)}`),
    v: Number(`0x${text.slice(130)}`),
    text,
  };
}

/** Both implementations must say the same; what they say is returned. */
function verdict(digest: Uint8Array, signature: string): string {
  const reference = recoverSigner(digest, signature);
  expect(recoverSignerNative(digest, signature)).toBe(reference);
  return reference;
}

test('libsecp256k1 is really there on the machines this is tested on', () => {
  expect(nativeRecoveryAvailable).toBe(true);
});

test('good signatures: both find the signer, and it is the one viem finds', async () => {
  await fc.assert(
    fc.asyncProperty(hash, privateKey, async (digest, key) => {
      const { text } = await goodSignature(digest, key);
      expect(verdict(digest, text)).toBe(addressOfKey(key));
      expect((await recoverAddress({ hash: toHex(digest), signature: text })).toLowerCase()).toBe(addressOfKey(key));
    }),
    { numRuns: 40 },
  );
});

describe('bad signatures get one code from both', () => {
  test.each([
    ['empty', '', 'signatureMalformed'],
    ['only 0x', '0x', 'signatureMalformed'],
    ['64 bytes', `0x${'11'.repeat(64)}`, 'signatureMalformed'],
    ['66 bytes', `0x${'11'.repeat(66)}`, 'signatureMalformed'],
    ['no 0x', '11'.repeat(65), 'signatureMalformed'],
    ['not hex', `0x${'zz'.repeat(65)}`, 'signatureMalformed'],
    ['a newline after it', `0x${'11'.repeat(64)}1b\n`, 'signatureMalformed'],
    ['r = 0', spell(0n, 1n, 27), 'signatureROutOfRange'],
    ['r = n', spell(ORDER, 1n, 27), 'signatureROutOfRange'],
    ['r = 2^256 - 1', spell(2n ** 256n - 1n, 1n, 28), 'signatureROutOfRange'],
    ['r = p', spell(FIELD, 1n, 28), 'signatureROutOfRange'],
    ['s = 0', spell(1n, 0n, 27), 'signatureSOutOfRange'],
    ['s = n', spell(1n, ORDER, 27), 'signatureSOutOfRange'],
    ['s = n / 2 rounded up', spell(1n, ORDER / 2n + 1n, 27), 'signatureSHigh'],
    ['r is no x of the curve', spell(5n, 1n, 27), 'signatureUnrecoverable'],
    ['v before r and s', spell(0n, 0n, 26), 'signatureVUnsupported'],
    ['r before s', spell(0n, 0n, 27), 'signatureROutOfRange'],
  ])('%s', (_, signature, fault) => {
    expect(verdict(HASH, signature)).toBe(fault);
  });

  test.each([0, 1, 2, 26, 29, 30, 35, 36, 255])('a good signature with v = %i', async (v) => {
    const { r, s } = await goodSignature(HASH, KEY);
    expect(verdict(HASH, spell(r, s, v))).toBe('signatureVUnsupported');
  });

  test('the high-s twin of a good signature', async () => {
    const { r, s, v } = await goodSignature(HASH, KEY);
    expect(verdict(HASH, spell(r, ORDER - s, 55 - v))).toBe('signatureSHigh');
  });

  test('a key that would be the point at infinity: s * R = hash * G', () => {
    // With k = 1 the point R is the generator, so s = hash makes s * R - hash * G vanish.
    const generatorX = 0x79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798n;
    const digest = new Uint8Array(32);
    digest[31] = 9;
    expect(verdict(digest, spell(generatorX, 9n, 27))).toBe('signatureUnrecoverable');
  });
});

test('the border s = floor(n / 2) is still low', () => {
  expect(isSignatureFault(verdict(HASH, spell(1n, ORDER / 2n, 27)))).toBe(false);
});

test('a good signature with v turned over names somebody else, the same for both', async () => {
  const { r, s, v } = await goodSignature(HASH, KEY);
  const other = verdict(HASH, spell(r, s, 55 - v));
  expect(isSignatureFault(other)).toBe(false);
  expect(other).not.toBe(addressOfKey(KEY));
});

test('hashes of zero and above the order are taken alike', async () => {
  for (const digest of [new Uint8Array(32), new Uint8Array(32).fill(255)]) {
    const { text } = await goodSignature(HASH, KEY);
    expect(isSignatureFault(verdict(digest, text))).toBe(false);
  }
});

test('garbage of every shape: one verdict', () => {
  const anyBytes = fc.uint8Array({ minLength: 0, maxLength: 70 }).map(toHex);
  const anyScalars = fc
    .tuple(fc.bigInt(0n, 2n ** 256n - 1n), fc.bigInt(0n, 2n ** 256n - 1n), fc.integer({ min: 26, max: 29 }))
    .map(([r, s, v]) => spell(r, s, v));
  const plausible = fc
    .tuple(fc.bigInt(1n, ORDER - 1n), fc.bigInt(1n, ORDER / 2n), fc.constantFrom(27, 28))
    .map(([r, s, v]) => spell(r, s, v));
  fc.assert(
    fc.property(hash, fc.oneof(anyBytes, anyScalars, plausible, fc.string()), (digest, signature) => {
      verdict(digest, signature);
    }),
    { numRuns: 200 },
  );
});
