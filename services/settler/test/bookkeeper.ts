import { createHash } from 'node:crypto';
import type { IntakeHandler } from '@keel/intake';
import {
  type Address,
  type AssetId,
  type CollateralStatus,
  type Command,
  type Event,
  type EventBlock,
  type Hex,
  REJECT_CODES,
  type SealedBatch,
  type SealedWithdrawal,
  type SequencerStatus,
  toAccountId,
  toSequence,
} from '@keel/types';

/**
 * Stands for the sequencer: gives sequences, credits deposits in order, seals batches. It keeps no balances and no
 * books; what the settler sees of a sequencer is the same.
 */
export class Bookkeeper implements IntakeHandler {
  readonly deposits: { readonly owner: Address; readonly assetId: AssetId | 0; readonly amountAtoms: number }[] = [];
  /** Listed beside USDC. */
  readonly collaterals: CollateralStatus[] = [];
  readonly batches: SealedBatch[] = [];
  readonly batchesAskedFor: number[] = [];
  #sequence = 0;
  #nextWithdrawalIndex = 0;
  #open: { readonly hashes: Hex[]; readonly withdrawals: SealedWithdrawal[] } = { hashes: [], withdrawals: [] };

  async submit(_role: string, command: Command): Promise<EventBlock> {
    if (command.kind === 'sealBatch' && this.#open.hashes.length === 0)
      return this.#block([{ kind: 'commandRejected', code: REJECT_CODES.BATCH_EMPTY, accountId: 0 }]);
    this.#take(JSON.stringify(command));
    if (command.kind === 'sealBatch') return this.#block([this.#seal()]);
    if (command.kind === 'creditDeposit') return this.#block([this.#credit(command)]);
    return this.#block([]);
  }

  /** A customer's withdrawal, as if it had come through the gateway. */
  withdraw(recipient: Address, amountAtoms: number, assetId: AssetId | 0 = 0): void {
    const withdrawalIndex = this.#nextWithdrawalIndex++;
    this.#take(`withdraw ${withdrawalIndex}`);
    this.#open.withdrawals.push({ withdrawalIndex, recipient, assetId, amountAtoms });
  }

  /** Any command, only to have something to seal. */
  trade(): void {
    this.#take('trade');
  }

  async batch(batchIndex: number): Promise<SealedBatch | undefined> {
    this.batchesAskedFor.push(batchIndex);
    return this.batches[batchIndex];
  }

  status(): SequencerStatus {
    return {
      sequence: toSequence(this.#sequence),
      timeMs: 1_700_000_000_000 + this.#sequence,
      stateRoot: `0x${'00'.repeat(32)}`,
      lastBatchIndex: this.batches.length - 1,
      nextDepositIndex: this.deposits.length,
      nextWithdrawalIndex: this.#nextWithdrawalIndex,
      accounts: 1,
      openOrders: 0,
      markets: [],
      collaterals: this.collaterals,
      feeders: [],
    };
  }

  #take(text: string): void {
    this.#sequence += 1;
    this.#open.hashes.push(hashOf(`${this.#sequence} ${text}`));
  }

  #block(events: readonly Event[]): EventBlock {
    return { sequence: toSequence(this.#sequence), timeMs: 1_700_000_000_000 + this.#sequence, events };
  }

  #credit(command: Extract<Command, { kind: 'creditDeposit' }>): Event {
    const next = this.deposits.length;
    if (command.depositIndex !== next)
      return {
        kind: 'commandRejected',
        code: command.depositIndex < next ? REJECT_CODES.DEPOSIT_ALREADY_CREDITED : REJECT_CODES.DEPOSIT_OUT_OF_ORDER,
        accountId: 0,
      };
    const { owner, assetId, amountAtoms } = command;
    if (assetId !== 0 && !this.collaterals.some((collateral) => collateral.assetId === assetId))
      return { kind: 'commandRejected', code: REJECT_CODES.ASSET_UNKNOWN, accountId: 0 };
    this.deposits.push({ owner, assetId, amountAtoms });
    return { kind: 'depositCredited', depositIndex: next, accountId: toAccountId(1), assetId, amountAtoms };
  }

  #seal(): Event {
    const { hashes, withdrawals } = this.#open;
    const sealed: SealedBatch = {
      batchIndex: this.batches.length,
      firstSequence: toSequence(this.#sequence - hashes.length + 1),
      lastSequence: toSequence(this.#sequence),
      timeMs: 1_700_000_000_000 + this.#sequence,
      stateRoot: hashOf(`state ${this.#sequence}`),
      commandHashes: hashes,
      withdrawals,
      nextDepositIndex: this.deposits.length,
      firstWithdrawalIndex: this.#nextWithdrawalIndex - withdrawals.length,
      nextWithdrawalIndex: this.#nextWithdrawalIndex,
    };
    this.batches.push(sealed);
    this.#open = { hashes: [], withdrawals: [] };
    const { batchIndex, firstSequence, lastSequence, nextDepositIndex, firstWithdrawalIndex, nextWithdrawalIndex } =
      sealed;
    return {
      kind: 'batchSealed',
      batchIndex,
      firstSequence,
      lastSequence,
      nextDepositIndex,
      firstWithdrawalIndex,
      nextWithdrawalIndex,
    };
  }
}

function hashOf(text: string): Hex {
  return `0x${createHash('sha256').update(text).digest('hex')}`;
}
