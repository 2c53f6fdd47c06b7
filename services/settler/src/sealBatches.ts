import type { Logger } from '@keel/runtime';
import { type Command, type EventBlock, rejectName, type SealedBatch, type SequencerStatus } from '@keel/types';

/** What the settler asks of the sequencer. */
export interface SequencerGate {
  status(): Promise<SequencerStatus>;
  batch(batchIndex: number): Promise<SealedBatch | undefined>;
  submit(command: Command): Promise<EventBlock>;
}

/** Above this many batches that wait for L1, only a full batch is sealed: after an outage fewer are left to send. */
export const WAITING_BATCHES_MAX = 100;

export interface SealRule {
  readonly batchSeconds: number;
  readonly batchCommands: number;
}

/** Whether a batch is due. `openMs` is how long the open batch has been seen by this process. */
export function sealIsDue(
  rule: SealRule,
  open: { readonly commands: number; readonly openMs: number; readonly waitingBatches: number },
): boolean {
  if (open.commands <= 0) return false;
  if (open.commands >= rule.batchCommands) return true;
  return open.openMs >= rule.batchSeconds * 1_000 && open.waitingBatches < WAITING_BATCHES_MAX;
}

/** Proposes batches: by time or by number of commands. The engine decides; it refuses an empty one. */
export class BatchSealer {
  readonly #rule: SealRule;
  readonly #gate: SequencerGate;
  readonly #log: Logger;
  /** The last sealed batch as this process saw it, and when it saw it first. */
  #last = { batchIndex: Number.NaN, lastSequence: 0, seenMs: 0 };

  constructor(rule: SealRule, gate: SequencerGate, log: Logger) {
    this.#rule = rule;
    this.#gate = gate;
    this.#log = log;
  }

  /** One look; `nowMs` is monotonic, `batchesOnL1` how many L1 has. */
  async turn(nowMs: number, batchesOnL1: number): Promise<void> {
    const status = await this.#gate.status();
    if (status.lastBatchIndex !== this.#last.batchIndex) await this.#see(status.lastBatchIndex, nowMs);
    const open = {
      commands: status.sequence - this.#last.lastSequence,
      openMs: nowMs - this.#last.seenMs,
      waitingBatches: status.lastBatchIndex + 1 - batchesOnL1,
    };
    if (!sealIsDue(this.#rule, open)) return;
    const { events } = await this.#gate.submit({ kind: 'sealBatch' });
    for (const event of events) {
      if (event.kind === 'batchSealed') this.#sealed(event.batchIndex, event.lastSequence, nowMs);
      if (event.kind === 'commandRejected') this.#log.debug({ code: rejectName(event.code) }, 'nothing to seal');
    }
  }

  async #see(batchIndex: number, nowMs: number): Promise<void> {
    const batch = batchIndex < 0 ? undefined : await this.#gate.batch(batchIndex);
    this.#last = { batchIndex, lastSequence: batch?.lastSequence ?? 0, seenMs: nowMs };
  }

  #sealed(batchIndex: number, lastSequence: number, nowMs: number): void {
    this.#last = { batchIndex, lastSequence, seenMs: nowMs };
    this.#log.info({ batchIndex, lastSequence }, 'batch sealed');
  }
}
