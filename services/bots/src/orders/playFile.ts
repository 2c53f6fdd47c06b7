import { setTimeout as sleep } from 'node:timers/promises';
import { KeelError } from '@keel/client';
import { type Logger, StartupFault, startPeriodicTask } from '@keel/runtime';
import type { Side } from '@keel/types';
import type { Keeper } from '../createKeeper.ts';
import type { MarketView } from '../marketView.ts';
import type { MarketWatch } from '../marketWatch.ts';
import type { Trader } from '../trader.ts';
import { createPlayer, type Player } from './createPlayer.ts';
import { createExecutionAudit } from './executionAudit.ts';
import { firstPrice } from './firstPrice.ts';
import { assertFitsMarket, fewestLots, nearestTicks } from './fitToMarket.ts';
import type { OrderMessage } from './orderMessage.ts';
import type { PlayReport } from './playReport.ts';

const USDC = 1_000_000;
const FLOOR_ATOMS = 5_000_000 * USDC;
const TARGET_ATOMS = 10_000_000 * USDC;
/** The recording begins when the index is this near to its first price, */
const NEAR_PPM = 100_000;
/** or after this long in any case: the book is worth playing even where the index is elsewhere. */
const NEAR_MS_MAX = 120_000;
const LOOK_MS = 500;
const AUDIT_MS = 1_000;

export interface PlayFileOptions {
  readonly file: string;
  readonly messages: readonly OrderMessage[];
  readonly symbol: string;
  /** Recorded milliseconds per millisecond; 0 = each message as soon as the one before is acknowledged. */
  readonly speed: number;
  /** 0 = the fewest that one share may trade. */
  readonly lotsPerShare: number;
  readonly makers: Readonly<Record<Side, readonly Trader[]>>;
  readonly taker: Trader;
  readonly watch: MarketWatch;
  readonly keeper: Keeper;
  readonly report: PlayReport;
  readonly log: Logger;
  readonly stopSignal: AbortSignal;
}

/** Funds the accounts, clears their old orders, waits for the index and plays the file to its end. */
export async function playFile(options: PlayFileOptions): Promise<void> {
  const { messages, makers, taker, report, log, stopSignal } = options;
  const market = await waitForMarket(options);
  assertFitsMarket(messages, market, options.file);
  for (const trader of [...makers.buy, ...makers.sell, taker]) await prepare(trader, options);
  const firstTicks = nearestTicks(market, firstPrice(messages) ?? 0);
  await waitForIndex(options, firstTicks);

  const audit = createExecutionAudit(market.sizeDecimals, report);
  const auditing = startPeriodicTask({ everyMs: AUDIT_MS, run: () => audit.look(), onFault: () => undefined });
  const lotsPerShare = options.lotsPerShare === 0 ? fewestLots(market, firstTicks) : options.lotsPerShare;
  report.lotsPerShare = lotsPerShare;
  const lastLines = new Map(messages.map(({ orderId, lineNumber }) => [orderId, lineNumber]));
  const player = createPlayer({ ...options, market, audit, lotsPerShare, lastLines });
  const startMs = performance.now();
  report.state = 'playing';
  log.info({ file: options.file, messages: messages.length, speed: options.speed }, 'playing recorded orders');
  try {
    await playAll(player, options);
    // The last executions are judged once the read model has caught up with them.
    while (audit.waiting > 0) await sleep(LOOK_MS, undefined, { signal: stopSignal });
  } finally {
    await auditing.stop();
  }
  report.state = 'done';
  log.info({ report, seconds: Math.round((performance.now() - startMs) / 1_000) }, 'recorded orders played');
}

async function playAll(player: Player, options: PlayFileOptions): Promise<void> {
  const { messages, report, stopSignal } = options;
  const firstMs = messages[0]?.timeMs ?? 0;
  const startMs = performance.now();
  for (const message of messages) {
    const aheadMs = options.speed === 0 ? 0 : startMs + (message.timeMs - firstMs) / options.speed - performance.now();
    report.lagMs = Math.max(0, Math.round(-aheadMs));
    if (aheadMs > 1) await sleep(aheadMs, undefined, { signal: stopSignal });
    await player.play(message);
  }
}

async function waitForMarket({ watch, symbol, stopSignal }: PlayFileOptions): Promise<MarketView> {
  for (;;) {
    const market = watch.find(symbol);
    if (market !== undefined) return market;
    if (watch.listed() > 0)
      throw new StartupFault(`KEEL_ORDERS_MARKET is ${symbol}, which is not a market of this exchange`);
    await sleep(LOOK_MS, undefined, { signal: stopSignal });
  }
}

async function prepare(trader: Trader, { keeper, log, stopSignal }: PlayFileOptions): Promise<void> {
  for (;;) {
    try {
      const account = await trader.account();
      const funded = await keeper.keep(trader.address, account, FLOOR_ATOMS, TARGET_ATOMS);
      if (funded && account !== undefined) {
        await trader.cancelAll();
        return;
      }
    } catch (fault) {
      stopSignal.throwIfAborted();
      log.warn({ bot: trader.name, reason: fault instanceof KeelError ? fault.code : String(fault) }, 'not ready yet');
    }
    await sleep(LOOK_MS, undefined, { signal: stopSignal });
  }
}

async function waitForIndex(options: PlayFileOptions, targetTicks: number): Promise<void> {
  const untilMs = performance.now() + NEAR_MS_MAX;
  while (performance.now() < untilMs) {
    const indexTicks = options.watch.find(options.symbol)?.indexTicks ?? 0;
    if (Math.abs(indexTicks - targetTicks) * 1_000_000 <= NEAR_PPM * targetTicks) return;
    await sleep(LOOK_MS, undefined, { signal: options.stopSignal });
  }
  options.log.warn(
    { market: options.symbol, targetTicks },
    'the index is not where the recording begins; playing all the same',
  );
}
