import {
  type Certificate,
  checkCertificate,
  type DeleverageRule,
  type Event,
  type MarketSpec,
  type TradingStatus,
  toMarketId,
} from '@keel/types';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { backstopHolding, backstopLossAtoms } from '../src/liquidation/backstop.ts';
import { equityOf, solvencyOf } from '../src/margin/accountFigures.ts';
import { accountPermits, marketPermits } from '../src/prices/permissions.ts';
import { Exchange } from './exchange.ts';
import { PLAIN } from './plainOrder.ts';
import { runsOf } from './runsOf.ts';
import { testMarket } from './testMarket.ts';

const TRADERS = 24;
const RUNS = 12;
const RULES: readonly DeleverageRule[] = ['waterFilling', 'profitLeverage', 'profitNotional'];

const turn = fc.record({
  action: fc.nat(99),
  market: fc.integer({ min: 1, max: 2 }),
  who: fc.nat(TRADERS - 1),
  other: fc.nat(TRADERS - 1),
  amount: fc.integer({ min: 1, max: 100 }),
  move: fc.integer({ min: -100, max: 100 }),
});
type Turn = typeof turn extends fc.Arbitrary<infer T> ? T : never;

/** Counts what happened, so that the test knows that it saw something. */
type Seen = Map<string, number>;

/** Leveraged traders, thin books, wild prices: everything of the waterfall, and a judge of each step. */
class Market {
  readonly exchange = new Exchange();
  readonly ticks = [0, 50_000, 3_000];
  wethCents = 300_000;
  readonly seen: Seen;

  constructor(seen: Seen, rule: DeleverageRule) {
    this.seen = seen;
    const { exchange } = this;
    const tier = { floorNotionalAtoms: 20_000_000_000, initialMarginPpm: 200_000, maintenanceMarginPpm: 100_000 };
    const changes: Partial<MarketSpec>[] = [
      { deleverageRule: rule, backstopLossCapAtoms: 3_000_000_000, marginTiers: [tier] },
      {
        deleverageRule: rule,
        backstopLossCapAtoms: 500_000_000,
        liquidationBudgetAtoms: 20_000_000_000,
        openInterestLowerAtoms: 20_000_000_000,
        openInterestUpperAtoms: 400_000_000_000,
      },
    ];
    for (const [place, change] of changes.entries()) {
      const symbol = place === 0 ? 'BTC-USD' : 'ETH-USD';
      this.judge(exchange.list(testMarket(place + 1, symbol, { ...change, indexJumpPpm: 999_999 })));
    }
    this.judge(exchange.listCollateral('WETH', 80));
    this.judge(exchange.collateralPrice(1, this.wethCents));
    for (const market of [1, 2]) this.move(market, this.ticks[market]!);
    this.judge(exchange.deposit('giver', 1_000_000));
    for (const marketId of [1, 2]) {
      for (const [fund, amountAtoms] of [
        ['backstop', 5_000_000_000],
        ['insurance', 300_000_000],
      ] as const) {
        const auth = exchange.auth('giver');
        this.judge(exchange.run({ kind: 'fundSafety', auth, marketId: toMarketId(marketId), fund, amountAtoms }));
      }
    }
    for (let who = 0; who < TRADERS; who += 1) {
      this.judge(exchange.deposit(`t${who}`, 300 + 150 * who));
      if (who % 4 === 2) this.judge(exchange.deposit(`t${who}`, 0.05 * who, 'WETH'));
      const auth = exchange.auth(`t${who}`);
      if (who % 5 === 0) this.judge(exchange.run({ kind: 'registerLiquidator', auth, active: true }));
      // Every third has a second account, so that there are hedged owners.
      if (who % 3 === 1) {
        const amountAtoms = (150 + 75 * who) * 1_000_000;
        const terms = { toSubaccount: 1, assetId: 0 as const, amountAtoms };
        this.judge(exchange.run({ kind: 'transfer', auth: exchange.auth(`t${who}`), ...terms }));
      }
    }
  }

  /** The trader's account that a throw means. */
  nameOf(who: number, amount: number): string {
    return who % 3 === 1 && amount % 2 === 1 ? `t${who}/1` : `t${who}`;
  }

  count(name: string): void {
    this.seen.set(name, (this.seen.get(name) ?? 0) + 1);
  }

