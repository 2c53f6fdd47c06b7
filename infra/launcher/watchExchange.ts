import { setTimeout as sleep } from 'node:timers/promises';
import { type ExchangeStatus, readExchangeStatus } from './exchangeStatus.ts';
import { createWalkTeller, type Recordings } from './recordings.ts';
import type { Screen } from './screen.ts';
import type { Glance } from './statusBlock.ts';

const REFRESH_MS = 1_000;

interface WatchOptions<More> {
  /** Gateways; the first that answers tells. */
  readonly urls: readonly string[];
  readonly screen: Screen;
  /** The lines that show a glance, and what is told beside it. */
  readonly block: (glance: Glance, more: More | undefined) => readonly string[];
  readonly more: (() => Promise<More>) | undefined;
  readonly startedAtMs: number;
  /** Trades before this run; the next one is its first. */
  readonly tradesBefore: number;
  /** Where the recordings of this run are; undefined when none is played. */
  readonly recordings: (() => Promise<Recordings>) | undefined;
  readonly stop: AbortSignal;
  readonly onFirstTrade: (seconds: number) => void;
}

/** Shows the exchange once a second until told to stop. */
export async function watchExchange<More>(options: WatchOptions<More>): Promise<void> {
  const { urls, screen, startedAtMs, stop } = options;
  const url = urls[0] ?? '';
  let before: { readonly status: ExchangeStatus; readonly timeMs: number } | undefined;
  let firstTradeSeconds: number | undefined;
  const tellWalk = createWalkTeller(screen.say);
  while (!stop.aborted) {
    const [status, recordings, more] = await Promise.all([
      readExchangeStatus(urls),
      options.recordings?.(),
      options.more?.(),
    ]);
    if (recordings !== undefined) tellWalk(recordings);
    const timeMs = Date.now();
    const upSeconds = Math.round((timeMs - startedAtMs) / 1000);
    if (status !== undefined && firstTradeSeconds === undefined && status.counters.trades > options.tradesBefore) {
      firstTradeSeconds = (timeMs - startedAtMs) / 1000;
      options.onFirstTrade(firstTradeSeconds);
    }
    const ordersPerSecond = before && status ? rate(before.status, status, timeMs - before.timeMs) : 0;
    if (status !== undefined) before = { status, timeMs };
    const glance = { url, status, ordersPerSecond, firstTradeSeconds, upSeconds, recordings };
    if (!stop.aborted) screen.show(options.block(glance, more), { ...glance, ...more });
    // Until the first trade the time to it is what is measured, so it is looked for more often.
    const pause = firstTradeSeconds === undefined ? REFRESH_MS / 5 : REFRESH_MS;
    await sleep(pause, undefined, { signal: stop }).catch(() => undefined);
  }
}

function rate(before: ExchangeStatus, after: ExchangeStatus, milliseconds: number): number {
  if (milliseconds <= 0) return 0;
  return Math.max(0, Math.round(((after.counters.orders - before.counters.orders) * 1000) / milliseconds));
}
