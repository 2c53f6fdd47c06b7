import type { Address } from '@keel/types';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { concatBytes, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';

const WORD_BYTES = 32;
const ADDRESS_BYTES = 20;

/** 32-byte words of EIP-712: a text stands there as the hash of its UTF-8. */
export const textWord = (text: string): Uint8Array => keccak_256(utf8ToBytes(text));

export function countWord(count: number): Uint8Array {
  const word = new Uint8Array(WORD_BYTES);
  new DataView(word.buffer).setBigUint64(WORD_BYTES - 8, BigInt(count));
  return word;
}

export function addressWord(address: Address): Uint8Array {
  const word = new Uint8Array(WORD_BYTES);
  word.set(hexToBytes(address.slice(2)), WORD_BYTES - ADDRESS_BYTES);
  return word;
}

/** 8 bytes, the highest first. */
export const uint64Bytes = (count: number): Uint8Array => countWord(count).subarray(WORD_BYTES - 8);

/** Separator of a domain of Hyperliquid's: version 1, no contract. */
export function domainSeparator(name: string, chainId: number): Uint8Array {
  const fields = 'string name,string version,uint256 chainId,address verifyingContract';
  return keccak_256(
    concatBytes(
      textWord(`EIP712Domain(${fields})`),
      textWord(name),
      textWord('1'),
      countWord(chainId),
      new Uint8Array(WORD_BYTES),
    ),
  );
}

/** What a wallet signs: the domain and the hash of one struct. */
export function typedHash(separator: Uint8Array, structHash: Uint8Array): Uint8Array {
  return keccak_256(concatBytes(Uint8Array.of(0x19, 0x01), separator, structHash));
}