  /** What holds after every command. `assertInvariants` has looked at money and sizes already. */
  judge(events: readonly Event[]): void {
    const { state } = this.exchange;
    for (const event of events) {
      this.count(event.kind);
      if (event.kind === 'closeOutCertified') this.judgeTrade(event.certificate);
      if (event.kind === 'commandRejected') this.count(`refused ${event.code}`);
      if (
        event.kind === 'orderFilled' &&
        this.exchange.state.accounts[event.takerAccountId - 1]!.backstopOf !== undefined
      ) {
        this.count('vault offered');
        expect(event.takerFeeAtoms).toBe(0);
      }
      if (event.kind === 'auctionEnded') this.count(`auction ${event.reason}`);
      if (event.kind === 'liquidationEnded' && event.maintenanceMarginAtoms === 0 && event.equityAtoms === 0) {
        this.count('ended at nothing');
      }
    }
    for (const market of state.markets) {
      if (backstopHolding(market) !== undefined) this.count('vault holds');
      if (!marketPermits(state, market, 'liquidate')) continue;
      const beyond =
        backstopLossAtoms(market) - Math.min(market.spec.backstopLossCapAtoms, market.backstopContributedAtoms);
      if (beyond <= 0) continue;
      // A position against which somebody stands who cannot pay the whole of it may stay, and only then.
      const held = backstopHolding(market)?.sizeLots ?? 0;
      const others = market.holders.filter(({ sizeLots }) => sizeLots > 0 !== held > 0);
      const stuck = held !== 0 && others.some(({ account }) => equityOf(account) <= beyond);
      expect(stuck, `the vault lost ${beyond} more than its cap`).toBe(true);
      this.count('vault stuck');
    }
    for (const account of state.accounts) {
      if (account.backstopOf !== undefined) continue;
      const { equityAtoms, maintenanceAtoms } = solvencyOf(account);
      // Without a position there is nothing to close: it waits for the exchange to take its collateral.
      if (equityAtoms >= maintenanceAtoms || state.debtors.has(account.accountId)) continue;
      // Weak on fresh prices: it has a turn, within a second or because more than sixteen are before it.
      const known = account.turnKey !== 0 || !accountPermits(state, account, 'liquidate');
      expect(known, `account ${account.accountId} is weak and has no turn`).toBe(true);
      if (account.turnKey !== 0) expect(account.turnKey / 1_024 - state.timeMs).toBeLessThanOrEqual(1_001);
    }
  }

  judgeTrade(certificate: Certificate): void {
    this.count(`stage ${certificate.stage}`);
    if (certificate.insuranceAtoms > 0) this.count('insured');
    if (certificate.stage === 'auction' && certificate.counterpartyId !== 0) this.count('taken by a liquidator');
    if (certificate.rank !== undefined && certificate.rank.hedgedLots > 0) this.count('hedge spared');
    if (certificate.liquidationId === 0) this.count('vault deleveraged');
    expect(checkCertificate(certificate), JSON.stringify(certificate)).toEqual([]);
  }

  move(market: number, ticks: number): void {
    this.ticks[market] = Math.max(10, ticks);
    this.judge(this.exchange.index(market, this.ticks[market]!));
  }

  order(who: string, market: number, side: 'buy' | 'sell', priceTicks: number, sizeLots: number): void {
    const { exchange } = this;
    const terms = { ...PLAIN, marketId: toMarketId(market), side, priceTicks: Math.max(1, priceTicks), sizeLots };
    this.judge(exchange.run({ kind: 'placeOrder', auth: exchange.auth(who), ...terms }));
  }

  /** Two traders meet at the index with about so much of the first one's leverage. */
  trade({ market, who, other, amount, move }: Turn): void {
    const ticks = this.ticks[market]!;
    const sizeLots = Math.max(1, Math.floor(((300 + 150 * who) * 1_000 * amount) / 11 / ticks));
    const names = [this.nameOf(who, amount), this.nameOf(other, amount + 1)];
    this.order(names[0]!, market, move < 0 ? 'sell' : 'buy', ticks, sizeLots);
    this.order(names[1]!, market, move < 0 ? 'buy' : 'sell', ticks, sizeLots);
    for (const name of names) {
      const auth = this.exchange.auth(name);
      this.judge(this.exchange.run({ kind: 'cancelAllOrders', auth, marketId: toMarketId(0) }));
    }
  }

