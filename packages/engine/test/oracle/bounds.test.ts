import { type Command, type Event, type OrderRequest, toMarketId } from '@keel/types';
import { expect, test } from 'vitest';
import { Exchange, indexUpdate } from '../exchange.ts';
import { testMarket } from '../testMarket.ts';
import { createModel } from './model.ts';
import { continued, runBoth } from './runBoth.ts';

const BTC = toMarketId(1);

/** As many traders as asked for, each with money, in one market at 1,000; the oracle follows every command. */
function openTraders(count: number) {
  let exchange = new Exchange();
  const model = createModel();
  const run = (command: Command): readonly Event[] => runBoth(exchange, model, command, new Map());
  const traders = Array.from({ length: count }, (_, i) => `t${String(i).padStart(2, '0')}`);
  run({ kind: 'listMarket', spec: testMarket(1, 'BTC-USD') });
  traders.forEach((owner, depositIndex) => {
    const amountAtoms = 100_000_000_000;
    const address = exchange.address(owner);
    run({
      kind: 'creditDeposit',
      depositIndex,
      owner: address,
      assetId: 0,
      amountAtoms,
      l1BlockNumber: 1,
      l1TxHash: '0x',
    });
  });
  const index = (priceTicks: number): readonly Event[] => {
    exchange.timeMs += 1;
    return run(indexUpdate(BTC, priceTicks, exchange.timeMs));
  };
  index(1_000);
  const restart = (): void => {
    exchange = continued(exchange);
  };
  return { exchange, run, traders, index, restart };
}

function bid(changes: Partial<OrderRequest>): OrderRequest {
  return {
    marketId: BTC,
    side: 'buy',
    orderType: 'limit',
    timeInForce: 'gtc',
    priceTicks: 990,
    sizeLots: 20,
    reduceOnly: false,
    clientOrderId: '',
    expiresAtMs: 0,
    displayLots: 0,
    selfTrade: 'expireMaker',
    selfTradeScope: 'account',
    trigger: undefined,
    attached: undefined,
    ...changes,
  };
}

function count(events: readonly Event[], kind: Event['kind']): number {
  return events.filter((event) => event.kind === kind).length;
}

test('1,000 orders expire with one command; one that is late never trades', () => {
  const { exchange, run, traders } = openTraders(6);
  const expiresAtMs = exchange.timeMs + 100;
  for (const owner of traders) {
    for (let batch = 0; batch < 4; batch += 1) {
      const orders = Array.from({ length: 45 }, () => bid({ timeInForce: 'gtt', expiresAtMs }));
      run({ kind: 'placeOrders', auth: exchange.auth(owner), orders, grouping: 'none' });
    }
  }
  exchange.timeMs = expiresAtMs;
  // 1,080 are over: 1,000 go by themselves, and 80 when the seller meets them.
  const sell = bid({ side: 'sell', timeInForce: 'ioc' });
  const events = run({ kind: 'placeOrder', auth: exchange.auth(traders[0]!), ...sell });
  expect(count(events, 'orderFilled')).toBe(0);
  expect(events.filter((event) => event.kind === 'orderClosed' && event.reason === 'expired')).toHaveLength(1_080);
  const accepted = events.findIndex((event) => event.kind === 'orderAccepted');
  expect(accepted).toBe(1_000);
});

test('late orders that nobody meets go with the next commands', () => {
  const { exchange, run, traders } = openTraders(6);
  const expiresAtMs = exchange.timeMs + 100;
  const trigger = { kind: 'stop', triggerTicks: 1_500, trailTicks: 0 } as const;
  for (const owner of traders) {
    for (let batch = 0; batch < 4; batch += 1) {
      const orders = Array.from({ length: 50 }, () => bid({ timeInForce: 'gtt', expiresAtMs, trigger }));
      run({ kind: 'placeOrders', auth: exchange.auth(owner), orders, grouping: 'none' });
    }
  }
  exchange.timeMs = expiresAtMs + 7;
  expect([1, 2, 3].map(() => run({ kind: 'advanceTime' }).length)).toEqual([1_000, 200, 0]);
});

test('16 dead-man switches go off with one command, the earliest first', () => {
  const { exchange, run, traders } = openTraders(20);
  traders.forEach((owner, i) => {
    run({ kind: 'placeOrder', auth: exchange.auth(owner), ...bid({}) });
    run({ kind: 'cancelAllAfter', auth: exchange.auth(owner), timeoutMs: 2_000 - i });
  });
  exchange.timeMs += 5_000;
  const fired = [1, 2, 3].map(() => count(run({ kind: 'advanceTime' }), 'cancelAllAfterFired'));
  expect(fired).toEqual([16, 4, 0]);
});

test('64 TWAP orders have their slices with one command', () => {
  const { exchange, run, traders, index } = openTraders(1);
  const owner = traders[0]!;
  for (let i = 0; i < 70; i += 1) {
    const auth = exchange.auth(owner);
    const terms = { side: 'buy', sizeLots: 40, reduceOnly: false, clientOrderId: '', slices: 2 } as const;
    run({ kind: 'placeTwap', auth, marketId: BTC, durationMs: 10_000 + (i % 7), ...terms });
  }
  exchange.timeMs += 9_000;
  index(1_000);
  exchange.timeMs += 2_000;
  const slices = [1, 2, 3].map(() => count(run({ kind: 'advanceTime' }), 'twapSlice'));
  expect(slices).toEqual([64, 6, 0]);
});

test('64 orders fire when time has passed and 64 after the command, first come first served, also after a snapshot', () => {
  const { exchange, run, traders, index, restart } = openTraders(2);
  const at = (triggerTicks: number) => bid({ trigger: { kind: 'stop', triggerTicks, trailTicks: 0 } });
  for (const owner of traders) {
    for (let batch = 0; batch < 4; batch += 1) {
      const orders = Array.from({ length: 50 }, (_, i) => at(i % 2 === 0 ? 1_010 : 1_005));
      run({ kind: 'placeOrders', auth: exchange.auth(owner), orders, grouping: 'none' });
    }
  }
  const fired = [index(1_005), index(1_010)];
  // 72 of the first 200 were left; 64 of them fired before the mark met the other 200, and 8 are still before those.
  restart();
  fired.push(run({ kind: 'advanceTime' }), run({ kind: 'advanceTime' }));
  expect(fired.map((events) => count(events, 'orderTriggered'))).toEqual([64, 64 + 64, 64 + 64, 64 + 16]);
});
