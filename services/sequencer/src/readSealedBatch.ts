import type { OpenedExchange } from '@keel/replica';
import type { SealedBatch } from '@keel/types';

/**
 * A sealed batch; undefined when no such batch was sealed yet. In a cluster a seal is acked once the log has it, and its
 * batch is put into the store when this node's own journal has it too, a flush later: whoever asks in between waits for
 * that flush. Rejects when the disk does.
 */
export async function readSealedBatch(
  batchIndex: number,
  { exchange, journal, batches }: Pick<OpenedExchange, 'exchange' | 'journal' | 'batches'>,
): Promise<SealedBatch | undefined> {
  const found = await batches.get(batchIndex);
  if (found !== undefined || batchIndex > exchange.lastBatchIndex) return found;
  await journal.flush();
  return batches.get(batchIndex);
}
