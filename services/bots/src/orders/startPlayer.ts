import type { Logger } from '@keel/runtime';
import type { BotsConfig } from '../config.ts';
import type { Keeper } from '../createKeeper.ts';
import { deriveKey } from '../deriveKey.ts';
import type { MarketWatch } from '../marketWatch.ts';
import { unboundedBudget } from '../orderBudget.ts';
import type { Tally } from '../tally.ts';
import { Trader } from '../trader.ts';
import { playFile } from './playFile.ts';
import { createPlayReport, type PlayReport } from './playReport.ts';
import { readOrderFile } from './readOrderFile.ts';

export interface RunningPlayer {
  readonly report: Readonly<PlayReport>;
  stop(): Promise<void>;
}

/**
 * Reads the recorded orders, if there are any, and begins to play them. A file that does not fit throws a StartupFault
 * before anything is sent. A restart plays from the beginning: the orders of the last play are cancelled first.
 */
export function startPlayer(
  config: BotsConfig,
  context: {
    readonly watch: MarketWatch;
    readonly keeper: Keeper;
    readonly tally: Tally;
    readonly log: Logger;
    readonly stopSignal: AbortSignal;
    readonly fail: (fault: unknown) => never;
  },
): RunningPlayer | undefined {
  const { orders } = config;
  if (orders === undefined) return undefined;
  const messages = readOrderFile(orders.file);
  const budget = unboundedBudget(context.stopSignal);
  const traders = (role: string, count: number): Trader[] =>
    Array.from({ length: count }, (_, index) => {
      const privateKey = deriveKey(config.seed, role, index);
      return new Trader({ ...context, name: `${role} ${index + 1}`, url: config.gatewayUrl, privateKey, budget });
    });
  const makers = {
    buy: traders('recorded buyer', orders.accountsPerSide),
    sell: traders('recorded seller', orders.accountsPerSide),
  };
  const [taker] = traders('recorded taker', 1) as [Trader];
  const report = createPlayReport(messages.length);
  const playing = playFile({ ...context, ...orders, messages, makers, taker, report }).catch((fault: unknown) => {
    if (!context.stopSignal.aborted) context.fail(fault);
  });
  return {
    report,
    stop: async () => {
      await playing;
      for (const trader of [...makers.buy, ...makers.sell, taker]) trader.close();
    },
  };
}
