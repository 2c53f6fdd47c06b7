import {
  COLLATERAL_ASSETS_MAX,
  COLLATERAL_ATOMS_MAX,
  COLLATERAL_DECIMALS_MAX,
  type Hex,
  type SealedWithdrawal,
  toAssetId,
} from '@keel/types';
import { toHex } from '../src/hex.ts';
import {
  type BatchHeader,
  batchHash,
  type SettlementProof,
  settlementTree,
  verifySettlementProof,
  withdrawalPayload,
  ZERO_HASH,
} from '../src/index.ts';
import { leafHash } from '../src/treeHash.ts';

interface ListVector {
  readonly name: string;
  readonly payloads: readonly Hex[];
  readonly leaves: readonly Hex[];
  readonly root: Hex;
}
interface ProofVector extends SettlementProof {
  readonly name: string;
  readonly root: Hex;
  readonly payload: Hex;
  readonly valid: boolean;
}
interface WithdrawalVector extends SealedWithdrawal {
  readonly payload: Hex;
}
/** Bounds of the exchange that the contract keeps as well. */
interface LimitsVector {
  /** USDC among them. */
  readonly assets: number;
  readonly decimals: number;
  readonly depositAtoms: number;
}
export interface SettlementVectors {
  readonly limits: LimitsVector;
  readonly lists: readonly ListVector[];
  readonly proofs: readonly ProofVector[];
  readonly withdrawals: readonly WithdrawalVector[];
  readonly headers: readonly (BatchHeader & { readonly batchHash: Hex })[];
}

/** What TypeScript and Solidity must agree on; the same on every machine. */
export function settlementVectors(): SettlementVectors {
  const lists = [0, 1, 2, 3, 5, 8].map((count) => payloadsOf(count));
  return {
    limits: {
      assets: COLLATERAL_ASSETS_MAX + 1,
      decimals: COLLATERAL_DECIMALS_MAX,
      depositAtoms: COLLATERAL_ATOMS_MAX,
    },
    lists: lists.map((payloads) => ({
      name: `list of ${payloads.length}`,
      payloads: payloads.map(toHex),
      leaves: payloads.map((payload, position) => toHex(leafHash(position, payload))),
      root: settlementTree(payloads).root,
    })),
    proofs: lists.flatMap(proofVectors),
    withdrawals: withdrawalVectors(),
    headers: headerVectors(),
  };
}

/**
 * Withdrawal payloads, every third of another asset than USDC; the last of a longer list is of another length, as nothing
 * in the tree depends on it.
 */
function payloadsOf(count: number): Uint8Array[] {
  return Array.from({ length: count }, (_, place) =>
    place === 7
      ? new Uint8Array(100).fill(7)
      : withdrawalPayload({
          withdrawalIndex: 40 + place,
          recipient: `0x${String(10 + place).repeat(20)}`,
          assetId: place % 3 === 2 ? toAssetId(1) : 0,
          amountAtoms: 1_000_000 * (place + 1),
        }),
  );
}

function proofVectors(payloads: Uint8Array[]): ProofVector[] {
  const { root, prove } = settlementTree(payloads);
  return payloads.flatMap((payload, position) => {
    const proof = prove(position);
    const other = payloads[(position + 1) % payloads.length]!;
    const variants: readonly (readonly [string, Uint8Array, SettlementProof])[] = [
      ['as it is', payload, proof],
      ['another payload', Uint8Array.of(...other, 1), proof],
      ['next position', payload, { ...proof, position: position + 1 }],
      ['one more in count', payload, { ...proof, count: proof.count + 1 }],
      ['twice the count', payload, { ...proof, count: proof.count * 2 }],
      ['one sibling more', payload, { ...proof, siblings: [...proof.siblings, ZERO_HASH] }],
      ['no siblings', payload, { ...proof, siblings: [] }],
      ['siblings turned round', payload, { ...proof, siblings: proof.siblings.toReversed() }],
    ];
    return variants.map(([name, bytes, variant]) => ({
      name: `list of ${payloads.length}, element ${position}: ${name}`,
      root,
      payload: toHex(bytes),
      ...variant,
      valid: verifySettlementProof(root, bytes, variant),
    }));
  });
}

function withdrawalVectors(): WithdrawalVector[] {
  const samples: readonly SealedWithdrawal[] = [
    { withdrawalIndex: 0, recipient: `0x${'00'.repeat(19)}01`, assetId: 0, amountAtoms: 1 },
    { withdrawalIndex: 1_000_000, recipient: `0x${'ab'.repeat(20)}`, assetId: 0, amountAtoms: 123_456_789 },
    { withdrawalIndex: 1_000_001, recipient: `0x${'ab'.repeat(20)}`, assetId: toAssetId(1), amountAtoms: 123_456_789 },
    {
      withdrawalIndex: Number.MAX_SAFE_INTEGER,
      recipient: `0x${'ff'.repeat(20)}`,
      assetId: toAssetId(0xfffe),
      amountAtoms: Number.MAX_SAFE_INTEGER,
    },
  ];
  return samples.map((sample) => ({ ...sample, payload: toHex(withdrawalPayload(sample)) }));
}

function headerVectors(): SettlementVectors['headers'] {
  const first: BatchHeader = {
    batchIndex: 0,
    prevBatchHash: ZERO_HASH,
    firstSequence: 1,
    lastSequence: 2000,
    timeMs: 1_700_000_000_000,
    stateRoot: `0x${'a1'.repeat(32)}`,
    commandsRoot: settlementTree(payloadsOf(3)).root,
    withdrawalsRoot: settlementTree([]).root,
    withdrawalCount: 0,
    nextDepositIndex: 2,
    nextWithdrawalIndex: 0,
  };
  const second: BatchHeader = {
    ...first,
    batchIndex: 1,
    prevBatchHash: batchHash(first),
    firstSequence: 2001,
    lastSequence: Number.MAX_SAFE_INTEGER,
    withdrawalsRoot: settlementTree(payloadsOf(5)).root,
    withdrawalCount: 5,
    nextWithdrawalIndex: 5,
  };
  return [first, second].map((header) => ({ ...header, batchHash: batchHash(header) }));
}
