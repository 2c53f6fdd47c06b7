import { type Address, type Command, type Event, rejectName, toMarketId } from '@keel/types';
import { expect, test } from 'vitest';
import { Exchange, FEEDER, indexUpdate, START_MS } from './exchange.ts';
import { PLAIN } from './plainOrder.ts';
import { testMarket } from './testMarket.ts';

/** An hour's end: funding is settled there. Everything is tried one second before. */
const HOUR_MS = START_MS + 3_600_000;
const NEW_FEEDER: Address = `0x${'ff'.repeat(20)}`;
const BTC = 1;
const ETH = 2;

/**
 * Each cell by a real command, in a market that came to be so by real commands. `match`: ann sells, reduce-only, what cat
 * bids. `new risk`: eve quotes. `elsewhere`: ann, who has a position here, quotes in another market. `withdraw`: ann takes out
 * 1 USDC. `liquidate`: dan is under maintenance. `funding`: the hour has a rate. `mark`: it moves with time.
 */
const TABLE = `
                   | match | new risk | elsewhere | withdraw | liquidate | funding | mark
  fresh            | yes   | yes      | yes       | yes      | yes       | yes     | yes
  stale 5 s        | yes   | -        | -         | -        | -         | yes     | -
  stale 30 s       | yes   | -        | -         | -        | -         | -       | -
  out of band      | yes   | -        | -         | -        | -         | -       | -
  no quorum        | yes   | -        | -         | -        | -         | -       | -
  no price yet     | -     | -        |           | yes      |           | -       | -
  halted           | -     | -        | yes       | yes      | -         | -       | -
  halted, stale    | -     | -        | -         | -        | -         | -       | -
  awaiting price   | -     | -        | yes       | yes      | -         | yes     | -
  cancel-only      | -     | -        | yes       | yes      | -         | yes     | yes
  post-only        | -     | yes      | yes       | yes      | -         | yes     | yes
  grace            | yes   | yes      | yes       | yes      | -         | yes     | yes
  grace, stale     | yes   | -        | -         | -        | -         | yes     | -
  after grace      | yes   | yes      | yes       | yes      | yes       | yes     | yes
`;

/** Moves the clock to so many seconds before the hour, with some command at least every 5 s, none of them BTC's price. */
function waitTo(exchange: Exchange, secondsBefore: number): void {
  const target = HOUR_MS - secondsBefore * 1_000;
  while (exchange.timeMs < target) exchange.wait(Math.min(5_000, target - exchange.timeMs));
}

function index(exchange: Exchange, secondsBefore: number, ticks = exchange.state.markets[0]!.indexTicks): void {
  waitTo(exchange, secondsBefore);
  exchange.run(indexUpdate(BTC, ticks, exchange.timeMs));
}

function status(exchange: Exchange, secondsBefore: number, to: 'halted' | 'open'): void {
  waitTo(exchange, secondsBefore);
  exchange.run({ kind: 'setTradingStatus', marketId: toMarketId(BTC), status: to });
}

/** Back from a halt with its first price at this time: cancel-only for 5 s, post-only for 10 s, grace for 6 s. */
function reopen(exchange: Exchange, secondsBefore: number): void {
  index(exchange, secondsBefore + 2);
  status(exchange, secondsBefore + 1, 'halted');
  status(exchange, secondsBefore + 1, 'open');
  index(exchange, secondsBefore);
}

/** What is done to BTC, whose last price is 40 s before the hour. */
const ROWS: Readonly<Record<string, (exchange: Exchange) => void>> = {
  fresh: (x) => index(x, 1),
  'stale 5 s': (x) => index(x, 12),
  'stale 30 s': () => {},
  'out of band': (x) => {
    index(x, 2);
    index(x, 1, 10_000);
  },
  'no quorum': (x) => {
    index(x, 1);
    x.run({ kind: 'setPriceFeeders', feeders: [{ feeder: NEW_FEEDER, weight: 1 }] });
  },
  'no price yet': () => {},
  halted: (x) => {
    status(x, 1, 'halted');
    index(x, 1);
  },
  'halted, stale': (x) => status(x, 1, 'halted'),
  'awaiting price': (x) => {
    status(x, 3, 'halted');
    index(x, 2);
    status(x, 1, 'open');
  },
  'cancel-only': (x) => reopen(x, 4),
  'post-only': (x) => {
    reopen(x, 9);
    index(x, 4);
    index(x, 1);
  },
  grace: (x) => {
    reopen(x, 20);
    for (const seconds of [15, 10, 5, 1]) index(x, seconds);
  },
  'grace, stale': (x) => {
    reopen(x, 20);
    for (const seconds of [15, 12]) index(x, seconds);
  },
  'after grace': (x) => {
    reopen(x, 30);
    for (const seconds of [25, 20, 15, 9, 5, 1]) index(x, seconds);
  },
};

