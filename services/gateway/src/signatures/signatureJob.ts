import { hashAction, type KeelDomain, recoverSigner, type SignableAction, type SignatureFault } from '@keel/signing';
import { nativeRecoveryAvailable, recoverSignerNative } from '@keel/signing/native';
import type { Address } from '@keel/types';

/** What was signed, as a text of our own domain or as the 32 bytes that another domain's text hashes to. */
export type SignatureJob =
  | { readonly action: SignableAction; readonly signature: string }
  | { readonly hash: Uint8Array; readonly signature: string };

/** Who signed, or why the signature names nobody; `broken` is a fault of ours. */
export type SignatureVerdict = Address | SignatureFault | { readonly broken: string };

/** To a signature thread: jobs of one batch, in the order of their answers. */
export type SignatureBatch = readonly SignatureJob[];

/** Back from it. */
export type ThreadMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'checked'; readonly verdicts: readonly SignatureVerdict[]; readonly seconds: number };

/** Whether this machine has libsecp256k1; without it a check takes some twenty times as long, with the same verdict. */
export const nativeSignatures: boolean = nativeRecoveryAvailable;

const recover = nativeRecoveryAvailable ? recoverSignerNative : recoverSigner;

/** Hashes and recovers, in whichever thread it is called. A job that our own code cannot hash says so in its verdict. */
export function checkSignature(domain: KeelDomain, job: SignatureJob): SignatureVerdict {
  try {
    return recover('hash' in job ? job.hash : hashAction(domain, job.action), job.signature);
  } catch (fault) {
    return { broken: fault instanceof Error ? (fault.stack ?? fault.message) : String(fault) };
  }
}
