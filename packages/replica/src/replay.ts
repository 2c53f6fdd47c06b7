import { decodeSequencedCommand } from '@keel/codec';
import type { JournalRecord } from '@keel/journal';
import { assert, type SealedBatch } from '@keel/types';
import type { Exchange } from './exchange.ts';
import { toHex } from './toHex.ts';

/** Commands between two looks at the clock and at the stop signal. */
const CHUNK_COMMANDS = 1_000;
const PROGRESS_EVERY_MS = 1_000;

export interface ReplayOptions {
  /** A batch was sealed; its root is already part of it. */
  readonly onSealed: (batch: SealedBatch) => Promise<void> | void;
  /** About once a second. */
  readonly onProgress: (progress: ReplayProgress) => void;
  readonly signal?: AbortSignal | undefined;
}

export interface ReplayProgress {
  readonly sequence: number;
  readonly commands: number;
  readonly seconds: number;
}

/**
 * Applies records of the journal to an exchange, exactly as they were applied when they were written. Nothing is
 * published: what the read model would have to be told is dropped on the way.
 */
export async function replay(
  exchange: Exchange,
  records: Iterable<JournalRecord>,
  options: ReplayOptions,
): Promise<ReplayProgress> {
  const begunMs = performance.now();
  let toldMs = begunMs;
  let commands = 0;
  const progress = (): ReplayProgress => ({
    sequence: exchange.state.sequence,
    commands,
    seconds: (performance.now() - begunMs) / 1_000,
  });
  for (const record of records) {
    const sequenced = decodeSequencedCommand(record.payload);
    assert(sequenced.sequence === record.sequence, `record ${record.sequence} holds command ${sequenced.sequence}`);
    const { sealed } = exchange.apply(sequenced, toHex(record.recordHash));
    if (sealed !== undefined) await options.onSealed(sealed);
    commands += 1;
    if (commands % CHUNK_COMMANDS !== 0) continue;
    exchange.takeChanges();
    // Lets signals and the admin port have their turn.
    await new Promise((resolve) => setImmediate(resolve));
    options.signal?.throwIfAborted();
    if (performance.now() - toldMs < PROGRESS_EVERY_MS) continue;
    toldMs = performance.now();
    options.onProgress(progress());
  }
  exchange.takeChanges();
  return progress();
}