/**
 * ann long and bob short in BTC, cat bidding there; dan long in BTC and ETH with hardly any money; the book above the index,
 * so that the mark drifts. ETH has its last price a minute before the hour, and dan is not closed out before it has another.
 */
function opened(row: string, weak: boolean): Exchange {
  const exchange = new Exchange();
  exchange.timeMs = HOUR_MS - 60_000;
  exchange.list(testMarket(BTC, 'BTC-USD', { resumeGraceMs: 6_000 }));
  exchange.list(testMarket(ETH, 'ETH-USD'));
  for (const owner of ['ann', 'bob', 'cat', 'eve']) exchange.deposit(owner, 100_000);
  exchange.deposit('dan', 5_500);
  exchange.run(indexUpdate(ETH, 3_000, exchange.timeMs));
  if (row === 'no price yet') {
    waitTo(exchange, 1);
    return exchange;
  }
  exchange.run(indexUpdate(BTC, 50_000, exchange.timeMs));
  place(exchange, 'bob', 'sell', 50_000, 2_000);
  place(exchange, 'ann', 'buy', 50_000, 1_000);
  place(exchange, 'dan', 'buy', 50_000, 1_000);
  place(exchange, 'bob', 'sell', 3_000, 10, { marketId: toMarketId(ETH) });
  place(exchange, 'dan', 'buy', 3_000, 10, { marketId: toMarketId(ETH) });
  place(exchange, 'cat', 'buy', 51_000, 100);
  place(exchange, 'bob', 'sell', 51_900, 100);
  for (const seconds of [55, 50, 45, 40]) index(exchange, seconds);
  if (weak) index(exchange, 40 - 0.001, 40_000);
  ROWS[row]!(exchange);
  waitTo(exchange, 1);
  // ETH is fresh with whoever feeds now.
  const feeder = row === 'no quorum' ? NEW_FEEDER : FEEDER;
  const ethUpdate = indexUpdate(ETH, 3_000, exchange.timeMs, { feeder });
  liquidated.set(exchange, exchange.run(ethUpdate).some(isStartOfLiquidation));
  return exchange;
}

const liquidated = new WeakMap<Exchange, boolean>();

function isStartOfLiquidation(event: Event): boolean {
  return event.kind === 'liquidationStarted';
}

function place(
  exchange: Exchange,
  owner: string,
  side: 'buy' | 'sell',
  priceTicks: number,
  sizeLots: number,
  changes: Partial<Extract<Command, { kind: 'placeOrder' }>> = {},
): readonly Event[] {
  return exchange.run({
    kind: 'placeOrder',
    auth: exchange.auth(owner),
    ...PLAIN,
    marketId: toMarketId(BTC),
    side,
    priceTicks,
    sizeLots,
    ...changes,
  });
}

function isTaken(events: readonly Event[]): boolean {
  return events.every((event) => event.kind !== 'commandRejected');
}

function withdraws(exchange: Exchange, owner: string): boolean {
  const auth = exchange.auth(owner);
  return isTaken(exchange.run({ kind: 'withdraw', auth, recipient: auth.owner, assetId: 0, amountAtoms: 1_000_000 }));
}

const COLUMNS: Readonly<Record<string, (row: string) => boolean>> = {
  match: (row) => {
    const asked = { timeInForce: 'ioc', reduceOnly: true } as const;
    return place(opened(row, false), 'ann', 'sell', 51_000, 100, asked).some(({ kind }) => kind === 'orderFilled');
  },
  'new risk': (row) => isTaken(place(opened(row, false), 'eve', 'buy', 40_000, 100, { timeInForce: 'postOnly' })),
  elsewhere: (row) =>
    isTaken(
      place(opened(row, false), 'ann', 'buy', 2_900, 100, { marketId: toMarketId(ETH), timeInForce: 'postOnly' }),
    ),
  withdraw: (row) => withdraws(opened(row, false), 'ann'),
  liquidate: (row) => liquidated.get(opened(row, true))!,
  funding: (row) =>
    opened(row, false)
      .wait(1_000)
      .some((event) => event.kind === 'fundingRateSettled' && event.marketId === BTC && event.ratePpb !== 0),
  mark: (row) => {
    const exchange = opened(row, false);
    // A whole second after whatever renewed it last.
    return [exchange.wait(999), exchange.wait(1)].flat().some(isMarkOfBtc);
  },
};

function isMarkOfBtc(event: Event): boolean {
  return event.kind === 'markPriceUpdated' && event.marketId === BTC;
}

/** A table's columns but the first, and its rows with theirs. */
function rowsOf(table: string): { readonly titles: readonly string[]; readonly rows: readonly string[][] } {
  const [first = [], ...rows] = table
    .trim()
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()));
  return { titles: first.slice(1), rows };
}

