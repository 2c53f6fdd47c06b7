import { type Event, type MarketSpec, type RejectCode, rejectName, type Side, toMarketId } from '@keel/types';
import { expect, test } from 'vitest';
import { Exchange } from './exchange.ts';
import { PLAIN } from './plainOrder.ts';
import { testMarket } from './testMarket.ts';

const FREE = { makerFeePpm: 0, takerFeePpm: 0 };

/** An exchange with one market at a price, and a maker who has plenty. */
function open(priceTicks: number, changes: Partial<MarketSpec> = {}): Exchange {
  const exchange = new Exchange();
  exchange.list(testMarket(1, 'BTC-USD', { ...FREE, ...changes }));
  exchange.list(testMarket(2, 'ETH-USD', { ...FREE, ...changes }));
  exchange.deposit('maker', 100_000_000);
  for (const market of [1, 2]) exchange.index(market, priceTicks);
  return exchange;
}

/** `ok`, or the name of the refusal. */
function answer(events: readonly Event[]): string {
  for (const event of events) if (event.kind === 'commandRejected') return nameOf(event.code);
  return 'ok';
}

function nameOf(code: RejectCode): string {
  return rejectName(code)!;
}

/** `buy 1.5 @ 100`, from a sub-account when one is named: `ann/3`. */
function order(exchange: Exchange, who: string, text: string, marketId = 1): string {
  const [owner = '', subaccount = '0'] = who.split('/');
  const [side, size, , price] = text.split(' ');
  const terms = { side: side as Side, sizeLots: Math.round(Number(size) * 1_000), priceTicks: Number(price) };
  const auth = exchange.auth(owner, { subaccount: Number(subaccount) });
  return answer(exchange.run({ kind: 'placeOrder', auth, ...PLAIN, ...terms, marketId: toMarketId(marketId) }));
}

/** A trade with the maker at a price. */
function trade(exchange: Exchange, who: string, text: string, marketId = 1): string {
  const [side, ...rest] = text.split(' ');
  expect(order(exchange, 'maker', [side === 'buy' ? 'sell' : 'buy', ...rest].join(' '), marketId)).toBe('ok');
  return order(exchange, who, text, marketId);
}

function leverage(exchange: Exchange, who: string, value: number, marketId = 1): string {
  const [owner = '', subaccount = '0'] = who.split('/');
  const auth = exchange.auth(owner, { subaccount: Number(subaccount) });
  return answer(exchange.run({ kind: 'setLeverage', auth, marketId: toMarketId(marketId), leverage: value }));
}

function transfer(exchange: Exchange, owner: string, toSubaccount: number, usdc: number): string {
  const auth = exchange.auth(owner);
  return answer(exchange.run({ kind: 'transfer', auth, toSubaccount, assetId: 0, amountAtoms: usdc * 1e6 }));
}

function cancelAll(exchange: Exchange, owner: string): void {
  exchange.run({ kind: 'cancelAllOrders', auth: exchange.auth(owner), marketId: toMarketId(0) });
}

test('Paradex: the worst side of the open orders decides, and what reduces is always accepted', () => {
  const exchange = open(100, { minOrderNotionalAtoms: 1 });
  exchange.deposit('ann', 100);
  expect(trade(exchange, 'ann', 'buy 10 @ 100')).toBe('ok');
  exchange.index(1, 98);
  // IMR 98, EQ 80.
  expect(order(exchange, 'ann', 'buy 0.001 @ 98')).toBe('INSUFFICIENT_MARGIN');
  expect(order(exchange, 'ann', 'sell 5 @ 100')).toBe('ok');
  // All sells would leave a short of 3, but a long of 10 is still the worst: 98 of 80.
  expect(order(exchange, 'ann', 'sell 8 @ 100')).toBe('INSUFFICIENT_MARGIN');
  expect(order(exchange, 'ann', 'sell 5 @ 100')).toBe('ok');
});

test('what a tier above asks is asked of an order that reaches into it', () => {
  const tier = { floorNotionalAtoms: 50_000e6, initialMarginPpm: 500_000, maintenanceMarginPpm: 250_000 };
  const exchange = open(50_000, { marginTiers: [tier] });
  exchange.deposit('ann', 10_000);
  // The first BTC takes 5,000, each further one 25,000.
  expect(order(exchange, 'ann', 'buy 1.201 @ 50000')).toBe('INSUFFICIENT_MARGIN');
  expect(order(exchange, 'ann', 'buy 1.2 @ 50000')).toBe('ok');
  expect(order(exchange, 'ann', 'sell 1.2 @ 50000', 2)).toBe('INSUFFICIENT_MARGIN');
});

