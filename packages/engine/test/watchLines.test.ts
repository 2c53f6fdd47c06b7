import { toMarketId } from '@keel/types';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { listAccounts, listMarkets, type MarketView } from '../src/index.ts';
import { accountHealth, accountMaintenance } from './accountHealth.ts';
import { Exchange } from './exchange.ts';
import { PLAIN } from './plainOrder.ts';
import { testMarket } from './testMarket.ts';

/** One lot and one tick are worth one atom: a share that is too large by little more than that is found out. */
const FINE = {
  priceDecimals: 3,
  atomsPerTickLot: 1,
  maxPriceTicks: 100_000_000,
  // Positions of 200 to 2,700 USDC: in one tier or the other.
  marginTiers: [{ floorNotionalAtoms: 900e6, initialMarginPpm: 100_000, maintenanceMarginPpm: 85_000 }],
};

test('an account is found at the very tick at which it reaches 75 % or 90 %, or is under maintenance', () => {
  let lineReached = 0;
  const position = fc.record({ lots: fc.integer({ min: 100, max: 900 }), long: fc.boolean() });
  // One that is alone has all that the account may lose.
  const second = fc.oneof(position, fc.constant({ lots: 0, long: true }));
  const lines = fc.constantFrom(75n, 90n, 100n);
  const moves = fc.array(fc.integer({ min: -20_000, max: 20_000 }), { maxLength: 12, size: 'max' });
  fc.assert(
    fc.property(
      position,
      second,
      moves,
      fc.boolean(),
      fc.boolean(),
      lines,
      (one, other, walk, inFirst, atOnce, line) => {
        const exchange = new Exchange();
        const ticks = [0, 3_000_000, 2_000_000];
        /** Whether the account is past its line, with prices as given. */
        const isPast = (markets: readonly MarketView[]) => {
          const account = [...listAccounts(exchange.state)][1]!;
          const needed = accountMaintenance(markets, account);
          const equity = accountHealth(exchange.state, markets, account) + needed;
          return line === 100n ? equity < needed : needed > 0n && needed * 100n >= equity * line;
        };
        const found = () => {
          const { inLiquidation, warnedPercent } = [...listAccounts(exchange.state)][1]!;
          const known = inLiquidation || (line < 100n && BigInt(warnedPercent) >= line);
          expect(known || !isPast([...listMarkets(exchange.state)]), `past ${line} %, and nothing happens`).toBe(true);
          return known;
        };
        const move = (market: number, by: number) => {
          ticks[market]! += by;
          exchange.index(market, ticks[market]!);
          return found();
        };
        exchange.list(testMarket(1, 'ETH-USD', FINE));
        exchange.list(testMarket(2, 'SOL-USD', FINE));
        exchange.deposit('maker', 1_000_000);
        // A little more than a tenth of 3 and 2 USDC a lot.
        exchange.deposit('ann', Math.ceil((3 * one.lots + 2 * other.lots) / 9));
        for (const [market, { lots, long }] of [
          [1, one],
          [2, other],
        ] as const) {
          move(market, 0);
          if (lots === 0) continue;
          for (const owner of ['maker', 'ann']) {
            const side = long === (owner === 'ann') ? 'buy' : 'sell';
            const terms = {
              ...PLAIN,
              marketId: toMarketId(market),
              side,
              priceTicks: ticks[market]!,
              sizeLots: lots,
            } as const;
            exchange.run({ kind: 'placeOrder', auth: exchange.auth(owner), ...terms });
          }
        }
        let over = walk.some((by, place) => move(1 + (place % 2), by));
        // Larger steps towards the line, then smaller ones, to the tick: each step is taken only if it stays before it.
        const [market, { long }] = inFirst || other.lots === 0 ? ([1, one] as const) : ([2, other] as const);
        const isPastAfter = (by: number) => {
          const at = (view: MarketView) => (view.spec.marketId === market ? view.markTicks + by : view.markTicks);
          return isPast([...listMarkets(exchange.state)].map((view) => ({ ...view, markTicks: at(view) })));
        };
        const away = long ? -1 : 1;
        if (atOnce) {
          // In one move from afar to the first tick past the line, which shares must last for and no further.
          let before = 0;
          let past = 2 ** 20;
          if (over || !isPastAfter(away * past)) return;
          while (past - before > 1) {
            const middle = Math.trunc((before + past) / 2);
            if (isPastAfter(away * middle)) past = middle;
            else before = middle;
          }
          over = move(market, away * past);
          lineReached += 1;
          return;
        }
        for (let step = 2 ** 19; step >= 1 && !over; step >>= 1) {
          if (!isPastAfter(away * step)) over = move(market, away * step);
        }
        if (over) return;
        for (let more = 0; more < 4 && !over; more += 1) over = move(market, away);
        if (over) lineReached += 1;
      },
    ),
    { numRuns: 150, seed: Number(process.env.KEEL_TEST_SEED ?? 3) },
  );
  expect(lineReached, 'accounts that went over their line in one tick').toBeGreaterThan(50);
});
