/**
 * One row of bench:engine in a process of its own, so that no row inherits another's heap: prints one JSON line.
 *
 *   node --expose-gc measureRow.ts ACCOUNTS MARKETS SECONDS SEED [evenly]
 */
import { PerformanceObserver } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { apply, createEventBytes, createState, listMarkets, readOrder, takeDirty, writeEvent } from '@keel/engine';
import { type Event, type SequencedCommand, toOrderId } from '@keel/types';
import { EngineFlow } from './engineFlow.ts';

/** What one journal flush of the sequencer takes at most; changes are taken for the read model after each. */
const GROUP = 4_096;
/** Commands made ahead of the clock: so few that they are still in the caches, like those that were just decoded. */
const BLOCK = 512;
/** Commands between two looks at what rests. */
const STRETCH = 16 * GROUP;
const WARM_UP = 6 * STRETCH;
/** Few enough that no collection comes in between: 2,000 commands leave a few megabytes. */
const PROBE = 2_000;
const PROBES = 15;
/** The event loop turns a few times before observers hear of a collection. */
const COLLECTOR_TELLS_MS = 5;
const HISTOGRAM_NS_MAX = 10_000_000;

export interface EngineRow {
  readonly accounts: number;
  readonly markets: number;
  /** Every account as busy as every other, instead of 500 makers and many takers. */
  readonly evenly: boolean;
  readonly commandsPerSec: number;
  /** By the processor time of the engine's thread: what a machine with nothing else to do would show. */
  readonly commandsPerCpuSec: number;
  readonly p50ns: number;
  readonly p99ns: number;
  readonly p999ns: number;
  /** Longest time from one command's end to the next one's, whatever held it up: collector, other programs, the command. */
  readonly maxPauseMs: number;
  /** Longest collection among them. */
  readonly maxGcMs: number;
  readonly commands: number;
  readonly trades: number;
  /** Cancels that came too late. */
  readonly refused: number;
  readonly restingOrders: number;
  /** Accounts with a position, summed over the markets. */
  readonly holders: number;
  readonly eventsPerCommand: number;
  readonly eventBytesPerCommand: number;
  readonly heapMb: number;
  readonly allocBytesPerCommand: number;
}

const [accounts = 0, markets = 0, seconds = 0, seed = 1] = process.argv.slice(2).map(Number);
const evenly = process.argv[6] === 'evenly';
const collect = globalThis.gc;
if (collect === undefined) throw new Error('measureRow needs --expose-gc');
const state = createState();
const bytes = createEventBytes();
const flow = new EngineFlow(accounts, markets, seed, evenly);
/** Times of commands in ns, ten to a bucket. */
const histogram = new Float64Array(HISTOGRAM_NS_MAX / 10);
const durations = new Float64Array(STRETCH);
const prepared: SequencedCommand[] = [];
const tally = { commands: 0, ms: 0, cpuMs: 0, maxPauseMs: 0, maxGcMs: 0, events: 0, bytes: 0, trades: 0, refused: 0 };

const measured = { fromMs: 0, toMs: 0 };
const collections = new PerformanceObserver((list) => {
  for (const { startTime, duration } of list.getEntries())
    if (startTime >= measured.fromMs && startTime <= measured.toMs) tally.maxGcMs = Math.max(tally.maxGcMs, duration);
});
collections.observe({ entryTypes: ['gc'] });

for (const timed of flow.opening()) {
  run(timed);
  if (state.sequence % GROUP === 0) takeDirty(state);
}
takeDirty(state);
for (let done = 0; done < WARM_UP; done += STRETCH) await measureStretch();
histogram.fill(0);
Object.assign(tally, {
  commands: 0,
  ms: 0,
  cpuMs: 0,
  maxPauseMs: 0,
  maxGcMs: 0,
  events: 0,
  bytes: 0,
  trades: 0,
  refused: 0,
});
while (tally.ms < seconds * 1_000) await measureStretch();
collections.disconnect();

