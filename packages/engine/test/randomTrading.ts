import { toMarketId, toOrderId } from '@keel/types';
import fc from 'fast-check';
import type { Auditor } from './auditor.ts';
import { Exchange } from './exchange.ts';
import { PLAIN } from './plainOrder.ts';
import { testMarket } from './testMarket.ts';

/** One random step; the same numbers mean the same step, so a failing run shrinks to few steps. */
export interface Step {
  readonly action: number;
  readonly who: number;
  readonly market: number;
  readonly buys: boolean;
  readonly flavour: number;
  readonly offset: number;
  readonly size: number;
}

export const steps = (length: number): fc.Arbitrary<Step[]> =>
  fc.array(
    fc.record({
      action: fc.integer({ min: 0, max: 99 }),
      who: fc.integer({ min: 0, max: 7 }),
      market: fc.integer({ min: 1, max: 2 }),
      buys: fc.boolean(),
      flavour: fc.integer({ min: 0, max: 19 }),
      offset: fc.integer({ min: -100, max: 100 }),
      size: fc.integer({ min: 1, max: 100 }),
    }),
    { minLength: length >> 1, maxLength: length, size: 'max' },
  );

const OPENING_TICKS = [0, 50_000, 3_000];

/** Runs the steps on a fresh exchange of eight traders and two markets; `auditor` follows every command. */
export function runSteps(plan: readonly Step[], auditor: Auditor | undefined): Exchange {
  const exchange = new Exchange();
  const run = (events: ReturnType<Exchange['run']>) => auditor?.audit(exchange.state, events);
  const ticks = [...OPENING_TICKS];
  run(exchange.list(testMarket(1, 'BTC-USD')));
  run(exchange.list(testMarket(2, 'ETH-USD', { maintenanceMarginPpm: 20_000, initialMarginPpm: 40_000 })));
  for (let who = 0; who < 8; who += 1) run(exchange.deposit(`t${who}`, 2_000 + who * 500));
  for (const market of [1, 2]) run(exchange.index(market, ticks[market]!));
  for (const step of plan) {
    exchange.timeMs += step.action % 7 === 0 ? step.size * 20 : 1;
    runStep(exchange, step, ticks, run);
  }
  return exchange;
}

function runStep(
  exchange: Exchange,
  { action, who, market, buys, flavour, offset, size }: Step,
  ticks: number[],
  run: (events: ReturnType<Exchange['run']>) => void,
): void {
  const owner = `t${who}`;
  if (action < 60) {
    const reference = ticks[market]!;
    const spread = flavour < 15 ? 10_000 : 1_000;
    run(
      exchange.run({
        kind: 'placeOrder',
        ...PLAIN,
        auth: exchange.auth(owner),
        marketId: toMarketId(market),
        side: buys ? 'buy' : 'sell',
        orderType: flavour === 0 ? 'market' : 'limit',
        timeInForce: flavour < 3 ? 'ioc' : flavour === 3 ? 'postOnly' : 'gtc',
        priceTicks: flavour === 0 ? 0 : Math.max(1, reference + Math.trunc((reference * offset) / spread)),
        sizeLots: market === 1 ? size * 8 : size * 150,
        reduceOnly: flavour > 16 || flavour === 2,
      }),
    );
  } else if (action < 85) {
    // Mostly small moves, sometimes a crash or a jump of up to 20 %.
    const move = Math.trunc((ticks[market]! * offset) / (flavour < 17 ? 10_000 : 500));
    ticks[market] = Math.max(100, ticks[market]! + move);
    run(exchange.index(market, ticks[market]));
  } else if (action < 90) {
    run(exchange.wait(flavour < 15 ? 700 : size * 60_000));
    // Prices come back after a long wait.
    if (flavour >= 15) for (const each of [1, 2]) run(exchange.index(each, ticks[each]!));
  } else if (action < 93) {
    const orderId = toOrderId(Math.max(1, exchange.state.nextOrderId - size));
    run(exchange.run({ kind: 'cancelOrder', auth: exchange.auth(owner), orderId, clientOrderId: '' }));
  } else if (action < 94) {
    run(exchange.run({ kind: 'cancelAllOrders', auth: exchange.auth(owner), marketId: toMarketId(market - 1) }));
  } else if (action < 96) {
    run(exchange.deposit(owner, size * 5));
  } else if (action < 98) {
    const auth = exchange.auth(owner);
    run(exchange.run({ kind: 'withdraw', auth, recipient: auth.owner, amountAtoms: size * 10_000_000 }));
  } else {
    run(exchange.run({ kind: 'sealBatch' }));
  }
}
