import { type Command, checkCertificate, type Event, toMarketId } from '@keel/types';
import { expect, test } from 'vitest';
import { equityOf } from '../../src/margin/accountFigures.ts';
import { findAccount } from '../../src/state.ts';
import { Exchange, indexUpdate } from '../exchange.ts';
import { PLAIN } from '../plainOrder.ts';
import { testMarket } from '../testMarket.ts';

/*
 * BitMEX, 13 Mar 2020: while the book was collapsing the venue was overloaded and then away for about 25 minutes; the price
 * rebounded after it. Who was closed out, and who could get out, was decided by which requests came through.
 *
 * Here 400 longs of 0.1 BTC from 5,800 at 5 to 50 times; the index falls by 300 USD a second to 3,900 and comes back to 5,500. The only
 * maker leaves. Each second 20 commands come between two prices: quotes far off, cancels, reduce-only orders.
 *
 * Promised, and judged below from collateral and entry alone:
 * 1. cancels, and reduce-only orders of whoever is not in liquidation, are accepted in the middle of it;
 * 2. a command gives at most 16 turns, however many are weak;
 * 3. the mark is renewed with every price;
 * 4. whoever falls below maintenance has a turn after ceil(weak / 16) commands at most: the flood brings turns, it takes none away;
 * 5. who was above maintenance at every mark is not closed, and in the rebound nobody new is: a turn that was due is dropped;
 * 6. every forced trade is no worse than the zero price of its moment (its certificate recomputes it). What was closed stays
 *    closed when the price comes back: nothing more is promised.
 */

const TRADERS = 400;
const TOP = 5_800;
const LOW = 3_900;
const BACK = 5_500;
const FALL_TICKS = 300;
const FLOOD = 20;
const TURNS = 16;
const CAP = 20_000 * 1_000_000;
const MARKET = toMarketId(1);

function collapse(): Exchange {
  const exchange = new Exchange();
  const fees = { makerFeePpm: 0, takerFeePpm: 0 };
  const margin = { initialMarginPpm: 20_000, maintenanceMarginPpm: 10_000, backstopLossCapAtoms: CAP };
  exchange.list(testMarket(1, 'BTC-USD', { ...fees, ...margin, markBandPpm: 50_000 }));
  exchange.deposit('maker', 200_000);
  exchange.deposit('quoter', 100_000);
  exchange.index(1, TOP);
  for (const [fund, amountAtoms] of [
    ['backstop', 2 * CAP],
    ['insurance', CAP],
  ] as const) {
    exchange.run({ kind: 'fundSafety', auth: exchange.auth('maker'), marketId: MARKET, fund, amountAtoms });
  }
  place(exchange, 'maker', 'sell', TOP, TRADERS * 100, false);
  // 580 USDC of notional each: from a fiftieth to a fifth of it, and a few who need no leverage.
  for (let i = 0; i < TRADERS; i += 1) {
    exchange.deposit(`t${i}`, i % 20 === 0 ? 300 : 12 + Math.floor((i * 104) / TRADERS));
    place(exchange, `t${i}`, 'buy', TOP, 100, false);
  }
  return exchange;
}

function orderOf(
  exchange: Exchange,
  name: string,
  side: 'buy' | 'sell',
  priceTicks: number,
  sizeLots: number,
  reduceOnly: boolean,
): Command {
  const terms = { ...PLAIN, marketId: MARKET, side, priceTicks, sizeLots, reduceOnly };
  return { kind: 'placeOrder', auth: exchange.auth(name), ...terms };
}

function place(exchange: Exchange, ...order: [string, 'buy' | 'sell', number, number, boolean]): readonly Event[] {
  return exchange.run(orderOf(exchange, ...order));
}

function isRefusal({ kind }: Event): boolean {
  return kind === 'commandRejected';
}

/** The mark at which the trader who put in so much for 0.1 BTC from 5,800 has 1 % left: below it, it is weak. */
function lineOf(collateralAtoms: number): number {
  return (TOP * 100_000 - collateralAtoms) / (100_000 * 0.99);
}

