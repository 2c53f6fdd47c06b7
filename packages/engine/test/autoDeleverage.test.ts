import { type Event, markQuoteAtoms, type Side, type SizeLots, toMarketId } from '@keel/types';
import { expect, test } from 'vitest';
import { findHolding } from '../src/holdings.ts';
import { autoDeleverage } from '../src/liquidation/autoDeleverage.ts';
import { closeOutPosition } from '../src/liquidation/closeOutTerms.ts';
import { createRound, type Round } from '../src/liquidation/round.ts';
import { solvencyOf } from '../src/margin/accountFigures.ts';
import type { AccountState } from '../src/state.ts';
import { Exchange } from './exchange.ts';
import { PLAIN } from './plainOrder.ts';
import { testMarket } from './testMarket.ts';

// What one command shares among deleveragings: its bound, and its rankings. Lots are 0.001 BTC, and everybody trades at mark.

type Lots = Readonly<Record<string, number>>;

function exchangeWith(usdc: number, names: readonly string[]): Exchange {
  const exchange = new Exchange();
  for (const [place, symbol] of ['BTC-USD', 'ETH-USD'].entries()) {
    exchange.list(testMarket(place + 1, symbol, { makerFeePpm: 0, takerFeePpm: 0 }));
    exchange.index(place + 1, 50_000);
  }
  for (const name of [...names, 'ann']) exchange.deposit(name, usdc);
  return exchange;
}

/** ann buys from each of them so many lots. */
function sellToAnn(exchange: Exchange, market: number, lots: Lots): void {
  const place = (name: string, side: Side, sizeLots: SizeLots) =>
    exchange.run({
      kind: 'placeOrder',
      auth: exchange.auth(name),
      ...{ ...PLAIN, marketId: toMarketId(market), side, priceTicks: 50_000, sizeLots },
    });
  for (const [name, sizeLots] of Object.entries(lots)) {
    place(name, 'sell', sizeLots);
    place('ann', 'buy', sizeLots);
  }
}

/** Deleverages `lots` of ann's long at mark plus `beyond` USDC a lot, and tells who gave what. */
function deleverage(
  exchange: Exchange,
  round: Round,
  market: number,
  lots: SizeLots,
  beyond = 0,
): Record<string, number> {
  const { state } = exchange;
  const ann = accountNamed(exchange, 'ann');
  const holding = findHolding(ann!, state.markets[market - 1]!)!;
  const quoteOf = (some: SizeLots) =>
    markQuoteAtoms(closeOutPosition(holding, solvencyOf(ann!)), some) + some * beyond * 1e6;
  const events = round.events.length;
  autoDeleverage(state, round, {
    ...{ holding, lots, auctionId: 0, isDue: () => true, quoteOf },
    termsOf: (some) => ({ prices: undefined, limitTicks: 1, zeroQuoteAtoms: quoteOf(some), elapsedMs: 0 }),
  });
  const given: Record<string, number> = {};
  for (const event of round.events.slice(events)) {
    if (event.kind !== 'positionDeleveraged') continue;
    const name = nameOf(state.accounts[event.deleveragedAccountId - 1]!);
    given[name] = (given[name] ?? 0) + event.sizeLots;
  }
  return given;
}

function accountNamed(exchange: Exchange, name: string): AccountState | undefined {
  const { accountByOwner } = exchange.state;
  return accountByOwner.get(exchange.address(name));
}

/** An address is the letters of the name; see `Exchange.address`. */
function nameOf({ owner }: AccountState): string {
  return Buffer.from(owner.slice(2).replace(/(00)+$/, ''), 'hex').toString('latin1');
}

function roundWith(deleveragesLeft: number): Round {
  const events: Event[] = [];
  return { ...createRound(events), deleveragesLeft };
}

// Of 100,000 USDC each: leverage 1 for 2,000 lots, 0.5 for 1,000.
test.for([
  {
    what: 'enough left for all',
    left: 5,
    lots: { bob: 2_000, cat: 2_000, eve: 2_000 },
    need: 900,
    after: 2,
    given: [300, 300, 300],
  },
  // All three will come to leverage 1,233 / 2,000; two of them do so now.
  {
    what: 'the highest',
    left: 2,
    lots: { bob: 2_000, cat: 2_000, eve: 1_500 },
    need: 1_800,
    after: 0,
    given: [767, 767, 0],
  },
  // What three share, two give their parts of.
  {
    what: 'two of equals',
    left: 2,
    lots: { bob: 2_000, cat: 2_000, eve: 2_000 },
    need: 900,
    after: 0,
    given: [300, 300, 0],
  },
  {
    what: 'one of those who give everything',
    left: 1,
    lots: { bob: 1_000, cat: 1_000, eve: 1_000 },
    need: 3_000,
    after: 0,
    given: [1_000, 0, 0],
  },
])('with $left deleveragings left in the command: $what', ({ left, lots, need, after, given }) => {
  const names = Object.keys(lots);
  const exchange = exchangeWith(100_000, names);
  exchange.deposit('ann', 1_000_000);
  sellToAnn(exchange, 1, lots);
  const round = roundWith(left);
  const gave = deleverage(exchange, round, 1, need);
  expect([names.map((name) => gave[name] ?? 0), round.deleveragesLeft]).toEqual([given, after]);
});

test('a rank that rose since the side was ranked counts: who lost in another market stands first', () => {
  const exchange = exchangeWith(100_000, ['bob', 'cat']);
  exchange.deposit('ann', 1_000_000);
  // In BTC bob has 2,000 lots and cat 1,900; in ETH only cat, 1,000.
  sellToAnn(exchange, 1, { bob: 2_000, cat: 1_900 });
  sellToAnn(exchange, 2, { cat: 1_000 });
  const round = roundWith(256);
  expect(deleverage(exchange, round, 1, 100)).toEqual({ bob: 100 });
  // Ten lots a loss of 2,000 USDC each: cat is left with 80,000, and leverage 95,000 / 80,000.
  expect(deleverage(exchange, round, 2, 10, 2_000)).toEqual({ cat: 10 });
  expect(deleverage(exchange, round, 1, 100)).toEqual({ cat: 100 });
});

test('a long line of equals is asked once each, 256 a command', () => {
  const names = Array.from({ length: 300 }, (_none, place) => `x${place}`);
  const exchange = exchangeWith(100_000, names);
  exchange.deposit('ann', 10_000_000);
  sellToAnn(exchange, 1, Object.fromEntries(names.map((name) => [name, 100])));
  // Half of 30,000 lots.
  const first = deleverage(exchange, roundWith(256), 1, 15_000);
  const second = deleverage(exchange, roundWith(256), 1, 15_000 - 256 * 50);
  expect([Object.keys(first).length, Object.keys(second).length]).toEqual([256, 44]);
  expect(Object.keys({ ...first, ...second }).length).toBe(300);
  expect(new Set(Object.values({ ...first, ...second }))).toEqual(new Set([50]));
});
