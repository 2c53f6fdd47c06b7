import type { BatchSeen, DepositSeen, L1Event, L1Tip, SettlementChain, WithdrawalSeen } from './settlementChain.ts';

/**
 * What L1 says has happened, up to its newest block. Blocks that are final are read once; those above are forgotten and
 * read again each time, so that a block that L1 took back leaves no trace here. Nothing is kept on disk: a new process
 * reads from the block of the deployment on.
 *
 * Grows by one entry per withdrawal that was paid; deposits and batches are dropped when their readers are done.
 */
export class L1History {
  readonly #chain: SettlementChain;
  readonly #startBlock: number;
  readonly #blocksAtOnce: number;
  /** Final blocks up to here have been read. */
  #readTo: number;
  #headHash = '';
  #deposits: DepositSeen[] = [];
  readonly #batches = new Map<number, BatchSeen>();
  readonly #withdrawals = new Map<number, WithdrawalSeen>();

  constructor(chain: SettlementChain, options: { readonly startBlock: number; readonly logBlocks: number }) {
    this.#chain = chain;
    this.#startBlock = options.startBlock;
    this.#blocksAtOnce = options.logBlocks;
    this.#readTo = options.startBlock - 1;
  }

  /** In order of index. */
  get deposits(): readonly DepositSeen[] {
    return this.#deposits;
  }
  /** By batch index. */
  get batches(): ReadonlyMap<number, BatchSeen> {
    return this.#batches;
  }
  /** By withdrawal index. */
  get withdrawals(): ReadonlyMap<number, WithdrawalSeen> {
    return this.#withdrawals;
  }

  /** Reads on to the tip's block. After a failure the next call takes up where the last final block was read. */
  async readTo(tip: L1Tip): Promise<void> {
    if (tip.headHash === this.#headHash) return;
    // A chain that is shorter than what was final is another chain, or one set back by hand.
    if (tip.headBlock < this.#readTo) this.startAgain();
    this.#headHash = '';
    this.#forgetAbove(this.#readTo);
    for (let from = this.#readTo + 1; from <= tip.headBlock; from += this.#blocksAtOnce) {
      const to = Math.min(from + this.#blocksAtOnce - 1, tip.headBlock);
      for (const event of await this.#chain.events(from, to)) this.#add(event);
      this.#readTo = Math.max(this.#readTo, Math.min(to, tip.finalisedBlock));
    }
    this.#headHash = tip.headHash;
  }

  /** Something that must be there was not: the next `readTo` reads what is not final again, even for the same block. */
  distrustHead(): void {
    this.#headHash = '';
  }

  /** The next `readTo` reads everything. */
  startAgain(): void {
    this.#headHash = '';
    this.#readTo = this.#startBlock - 1;
    this.#forgetAbove(this.#readTo);
  }

  dropDepositsBelow(depositIndex: number): void {
    this.#deposits = this.#deposits.filter((deposit) => deposit.depositIndex >= depositIndex);
  }

  dropBatchesBelow(batchIndex: number): void {
    for (const index of this.#batches.keys()) if (index < batchIndex) this.#batches.delete(index);
  }

  #add(event: L1Event): void {
    switch (event.kind) {
      case 'deposit':
        this.#deposits.push(event);
        return;
      case 'batch':
        this.#batches.set(event.batchIndex, event);
        return;
      case 'withdrawal':
        this.#withdrawals.set(event.withdrawalIndex, event);
        return;
    }
  }

  #forgetAbove(block: number): void {
    this.#deposits = this.#deposits.filter((deposit) => deposit.blockNumber <= block);
    for (const seen of [this.#batches, this.#withdrawals])
      for (const [index, { blockNumber }] of seen) if (blockNumber > block) seen.delete(index);
  }
}
