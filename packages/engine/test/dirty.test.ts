import { toMarketId } from '@keel/types';
import { expect, test } from 'vitest';
import { readSnapshot, takeDirty, writeSnapshot } from '../src/index.ts';
import { openOrdersOf } from '../src/orders/findOrder.ts';
import type { Exchange } from './exchange.ts';
import { scenario } from './scenario.ts';
import { commandOf } from './scenarioOrder.ts';

const NOTHING = { accounts: '', orders: '', markets: '', levels: '' };

/** What is dirty, as lists of ids and of levels; taking it forgets it. */
function taken({ state }: Pick<Exchange, 'state'>): Record<keyof typeof NOTHING, string> {
  const { accounts, orders, markets, levels } = takeDirty(state);
  const levelTexts = levels.map(({ marketId, side, priceTicks }) => `${marketId} ${side} ${priceTicks}`);
  return {
    accounts: accounts.join(' '),
    orders: orders.join(' '),
    markets: markets.join(' '),
    levels: levelTexts.join(', '),
  };
}

function ask(exchange: Exchange, owner: string, ...words: string[]): void {
  const [verb = '', ...rest] = words.join(' ').split(' ');
  exchange.run(commandOf(exchange, exchange.auth(owner), verb, rest));
}

test('what changed is told once, in ascending order, and then forgotten', () => {
  const exchange = scenario(`
    deposit ann 10000
    deposit bob 10000
    index ETH 3000                | mark 3000
    index BTC 50000               | mark 50000
    ann sell ETH 1 @ 3002         | #1 rests 1
    ann sell BTC 0.1 @ 50200      | #2 rests 0.1
    ann sell BTC 0.1 @ 50100      | #3 rests 0.1
    ann buy BTC 0.1 @ 49900       | #4 rests 0.1
    ann buy BTC 0.1 @ 49800       | #5 rests 0.1`);
  expect(taken(exchange)).toEqual({
    accounts: '1 2',
    orders: '1 2 3 4 5',
    markets: '1 2',
    levels: '1 buy 49800, 1 buy 49900, 1 sell 50100, 1 sell 50200, 2 sell 3002',
  });
  expect(taken(exchange)).toEqual(NOTHING);

  ask(exchange, 'ann', 'cancels #5 #1 #4 #2');
  expect(taken(exchange)).toEqual({
    ...NOTHING,
    orders: '1 2 4 5',
    levels: '1 buy 49800, 1 buy 49900, 1 sell 50200, 2 sell 3002',
  });

  // A price that changed twice, an order that came and went, and one that never rested: nobody keeps anything of it.
  ask(exchange, 'bob', 'buy BTC 0.1 @ 49000');
  ask(exchange, 'bob', 'cancel #6');
  ask(exchange, 'bob', 'buy BTC 0.1 @ 50100');
  expect(taken(exchange)).toEqual({
    accounts: '1 2',
    orders: '3 6',
    markets: '1',
    levels: '1 buy 49000, 1 sell 50100',
  });
  expect(taken(exchange)).toEqual(NOTHING);

  ask(exchange, 'ann', 'buy BTC 0.1 @ 51000 stop 50500');
  expect(taken(exchange).orders, 'waiting').toBe('8');
  ask(exchange, 'ann', 'amend #8 @ 51001 size 0.1');
  expect(taken(exchange).orders, 'amended while it waits').toBe('8');

  ask(exchange, 'bob', 'sell BTC 0.1 @ 50100');
  expect(taken({ state: readSnapshot(writeSnapshot(exchange.state)) }), 'read from a snapshot').toEqual(NOTHING);
});

/** Part of #1 has traded, and what rests of it draws the mark below the index; #3 and #4 are limited to 51,000. */
test.each([
  ['the take-profit is cancelled, so both go', 'ann cancel #3', '1 3 4', [0, 0]],
  ['the stop-loss is cancelled, so both go', 'ann cancel #4', '1 3 4', [0, 0]],
  ['the take-profit fires and rests', 'index BTC 50501', '1 3 4', [3, 0]],
  ['the stop-loss fires and rests', 'index BTC 49500', '1 3 4', [0, 4]],
  ['both grow', 'bob sell BTC 0.1 @ 50000', '1 3 4', [3, 4]],
] as const)('an order names those attached ones that are open: %s', (_title, line, orders, named) => {
  const exchange = scenario(`
    deposit ann 100000            |
    deposit bob 100000            |
    index BTC 50000               | mark 50000
    ann buy BTC 1 @ 50000 tp 50500:51000 sl 49500:51000 | #1 rests 1
    bob sell BTC 0.4 @ 50000      | #2 sells 0.4 at 50000 from #1 ; #3 waits for 50500 ; #4 waits for 49500 ; #2 filled`);
  taken(exchange);
  const [who = '', ...words] = line.split(' ');
  if (who === 'index') exchange.index(1, Number(words[1]));
  else ask(exchange, who, ...words);
  const [parent] = openOrdersOf(exchange.state);
  expect([parent?.takeProfitId, parent?.stopLossId]).toEqual(named);
  expect(taken(exchange).orders).toBe(orders);
});

test('a command that changes one leaf and trades nothing names that leaf', () => {
  const exchange = scenario(`
    deposit ann 10000             |
    deposit bob 10000             |
    index ETH 3000                | mark 3000
    index BTC 50000               | mark 50000
    bob protect BTC window 10 quantity 1 | bob protected`);
  taken(exchange);
  const agent = exchange.address('agent');
  exchange.run({ kind: 'approveAgent', auth: exchange.auth('bob'), agent, agentName: '', agentExpiresAtMs: 0 });
  expect(taken(exchange), 'approveAgent').toEqual({ ...NOTHING, accounts: '2' });
  exchange.run({ kind: 'revokeAgent', auth: exchange.auth('bob'), agent });
  expect(taken(exchange), 'revokeAgent').toEqual({ ...NOTHING, accounts: '2' });
  ask(exchange, 'bob', 'unprotect BTC');
  expect(taken(exchange), 'resetMarketMakerProtection').toEqual({ ...NOTHING, accounts: '2' });
  ask(exchange, 'bob', 'protect BTC window 20 quantity 1');
  expect(taken(exchange), 'setMarketMakerProtection').toEqual({ ...NOTHING, accounts: '2' });
  ask(exchange, 'bob', 'deadman 10');
  expect(taken(exchange), 'cancelAllAfter').toEqual({ ...NOTHING, accounts: '2' });
  ask(exchange, 'bob', 'withdraw 10');
  expect(taken(exchange), 'withdraw').toEqual({ ...NOTHING, accounts: '2' });
  exchange.run({ kind: 'setTradingStatus', marketId: toMarketId(2), status: 'halted' });
  expect(taken(exchange), 'setTradingStatus').toEqual({ ...NOTHING, markets: '2' });
  // Its mark stays, its index does not.
  exchange.index(2, 3_001);
  expect(taken(exchange), 'updateIndexPrice').toEqual({ ...NOTHING, markets: '2' });
});