test('initial margin rises with open interest, for orders as they come', () => {
  const exchange = open(50_000, { openInterestLowerAtoms: 50_000e6, openInterestUpperAtoms: 150_000e6 });
  for (const owner of ['ann', 'bob', 'cat']) exchange.deposit(owner, 60_000);
  expect(trade(exchange, 'ann', 'buy 2 @ 50000')).toBe('ok');
  // Open interest 100,000: half-way, 55 %. 60,000 / 27,500 a BTC.
  expect(order(exchange, 'bob', 'buy 2.182 @ 50000')).toBe('INSUFFICIENT_MARGIN');
  expect(order(exchange, 'bob', 'buy 2.181 @ 50000')).toBe('ok');
  expect(order(exchange, 'cat', 'sell 3 @ 51000', 2), 'another market').toBe('ok');
});

test.for([
  { value: 10, outcome: 'ok', bought: 2 },
  { value: 5, outcome: 'ok', bought: 1 },
  { value: 1, outcome: 'ok', bought: 0.2 },
  { value: 0, outcome: 'ok', bought: 2 },
  { value: 11, outcome: 'LEVERAGE_INVALID', bought: 2 },
  { value: 2.5, outcome: 'LEVERAGE_INVALID', bought: 2 },
  { value: -1, outcome: 'LEVERAGE_INVALID', bought: 2 },
])('leverage $value before the first order: $outcome, and 10,000 buys $bought BTC', ({ value, outcome, bought }) => {
  const exchange = open(50_000);
  exchange.deposit('ann', 10_000);
  expect(leverage(exchange, 'ann', value)).toBe(outcome);
  expect(order(exchange, 'ann', `buy ${(bought + 0.001).toFixed(3)} @ 50000`)).toBe('INSUFFICIENT_MARGIN');
  expect(order(exchange, 'ann', `buy ${bought} @ 50000`)).toBe('ok');
});

test('leverage that asks for more than there is, or on a price that says nothing', () => {
  const exchange = open(50_000);
  exchange.deposit('ann', 10_000);
  expect(trade(exchange, 'ann', 'buy 1 @ 50000')).toBe('ok');
  expect(leverage(exchange, 'ann', 4), 'needs 12,500').toBe('LEVERAGE_NOT_COVERED');
  expect(order(exchange, 'ann', 'buy 1 @ 50000'), 'nothing stayed of it').toBe('ok');
  cancelAll(exchange, 'ann');
  expect(leverage(exchange, 'ann', 5)).toBe('ok');
  expect(order(exchange, 'ann', 'buy 0.001 @ 50000')).toBe('INSUFFICIENT_MARGIN');
  exchange.wait(11_000);
  expect(leverage(exchange, 'ann', 4)).toBe('MARKET_PRICE_UNAVAILABLE');
  expect(leverage(exchange, 'ann', 5), 'the same as before').toBe('ok');
  expect(leverage(exchange, 'ann', 6), 'less margin').toBe('ok');
  expect(leverage(exchange, 'ann', 1, 2), 'nothing there').toBe('ok');
  expect(leverage(exchange, 'ann', 1, 3)).toBe('MARKET_UNKNOWN');
  // Set before the holding was there, kept when the holding goes and comes back.
  exchange.index(1, 50_000);
  expect(trade(exchange, 'ann', 'sell 1 @ 50000')).toBe('ok');
  expect(order(exchange, 'ann', 'buy 1.201 @ 50000')).toBe('INSUFFICIENT_MARGIN');
});

test('an isolated account trades its own market and no other', () => {
  const exchange = open(50_000);
  exchange.deposit('ann', 50_000);
  // 128 + market 1.
  expect(transfer(exchange, 'ann', 129, 10_000)).toBe('ok');
  expect(order(exchange, 'ann/129', 'buy 1 @ 50000')).toBe('ok');
  expect(order(exchange, 'ann/129', 'buy 1 @ 50000', 2)).toBe('MARKET_NOT_OF_SUBACCOUNT');
  expect(leverage(exchange, 'ann/129', 5, 2)).toBe('MARKET_NOT_OF_SUBACCOUNT');
  expect(leverage(exchange, 'ann/129', 99, 2), 'comes before what follows it').toBe('MARKET_NOT_OF_SUBACCOUNT');
  expect(order(exchange, 'ann', 'buy 0.1 @ 50000', 2)).toBe('ok');
});

