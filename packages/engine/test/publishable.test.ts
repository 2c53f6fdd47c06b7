import { AssertionError, toMarketId } from '@keel/types';
import { expect, test } from 'vitest';
import { readSnapshot, writeSnapshot } from '../src/index.ts';
import { Exchange, START_MS } from './exchange.ts';
import { scenario } from './scenario.ts';

const HOUR_MS = 3_600_000;

/** ann long and bob short since the hour before, with funding of one hour settled: 625,000 millionths of an atom per lot. */
function traded(): Exchange {
  const exchange = scenario(`
    deposit ann 20000              |
    deposit bob 20000              |
    index BTC 50000                | mark 50000
    bob sell BTC 1 @ 50000         | #1 rests 1
    ann buy BTC 1 @ 50000          | #2 buys 1 at 50000 from #1 ; #1 filled ; #2 filled
    wait 5                         |
    wait 3590                      |
    index BTC 50000                |
    wait 5                         | rate 12500 of market 1
    index BTC 50000                |
  `);
  expect(exchange.state.markets[0]!.fundingIndex).toBe(625_000_000);
  return exchange;
}

/** Paradex, 19 Jan 2026: a funding index fell back to 0, was published, and liquidated people on it. */
test('a funding index that was lost stops the process with the next command of its market, before an event is out', () => {
  const exchange = traded();
  exchange.state.markets[0]!.fundingIndex = 0;
  expect(() => exchange.index(1, 50_000)).toThrow(AssertionError);
});

test('so does one that an unknown hand moved by a millionth of an atom', () => {
  const exchange = traded();
  exchange.state.markets[0]!.fundingIndex += 1;
  expect(() => exchange.index(1, 50_000)).toThrow('funding index of market 1 moved by 1, at most 0');
});

test('with an hour that ends it may move by the cap, and not further', () => {
  // 4 % of 50,000 USD a BTC: 2,000 USD, that is 2 * 10^6 atoms a lot, and an hour of its own at 12,500 in 10^-9.
  const cap = 2_000_000_000_000;
  const moved = (by: number): (() => unknown) => {
    const exchange = traded();
    exchange.timeMs = START_MS + 2 * HOUR_MS - 2;
    exchange.index(1, 50_000);
    exchange.state.markets[0]!.fundingIndex += by;
    exchange.timeMs += 1;
    // Nobody saw a price for most of the hour, but one sample: the interest again.
    return () => exchange.wait(0);
  };
  const own = 625_000_000;
  expect(moved(cap - own)).not.toThrow();
  expect(moved(cap - own + 1)).toThrow('moved by 2000000000001, at most 2000000000000');
  expect(moved(-cap - own)).not.toThrow();
  expect(moved(-cap - own - 1)).toThrow('at most 2000000000000');
});

test('an insurance fund below 0 stops the process', () => {
  const exchange = traded();
  exchange.state.markets[0]!.insuranceFundAtoms = -1;
  expect(() => exchange.index(1, 50_000)).toThrow('insurance fund below 0 in market: 1');
});

test('a snapshot knows what was published: another index in it is found out at load, and later by every command', () => {
  const exchange = traded();
  const restored = readSnapshot(writeSnapshot(exchange.state));
  restored.markets[0]!.fundingIndex = 0;
  expect(() => readSnapshot(writeSnapshot(restored))).toThrow(
    'funding index of market 1 moved by 625000000, at most 0',
  );
  const again = new Exchange(readSnapshot(writeSnapshot(exchange.state)));
  again.timeMs = START_MS + HOUR_MS + 60_000;
  again.index(1, 50_000);
  again.state.markets[0]!.fundingIndex = 0;
  expect(() => again.run({ kind: 'setTradingStatus', marketId: toMarketId(1), status: 'postOnly' })).toThrow(
    AssertionError,
  );
});

// The long of 1 BTC owes 0.625 USDC of funding; without the index it would not, and could take it away.
test.for([
  ['whoever withdraws', { owner: 'ann' }],
  ['somebody who has nothing to do with the market', { owner: 'cat' }],
] as const)('an index that was lost stops a command that touches no market, too: %s', ([, { owner }]) => {
  const exchange = traded();
  exchange.deposit('cat', 100);
  exchange.state.dirty.markets.clear();
  exchange.state.markets[0]!.fundingIndex = 0;
  const auth = exchange.auth(owner);
  const terms = { recipient: auth.owner, assetId: 0, amountAtoms: 1_000_000 } as const;
  expect(() => exchange.run({ kind: 'withdraw', auth, ...terms })).toThrow('funding index of market 1 moved');
});
