import { StartupFault } from '@keel/runtime';
import { batchHash, batchHeader } from '@keel/state-tree';
import type { Hex, SealedBatch } from '@keel/types';
import { ZERO_HASH } from './exchange.ts';

/**
 * Holds the batches that a replay seals to the hashes that L1 has. The hash of a batch covers the record hash of each of
 * its commands, its withdrawals, its state root, and the batch before.
 */
export class L1Comparison {
  readonly #onL1: readonly Hex[];
  #sealed = 0;
  #previousHash: Hex = ZERO_HASH;

  /** `onL1`: the hash of every batch on L1, by batch index. */
  constructor(onL1: readonly Hex[]) {
    this.#onL1 = onL1;
  }

  /** The next batch that the replay sealed. Throws StartupFault when L1 has another one in its place. */
  compare(batch: SealedBatch): void {
    this.#previousHash = batchHash(batchHeader(batch, this.#previousHash));
    this.#sealed += 1;
    const onL1 = this.#onL1[batch.batchIndex];
    if (onL1 === undefined || onL1 === this.#previousHash) return;
    throw new StartupFault(
      `batch ${batch.batchIndex} on L1 is not that of this journal: commands ${batch.firstSequence} to ` +
        `${batch.lastSequence} give the hash ${this.#previousHash}, L1 has ${onL1}`,
    );
  }

  /** How many batches were found equal, once the whole journal was replayed. Throws StartupFault when L1 has more. */
  finish(lastSequence: number): number {
    const count = this.#onL1.length;
    if (this.#sealed >= count) return count;
    throw new StartupFault(
      `this journal ends at command ${lastSequence}, before batch ${this.#sealed} was sealed, but L1 has ${count} batches`,
    );
  }
}