test('an owner holds no more than a part of open interest, over all accounts, once above the floor', () => {
  const exchange = open(1_000, { concentrationPpm: 250_000, concentrationFloorLots: 2_000, minOrderNotionalAtoms: 1 });
  for (const owner of ['ann', 'bob', 'cat', 'dan']) exchange.deposit(owner, 100_000);
  expect(transfer(exchange, 'ann', 1, 40_000)).toBe('ok');
  // Nothing is open yet: the floor of 2.
  expect(order(exchange, 'ann', 'buy 2.001 @ 1000')).toBe('CONCENTRATION_LIMIT_EXCEEDED');
  expect(order(exchange, 'ann', 'buy 1.5 @ 1000')).toBe('ok');
  expect(order(exchange, 'ann/1', 'buy 0.501 @ 1000'), 'the other account counts').toBe('CONCENTRATION_LIMIT_EXCEEDED');
  expect(order(exchange, 'ann/1', 'buy 0.5 @ 1000')).toBe('ok');
  expect(order(exchange, 'ann/1', 'sell 2 @ 1100'), 'the other side is apart').toBe('ok');
  expect(order(exchange, 'ann/1', 'sell 0.001 @ 1100')).toBe('CONCENTRATION_LIMIT_EXCEEDED');
  // Six traders of 2 against each other: open interest 6, of which a quarter is less than the floor. With 12 it is 3.
  for (const [buyer, seller] of [
    ['bob', 'cat'],
    ['dan', 'eve'],
    ['fay', 'gus'],
    ['hal', 'ida'],
    ['jim', 'kay'],
    ['lea', 'mia'],
  ]) {
    for (const owner of [buyer!, seller!]) exchange.deposit(owner, 10_000);
    expect(order(exchange, seller!, 'sell 2 @ 1050')).toBe('ok');
    expect(order(exchange, buyer!, 'buy 2 @ 1050')).toBe('ok');
  }
  expect(exchange.state.markets[0]!.openInterestLots).toBe(12_000);
  expect(order(exchange, 'ann/1', 'buy 1.001 @ 1000')).toBe('CONCENTRATION_LIMIT_EXCEEDED');
  expect(order(exchange, 'ann/1', 'buy 1 @ 1000')).toBe('ok');
  expect(order(exchange, 'bob', 'buy 1.001 @ 1000')).toBe('CONCENTRATION_LIMIT_EXCEEDED');
  // What reduces asks nobody.
  expect(order(exchange, 'bob', 'sell 2 @ 1200')).toBe('ok');
});

test('a mark that ran away from the stable price gives no margin for new risk, and takes none away', () => {
  // 1 % a minute.
  const exchange = open(1_000, { stablePriceMovePpm: 10_000, indexJumpPpm: 900_000, minOrderNotionalAtoms: 1 });
  exchange.deposit('ann', 1_000);
  exchange.deposit('bob', 5_000);
  expect(trade(exchange, 'ann', 'buy 5 @ 1000')).toBe('ok');
  cancelAll(exchange, 'maker');
  exchange.index(1, 1_400);
  const [market] = exchange.state.markets;
  expect(market!.markTicks).toBe(1_400);
  expect(market!.stableTicks).toBe(1_000);
  // EQ 3,000, but 1,000 for new risk: a BTC takes 140, and 700 are taken.
  expect(order(exchange, 'ann', 'buy 2.15 @ 1400')).toBe('INSUFFICIENT_MARGIN');
  expect(order(exchange, 'ann', 'buy 2.14 @ 1400')).toBe('ok');
  cancelAll(exchange, 'ann');
  const withdraw = (usdc: number) => {
    const auth = exchange.auth('ann');
    const terms = { recipient: auth.owner, assetId: 0, amountAtoms: usdc * 1e6 } as const;
    return answer(exchange.run({ kind: 'withdraw', auth, ...terms }));
  };
  expect(withdraw(301)).toBe('WITHDRAWAL_EXCEEDS_FREE_COLLATERAL');
  expect(withdraw(300)).toBe('ok');
  // The mark is back: the stable price is where it was, and a mark below it asks margin for the stable price.
  exchange.index(1, 800);
  expect(market!.markTicks).toBe(800);
  expect(order(exchange, 'bob', 'sell 50.1 @ 1000'), '100 a BTC and not 80').toBe('INSUFFICIENT_MARGIN');
  expect(order(exchange, 'bob', 'sell 50 @ 1000')).toBe('ok');
});
