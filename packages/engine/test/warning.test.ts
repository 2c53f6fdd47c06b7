import { type Event, formatDecimal, type MarketSpec, type Side, toMarketId } from '@keel/types';
import { expect, test } from 'vitest';
import { readSnapshot, writeSnapshot } from '../src/index.ts';
import { Exchange } from './exchange.ts';
import { PLAIN } from './plainOrder.ts';
import { testMarket } from './testMarket.ts';

function open(deposit: number, changes: Partial<MarketSpec> = {}): Exchange {
  const exchange = new Exchange();
  for (const [place, symbol] of ['BTC-USD', 'ETH-USD'].entries()) {
    exchange.list(
      testMarket(place + 1, symbol, { makerFeePpm: 0, takerFeePpm: 0, minOrderNotionalAtoms: 1, ...changes }),
    );
  }
  exchange.deposit('maker', 100_000_000);
  exchange.deposit('ann', deposit);
  return exchange;
}

function order(exchange: Exchange, owner: string, text: string, marketId = 1, reduceOnly = false): Event[] {
  const [side, size, , price] = text.split(' ');
  const terms = {
    side: side as Side,
    sizeLots: Math.round(Number(size) * 1_000),
    priceTicks: Number(price),
    reduceOnly,
  };
  return exchange.run({
    kind: 'placeOrder',
    auth: exchange.auth(owner),
    ...PLAIN,
    ...terms,
    marketId: toMarketId(marketId),
  });
}

function trade(exchange: Exchange, text: string, marketId = 1): void {
  const [side, ...rest] = text.split(' ');
  order(exchange, 'maker', [side === 'buy' ? 'sell' : 'buy', ...rest].join(' '), marketId);
  order(exchange, 'ann', text, marketId);
}

/** What concerns the holder of the events, in words. */
function told(events: readonly Event[]): string {
  return events
    .map(text)
    .filter((line) => line !== '')
    .join(' ; ');
}

function text(event: Event): string {
  if (event.kind === 'marginCall') {
    const { levelPercent, equityAtoms, maintenanceMarginAtoms, shortageAtoms, marketId, side, sizeLots } = event;
    if (levelPercent === 0) return 'restored';
    const suggested = marketId === 0 ? 'no order does' : `${side} ${formatDecimal(sizeLots, 3)} of ${marketId}`;
    const figures = [equityAtoms, maintenanceMarginAtoms, shortageAtoms].map((atoms) => formatDecimal(atoms, 6));
    return `${levelPercent} %: EQ ${figures[0]} MM ${figures[1]}, ${figures[2]} or ${suggested}`;
  }
  if (event.kind === 'preLiquidation') {
    const { equityAtoms, initialMarginAtoms, closedOrders } = event;
    return `EQ ${formatDecimal(equityAtoms, 6)} IM ${formatDecimal(initialMarginAtoms, 6)}, ${closedOrders} closed`;
  }
  if (event.kind === 'orderClosed' && event.reason === 'preLiquidation') return `#${event.orderId} goes`;
  if (event.kind === 'liquidationStarted') return 'liquidated';
  return '';
}

// 1 BTC at 50,000 with 5,000: EQ = p - 45,000, MM = 5 % of p.
test('the ladder of margin calls, up and down', () => {
  const exchange = open(5_000);
  exchange.index(1, 50_000);
  trade(exchange, 'buy 1 @ 50000');
  const steps: (readonly [ticks: number | 'wait', outcome: string])[] = [
    [48_215, ''],
    [48_214, '75 %: EQ 3214 MM 2410.7, 229.857144 or sell 0.067 of 1'],
    [48_213, ''],
    [48_300, ''],
    [48_214, ''],
    [47_648, ''],
    [47_647, '90 %: EQ 2647 MM 2382.35, 756.357144 or sell 0.223 of 1'],
    // 85 % is at 47,812.5: above it the call at 90 % is armed again, without a word.
    [47_812, ''],
    ['wait', ''],
    [47_640, ''],
    [47_813, ''],
    ['wait', ''],
    [47_647, '90 %: EQ 2647 MM 2382.35, 756.357144 or sell 0.223 of 1'],
    // 70 % is at 48,461.5.
    [48_461, ''],
    ['wait', ''],
    [48_462, ''],
    ['wait', 'restored'],
    [48_214, '75 %: EQ 3214 MM 2410.7, 229.857144 or sell 0.067 of 1'],
    [48_500, ''],
    ['wait', 'restored'],
    // Straight to 90 %: one call.
    [47_500, '90 %: EQ 2500 MM 2375, 892.857144 or sell 0.264 of 1'],
    // 47,368.4 is the end.
    [47_369, ''],
  ];
  const got = steps.map(
    ([step]) => [step, told(step === 'wait' ? exchange.wait(5_000) : exchange.index(1, step))] as const,
  );
  expect(got).toEqual(steps);
});

