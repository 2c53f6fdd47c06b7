import { type Event, type MarketSpec, type Side, toAssetId, toMarketId } from '@keel/types';
import { expect, test } from 'vitest';
import { Exchange } from '../exchange.ts';
import { PLAIN } from '../plainOrder.ts';
import { testMarket } from '../testMarket.ts';

function exchangeWith(deposits: Readonly<Record<string, number>>, changes: Partial<MarketSpec> = {}): Exchange {
  const exchange = new Exchange();
  exchange.list(testMarket(1, 'BTC-USD', { makerFeePpm: 0, takerFeePpm: 0, maxPositionLots: 1_000_000, ...changes }));
  exchange.index(1, 50_000);
  for (const [name, usdc] of Object.entries(deposits)) exchange.deposit(name, usdc);
  return exchange;
}

/** `sell 2 @ 50000`, in BTC. */
function order(exchange: Exchange, name: string, text: string, reduceOnly = false): Event[] {
  const [side, size, , price] = text.split(' ');
  return exchange.run({
    kind: 'placeOrder',
    auth: exchange.auth(name),
    ...PLAIN,
    ...{ marketId: toMarketId(1), side: side as Side, priceTicks: Number(price), reduceOnly },
    sizeLots: Math.round(Number(size) * 1_000),
  });
}

function calls(events: readonly Event[]): string {
  return events
    .map((event) => (event.kind === 'marginCall' ? `${event.levelPercent} %: ${event.equityAtoms}` : ''))
    .join('');
}

function closedBefore(events: readonly Event[]): string {
  return events.map((event) => (event.kind === 'orderClosed' ? `#${event.orderId} ${event.reason}` : '')).join('');
}

// Long 0.5 BTC and 2 to sell: the worst is short 1.5, 7,500 of 8,000 USDC. Reduce-only beside them makes it short 2.
test('a reduce-only order that costs the margin of others takes them away', () => {
  const exchange = exchangeWith({ ann: 8_000, maker: 1_000_000 });
  order(exchange, 'maker', 'sell 0.5 @ 50000');
  order(exchange, 'ann', 'buy 0.5 @ 50000');
  order(exchange, 'ann', 'sell 2 @ 51000');
  expect(closedBefore(order(exchange, 'ann', 'sell 0.4 @ 50500', true))).toBe('#3 preLiquidation');
});

test('a reduce-only order beside others that are covered with it takes nothing', () => {
  const exchange = exchangeWith({ ann: 10_500, maker: 1_000_000 });
  order(exchange, 'maker', 'sell 0.5 @ 50000');
  order(exchange, 'ann', 'buy 0.5 @ 50000');
  order(exchange, 'ann', 'sell 2 @ 51000');
  expect(closedBefore(order(exchange, 'ann', 'sell 0.4 @ 50500', true))).toBe('');
});

test('hundreds weak at once: the weakest first, sixteen a command, and nobody waits for more than that', () => {
  const exchange = exchangeWith({ maker: 10_000_000 });
  const holders = 120;
  for (let who = 0; who < holders; who += 1) {
    // A margin of 5,005 to 5,600 USDC for a BTC: all above 10 %.
    exchange.deposit(`t${who}`, 5_005 + 5 * who);
    order(exchange, 'maker', 'sell 1 @ 50000');
    order(exchange, `t${who}`, 'buy 1 @ 50000');
  }
  // At 46,500 maintenance is 2,325: EQ is 1,505 to 2,100, all weak, and nobody is bankrupt.
  const turns: number[][] = [];
  for (let command = 0; command < Math.ceil(holders / 16); command += 1) {
    const events = command === 0 ? exchange.index(1, 46_500) : exchange.run({ kind: 'advanceTime' });
    turns.push(
      events.flatMap((event) => (event.kind === 'liquidationStarted' ? [Math.round(event.equityAtoms / 1e6)] : [])),
    );
  }
  const byWeakness = Array.from({ length: holders }, (_, who) => 1_505 + 5 * who);
  expect(turns.map((each) => each.length)).toEqual([16, 16, 16, 16, 16, 16, 16, 8]);
  expect(turns.flat()).toEqual(byWeakness);
});

