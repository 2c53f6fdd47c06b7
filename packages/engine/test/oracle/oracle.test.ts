import { type Event, type EventKind, type OrderCloseReason, REJECT_CODES, type RejectName } from '@keel/types';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Exchange } from '../exchange.ts';
import { runsOf } from '../runsOf.ts';
import { Dice } from './dice.ts';
import { createModel, type Model } from './model.ts';
import { OPENING_MS, openingCommands, randomCommands } from './randomTraders.ts';
import { continued, runBoth, type Seen, tellAll } from './runBoth.ts';

const { KEEL_TEST_RUNS, KEEL_TEST_SEED, KEEL_TEST_SHRINK } = process.env;
const FIXED_SEEDS = [101, 102, 103, 104, 105];
const SEEDS = KEEL_TEST_SEED === undefined ? FIXED_SEEDS : [Number(KEEL_TEST_SEED)];
/** Fewer runs need not meet everything. */
const ALL_RUN = KEEL_TEST_SEED === undefined && KEEL_TEST_RUNS === undefined;
const SHRINKS = KEEL_TEST_SHRINK !== undefined;
const RUNS_PER_SEED = 16;
const STEPS_PER_RUN = 500;
const COMMANDS_PER_CI_RUN = 20_000;

/** What the engine did with every figure of an order's own events wrong, but where weak accounts are followed by them. */
const FOLLOWED: readonly EventKind[] = ['liquidationStarted', 'preLiquidation'];
function tellFalsely(model: Model, events: readonly Event[]): readonly Event[] {
  const followed = model.accounts.some(({ inLiquidation }) => inLiquidation);
  return followed || events.some(({ kind }) => FOLLOWED.includes(kind)) ? events : events.map(falsify);
}

function falsify(event: Event): Event {
  if (!event.kind.startsWith('order') && event.kind !== 'batchItem' && event.kind !== 'twapSlice') return event;
  const entries = Object.entries(event).map(([key, value]) => [key, typeof value === 'number' ? value + 1 : value]);
  return Object.fromEntries(entries) as Event;
}

/** Plays the plan on a fresh exchange, which now and then goes on from its snapshot; how many commands it took. */
function playPlan(plan: readonly number[], seen: Seen, tell = tellAll): number {
  let exchange = new Exchange();
  exchange.timeMs = OPENING_MS;
  const model = createModel();
  for (const command of openingCommands(exchange)) {
    exchange.timeMs += 1;
    runBoth(exchange, model, command, seen, tell);
  }
  for (const seed of plan) {
    for (const command of randomCommands(exchange, model, seed)) {
      runBoth(exchange, model, command, seen, tell);
    }
    if (new Dice(~seed).chance(2)) exchange = continued(exchange);
  }
  return exchange.state.sequence;
}

/** Each kind of event an order can be part of, and those by which the oracle stays in step. */
const EVENT_KINDS = [
  'orderAccepted',
  'orderDuplicated',
  'orderFilled',
  'orderRested',
  'orderReplenished',
  'orderWaiting',
  'orderTriggered',
  'orderAmended',
  'orderClosed',
  'twapStarted',
  'twapSlice',
  'batchItem',
  'cancelAllAfterSet',
  'cancelAllAfterFired',
  'marketMakerProtectionSet',
  'marketMakerProtectionFired',
  'marketMakerProtectionReset',
  'tradingStatusChanged',
  'commandRejected',
  'liquidationStarted',
  'positionCloseOut',
  'positionDeleveraged',
] as const satisfies readonly EventKind[];

/** False: cannot happen. A reason that is not listed here does not compile. */
const CLOSE_REASONS = {
  filled: true,
  cancelledByOwner: true,
  immediateRemainder: true,
  selfTrade: true,
  reduceOnlyNothingLeft: true,
  marginInsufficient: true,
  // An order is refused when the lots it would open do not fit, and while it trades nobody but it opens any.
  openInterestLimit: false,
  liquidation: true,
  preLiquidation: true,
  expired: true,
  replaced: true,
  linkedOrder: true,
  cancelAllAfter: true,
  marketMakerProtection: true,
  triggerRefused: true,
  twapEnded: true,
} as const satisfies Record<OrderCloseReason, boolean>;

/** Who asks, what does not fit, what is not possible now, which order: all but money, agents and feeders. */
const ORDER_CODES_BELOW = 500;
/** The oracle's traders have one account each, set no leverage, meet no concentration limit and take no auctions. */
const NEVER_ASKED: readonly RejectName[] = [
  'SUBACCOUNT_INVALID',
  'MARKET_NOT_OF_SUBACCOUNT',
  'LEVERAGE_INVALID',
  'CONCENTRATION_LIMIT_EXCEEDED',
  'LEVERAGE_NOT_COVERED',
  'AUCTION_UNKNOWN',
  'AUCTION_OVER',
  'AUCTION_IS_OWN',
  'AUCTION_PRICE_WORSE',
  'LIQUIDATOR_NOT_REGISTERED',
  'LIQUIDATOR_MARGIN_INSUFFICIENT',
];

const seen: Seen = new Map();
let commands = 0;

/** A failure prints its seed: KEEL_TEST_SEED=n runs it again, KEEL_TEST_SHRINK=1 also looks for a shorter plan. */
test.for(SEEDS)(
  'every event of random trading is the one that was predicted, seed %i',
  { timeout: 300_000 },
  (seed) => {
    const step = fc.noShrink(fc.noBias(fc.integer()));
    const minLength = SHRINKS ? 0 : STEPS_PER_RUN;
    const plans = fc.array(step, { minLength, maxLength: STEPS_PER_RUN, size: 'max' });
    fc.assert(
      fc.property(plans, (plan) => {
        commands += playPlan(plan, seen);
      }),
      { numRuns: runsOf(RUNS_PER_SEED), seed, endOnFailure: !SHRINKS },
    );
  },
);

test('what the engine says of orders is not what the oracle says: told false figures, it predicts the true ones', () => {
  const dice = new Dice(1);
  const plan = Array.from({ length: STEPS_PER_RUN }, () => dice.between(0, 2 ** 31 - 1));
  const heard: Seen = new Map();
  playPlan(plan, heard, tellFalsely);
  expect(heard.get('orderFilled')).toBeGreaterThan(10);
});

test.runIf(ALL_RUN)('the predictions were about everything that can happen to an order', () => {
  const met = [...seen].sort(([a], [b]) => (a < b ? -1 : 1));
  console.info(`${commands} commands predicted:`, JSON.stringify(Object.fromEntries(met)));
  const codes = Object.entries(REJECT_CODES).filter(([, code]) => code < ORDER_CODES_BELOW);
  const reasons = Object.entries(CLOSE_REASONS).filter(([, happens]) => happens);
  const wanted = [...EVENT_KINDS, ...reasons.map(([reason]) => reason), ...codes.map(([name]) => name)];
  expect(wanted.filter((what) => !seen.has(what))).toEqual(NEVER_ASKED);
  for (const cause of ['quantity', 'delta', 'count']) expect(seen.has(cause), cause).toBe(true);
  expect(seen.has('openInterestLimit'), 'openInterestLimit is thought impossible').toBe(false);
  expect(commands).toBeGreaterThanOrEqual(COMMANDS_PER_CI_RUN);
});
