import { type Address, assert } from '@keel/types';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';

const WORD_BYTES = 32;
const ADDRESS = /^0x[0-9a-fA-F]{40}$/;

// Words that nearly every order holds. Hashing them anew was half the cost of hashing an order.
const USUAL_TEXTS = [
  '',
  '0',
  'buy',
  'sell',
  'limit',
  'market',
  'gtc',
  'gtt',
  'ioc',
  'fok',
  'postOnly',
  'postOnlySlide',
  'expireMaker',
  'expireTaker',
  'expireBoth',
  'decrement',
  'account',
  'owner',
  'stop',
  'takeProfit',
  'trailingStop',
  'none',
  'USDC',
];
const usualWords = new Map(USUAL_TEXTS.map((text) => [text, keccak_256(utf8ToBytes(text))]));

/** A string in a typed struct stands there as the hash of its UTF-8 bytes. */
export function stringWord(text: string): Uint8Array {
  return usualWords.get(text) ?? keccak_256(utf8ToBytes(text));
}

/** A non-negative safe integer, right-aligned in a 32-byte word. */
export function uintWord(value: number): Uint8Array {
  assert(Number.isSafeInteger(value) && value >= 0, `not an unsigned safe integer: ${value}`);
  const word = new Uint8Array(WORD_BYTES);
  new DataView(word.buffer).setBigUint64(WORD_BYTES - 8, BigInt(value));
  return word;
}

export function boolWord(value: boolean): Uint8Array {
  return uintWord(value ? 1 : 0);
}

/** 20 bytes, right-aligned. Upper-case (checksummed) hex means the same bytes. */
export function addressWord(address: Address): Uint8Array {
  assert(ADDRESS.test(address), `not an address: ${address}`);
  const word = new Uint8Array(WORD_BYTES);
  word.set(hexToBytes(address.slice(2)), WORD_BYTES - 20);
  return word;
}
