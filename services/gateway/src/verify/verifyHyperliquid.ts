import { type HyperliquidRequest, hashRequest, parseRequest, Unreadable } from '@keel/hyperliquid';
import { isSignatureFault } from '@keel/signing';
import type { Address, HyperliquidSource } from '@keel/types';
import { bytesToHex } from 'viem';
import { ApiError } from '../errors.ts';
import { findSigner, type Roles } from '../hyperliquid/exchange/findSigner.ts';
import type { Finding, VerifyAnswer } from '../wire/verify.ts';
import { recover } from './verifyAction.ts';

/** Their constant: neither the chain nor the contract of any exchange. */
const DOMAIN = { name: 'Exchange', version: '1', chainId: 1_337, verifyingContract: `0x${'0'.repeat(40)}` } as const;
/** Fields of an order and a cancel in the order in which most clients sign them. */
const KEY_ORDER = ['type', 'orders', 'cancels', 'a', 'asset', 'b', 'p', 's', 'r', 't', 'c', 'o', 'oid', 'cloid'];

/** Explains the signature of the body of `POST /exchange`. Throws BAD_REQUEST for one that cannot be read. */
export async function verifyHyperliquid(
  readModel: Roles,
  body: unknown,
  expected: Address | undefined,
): Promise<VerifyAnswer> {
  const request = readable(() => parseRequest(body));
  const hash = readable(() => hashRequest(request, 'b'));
  const verdict = recover(hash, request.signature);
  const signer = isSignatureFault(verdict) ? null : verdict;
  const { owner, role } = signer === null ? { owner: null, role: null } : await whoIs(readModel, signer);
  const isWanted = async (one: Address) =>
    expected === undefined ? (await whoIs(readModel, one)).role !== 'nobody' : one === expected;
  const fits = signer !== null && (await isWanted(signer));
  return {
    scheme: 'hyperliquid',
    request: request.type,
    domain: DOMAIN,
    message: { ...request, signature: undefined },
    hash: bytesToHex(hash),
    signatureFault: isSignatureFault(verdict) ? verdict : null,
    signer,
    account: owner,
    role,
    accepted: role === 'agent',
    matchesExpected: expected === undefined ? null : signer === expected,
    findings: fits ? [] : await findMistakes(request, isWanted),
  };
}

async function whoIs(
  readModel: Roles,
  address: Address,
): Promise<{ owner: Address | null; role: 'owner' | 'agent' | 'nobody' }> {
  const role = await findSigner(readModel, address);
  if (role.kind === 'nobody') return { owner: null, role: 'nobody' };
  return { owner: role.kind === 'agent' ? role.owner : address, role: role.kind };
}

async function findMistakes(
  request: HyperliquidRequest,
  isWanted: (signer: Address) => Promise<boolean>,
): Promise<Finding[]> {
  const tries: readonly [Finding['mistake'], string, HyperliquidRequest, HyperliquidSource][] = [
    ['mainnetSource', "signed for Hyperliquid's mainnet (source a); sign as for its testnet (source b)", request, 'a'],
    ['expiresAfter', 'signed without expiresAfter', { ...request, expiresAfter: undefined }, 'b'],
    ['vaultAddress', 'signed without vaultAddress', { ...request, vaultAddress: undefined }, 'b'],
    [
      'keyOrder',
      'signed with the keys in another order than sent',
      { ...request, action: ordered(request.action) },
      'b',
    ],
    [
      'trailingZeros',
      'signed with decimals without trailing zeros',
      { ...request, action: trimmed(request.action) },
      'b',
    ],
  ];
  const findings: Finding[] = [];
  for (const [mistake, explanation, tried, source] of tries) {
    const signer = recover(
      readable(() => hashRequest(tried, source)),
      request.signature,
    );
    if (!isSignatureFault(signer) && (await isWanted(signer))) findings.push({ mistake, explanation, signer });
  }
  return findings;
}

function ordered(value: object): object {
  return mapped(value, (fields) => {
    const place = (name: string) => (KEY_ORDER.includes(name) ? KEY_ORDER.indexOf(name) : KEY_ORDER.length);
    return Object.fromEntries(Object.entries(fields).sort(([left], [right]) => place(left) - place(right)));
  });
}

function trimmed(value: object): object {
  return mapped(value, (fields) =>
    Object.fromEntries(
      Object.entries(fields).map(([name, field]) => [name, typeof field === 'string' ? withoutZeros(field) : field]),
    ),
  );
}

const withoutZeros = (text: string): string =>
  /^[0-9]+\.[0-9]+$/.test(text) ? text.replace(/0+$/, '').replace(/\.$/, '') : text;

/** The same value with each object in it changed, the innermost first. */
function mapped<Value>(value: Value, change: (fields: object) => object): Value {
  if (Array.isArray(value)) return value.map((item) => mapped(item, change)) as Value;
  if (typeof value !== 'object' || value === null) return value;
  const inner = Object.fromEntries(Object.entries(value).map(([name, field]) => [name, mapped(field, change)]));
  return change(inner) as Value;
}

function readable<Result>(read: () => Result): Result {
  try {
    return read();
  } catch (fault) {
    if (fault instanceof Unreadable)
      throw new ApiError('BAD_REQUEST', { path: '/hyperliquid', fault: fault.message }, { cause: fault });
    throw fault;
  }
}