test('an order as suggested ends the call, and one lot less does not', () => {
  for (const lots of [66, 67]) {
    const exchange = open(5_000, { takerFeePpm: 0 });
    exchange.index(1, 50_000);
    trade(exchange, 'buy 1 @ 50000');
    expect(told(exchange.index(1, 48_214))).toContain('sell 0.067 of 1');
    order(exchange, 'maker', `buy ${lots / 1_000} @ 48214`);
    const events = order(exchange, 'ann', `sell ${lots / 1_000} @ 48214`, 1, true);
    expect(told(events)).toBe(lots === 67 ? 'restored' : '');
  }
});

test('the suggestion is for the market that needs most, counts the fee, and is none where no order does', () => {
  const exchange = open(9_000, { takerFeePpm: 1_000 });
  for (const market of [1, 2]) exchange.index(market, 50_000);
  trade(exchange, 'buy 0.5 @ 50000', 1);
  trade(exchange, 'sell 1 @ 50000', 2);
  exchange.index(1, 47_000);
  // 9,000 - 75 of fees - 1,500 - 3,600 = 3,825 against 1,175 + 2,680 = 3,855 at 53,600; 4,135 against 3,839.5 at 53,290.
  expect(told(exchange.index(2, 53_290))).toBe('90 %: EQ 4135 MM 3839.5, 1350.000001 or buy 0.36 of 2');
  // A fee as large as the margin, and a second position that needs as much: closing one frees too little.
  const dear = open(12_000, { takerFeePpm: 50_000, maintenanceMarginPpm: 50_000 });
  for (const market of [1, 2]) {
    dear.index(market, 50_000);
    order(dear, 'ann', 'buy 1 @ 50000', market);
    order(dear, 'maker', 'sell 1 @ 50000', market);
  }
  dear.index(1, 46_500);
  expect(told(dear.index(2, 46_500))).toBe('90 %: EQ 5000 MM 4650, 1642.857144 or no order does');
});

test('the call stands over a snapshot, and so does when it is looked at again', () => {
  const exchange = open(5_000);
  exchange.index(1, 50_000);
  trade(exchange, 'buy 1 @ 50000');
  expect(told(exchange.index(1, 48_214))).toContain('75 %');
  exchange.wait(2_000);
  const restored = new Exchange(readSnapshot(writeSnapshot(exchange.state)));
  restored.timeMs = exchange.timeMs;
  for (const each of [exchange, restored]) {
    expect(told(each.index(1, 49_000))).toBe('');
    expect(told(each.wait(2_000))).toBe('');
    expect(told(each.wait(1_500))).toBe('restored');
  }
  expect(writeSnapshot(restored.state)).toEqual(writeSnapshot(exchange.state));
});

test('at most 64 warned accounts are looked at with one command, the rest with the next', () => {
  const exchange = open(5_000);
  exchange.index(1, 50_000);
  for (let each = 0; each < 100; each += 1) {
    exchange.deposit(`h${each}`, 500);
    order(exchange, 'maker', 'sell 0.1 @ 50000');
    order(exchange, `h${each}`, 'buy 0.1 @ 50000');
  }
  const calls = (events: readonly Event[]) => events.filter(({ kind }) => kind === 'marginCall').length;
  expect(calls(exchange.index(1, 48_214))).toBe(100);
  expect(calls(exchange.index(1, 49_000))).toBe(0);
  expect(calls(exchange.wait(5_000))).toBe(64);
  expect(calls(exchange.index(1, 49_000))).toBe(36);
  // Those who are well leave as their times come.
  expect(calls(exchange.wait(5_000)) + calls(exchange.wait(1))).toBe(0);
  expect(exchange.state.warned.ids).toEqual([]);
});