test('the book collapses, a flood of commands comes with it, and the price rebounds', () => {
  const exchange = collapse();
  const { state } = exchange;
  const [market] = state.markets;
  const traders = state.accounts.filter(({ holdings: [held] }) => (held?.sizeLots ?? 0) > 0);
  const lines = new Map(
    traders.map(({ accountId, collateralAtoms }) => [accountId as number, lineOf(collateralAtoms)]),
  );
  const startedAt = new Map<number, number>();
  const weakSince = new Map<number, number>();
  const seen = {
    commands: 0,
    mostTurns: 0,
    longestWait: 0,
    mostWeak: 0,
    certificates: 0,
    reduceOnly: { held: { accepted: 0, refused: 0 }, gone: { accepted: 0, refused: 0 } },
    cancels: { accepted: 0, refused: 0 },
  };
  let lowest = TOP;

  const run = (command: Command): readonly Event[] => {
    const events = exchange.run(command);
    seen.commands += 1;
    lowest = Math.min(lowest, market!.markTicks);
    const turns = new Set<number>();
    for (const event of events) {
      if (event.kind === 'liquidationStarted') {
        startedAt.set(event.accountId, market!.markTicks);
        const waited = seen.commands - (weakSince.get(event.accountId) ?? seen.commands);
        seen.longestWait = Math.max(seen.longestWait, waited);
      }
      if (event.kind === 'liquidationStarted' || event.kind === 'positionCloseOut') turns.add(event.accountId);
      if (event.kind === 'closeOutCertified') {
        seen.certificates += 1;
        expect(checkCertificate(event.certificate)).toEqual([]);
      }
    }
    if (command.kind === 'cancelAllOrders') seen.cancels[events.some(isRefusal) ? 'refused' : 'accepted'] += 1;
    seen.mostTurns = Math.max(seen.mostTurns, turns.size);
    let weak = 0;
    for (const [accountId, line] of lines) {
      const isOpen = (state.accounts[accountId - 1]!.holdings[0]?.sizeLots ?? 0) > 0;
      if (!isOpen || startedAt.has(accountId)) continue;
      if (market!.markTicks < line) {
        weak += 1;
        if (!weakSince.has(accountId)) weakSince.set(accountId, seen.commands);
      } else weakSince.delete(accountId);
    }
    seen.mostWeak = Math.max(seen.mostWeak, weak);
    return events;
  };

  const nextPrice = (ticks: number) => {
    exchange.timeMs += 500;
    run(indexUpdate(1, ticks, exchange.timeMs));
    expect(market!.markTimeMs).toBe(exchange.timeMs);
  };
  /** Far quotes and their cancels; every trader in turn offers its position reduce-only, out of the market's reach. */
  const flood = (second: number) => {
    for (let i = 0; i < FLOOD; i += 1) {
      exchange.timeMs += 25;
      const trader = `t${TRADERS - 1 - ((second * FLOOD + i) % TRADERS)}`;
      if (i % 4 === 0) run(orderOf(exchange, 'quoter', 'buy', 3_000, 10, false));
      else if (i % 4 === 1) run({ kind: 'cancelAllOrders', auth: exchange.auth('quoter'), marketId: MARKET });
      else if (i % 4 === 2) run({ kind: 'cancelAllOrders', auth: exchange.auth(trader), marketId: MARKET });
      else {
        const account = findAccount(state, exchange.address(trader), 0)!;
        const mayReduce = account.liquidationId === 0 && account.holdings.length > 0;
        const refused = run(orderOf(exchange, trader, 'sell', 7_000, 100, true)).some(isRefusal);
        seen.reduceOnly[mayReduce ? 'held' : 'gone'][refused ? 'refused' : 'accepted'] += 1;
      }
    }
  };
  let second = 0;
  for (let ticks = TOP; ticks > LOW; second += 1) {
    ticks = Math.max(LOW, ticks - FALL_TICKS);
    nextPrice(ticks);
    flood(second);
  }
  const closedInFall = startedAt.size;
  for (let ticks = LOW; ticks < BACK; second += 1) {
    ticks = Math.min(BACK, ticks + FALL_TICKS);
    nextPrice(ticks);
    flood(second);
  }

  expect(seen).toEqual({
    commands: 273,
    mostTurns: TURNS,
    longestWait: 6,
    mostWeak: 89,
    certificates: 381,
    // 'gone': nothing left to reduce, or in liquidation.
    reduceOnly: { held: { accepted: 25, refused: 0 }, gone: { accepted: 0, refused: 40 } },
    cancels: { accepted: 130, refused: 0 },
  });
  expect(seen.longestWait).toBeLessThanOrEqual(Math.ceil(seen.mostWeak / TURNS));
  expect(closedInFall).toBe(startedAt.size);
  for (const [accountId, line] of lines) {
    // Exactly those whose line the mark fell below, and each of them on a mark below its line.
    expect([accountId, startedAt.has(accountId)]).toEqual([accountId, lowest < line]);
    if (startedAt.has(accountId)) expect(startedAt.get(accountId)).toBeLessThan(line);
  }
  expect(market!.backstopContributedAtoms - equityOf(market!.backstop!)).toBeLessThanOrEqual(CAP);
  expect(market!.insuranceFundAtoms).toBeGreaterThanOrEqual(0);
});

test('a rebound that comes before the turns: who was not reached yet is not closed any more', () => {
  const exchange = collapse();
  const { state } = exchange;
  const [market] = state.markets;
  const rows: string[] = [];
  let started = 0;
  const tell = (what: string, events: readonly Event[]) => {
    started += events.filter(({ kind }) => kind === 'liquidationStarted').length;
    const due = state.accounts.filter(({ turnKey, liquidationId }) => turnKey !== 0 && liquidationId === 0).length;
    rows.push(`${what.padEnd(18)}| ${market!.markTicks} | ${started} | ${due}`);
  };
  tell('the index falls', exchange.index(1, 5_200));
  tell('a command', exchange.wait(1));
  tell('another one', exchange.wait(1));
  tell('it is back', exchange.index(1, TOP));
  for (let second = 0; second < 10; second += 1) {
    exchange.timeMs += 999;
    const events = exchange.index(1, TOP);
    if (second === 9) tell('10 s later', events);
    else expect(events.some(({ kind }) => kind === 'liquidationStarted')).toBe(false);
  }
  // What came | mark | liquidations begun in all | with a first turn due, which finds them healthy after the rebound.
  expect(rows).toEqual([
    'the index falls   | 5200 | 16 | 181',
    'a command         | 5200 | 32 | 165',
    'another one       | 5200 | 48 | 149',
    'it is back        | 5800 | 48 | 133',
    '10 s later        | 5800 | 48 | 0',
  ]);
});
