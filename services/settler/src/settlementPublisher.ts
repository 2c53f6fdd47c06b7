import { BATCHES_MAX, type BatchDoc, type BatchStatus, type SettlementWriter, type WithdrawalDoc } from '@keel/redis';
import type { Logger } from '@keel/runtime';
import {
  type BatchHeader,
  batchHash,
  batchHeader,
  settlementTree,
  withdrawalPayload,
  ZERO_HASH,
} from '@keel/state-tree';
import { type Hex, type SealedBatch, toSequence } from '@keel/types';
import type { Health } from './health.ts';
import type { L1History } from './l1History.ts';
import type { SequencerGate } from './sealBatches.ts';
import type { L1Tip, SettlementChain } from './settlementChain.ts';
import { otherBatchOnL1, SettlementFault } from './settlementFault.ts';

/** Batches taken up in one turn: a rebuild from the first batch must not hold up the deposits. */
const BATCHES_PER_TURN = 200;

/** Batches that a new process looks back for one that is final; without one it publishes all again. */
const RESUME_LOOK_MAX = 1_000;

type WithdrawalFacts = Omit<WithdrawalDoc, 'status' | 'l1TxHash'>;

/** A batch whose status may still change. */
interface OpenBatch {
  readonly header: BatchHeader;
  readonly hash: Hex;
  readonly withdrawals: readonly WithdrawalFacts[];
  /** What Redis was told last, to tell it only what is new. */
  published: string;
}

export interface PublisherParts {
  readonly writer: SettlementWriter;
  readonly gate: Pick<SequencerGate, 'batch'>;
  readonly chain: Pick<SettlementChain, 'batchHashAt'>;
  readonly history: L1History;
  readonly health: Health;
  readonly log: Logger;
}

/**
 * Keeps Redis told of every batch and withdrawal and how far each is. All of it comes from the sequencer and L1: a
 * Redis that was emptied is filled again from the first batch, one that still holds batches is taken up at the first
 * that was not final. Also the place where L1's chain of batches is held against the sequencer's, batch by batch.
 */
export class SettlementPublisher {
  readonly #parts: PublisherParts;
  /** Next batch to take up; those below it are final, or open. */
  #next = 0;
  #prevHash: Hex = ZERO_HASH;
  /** In order of index, without gaps, ending before `#next`. */
  #open: OpenBatch[] = [];
  /** Redis was told of every batch below this; undefined before this process has looked what Redis holds. */
  #told: number | undefined;
  readonly #sent = new Map<number, Hex>();
  /** Withdrawals of final batches that Redis was told are paid. */
  #paidTold = new Set<number>();

  constructor(parts: PublisherParts) {
    this.#parts = parts;
  }

  /** Batches that are not final. */
  get openBatches(): number {
    return this.#open.length;
  }

  /** A transaction with this batch is about to leave. */
  noteSent(batchIndex: number, txHash: Hex): void {
    this.#sent.set(batchIndex, txHash);
  }

