import { readExchangeStatus } from './exchangeStatus.ts';
import type { Run } from './launch.ts';
import type { StartOptions } from './options.ts';
import { readRecordings } from './recordings.ts';
import type { Glance } from './statusBlock.ts';
import { watchExchange } from './watchExchange.ts';

interface TradesOptions<More> {
  readonly options: StartOptions;
  /** Gateways; the first that answers tells how the exchange stands. */
  readonly urls: readonly string[];
  readonly priceFeedAdminUrl: string;
  readonly botsAdminUrl: string;
  /** Said once everything runs. */
  readonly hints: readonly string[];
  readonly block: (glance: Glance, more: More | undefined) => readonly string[];
  readonly more?: () => Promise<More>;
}

/** Everything runs: says so, shows the exchange until the end, and ends it where the options ask for that. */
export async function watchTrades<More>({ screen, ending }: Run, wanted: TradesOptions<More>): Promise<void> {
  const { options, urls, block, more } = wanted;
  const { startedAtMs, once, seconds, replay, orders } = options;
  const tradesBefore = (await readExchangeStatus(urls))?.counters.trades ?? 0;
  screen.say(`everything runs after ${((Date.now() - startedAtMs) / 1000).toFixed(1)} s; Ctrl-C stops it`);
  // Counted from here: how long a start takes is the machine's affair, not the person's.
  if (seconds !== undefined) ending.finishAfter(seconds);
  for (const hint of wanted.hints) screen.say(hint);
  const onFirstTrade = (seconds: number): void => {
    screen.say(`first trade ${seconds.toFixed(1)} s after the command`);
    if (once) ending.finish();
  };
  const recordings =
    replay === undefined && orders === undefined
      ? undefined
      : () => readRecordings(wanted.priceFeedAdminUrl, wanted.botsAdminUrl);
  const stop = ending.signal;
  await watchExchange({ urls, block, more, screen, startedAtMs, tradesBefore, recordings, stop, onFirstTrade });
}
