import type { Logger } from '@keel/runtime';
import type { SequencerStatus } from '@keel/types';
import { creditDeposits } from './creditDeposits.ts';
import type { L1History } from './l1History.ts';
import type { SequencerGate } from './sealBatches.ts';
import type { L1Tip } from './settlementChain.ts';
import { SettlementFault } from './settlementFault.ts';

/** Complete readings of L1 that may leave out a deposit before it is no longer a node that lags with its events. */
const READINGS_MAX = 4;

/** Credits what L1 confirms, and makes sure that no deposit the contract counts is left out. */
export class DepositFollower {
  readonly #gate: Pick<SequencerGate, 'submit'>;
  readonly #history: L1History;
  readonly #startBlock: number;
  readonly #log: Logger;
  #incompleteReadings = 0;
  #heldBack = '';

  constructor(parts: {
    readonly gate: Pick<SequencerGate, 'submit'>;
    readonly history: L1History;
    readonly startBlock: number;
    readonly log: Logger;
  }) {
    this.#gate = parts.gate;
    this.#history = parts.history;
    this.#startBlock = parts.startBlock;
    this.#log = parts.log;
  }

  /** Why deposits that L1 confirms are not credited; empty = they are. */
  get heldBack(): string {
    return this.#heldBack;
  }

  /**
   * One look, with the history read to `tip` and the sequencer asked after it. Returns the next index that the sequencer waits for. Rejects, and has
   * everything read again, when events are missing; with SettlementFault when they stay missing.
   */
  async turn(tip: L1Tip, status: Pick<SequencerStatus, 'nextDepositIndex' | 'collaterals'>): Promise<number> {
    const confirmed = this.#history.deposits.filter(({ blockNumber }) => blockNumber <= tip.confirmedBlock);
    const listed = new Set(status.collaterals.map(({ assetId }) => assetId));
    const next = await creditDeposits(confirmed, status.nextDepositIndex, listed, this.#gate, this.#log);
    this.#history.dropDepositsBelow(next);
    const assetId = confirmed.find(({ depositIndex }) => depositIndex === next)?.assetId ?? 0;
    const known = assetId === 0 || listed.has(assetId);
    this.#holdBack(known ? '' : `deposit ${next} is of asset ${assetId}, which the sequencer has not listed`);
    const missing = tip.depositCount - next - this.#history.deposits.length;
    if (missing <= 0) {
      this.#incompleteReadings = 0;
      return next;
    }
    this.#incompleteReadings += 1;
    this.#history.startAgain();
    const where = `${missing} deposits from index ${next} on are not in L1's blocks from ${this.#startBlock} on`;
    if (this.#incompleteReadings < READINGS_MAX) throw new Error(`${where}; reading them again`);
    throw new SettlementFault(`${where}: correct KEEL_L1_START_BLOCK`);
  }

  /** Logs only when it changes: a person has to mend it. */
  #holdBack(reason: string): void {
    if (reason !== '' && reason !== this.#heldBack) this.#log.warn({ reason }, 'deposits wait');
    this.#heldBack = reason;
  }
}
