import { KeelError } from '@keel/client';
import { type Logger, startPeriodicTask } from '@keel/runtime';
import { AssertionError } from '@keel/types';
import type { Bot } from './bot.ts';
import type { MarketWatch } from './marketWatch.ts';
import type { Tally } from './tally.ts';

const WATCH_MS = 500;

/** Runs every bot's turns and the reading of the markets until stopped. A turn without an answer is counted and tried again. */
export function startTurns(
  bots: readonly Bot[],
  context: {
    readonly watch: MarketWatch;
    readonly tally: Tally;
    readonly log: Logger;
    readonly stopSignal: AbortSignal;
    readonly fail: (fault: unknown) => never;
  },
): { stop(): Promise<void> } {
  const { tally, log, stopSignal, fail } = context;
  const onFault = (name: string) => (fault: unknown) => {
    if (stopSignal.aborted) return;
    // An assertion is a fault of ours; everything else is a gateway or an L1 node that is away for a while.
    if (fault instanceof AssertionError || fault instanceof TypeError) fail(fault);
    tally.faults += 1;
    log.debug({ bot: name, reason: reasonOf(fault) }, 'turn ended early');
  };
  const tasks = bots.map((bot) =>
    startPeriodicTask({ everyMs: bot.everyMs, run: () => bot.turn(), onFault: onFault(bot.name) }),
  );
  const watching = startPeriodicTask({
    everyMs: WATCH_MS,
    run: () => context.watch.refresh(),
    onFault: onFault('market watch'),
  });
  return {
    stop: async () => {
      await Promise.all([...tasks, watching].map((task) => task.stop()));
      for (const bot of bots) bot.close();
    },
  };
}

function reasonOf(fault: unknown): string {
  if (fault instanceof KeelError) return fault.code;
  return fault instanceof Error ? (fault.message.split('\n')[0] ?? fault.name) : String(fault);
}
