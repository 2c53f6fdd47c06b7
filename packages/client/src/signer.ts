import {
  addressOfKey,
  type KeelDomain,
  type SignableAction,
  signAction,
  type TypedData,
  typedDataOf,
} from '@keel/signing';
import type { Address, Hex } from '@keel/types';

/** Something that signs typed data: a browser wallet, a hardware key, a signing service. */
export interface Signer {
  readonly address: Address;
  /** As `eth_signTypedData_v4`: 65 bytes r, s, v with v 27 or 28. */
  signTypedData(typedData: TypedData): Promise<Hex>;
}

/** Signs any action for the exchange; made of a private key or of a Signer. */
export interface ActionSigner {
  readonly address: Address;
  sign(domain: KeelDomain, action: SignableAction): Promise<Hex>;
}

export function keySigner(privateKey: Hex): ActionSigner {
  return {
    address: addressOfKey(privateKey),
    sign: async (domain, action) => signAction(domain, action, privateKey),
  };
}

export function walletSigner(signer: Signer): ActionSigner {
  return {
    address: signer.address,
    sign: (domain, action) => signer.signTypedData(typedDataOf(domain, action)),
  };
}

/** The one of a client: its key, before its wallet; undefined: it only reads. */
export function signerOf({
  privateKey,
  signer,
}: {
  readonly privateKey?: Hex;
  readonly signer?: Signer;
}): ActionSigner | undefined {
  if (privateKey !== undefined) return keySigner(privateKey);
  return signer === undefined ? undefined : walletSigner(signer);
}