  /**
   * One look, with L1 read to `tip` and `lastBatchIndex` asked for after it. Rejects when a neighbour is away, with
   * SettlementFault when L1 holds another batch than the sequencer.
   */
  async turn(tip: L1Tip, lastBatchIndex: number): Promise<void> {
    if (!(await this.#findPlace(tip, lastBatchIndex))) return;
    const end = Math.min(lastBatchIndex, this.#next + BATCHES_PER_TURN - 1);
    while (this.#next <= end) await this.#takeUp(this.#next, tip);
    for (const batch of this.#open) await this.#tell(batch, tip);
    this.#closeFinal(tip);
    // A node may show a block before it has that block's events.
    const unseen = ({ header }: OpenBatch): boolean => !this.#parts.history.batches.has(header.batchIndex);
    if (this.#open.some((batch) => batch.header.batchIndex < tip.batchCount && unseen(batch)))
      this.#parts.history.distrustHead();
    await this.#tellLatePayments();
  }

  /** Settles where to go on from. False when L1 has to be read again first. */
  async #findPlace(tip: L1Tip, lastBatchIndex: number): Promise<boolean> {
    const held = await this.#redis((writer) => writer.batchCount());
    if (this.#told === undefined) {
      if (held > 0) await this.#resume(tip, lastBatchIndex);
      this.#told = this.#next;
      this.#parts.log.info({ held, from: this.#next }, 'publishing batches');
    }
    const expected = Math.min(this.#told, BATCHES_MAX);
    if (held >= expected) return true;
    this.#parts.log.warn({ held, expected }, 'Redis lost batches; publishing all of them again');
    this.#startFrom(0, ZERO_HASH);
    this.#told = 0;
    this.#paidTold = new Set();
    this.#parts.history.startAgain();
    return false;
  }

  /** A process that starts trusts the newest batch that Redis calls final, if L1 agrees on its hash. */
  async #resume(tip: L1Tip, lastBatchIndex: number): Promise<void> {
    const newest = Math.min(lastBatchIndex, tip.batchCount - 1);
    for (let index = newest; index >= 0 && index > newest - RESUME_LOOK_MAX; index--) {
      const batch = await this.#redis((writer) => writer.batch(index));
      if (batch?.status !== 'finalised') continue;
      if ((await this.#parts.chain.batchHashAt(index)) === batch.batchHash) this.#startFrom(index + 1, batch.batchHash);
      return;
    }
  }

  #startFrom(batchIndex: number, prevHash: Hex): void {
    this.#next = batchIndex;
    this.#prevHash = prevHash;
    this.#open = [];
  }

  async #takeUp(batchIndex: number, tip: L1Tip): Promise<void> {
    const sealed = await this.#sealed(batchIndex);
    const header = batchHeader(sealed, this.#prevHash);
    const hash = batchHash(header);
    if (batchIndex < tip.batchCount) assertSame(batchIndex, await this.#parts.chain.batchHashAt(batchIndex), hash);
    this.#open.push({ header, hash, withdrawals: withdrawalFacts(sealed), published: '' });
    this.#next = batchIndex + 1;
    this.#prevHash = hash;
  }

  async #tell(batch: OpenBatch, tip: L1Tip): Promise<void> {
    const doc = this.#batchDoc(batch, tip);
    const onL1 = doc.status === 'committed' || doc.status === 'finalised';
    const withdrawals = batch.withdrawals.map((facts) => this.#withdrawalDoc(facts, onL1));
    const text = JSON.stringify([doc, withdrawals]);
    if (text === batch.published) return;
    await this.#redis((writer) => writer.putBatch(doc, withdrawals));
    batch.published = text;
    this.#told = Math.max(this.#told ?? 0, doc.batchIndex + 1);
  }

  #batchDoc({ header, hash }: OpenBatch, tip: L1Tip): BatchDoc {
    const seen = this.#parts.history.batches.get(header.batchIndex);
    if (seen !== undefined) assertSame(header.batchIndex, seen.batchHash, hash);
    const sent = this.#sent.get(header.batchIndex);
    return {
      ...header,
      firstSequence: toSequence(header.firstSequence),
      lastSequence: toSequence(header.lastSequence),
      batchHash: hash,
      status: seen === undefined ? (sent === undefined ? 'sealed' : 'submitted') : statusAt(seen.blockNumber, tip),
      l1TxHash: seen?.txHash ?? sent ?? null,
      l1BlockNumber: seen?.blockNumber ?? null,
    };
  }

  #withdrawalDoc(facts: WithdrawalFacts, onL1: boolean): WithdrawalDoc {
    const paid = this.#parts.history.withdrawals.get(facts.withdrawalIndex);
    if (paid !== undefined) return { ...facts, status: 'paid', l1TxHash: paid.txHash };
    return { ...facts, status: onL1 ? 'claimable' : 'sealed', l1TxHash: null };
  }

  #closeFinal(tip: L1Tip): void {
    const { history } = this.#parts;
    const stillOpen = this.#open.findIndex(({ header }) => {
      const seen = history.batches.get(header.batchIndex);
      return seen === undefined || seen.blockNumber > tip.finalisedBlock;
    });
    const closed = stillOpen < 0 ? this.#open : this.#open.slice(0, stillOpen);
    for (const { header, withdrawals } of closed) {
      this.#sent.delete(header.batchIndex);
      for (const { withdrawalIndex } of withdrawals)
        if (history.withdrawals.has(withdrawalIndex)) this.#paidTold.add(withdrawalIndex);
    }
    this.#open = stillOpen < 0 ? [] : this.#open.slice(stillOpen);
    history.dropBatchesBelow(this.#firstOpen);
  }

  get #firstOpen(): number {
    return this.#next - this.#open.length;
  }

  /** Withdrawals that were paid after their batch was final. */
  async #tellLatePayments(): Promise<void> {
    const late = [...this.#parts.history.withdrawals.values()].filter(
      ({ withdrawalIndex, batchIndex }) => batchIndex < this.#firstOpen && !this.#paidTold.has(withdrawalIndex),
    );
    for (const batchIndex of new Set(late.map((withdrawal) => withdrawal.batchIndex))) {
      const paid = withdrawalFacts(await this.#sealed(batchIndex)).filter(({ withdrawalIndex }) =>
        this.#parts.history.withdrawals.has(withdrawalIndex),
      );
      await this.#redis((writer) => writer.putWithdrawals(paid.map((facts) => this.#withdrawalDoc(facts, true))));
      for (const { withdrawalIndex } of paid) this.#paidTold.add(withdrawalIndex);
    }
  }

  async #sealed(batchIndex: number): Promise<SealedBatch> {
    const sealed = await this.#parts.gate.batch(batchIndex);
    if (sealed === undefined) throw new SettlementFault(`the sequencer does not have batch ${batchIndex}`);
    return sealed;
  }

  #redis<Result>(call: (writer: SettlementWriter) => Promise<Result>): Promise<Result> {
    return this.#parts.health.watch('Redis', () => call(this.#parts.writer));
  }
}

function assertSame(batchIndex: number, onL1: Hex, ours: Hex): void {
  if (onL1 !== ours) throw otherBatchOnL1(batchIndex, onL1, ours);
}

function statusAt(blockNumber: number, tip: L1Tip): BatchStatus {
  if (blockNumber <= tip.finalisedBlock) return 'finalised';
  return blockNumber <= tip.confirmedBlock ? 'committed' : 'submitted';
}

function withdrawalFacts(sealed: SealedBatch): WithdrawalFacts[] {
  const tree = settlementTree(sealed.withdrawals.map(withdrawalPayload));
  return sealed.withdrawals.map((withdrawal, position) => {
    const { count, siblings } = tree.prove(position);
    return { ...withdrawal, batchIndex: sealed.batchIndex, position, count, siblings };
  });
}
