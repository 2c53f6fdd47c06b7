import type { Logger } from '@keel/runtime';
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

  /**
   * One look, with the history read to `tip`. Returns the next index that the sequencer waits for. Rejects, and has
   * everything read again, when events are missing; with SettlementFault when they stay missing.
   */
  async turn(tip: L1Tip, nextDepositIndex: number): Promise<number> {
    const confirmed = this.#history.deposits.filter(({ blockNumber }) => blockNumber <= tip.confirmedBlock);
    const next = await creditDeposits(confirmed, nextDepositIndex, this.#gate, this.#log);
    this.#history.dropDepositsBelow(next);
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
}