// Paradex keeps what reduces by price priority: sells 5 @ 2150 and 3 @ 2100 stay, buy 2 @ 1900 and sell 3 @ 2200 go. Here
// the youngest that needs margin goes first: the bid does, and no sell, as all sells together leave less than the long.
test('pre-liquidation: orders that need no margin stay', () => {
  const exchange = open(2_000);
  exchange.index(1, 2_000);
  trade(exchange, 'buy 8 @ 2000');
  order(exchange, 'ann', 'sell 5 @ 2150');
  order(exchange, 'ann', 'sell 3 @ 2100');
  order(exchange, 'ann', 'buy 2 @ 1900');
  order(exchange, 'ann', 'sell 3 @ 2200');
  // EQ = 2,000 - 8 a dollar, IM = 10 of p / 10: they meet at 2,000, without the bid at 1,944.4.
  expect(told(exchange.index(1, 2_000))).toBe('');
  expect(told(exchange.index(1, 1_999))).toBe('#5 goes ; EQ 1992 IM 1999, 1 closed');
  expect(told(exchange.index(1, 1_945))).toBe('');
  // Below initial margin with orders that do not count.
  expect(told(exchange.index(1, 1_940))).toBe('');
});

test('pre-liquidation: the youngest first, until the rest is covered; reduce-only orders stay', () => {
  const exchange = open(10_000);
  for (const market of [1, 2]) exchange.index(market, 1_000);
  trade(exchange, 'buy 40 @ 1000', 1);
  // #3 to #6: 4,000 of margin for the position, 1,500 for each bid.
  order(exchange, 'ann', 'buy 15 @ 1000', 2);
  order(exchange, 'ann', 'buy 15 @ 990', 1);
  order(exchange, 'ann', 'buy 15 @ 980', 2);
  order(exchange, 'ann', 'sell 40 @ 1500', 1, true);
  // EQ 9,000; IM 55 * 97.5 + 30 * 100 + 25 for each BTC bid at 1,000 (none) = 5,362.5 + 15 * 15 (bid at 990) + 3,000.
  expect(told(exchange.index(1, 975))).toBe('');
  // EQ 8,400, IM 55 * 96 + 15 * 30 + 3,000 = 8,730: #5 frees 1,500.
  expect(told(exchange.index(1, 960))).toBe('#5 goes ; EQ 8400 IM 8730, 1 closed');
  // EQ 7,000, IM 55 * 92.5 + 15 * 65 + 1,500 = 7,562.5: #4 frees 2,362.5.
  expect(told(exchange.index(1, 925))).toBe('#4 goes ; EQ 7000 IM 7562.5, 1 closed');
});

test('pre-liquidation: of a maker on both sides, orders go from both until one quote is covered', () => {
  const exchange = open(1_000);
  exchange.index(1, 1_000);
  exchange.index(2, 1_000);
  trade(exchange, 'buy 5 @ 1000', 2);
  // Two quotes of 2 on each side: 400 of margin at 1,000; the position takes 500.
  for (const [bid, ask] of [
    [990, 1_010],
    [980, 1_020],
  ]) {
    order(exchange, 'ann', `buy 2 @ ${bid}`);
    order(exchange, 'ann', `sell 2 @ ${ask}`);
  }
  // 890 = 1,000 - 5 * 22 against 489 + 400; 885 against 488.5 + 400.
  expect(told(exchange.index(2, 978))).toBe('');
  expect(told(exchange.index(2, 977))).toBe('#6 goes ; #5 goes ; EQ 885 IM 888.5, 2 closed');
});

test('nothing is taken away or called on a price that is not fresh; it comes with the next good one', () => {
  const exchange = open(5_500, { indexJumpPpm: 100_000 });
  for (const market of [1, 2]) exchange.index(market, 50_000);
  trade(exchange, 'buy 1 @ 50000');
  order(exchange, 'ann', 'buy 0.1 @ 49000');
  // Beyond the circuit band: no mark, and money that comes makes everybody look at prices that are not good.
  expect(told(exchange.index(1, 40_000))).toBe('');
  expect(told(exchange.deposit('ann', 1))).toBe('');
  expect(told(exchange.index(1, 49_900))).toBe('#3 goes ; EQ 5401 IM 5489, 1 closed');
});
