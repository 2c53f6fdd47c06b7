import type { Address, AssetId, Hex, QuoteAtoms, Sequence, TimeMs } from '@keel/types';

/** sealed: has its root · submitted: transaction sent · committed: k confirmations · finalised: L1 says final. */
export type BatchStatus = 'sealed' | 'submitted' | 'committed' | 'finalised';

/** A batch header as the contract hashes it, and how far it is. Written by the settler. */
export interface BatchDoc {
  /** From 0. */
  readonly batchIndex: number;
  readonly prevBatchHash: Hex;
  readonly batchHash: Hex;
  readonly firstSequence: Sequence;
  readonly lastSequence: Sequence;
  readonly timeMs: TimeMs;
  readonly stateRoot: Hex;
  readonly commandsRoot: Hex;
  readonly withdrawalsRoot: Hex;
  readonly withdrawalCount: number;
  readonly nextDepositIndex: number;
  readonly nextWithdrawalIndex: number;
  readonly status: BatchStatus;
  readonly l1TxHash: Hex | null;
  readonly l1BlockNumber: number | null;
}

/** sealed: in a batch · claimable: the batch is on L1 · paid: the contract has paid it. */
export type WithdrawalStatus = 'sealed' | 'claimable' | 'paid';

/** A withdrawal with all that a claim on L1 needs. Written by the settler. */
export interface WithdrawalDoc {
  /** From 0 over the whole exchange. */
  readonly withdrawalIndex: number;
  readonly recipient: Address;
  /** 0 = USDC; the amount is in the asset's atoms. */
  readonly assetId: AssetId | 0;
  readonly amountAtoms: QuoteAtoms;
  readonly batchIndex: number;
  /** Place among the withdrawals of its batch, and how many these are. */
  readonly position: number;
  readonly count: number;
  readonly siblings: readonly Hex[];
  readonly status: WithdrawalStatus;
  readonly l1TxHash: Hex | null;
}
