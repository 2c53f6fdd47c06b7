import { type Event, type Side, toMarketId, toOrderId } from '@keel/types';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readSnapshot, writeSnapshot } from '../src/index.ts';
import { Exchange } from './exchange.ts';
import { PLAIN } from './plainOrder.ts';
import { testMarket } from './testMarket.ts';

/** A mark, a trailing stop, the end of the oldest one that is open, or a stop and start of the exchange. */
type Step = { mark: number } | { side: Side; trail: number } | 'cancel' | 'restart';

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ mark: fc.integer({ min: 1_000, max: 1_040 }) }) },
  {
    weight: 5,
    arbitrary: fc.record({
      side: fc.constantFrom<Side>('buy', 'sell'),
      trail: fc.oneof(fc.integer({ min: 1, max: 45 }), fc.constant(1_000_000)),
    }),
  },
  { weight: 1, arbitrary: fc.constant<Step>('cancel') },
  { weight: 1, arbitrary: fc.constant<Step>('restart') },
);

/** A trailing stop as a trader keeps it on paper: every mark is held against every one. */
interface Paper {
  readonly orderId: number;
  readonly side: Side;
  readonly trail: number;
  best: number;
}

/** The seed is printed on failure: KEEL_TEST_SEED=n runs it again. */
test('whatever the mark does, exactly those trailing stops fire that a list on paper says', () => {
  const seen = { fired: 0, open: 0, restarts: 0 };
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 80, size: 'max' }), (plan) => {
      play(plan, seen);
    }),
    { numRuns: 150, seed: Number(process.env.KEEL_TEST_SEED ?? 20_262) },
  );
  console.info('trailing stops:', JSON.stringify(seen));
  for (const [kind, count] of Object.entries(seen)) expect(count, kind).toBeGreaterThan(100);
}, 60_000);

test('trailing stops that were cancelled leave no trail of entries behind, and the others fire as they would', () => {
  const exchange = start();
  const stops = () => exchange.state.markets[0]!.trailingSells;
  const open: { orderId: number; firesAt: number }[] = [];
  let orderId = 0;
  // Each fall of the mark begins a group of its own; in every other one a single order stays.
  for (let mark = 1_019; mark >= 1_000; mark -= 1) {
    expect(firedBy(exchange.index(1, mark))).toEqual([]);
    for (let turn = 0; turn < 50; turn += 1) {
      orderId += 1;
      const trail = 100 + Math.ceil(orderId / 2);
      place(exchange, 'sell', trail);
      if (turn === 0 && mark % 2 === 0) open.push({ orderId, firesAt: mark - trail });
      else cancel(exchange, orderId);
    }
    expect(stops().entries).toBeLessThanOrEqual(2 * open.length + 70);
    expect(stops().groups.length).toBeLessThanOrEqual(open.length + 4);
    assertCounted(exchange);
  }
  for (const stop of open) {
    expect(firedBy(exchange.index(1, stop.firesAt + 1))).toEqual([]);
    expect(firedBy(exchange.index(1, stop.firesAt))).toEqual([stop.orderId]);
    assertCounted(exchange);
  }
  expect(stops().entries).toBeLessThanOrEqual(70);
});

function assertCounted(exchange: Exchange): void {
  const { trailingSells, trailingBuys } = exchange.state.markets[0]!;
  for (const { groups, entries } of [trailingSells, trailingBuys]) {
    expect(groups.reduce((sum, { byTrail }) => sum + byTrail.ids.length, 0)).toBe(entries);
  }
}

function play(plan: readonly Step[], seen: { fired: number; open: number; restarts: number }): void {
  let exchange = start();
  let paper: Paper[] = [];
  let mark = 1_020;
  let nextId = 1;
  for (const now of plan) {
    if (now === 'restart') {
      exchange = restart(exchange);
      seen.restarts += 1;
    } else if (now === 'cancel') {
      const oldest = paper.shift();
      if (oldest !== undefined) cancel(exchange, oldest.orderId);
    } else if ('mark' in now) {
      mark = now.mark;
      const due = paper.filter((stop) => firesAt(stop, mark));
      paper = paper.filter((stop) => !due.includes(stop));
      expect(firedBy(exchange.index(1, mark))).toEqual(due.map(({ orderId }) => orderId));
      seen.fired += due.length;
    } else {
      place(exchange, now.side, now.trail);
      paper.push({ orderId: nextId, ...now, best: mark });
      nextId += 1;
    }
  }
  seen.open += paper.length;
  assertCounted(exchange);
}

/** Notes the mark, and says whether the stop is as far behind its best one as it may be. */
function firesAt(stop: Paper, mark: number): boolean {
  stop.best = stop.side === 'sell' ? Math.max(stop.best, mark) : Math.min(stop.best, mark);
  return Math.abs(stop.best - mark) >= stop.trail;
}

/** Nothing ever rests or trades in it, so the mark is the index. */
function start(): Exchange {
  const exchange = new Exchange();
  exchange.list(testMarket(1, 'BTC-USD', { indexJumpPpm: 900_000 }));
  exchange.deposit('ann', 1);
  exchange.index(1, 1_020);
  return exchange;
}

function restart(exchange: Exchange): Exchange {
  const bytes = writeSnapshot(exchange.state);
  const next = new Exchange(readSnapshot(bytes));
  expect(writeSnapshot(next.state)).toEqual(bytes);
  // Nonces go on with the time.
  next.timeMs = exchange.timeMs + 1_000;
  return next;
}

function place(exchange: Exchange, side: Side, trailTicks: number): void {
  const events = exchange.run({
    kind: 'placeOrder',
    auth: exchange.auth('ann'),
    ...PLAIN,
    marketId: toMarketId(1),
    side,
    orderType: 'market',
    priceTicks: 0,
    sizeLots: 1_000,
    trigger: { kind: 'trailingStop', triggerTicks: 0, trailTicks },
  });
  expect(events.at(-1)?.kind).toBe('orderWaiting');
}

function cancel(exchange: Exchange, orderId: number): void {
  const auth = exchange.auth('ann');
  const events = exchange.run({ kind: 'cancelOrder', auth, orderId: toOrderId(orderId), clientOrderId: '' });
  expect(events.map(({ kind }) => kind)).toEqual(['orderClosed']);
}

function firedBy(events: readonly Event[]): number[] {
  return events.flatMap((event) => (event.kind === 'orderTriggered' ? [event.orderId] : []));
}