test('hedges are spared where one command cannot ask everybody', () => {
  const exchange = exchangeWith({ bankrupt: 17_000, lender: 1_000_000 });
  for (let who = 0; who < 300; who += 1) {
    // Short 0.01 BTC each, every one at a little less leverage than the one before.
    exchange.deposit(`t${who}`, 100 + who / 100);
    order(exchange, `t${who}`, 'sell 0.01 @ 50000');
    order(exchange, 'bankrupt', 'buy 0.01 @ 50000');
  }
  const auth = exchange.auth('hedged');
  exchange.deposit('hedged', 4_000);
  exchange.run({ kind: 'transfer', auth, toSubaccount: 1, assetId: toAssetId(0), amountAtoms: 2_000_000_000 });
  // As much short as long, at ten times its money: the highest leverage of all.
  order(exchange, 'hedged', 'sell 0.35 @ 50000');
  order(exchange, 'hedged/1', 'buy 0.35 @ 50000');
  const events = exchange.index(1, 42_000);
  const deleveraged = events.filter((event) => event.kind === 'positionDeleveraged');
  const hedged = exchange.state.accountByOwner.get(exchange.address('hedged'))!.accountId;
  expect(deleveraged.length).toBeGreaterThan(150);
  expect(deleveraged.filter(({ deleveragedAccountId }) => deleveragedAccountId === hedged)).toEqual([]);
});

// 1 BTC at 50,000 with 6,000; at 70,000 EQ is 26,000. 22 hours take 870.625 each; EQ = 4/3 * MM at 67,664.7.
test('a gain that funding took away again brings no call too late', () => {
  const exchange = exchangeWith({ ann: 6_000, maker: 10_000_000 }, { indexStaleMs: 1_000 * 3_600_000 });
  order(exchange, 'maker', 'sell 1 @ 50000');
  order(exchange, 'ann', 'buy 1 @ 50000');
  const events = exchange.index(1, 70_000);
  // A bid far above the index: the premium is at the end of the mark's band, 10 %.
  events.push(...order(exchange, 'maker', 'buy 1 @ 95000'));
  for (let hour = 0; hour < 22; hour += 1) events.push(...exchange.wait(3_600_000));
  expect(exchange.state.markets[0]!.fundingIndex / 1_000_000).toBe(22 * 870_625);
  expect(calls([...events, ...exchange.index(1, 67_700)])).toBe('');
  expect(calls(exchange.index(1, 67_600))).toBe('75 %: 4446250000');
});

// 1 BTC at 50,000 with 6,000. Ten hours bring 621.875 each; EQ = 4/3 * MM at 40,479.9. The tier above would count it with 25 %.
test('a gain of funding hides no fall of the mark', () => {
  const tier = { floorNotionalAtoms: 60_000_000_000, initialMarginPpm: 300_000, maintenanceMarginPpm: 250_000 };
  const terms = { indexStaleMs: 1_000 * 3_600_000, marginTiers: [tier] };
  const exchange = exchangeWith({ ann: 6_000, maker: 10_000_000 }, terms);
  order(exchange, 'maker', 'sell 1 @ 50000');
  order(exchange, 'ann', 'buy 1 @ 50000');
  // An ask far below the index.
  const events = order(exchange, 'maker', 'sell 1 @ 35000');
  for (let hour = 0; hour < 10; hour += 1) events.push(...exchange.wait(3_600_000));
  expect(exchange.state.markets[0]!.fundingIndex / 1_000_000).toBe(-10 * 621_875);
  expect(calls([...events, ...exchange.index(1, 40_500)])).toBe('');
  expect(calls(exchange.index(1, 40_400))).toBe('75 %: 2618750000');
});
