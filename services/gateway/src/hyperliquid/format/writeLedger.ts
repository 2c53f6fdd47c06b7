import type { LedgerDoc } from '@keel/redis';
import { type Address, type AssetId, formatDecimal, type Hex, type TimeMs } from '@keel/types';
import type { Asset } from '../../assetDirectory.ts';
import { formatQuote } from '../../format/formatMarket.ts';
import { hashOfSequence, ZERO_ADDRESS } from './parts.ts';

type LedgerDelta =
  | { readonly type: 'deposit'; readonly usdc: string }
  | { readonly type: 'withdraw'; readonly usdc: string; readonly nonce: number; readonly fee: string }
  | { readonly type: 'accountClassTransfer'; readonly usdc: string; readonly toPerp: boolean }
  | {
      readonly type: 'liquidation';
      readonly liquidatedNtlPos: string;
      readonly accountValue: string;
      readonly leverageType: 'Cross';
      readonly liquidatedPositions: readonly { readonly coin: string; readonly szi: string }[];
    }
  | { readonly type: 'vaultDeposit'; readonly vault: Address; readonly usdc: string }
  | {
      readonly type: 'spotTransfer';
      readonly token: string;
      readonly amount: string;
      readonly usdcValue: string;
      readonly user: Address;
      readonly destination: Address;
      readonly fee: string;
      readonly nativeTokenFee: string;
      readonly nonce: null;
      readonly feeToken: string;
    };

export interface LedgerAnswer {
  readonly time: TimeMs;
  readonly hash: Hex;
  readonly delta: LedgerDelta;
}

/**
 * One line of the ledger of `owner`'s account. What goes to or comes from another account of the owner has no address of its
 * own here: it is told as a transfer out of, or into, what these clients trade with. `assetOf` knows every listed asset.
 */
export function writeLedger(doc: LedgerDoc, owner: Address, assetOf: (assetId: AssetId | 0) => Asset): LedgerAnswer {
  return { time: doc.timeMs, hash: hashOfSequence(doc.sequence), delta: deltaOf(doc, owner, assetOf) };
}

function deltaOf(
  { event, accountId }: LedgerDoc,
  owner: Address,
  assetOf: (assetId: AssetId | 0) => Asset,
): LedgerDelta {
  switch (event.kind) {
    case 'depositCredited':
      if (event.assetId !== 0) return moved(assetOf(event.assetId), event.amountAtoms, ZERO_ADDRESS, owner);
      return { type: 'deposit', usdc: formatQuote(event.amountAtoms) };
    case 'withdrawalRequested':
      if (event.assetId !== 0) return moved(assetOf(event.assetId), event.amountAtoms, owner, event.recipient);
      // The index stands in for the nonce: the contract pays each once.
      return { type: 'withdraw', usdc: formatQuote(event.amountAtoms), nonce: event.withdrawalIndex, fee: '0' };
    case 'transferred': {
      if (event.assetId !== 0) return moved(assetOf(event.assetId), event.amountAtoms, owner, owner);
      const toPerp = event.toAccountId === accountId;
      return { type: 'accountClassTransfer', usdc: formatQuote(event.amountAtoms), toPerp };
    }
    case 'safetyFunded':
      return { type: 'vaultDeposit', vault: ZERO_ADDRESS, usdc: formatQuote(event.amountAtoms) };
    case 'collateralConverted':
      return { type: 'accountClassTransfer', usdc: formatQuote(event.valueAtoms), toPerp: true };
  }
}

/** Collateral other than USDC; its value of then is not kept. */
function moved({ symbol, decimals }: Asset, amountAtoms: number, user: Address, destination: Address): LedgerDelta {
  return {
    type: 'spotTransfer',
    token: symbol,
    amount: formatDecimal(amountAtoms, decimals),
    usdcValue: '0',
    user,
    destination,
    fee: '0',
    nativeTokenFee: '0',
    nonce: null,
    feeToken: 'USDC',
  };
}
