/**
 * One row of bench:liquidation in a process of its own: prints one JSON line.
 *
 *   node --expose-gc measureLiquidation.ts OPEN_POSITIONS LIQUIDATED
 */
import { apply, createState, takeDirty } from '@keel/engine';
import { Population, PRICE_TICKS } from './population.ts';

export interface LiquidationRow {
  readonly openPositions: number;
  /** Accounts that one price update pushes below maintenance. */
  readonly liquidated: number;
  /** Of the price update itself: it finds them all and gives the first ones their turn. */
  readonly p50ms: number;
  readonly p99ms: number;
  readonly updates: number;
  /** Commands until the last of them was closed out, and the engine's time for all of these commands. */
  readonly commandsToEnd: number;
  readonly msToEnd: number;
  readonly heapMb: number;
}

/** A fall that pushes the weak ones over, and no other. */
const LOW_TICKS = 585_000;
const STILL_UPDATES = 5_000;
const FALLS = 40;
const WARM_UP_FALLS = 10;

const [openPositions = 0, liquidated = 0] = process.argv.slice(2).map(Number);
const collect = globalThis.gc;
if (collect === undefined) throw new Error('measureLiquidation needs --expose-gc');
const state = createState();
const population = new Population(state, openPositions, liquidated);
const durations: number[] = [];
const toEnd: { commands: number; ms: number }[] = [];
if (liquidated === 0) measureStill();
else for (let fall = 0; fall < WARM_UP_FALLS + FALLS; fall += 1) measureFall(fall >= WARM_UP_FALLS);
durations.sort((one, other) => one - other);
toEnd.sort((one, other) => one.ms - other.ms);
collect();
const row: LiquidationRow = {
  openPositions,
  liquidated,
  p50ms: rounded(at(durations, 0.5)),
  p99ms: rounded(at(durations, 0.99)),
  updates: durations.length,
  commandsToEnd: at(toEnd, 0.5)?.commands ?? 0,
  msToEnd: rounded(at(toEnd, 0.5)?.ms ?? 0),
  heapMb: Math.round(process.memoryUsage().heapUsed / 1e6),
};
process.stdout.write(`${JSON.stringify(row)}\n`);

/** Prices go up and down within 0.2 %: nobody comes near a line. */
function measureStill(): void {
  for (let update = 0; update < 2 * STILL_UPDATES; update += 1) {
    const ticks = PRICE_TICKS + ((update * 7) % 21) * 60;
    const command = population.priceCommand(ticks);
    const start = performance.now();
    apply(state, command);
    if (update >= STILL_UPDATES) durations.push(performance.now() - start);
    if (update % 100 === 0) takeDirty(state);
  }
}

function measureFall(counts: boolean): void {
  takeDirty(state);
  const before = state.nextLiquidationId;
  const command = population.priceCommand(LOW_TICKS);
  const start = performance.now();
  apply(state, command);
  const foundMs = performance.now() - start;
  const commands = population.settle();
  const endMs = performance.now() - start;
  const ended = state.nextLiquidationId - before;
  if (ended !== liquidated) throw new Error(`${ended} accounts were liquidated, not ${liquidated}`);
  if (counts) {
    durations.push(foundMs);
    toEnd.push({ commands, ms: endMs });
  }
  population.refill();
}

function at<Value>(sorted: readonly Value[], part: number): Value {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))]!;
}

function rounded(ms: number): number {
  return Math.round(ms * 10_000) / 10_000;
}
