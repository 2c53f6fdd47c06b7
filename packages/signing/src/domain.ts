import type { Address } from '@keel/types';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { concatBytes } from '@noble/hashes/utils.js';
import { addressWord, stringWord, uintWord } from './abiWords.ts';
import { DOMAIN_FIELDS, typeHash } from './actionTypes.ts';

/** What binds a signature to one exchange: the chain and the settlement contract that holds its money. */
export interface KeelDomain {
  readonly name: 'Keel';
  readonly version: '1';
  readonly chainId: number;
  readonly verifyingContract: Address;
}

/** The EIP-712 domain of the exchange whose settlement contract is `verifyingContract` on chain `chainId`. */
export function keelDomain(chainId: number, verifyingContract: Address): KeelDomain {
  return { name: 'Keel', version: '1', chainId, verifyingContract };
}

const DOMAIN_TYPE_HASH = typeHash('EIP712Domain', DOMAIN_FIELDS);
// A process has one domain, used for every signature; the separator costs four hashes and never changes.
const separators = new WeakMap<KeelDomain, Uint8Array>();

/** EIP-712 domain separator, 32 bytes; remembered per domain object, so a domain must not be changed after use. */
export function domainSeparator(domain: KeelDomain): Uint8Array {
  const known = separators.get(domain);
  if (known !== undefined) return known;
  const separator = keccak_256(
    concatBytes(
      DOMAIN_TYPE_HASH,
      stringWord(domain.name),
      stringWord(domain.version),
      uintWord(domain.chainId),
      addressWord(domain.verifyingContract),
    ),
  );
  separators.set(domain, separator);
  return separator;
}