function named(titles: readonly string[], cells: readonly string[]): Record<string, string | undefined> {
  return Object.fromEntries(titles.map((title, place) => [title, cells[place]]));
}

test.for(rowsOf(TABLE).rows)('%s', ([row = '', ...cells]) => {
  const { titles } = rowsOf(TABLE);
  const got = titles.map((title, place) => (cells[place] === '' ? '' : COLUMNS[title]!(row) ? 'yes' : '-'));
  expect(named(titles, got)).toEqual(named(titles, cells));
});

test('a market that has no price at all tells why', () => {
  const events = place(opened('no price yet', false), 'eve', 'buy', 40_000, 100);
  expect(events.map((event) => (event.kind === 'commandRejected' ? rejectName(event.code) : event.kind))).toEqual([
    'MARKET_PRICE_UNAVAILABLE',
  ]);
});

/** The same of other collateral, for whoever holds any: here WETH whose price may be 10 s old. */
const COLLATERAL_TABLE = `
                   | new risk | withdraw | withdraw, flat | liquidate
  fresh            | yes      | yes      | yes            | yes
  stale 5 s        | -        | -        | yes            | -
  stale 30 s       | -        | -        | yes            | -
  out of band      | -        | -        | yes            | -
  no quorum        | -        | -        | yes            | -
  no price yet     | -        | -        | yes            | -
  none held        | yes      | yes      | yes            | yes
`;

/** ann with a small long, eve with none, both with USDC and WETH; dan with hardly enough for his long, and a bit of WETH. */
function holders(row: string): Exchange {
  const exchange = new Exchange();
  exchange.list(testMarket(BTC, 'BTC-USD'));
  exchange.listCollateral('WETH', 90, { priceStaleMs: 10_000 });
  for (const owner of ['ann', 'bob', 'eve']) exchange.deposit(owner, 100_000);
  exchange.deposit('dan', 5_500);
  exchange.index(BTC, 50_000);
  place(exchange, 'bob', 'sell', 50_000, 1_010);
  place(exchange, 'ann', 'buy', 50_000, 10);
  place(exchange, 'dan', 'buy', 50_000, 1_000);
  if (row !== 'none held') for (const owner of ['ann', 'eve', 'dan']) exchange.deposit(owner, 0.01, 'WETH');
  if (row !== 'no price yet' && row !== 'none held') exchange.collateralPrice(1, 200_000);
  COLLATERAL_ROWS[row]?.(exchange);
  const feeder = row === 'no quorum' ? NEW_FEEDER : FEEDER;
  exchange.timeMs += 1;
  exchange.run(indexUpdate(BTC, 50_000, exchange.timeMs, { feeder }));
  return exchange;
}

const COLLATERAL_ROWS: Readonly<Record<string, (exchange: Exchange) => void>> = {
  'stale 5 s': (x) => x.wait(10_001),
  'stale 30 s': (x) => x.wait(30_001),
  'out of band': (x) => x.collateralPrice(1, 50_000),
  'no quorum': (x) => x.run({ kind: 'setPriceFeeders', feeders: [{ feeder: NEW_FEEDER, weight: 1 }] }),
};

const COLLATERAL_COLUMNS: Readonly<Record<string, (row: string) => boolean>> = {
  'new risk': (row) => isTaken(place(holders(row), 'ann', 'buy', 40_000, 100)),
  withdraw: (row) => withdraws(holders(row), 'ann'),
  // Whoever has nothing open and owes nothing needs no price.
  'withdraw, flat': (row) => withdraws(holders(row), 'eve'),
  liquidate: (row) => {
    const exchange = holders(row);
    const feeder = row === 'no quorum' ? NEW_FEEDER : FEEDER;
    exchange.timeMs += 1;
    return exchange.run(indexUpdate(BTC, 46_000, exchange.timeMs, { feeder })).some(isStartOfLiquidation);
  },
};

test.for(rowsOf(COLLATERAL_TABLE).rows)('WETH: %s', ([row = '', ...cells]) => {
  const { titles } = rowsOf(COLLATERAL_TABLE);
  const got = titles.map((title) => (COLLATERAL_COLUMNS[title]!(row) ? 'yes' : '-'));
  expect(named(titles, got)).toEqual(named(titles, cells));
});

test('whoever waited for the price of collateral is closed out when it comes', () => {
  const exchange = holders('no price yet');
  expect(exchange.index(BTC, 46_000).some(isStartOfLiquidation)).toBe(false);
  expect(exchange.wait(1_000).some(isStartOfLiquidation)).toBe(false);
  expect(exchange.collateralPrice(1, 200_000).some(isStartOfLiquidation)).toBe(true);
});