const row: EngineRow = {
  accounts,
  markets,
  evenly,
  commandsPerSec: Math.round((tally.commands / tally.ms) * 1_000),
  commandsPerCpuSec: Math.round((tally.commands / tally.cpuMs) * 1_000),
  p50ns: quantile(0.5),
  p99ns: quantile(0.99),
  p999ns: quantile(0.999),
  maxPauseMs: rounded(tally.maxPauseMs),
  maxGcMs: rounded(tally.maxGcMs),
  commands: tally.commands,
  trades: tally.trades,
  refused: tally.refused,
  restingOrders: flow.restingOrders,
  holders: countHolders(),
  eventsPerCommand: rounded(tally.events / tally.commands),
  eventBytesPerCommand: rounded(tally.bytes / tally.commands),
  heapMb: rounded(heapBytes() / 2 ** 20),
  allocBytesPerCommand: Math.round(allocatedPerCommand()),
};
process.stdout.write(`${JSON.stringify(row)}\n`);

function run(sequenced: SequencedCommand): readonly Event[] {
  const events = apply(state, sequenced);
  bytes.length = 0;
  for (const event of events) writeEvent(bytes, event);
  return events;
}

/** Runs a stretch in blocks. The clock is read once per command, and that is in the figures; making the commands is not. */
async function measureStretch(): Promise<void> {
  collect?.({ type: 'minor' });
  measured.fromMs = performance.now();
  for (let first = 0; first < STRETCH; first += BLOCK) measureBlock(first);
  measured.toMs = performance.now();
  tally.commands += STRETCH;
  note();
  if (state.nextOrderId !== flow.nextOrderId) throw new Error('an order was refused: the ids of the flow are wrong');
  // What the collector did is told when the event loop turns.
  await sleep(COLLECTOR_TELLS_MS);
  flow.keepOnly((orderId) => readOrder(state, toOrderId(orderId)) !== undefined);
}

function measureBlock(first: number): void {
  prepare(BLOCK);
  const beganCpuMs = cpuMs();
  const beganMs = performance.now();
  let lastMs = beganMs;
  for (let at = 0; at < BLOCK; at += 1) {
    const events = run(prepared[at]!);
    tally.events += events.length;
    tally.bytes += bytes.length;
    for (const event of events) {
      if (event.kind === 'orderFilled') tally.trades += 1;
      else if (event.kind === 'commandRejected') tally.refused += 1;
    }
    const nowMs = performance.now();
    durations[first + at] = nowMs - lastMs;
    lastMs = nowMs;
  }
  if ((first + BLOCK) % GROUP === 0) {
    takeDirty(state);
    const takenMs = performance.now();
    tally.maxPauseMs = Math.max(tally.maxPauseMs, takenMs - lastMs);
    lastMs = takenMs;
  }
  tally.ms += lastMs - beganMs;
  tally.cpuMs += cpuMs() - beganCpuMs;
}

function cpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

function note(): void {
  for (const ms of durations) {
    const bucket = Math.min(histogram.length - 1, Math.floor(ms * 100_000));
    histogram[bucket]! += 1;
    if (ms > tally.maxPauseMs) tally.maxPauseMs = ms;
  }
}

/** Ten ns exact, and no more than HISTOGRAM_NS_MAX. */
function quantile(part: number): number {
  const wanted = histogram.reduce((sum, count) => sum + count, 0) * part;
  let seen = 0;
  const bucket = histogram.findIndex((count) => {
    seen += count;
    return seen >= wanted;
  });
  return bucket * 10;
}

function countHolders(): number {
  let holders = 0;
  for (const { spec } of listMarkets(state)) holders += state.markets[spec.marketId - 1]?.holders.length ?? 0;
  return holders;
}

/** What lives after a full collection: the state and little else. */
function heapBytes(): number {
  collect?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** Median over stretches that no collection interrupts: what apply and the encoder leave behind. */
function allocatedPerCommand(): number {
  const seen = Array.from({ length: PROBES }, () => {
    prepare(PROBE);
    takeDirty(state);
    collect?.();
    const before = process.memoryUsage().heapUsed;
    for (let at = 0; at < PROBE; at += 1) run(prepared[at]!);
    return (process.memoryUsage().heapUsed - before) / PROBE;
  });
  return seen.toSorted((left, right) => left - right)[PROBES >> 1]!;
}

function prepare(count: number): void {
  flow.reuse();
  for (let at = 0; at < count; at += 1) prepared[at] = flow.next();
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
