import type { AgentDoc, ReadModel } from '@keel/redis';
import {
  hashAction,
  hashActionStruct,
  hashInDomain,
  isSignatureFault,
  type KeelDomain,
  keelDomain,
  type SignableAction,
} from '@keel/signing';
import type { Address } from '@keel/types';
import { bytesToHex, concat, hexToBytes, keccak256, stringToBytes } from 'viem';
import { checkSignature } from '../signatures/signatureJob.ts';
import type { Finding, VerifyAnswer } from '../wire/verify.ts';
import { otherSpellings } from './spellings.ts';
import { withZeros } from './withZeros.ts';

export interface VerifyFacts {
  readonly readModel: Pick<ReadModel, 'account' | 'accountOfAgent' | 'head'>;
  readonly domain: KeelDomain;
  readonly usdc: Address;
}

const NOBODY = `0x${'0'.repeat(40)}` as const;
/** Chains that wallets are set to most often, and the one of Hyperliquid's domain. */
const CHAINS = [1, 10, 56, 137, 999, 1_337, 8_453, 31_337, 42_161, 84_532, 421_614, 11_155_111] as const;

/** Explains the signature of a request in our own words. */
export async function verifyAction(
  facts: VerifyFacts,
  action: SignableAction,
  signature: string,
  expected: Address | undefined,
): Promise<VerifyAnswer> {
  const { domain } = facts;
  const { account } = action;
  const { head, account: found, agents } = await facts.readModel.account({ address: account, subaccount: 0 });
  // Another's agent leads to another's account.
  const own = found?.owner === account ? agents : [];
  const hash = hashAction(domain, action);
  const verdict = recover(hash, signature);
  const signer = isSignatureFault(verdict) ? null : verdict;
  const wanted = new Set<string>(expected === undefined ? [account, ...own.map(({ agent }) => agent)] : [expected]);
  const role = signer === null ? null : roleOf(signer, account, own, head.timeMs);
  const { primaryType, ...message } = action;
  return {
    scheme: 'keel',
    request: primaryType,
    domain,
    message,
    hash: bytesToHex(hash),
    signatureFault: isSignatureFault(verdict) ? verdict : null,
    signer,
    account: found === undefined ? null : account,
    role,
    accepted: found !== undefined && (role === 'owner' || role === 'agent'),
    matchesExpected: expected === undefined ? null : signer === expected,
    findings: [
      ...(role === 'nobody' && signer !== null ? await findAccount(facts, account, signer) : []),
      ...(signer !== null && wanted.has(signer) ? [] : findMistakes(facts, action, signature, wanted)),
    ],
  };
}

function roleOf(signer: Address, owner: Address, agents: readonly AgentDoc[], timeMs: number): VerifyAnswer['role'] {
  if (signer === owner) return 'owner';
  const agent = agents.find((one) => one.agent === signer);
  if (agent === undefined) return 'nobody';
  return agent.expiresAtMs !== 0 && agent.expiresAtMs < timeMs ? 'expiredAgent' : 'agent';
}

/** Who signed exactly this may act, but for another account than the one named. */
async function findAccount({ readModel }: VerifyFacts, named: Address, signer: Address): Promise<Finding[]> {
  const { account } = await readModel.account({ address: signer, subaccount: 0 });
  if (account === undefined || account.owner === named) return [];
  const what = account.owner === signer ? 'owns this account' : `is an agent of ${account.owner}`;
  return [{ mistake: 'account', explanation: `the signer ${what}; account names ${named}`, signer }];
}

/** What would make the signature one of those wanted: each mistake alone, and in another spelling of the signature. */
function findMistakes(
  { domain, usdc }: VerifyFacts,
  action: SignableAction,
  signature: string,
  wanted: ReadonlySet<string>,
): Finding[] {
  // A batch of 50 takes milliseconds to hash, and many domains are tried.
  const struct = hashActionStruct(action);
  const hash = hashInDomain(domain, struct);
  const spellings = new Set([signature.toLowerCase(), ...otherSpellings(signature.toLowerCase())]);
  const findings: Finding[] = [];
  const attempt = (mistake: Finding['mistake'], explanation: string, tried: Uint8Array): void => {
    for (const spelling of spellings) {
      const signer = recover(tried, spelling);
      if (!isSignatureFault(signer) && wanted.has(signer)) findings.push({ mistake, explanation, signer });
    }
  };
  attempt('signatureSpelling', 'write the signature as 65 bytes r, s, v with v 27 or 28 and s in the lower half', hash);
  const prefixed = concat([stringToBytes('\x19Ethereum Signed Message:\n32'), hash]);
  attempt(
    'personalSign',
    'the hash was signed as a message (personal_sign); sign the typed data (eth_signTypedData_v4), or the bare hash',
    hexToBytes(keccak256(prefixed)),
  );
  for (const verifyingContract of [domain.verifyingContract, NOBODY, usdc]) {
    for (const chainId of new Set([domain.chainId, ...CHAINS])) {
      const sameContract = verifyingContract === domain.verifyingContract;
      if (sameContract && chainId === domain.chainId) continue;
      const mistake = sameContract ? 'chainId' : 'verifyingContract';
      const explanation = `signed for chain ${chainId} and contract ${verifyingContract}; ours are in domain`;
      attempt(mistake, explanation, hashInDomain(keelDomain(chainId, verifyingContract), struct));
    }
  }
  for (const [explanation, signed] of withZeros(action))
    attempt('trailingZeros', explanation, hashAction(domain, signed));
  return findings;
}

/** The same check as that of a request. */
export function recover(hash: Uint8Array, signature: string): Address {
  const verdict = checkSignature(ANY_DOMAIN, { hash, signature });
  if (typeof verdict === 'object') throw new Error(verdict.broken);
  return verdict as Address;
}

/** Not read where the hash is given. */
const ANY_DOMAIN = keelDomain(0, NOBODY);
