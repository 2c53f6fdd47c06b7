import { checkEvidence, type EvidenceVerdict } from '@keel/hyperliquid';
import {
  actionOfCommand,
  hashAction,
  isSignatureFault,
  type KeelDomain,
  type MarketSpecs,
  recoverSigner,
} from '@keel/signing';
import { nativeRecoveryAvailable, recoverSignerNative } from '@keel/signing/native';
import { AssertionError, type CollateralSpec, type SequencedCommand, type SignedCommand } from '@keel/types';
import type { Listed } from './listings.ts';

/** What a signature is over: nothing is signed, a text of the exchange's own domain, an action of Hyperliquid's API. */
export type SignatureForm = 'none' | 'native' | 'hyperliquid';

export interface SignatureVerdict {
  readonly form: SignatureForm;
  /** Undefined: it holds. */
  readonly fault: string | undefined;
}

/** What the signatures of one place of the log are held to. */
export interface SignatureFacts {
  readonly domain: KeelDomain;
  readonly specs: MarketSpecs;
  readonly collaterals: ReadonlyMap<CollateralSpec['assetId'], CollateralSpec>;
}

/** A few hundred a second where libsecp256k1 could not be loaded, thousands where it could. */
const recover = nativeRecoveryAvailable ? recoverSignerNative : recoverSigner;

const EVIDENCE_FAULTS: Readonly<Record<Exclude<EvidenceVerdict, 'none' | 'holds'>, string>> = {
  actionUnreadable: 'the bytes that were signed are no action of Hyperliquid that can be read',
  signerDiffers: 'the action that is kept as evidence is not signed by',
  subaccountIsNotTheMainOne: 'an action of Hyperliquid can only be for the main account',
  commandDiffers: 'the action that was signed asks for another command',
};

/** By id, as the texts are rebuilt from them. */
export function signatureFacts(domain: KeelDomain, { markets, collaterals }: Listed): SignatureFacts {
  return {
    domain,
    specs: new Map(markets.map((spec) => [spec.marketId, spec])),
    collaterals: new Map(collaterals.map((spec) => [spec.assetId, spec])),
  };
}

/**
 * Whether the signature of a command in the log is its signer's, over what the command says. Whether the signer might act
 * for the owner, and whether the nonce was unused, is the engine's.
 */
export function checkSignature(sequenced: SequencedCommand, facts: SignatureFacts): SignatureVerdict {
  const { command } = sequenced;
  if (!('auth' in command)) return { form: 'none', fault: undefined };
  const form = command.auth.hyperliquid === undefined ? 'native' : 'hyperliquid';
  try {
    return { form, fault: form === 'native' ? nativeFault(command, facts) : evidenceFault(sequenced, facts) };
  } catch (fault) {
    // The text of a market that is not listed, or of a number that is none, cannot be rebuilt: nobody can have signed it.
    if (fault instanceof AssertionError) return { form, fault: `what it says was signed by nobody: ${fault.message}` };
    throw fault;
  }
}

function nativeFault(command: SignedCommand, { domain, specs, collaterals }: SignatureFacts): string | undefined {
  const { signer, signature } = command.auth;
  const found = recover(hashAction(domain, actionOfCommand(command, specs, collaterals)), signature);
  if (found === signer) return undefined;
  return isSignatureFault(found)
    ? `its signature names nobody: ${found}`
    : `signed by ${found} if by anybody, not by its signer ${signer}`;
}

function evidenceFault(sequenced: SequencedCommand, { specs }: SignatureFacts): string | undefined {
  const verdict = checkEvidence(sequenced, { specOf: (marketId) => specs.get(marketId), recover });
  if (verdict === 'holds' || verdict === 'none') return undefined;
  const { signer } = (sequenced.command as SignedCommand).auth;
  return `${EVIDENCE_FAULTS[verdict]}${verdict === 'signerDiffers' ? ` its signer ${signer}` : ''}`;
}
