import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { IntakeClient } from '@keel/intake';
import type { ReadModel } from '@keel/redis';
import type { LiveFeed } from './feed/liveFeed.ts';
import type { Health } from './routes/operationRoutes.ts';

/** A process that was stuck for longer answers nobody in time. */
const EVENT_LOOP_DELAY_MS_MAX = 2_000;
/** A stop is told for at least as long as this, and at most twice as long, however often and by whomever it is asked. */
const WINDOW_MS = 10_000;
/** Commands that the read model may be behind the log. */
const LAG_COMMANDS_MAX = 1_000;
/** The sequencer lets time pass with a command every second; without any for so long nothing is being committed. */
const COMMIT_MS_MAX = 5_000;
const NANOSECONDS_PER_MS = 1_000_000;

interface HealthParts {
  readonly intake: Pick<IntakeClient, 'connected' | 'status'>;
  readonly readModel: Pick<ReadModel, 'head'>;
  readonly feed: Pick<LiveFeed, 'live' | 'sequence'>;
}

/** Alive: the event loop turns. Ready: orders are taken and committed, and what is read is not old. */
export function createHealth({ intake, readModel, feed }: HealthParts): Health & { close(): void } {
  const delay = monitorEventLoopDelay({ resolution: 20 });
  delay.enable();
  let lastWindow = 0;
  const windows = setInterval(() => {
    lastWindow = delay.max;
    delay.reset();
  }, WINDOW_MS).unref();
  let newest = { sequence: -1, seenMs: 0 };
  const lookAround = async (): Promise<readonly string[]> => {
    const head = await readModel.head().catch(() => undefined);
    const status = intake.connected ? await intake.status().catch(() => undefined) : undefined;
    const reasons: string[] = [];
    if (status === undefined) reasons.push('the sequencer cannot be reached');
    else if (status.sequence !== newest.sequence) newest = { sequence: status.sequence, seenMs: performance.now() };
    else if (performance.now() - newest.seenMs > COMMIT_MS_MAX)
      reasons.push(`nothing was committed for ${Math.round((performance.now() - newest.seenMs) / 1_000)} s`);
    if (head === undefined) reasons.push('the read model is away or being rebuilt');
    else if (status !== undefined && status.sequence - head.sequence > LAG_COMMANDS_MAX)
      reasons.push(`the read model is ${status.sequence - head.sequence} commands behind`);
    if (!feed.live) reasons.push('the event stream has no chain');
    else if (head !== undefined && head.sequence - feed.sequence > LAG_COMMANDS_MAX)
      reasons.push(`the event stream is ${head.sequence - feed.sequence} commands behind`);
    return reasons;
  };
  let looking: Promise<readonly string[]> | undefined;
  return {
    livez: () => {
      const longestMs = Math.max(lastWindow, delay.max) / NANOSECONDS_PER_MS;
      return longestMs > EVENT_LOOP_DELAY_MS_MAX ? [`the event loop stood still for ${Math.round(longestMs)} ms`] : [];
    },
    // Anybody may ask, as often as they like; the sequencer and Redis hear one question at a time.
    readyz: () => {
      looking ??= lookAround().finally(() => {
        looking = undefined;
      });
      return looking;
    },
    close: () => {
      clearInterval(windows);
      delay.disable();
    },
  };
}