  takeAuction({ who, amount }: Turn): void {
    const { exchange } = this;
    for (const auction of [...exchange.state.auctions.values()]) {
      const { marketId } = auction.market.spec;
      const limitTicks = auction.account.holdings.some(
        ({ market, sizeLots }) => market === auction.market && sizeLots > 0,
      )
        ? 1_000_000
        : 1;
      const auth = exchange.auth(`t${who - (who % 5)}`);
      const { auctionId } = auction;
      this.judge(exchange.run({ kind: 'takeAuction', auth, auctionId, marketId, sizeLots: amount * 10, limitTicks }));
    }
  }

  moveWeth(byCents: number): void {
    this.wethCents = Math.max(100, this.wethCents + byCents);
    this.judge(this.exchange.collateralPrice(1, this.wethCents));
  }

  status(market: number, status: TradingStatus): void {
    this.judge(this.exchange.run({ kind: 'setTradingStatus', marketId: toMarketId(market), status }));
  }

  take(step: Turn): void {
    const { exchange } = this;
    const { action, market, who, amount, move } = step;
    const ticks = this.ticks[market]!;
    if (action < 25) this.trade(step);
    else if (action < 40) this.move(market, ticks + Math.trunc((ticks * move) / 6_000));
    else if (action < 45) this.move(market, ticks + Math.trunc((ticks * move) / 1_500));
    else if (action < 47) this.move(market, ticks + Math.trunc((ticks * move) / 300));
    else if (action < 62) {
      const away = Math.trunc((ticks * amount) / 3_000);
      const buys = move > 0;
      this.order(`t${who}`, market, buys ? 'buy' : 'sell', buys ? ticks - away : ticks + away, amount * 20);
    } else if (action < 72) this.takeAuction(step);
    else if (action < 92) {
      this.judge(exchange.wait(amount * 25));
      for (const each of [1, 2]) this.move(each, this.ticks[each]!);
      this.moveWeth(0);
    } else if (action < 94) this.judge(exchange.deposit(`t${who}`, amount * 5));
    else if (action < 96) this.moveWeth(Math.trunc((this.wethCents * move) / 400));
    else if (action < 97) {
      this.status(market, 'halted');
      this.move(market, ticks + Math.trunc((ticks * move) / 1_000));
      this.status(market, 'open');
    } else if (action < 98) {
      this.judge(exchange.wait(3_600_000 - (exchange.timeMs % 3_600_000) - 3_000));
      for (const each of [1, 2]) this.move(each, this.ticks[each]!);
      this.moveWeth(0);
      this.judge(exchange.wait(4_000));
    } else this.judge(exchange.wait(amount * 200));
  }
}

test.for([...RULES])(
  'random trading with %s: every certificate holds, no vault passes its cap, nobody weak is forgotten',
  { timeout: 120_000 },
  (rule) => {
    const seen: Seen = new Map();
    const seed = Number(process.env.KEEL_TEST_SEED ?? 20_260_119);
    fc.assert(
      fc.property(fc.array(turn, { minLength: 120, maxLength: 200, size: 'max' }), (turns) => {
        const market = new Market(seen, rule);
        for (let who = 0; who < TRADERS; who += 1) {
          for (const id of [1, 2]) {
            const move = (who + id) % 2 === 0 ? -1 : 1;
            market.trade({
              action: 0,
              market: id,
              who,
              other: (who * 7 + id * 5) % TRADERS,
              amount: 20 + ((who * 13) % 71),
              move,
            });
          }
        }
        for (const step of turns) market.take(step);
      }),
      { numRuns: runsOf(RUNS), seed, endOnFailure: process.env.KEEL_TEST_SHRINK === undefined },
    );
    console.info(
      `seed ${seed}, seen:`,
      JSON.stringify(Object.fromEntries([...seen].sort(([a], [b]) => (a < b ? -1 : 1)))),
    );
    const least = {
      'stage book': 3,
      'stage auction': 3,
      'stage backstop': 20,
      'stage deleverage': 20,
      'taken by a liquidator': 2,
      'vault deleveraged': 1,
      insured: 5,
      'ended at nothing': 20,
      'auction timeOver': 1,
    };
    const runs = runsOf(RUNS);
    for (const [name, times] of Object.entries(least)) {
      expect(seen.get(name) ?? 0, name).toBeGreaterThanOrEqual(runs < RUNS ? 0 : times);
    }
  },
);
