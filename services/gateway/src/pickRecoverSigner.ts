import { recoverSigner, type SignatureFault } from '@keel/signing';
import { nativeRecoveryAvailable, recoverSignerNative } from '@keel/signing/native';
import type { Address } from '@keel/types';

export type RecoverSigner = (hash: Uint8Array, signature: string) => Address | SignatureFault;

/** The native recovery where this machine has it, else the reference: the same verdicts, some twenty times slower. */
export function pickRecoverSigner(): { readonly recoverSigner: RecoverSigner; readonly native: boolean } {
  return nativeRecoveryAvailable
    ? { recoverSigner: recoverSignerNative, native: true }
    : { recoverSigner, native: false };
}
