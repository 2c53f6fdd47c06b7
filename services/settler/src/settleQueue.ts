import { setTimeout } from 'node:timers/promises';
import { createRedis } from '@keel/redis';
import type { Logger } from '@keel/runtime';
import { Queue, Worker } from 'bullmq';
import type { Health } from './health.ts';
import { isOurFault } from './settlementFault.ts';

const QUEUE_NAME = 'settle';
/** The jobs stand beside the read model's keys, under a name of their own. */
const KEY_PREFIX = 'keel:jobs';
/** Batches queued ahead. They are done one after the other; more would only fill Redis after an outage. */
export const QUEUED_BATCHES_MAX = 16;
const RETRY_MS_MIN = 250;
const RETRY_MS_MAX = 10_000;
/** Tries before a job is dropped; whoever plans puts it there again. */
const ATTEMPTS_MAX = 100;
/** A process that died holds its job no longer than this. */
const LOCK_MS = 5_000;
const STALLED_CHECK_MS = 2_500;
/** A connection that says nothing for so long is given up; the worker's longest wait for a job is ten seconds. */
const SILENT_MS_MAX = 15_000;
const CLOSE_MS_MAX = 2_000;

interface AdvanceJob {
  readonly batchIndex: number;
}

/** The queue of the jobs "advance batch n". Jobs may be lost with Redis, and delivered twice: both change nothing. */
export interface SettleQueue {
  /** Puts there what is missing of the batches from `first` to `last`. Rejects when Redis is away. */
  plan(first: number, last: number): Promise<void>;
  /** Waits for the running job, as long as Redis is there. */
  close(): Promise<void>;
}

export interface SettleQueueParts {
  readonly redisUrl: string;
  /** Idempotent. */
  readonly advance: (batchIndex: number) => Promise<void>;
  /** Told a fault that no retry mends. */
  readonly onOurFault: (fault: unknown) => void;
  readonly health: Health;
  readonly log: Logger;
}

/** Rejects if Redis cannot be reached now; afterwards it may go and come back. */
export async function openSettleQueue(parts: SettleQueueParts): Promise<SettleQueue> {
  const { redisUrl, health, log } = parts;
  // Planning answers at once whether Redis is there; working waits for Redis for as long as it takes.
  const planning = createRedis(redisUrl, {
    lazyConnect: true,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    socketTimeout: SILENT_MS_MAX,
  });
  planning.on('error', () => undefined);
  await planning.connect();
  let closing = false;
  // BullMQ makes a second connection of the same settings; the flag ends both.
  const retryStrategy = (attempt: number): number | null => (closing ? null : Math.min(50 * attempt, 1_000));
  const working = createRedis(redisUrl, { maxRetriesPerRequest: null, retryStrategy, socketTimeout: SILENT_MS_MAX });
  working.on('error', () => undefined);
  const queue = new Queue<AdvanceJob>(QUEUE_NAME, {
    prefix: KEY_PREFIX,
    connection: planning,
    skipWaitingForReady: true,
  });
  const worker = new Worker<AdvanceJob>(
    QUEUE_NAME,
    async (job) => {
      try {
        await parts.advance(job.data.batchIndex);
      } catch (fault) {
        if (isOurFault(fault)) parts.onOurFault(fault);
        throw fault;
      }
    },
    {
      prefix: KEY_PREFIX,
      connection: working,
      concurrency: 1,
      lockDuration: LOCK_MS,
      stalledInterval: STALLED_CHECK_MS,
      settings: { backoffStrategy: (attempts) => Math.min(RETRY_MS_MIN * 2 ** (attempts - 1), RETRY_MS_MAX) },
    },
  );
  queue.on('error', (fault) => log.debug({ reason: fault.message }, 'settle queue'));
  worker.on('error', (fault) => log.debug({ reason: fault.message }, 'settle worker'));
  worker.on('failed', (job, fault) =>
    log.debug({ batchIndex: job?.data.batchIndex, reason: fault.message }, 'not yet'),
  );

  return {
    plan: (first, last) =>
      health.watch('Redis', async () => {
        const end = Math.min(last, first + QUEUED_BATCHES_MAX - 1);
        for (let batchIndex = first; batchIndex <= end; batchIndex++) {
          await queue.add(
            'advanceBatch',
            { batchIndex },
            {
              jobId: `batch-${batchIndex}`,
              attempts: ATTEMPTS_MAX,
              backoff: { type: 'custom' },
              removeOnComplete: true,
              removeOnFail: true,
            },
          );
        }
      }),
    close: async () => {
      closing = true;
      // With Redis away a clean end would be waited for in vain; the job is found again by the next process.
      await Promise.race([worker.close(), setTimeout(CLOSE_MS_MAX, undefined, { ref: false })]);
      working.disconnect();
      planning.disconnect();
    },
  };
}
