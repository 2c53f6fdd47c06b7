import { type Event, toAssetId, toMarketId } from '@keel/types';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type AccountView, listAccounts, listMarkets, type MarketView } from '../src/index.ts';
import { accountHealth, accountMaintenance } from './accountHealth.ts';
import { Exchange, indexUpdate } from './exchange.ts';
import { PLAIN } from './plainOrder.ts';
import { testCollateral } from './testCollateral.ts';
import { testMarket } from './testMarket.ts';

/** One move of a price, a trade, money that comes or goes, or an hour of funding. */
interface Turn {
  readonly action: number;
  readonly market: number;
  readonly who: number;
  readonly other: number;
  readonly amount: number;
  readonly move: number;
}

const HOLDERS = 150;
const MARKETS = 4;
const OPENING_TICKS = [0, 50_000, 300_000, 2_000, 90_000];
/** Other collateral, which every third holder has: at 3,000.00 USDC, less a tenth. */
const ETHER = toAssetId(1);
const ETHER_TICKS = 300_000;
/** Close-outs after one command; see the engine's limits. */
const TURNS_PER_COMMAND = 16;

const turn: fc.Arbitrary<Turn> = fc.record({
  action: fc.integer({ min: 0, max: 99 }),
  market: fc.integer({ min: 1, max: MARKETS }),
  who: fc.integer({ min: 0, max: HOLDERS - 1 }),
  other: fc.integer({ min: 0, max: HOLDERS - 1 }),
  amount: fc.integer({ min: 1, max: 100 }),
  move: fc.integer({ min: -100, max: 100 }),
});

interface Seen {
  liquidations: number;
  funded: number;
  /** Over all small moves: who was looked at, and who has a position in that market. */
  looked: number;
  holders: number;
  smallMoves: number;
  /** Walks over the price at which a holder is under maintenance. */
  lines: number;
  /** Margin calls at 75 % and 90 %. */
  calls: number;
  /** Positions beyond the first tier that were under maintenance or near it. */
  tiers: number;
  /** Holders of other collateral that its price alone brought near maintenance. */
  byCollateral: number;
}

/** An exchange full of holders, and the judge that looks at all of them after every command. */
class Watched {
  readonly exchange = new Exchange();
  readonly ticks = [...OPENING_TICKS];
  etherTicks = ETHER_TICKS;
  readonly looked = new Set<number>();
  /** Accounts that were short after the last command, and not in liquidation. */
  #late = new Set<number>();
  #liquidating = 0;
  readonly seen: Seen;

  constructor(seen: Seen) {
    this.seen = seen;
    const { suspects } = this.exchange.state;
    const add = suspects.add.bind(suspects);
    // Whoever is looked at becomes a suspect first.
    suspects.add = (accountId) => {
      this.looked.add(accountId);
      return add(accountId);
    };
    const thin = { impactNotionalAtoms: 1_000_000_000 };
    const { exchange } = this;
    this.judge(exchange.list(testMarket(1, 'BTC-USD', thin)));
    this.judge(
      exchange.list(
        testMarket(2, 'ETH-USD', {
          ...thin,
          priceDecimals: 2,
          atomsPerTickLot: 10,
          initialMarginPpm: 40_000,
          maintenanceMarginPpm: 20_000,
          marginTiers: tiers([5_000, 30_000], [20_000, 50_000], [50_000, 90_000]),
        }),
      ),
    );
    this.judge(
      exchange.list(
        testMarket(3, 'SOL-USD', {
          ...thin,
          sizeDecimals: 1,
          atomsPerTickLot: 100_000,
          maxPriceTicks: 50_000,
          maxOrderLots: 5_000,
          maxPositionLots: 5_000,
        }),
      ),
    );
    this.judge(
      exchange.list(
        testMarket(4, 'XRP-USD', { ...thin, fundingCapPpb: 1_000_000, marginTiers: tiers([10_000, 70_000]) }),
      ),
    );
    const spec = testCollateral('WETH', 90);
    this.judge(exchange.run({ kind: 'listCollateral', spec }));
    this.moveEther(ETHER_TICKS);
    for (let market = 1; market <= MARKETS; market += 1) this.move(market, OPENING_TICKS[market]!);
    for (let who = 0; who < HOLDERS; who += 1) this.judge(exchange.deposit(`h${who}`, 500 + 37 * who));
    for (let who = 0; who < HOLDERS; who += 3) this.depositEther(`h${who}`, 10_000_000 + 1_000_000 * who);
    for (const owner of ['maker', 'whale']) this.judge(exchange.deposit(owner, 10_000_000));
    this.raiseFees();
  }

  /** Finds every account that is under maintenance by looking at all: each is in liquidation, or has its turn next. */
  judge(events: readonly Event[]): void {
    const { state } = this.exchange;
    const markets = [...listMarkets(state)];
    const started = events.filter(({ kind }) => kind === 'liquidationStarted').length;
    this.seen.liquidations += started;
    this.seen.calls += events.filter((event) => event.kind === 'marginCall' && event.levelPercent > 0).length;
    const late = new Set<number>();
    for (const account of listAccounts(state)) {
      const { accountId, positions, inLiquidation } = account;
      const health = accountHealth(state, markets, account);
      this.judgeCall(markets, account, health);
      const [ether] = state.collaterals;
      const etherIsOld = ether !== undefined && state.timeMs - ether.priceTimeMs > ether.spec.priceStaleMs;
      const priced = positions.every(({ marketId }) => {
        const { indexTimeMs, spec } = markets[marketId - 1]!;
        return state.timeMs - indexTimeMs <= spec.indexStaleMs;
      });
      const fresh = priced && (account.balances.length === 0 || !etherIsOld);
      // Flat, it has nothing to close and waits for the exchange's fees.
      if (health >= 0n || inLiquidation || state.debtors.has(accountId)) continue;
      const waits = state.accounts[accountId - 1]!.turnKey !== 0;
      const known = waits || state.suspects.has(accountId) || state.parked.has(accountId);
      expect(known, `account ${accountId} is ${-health} atoms short and nobody knows`).toBe(true);
      // A turn of another may have come too late for it to have its own in the same command.
      const hasRoom = this.#liquidating + started < TURNS_PER_COMMAND;
      if (fresh && hasRoom) expect(this.#late.has(accountId), `account ${accountId} has no turn`).toBe(false);
      if (fresh) late.add(accountId);
    }
    this.#late = late;
    this.#liquidating = state.liquidating.size;
  }

  /** An account that has reached 75 % or 90 % was called, at every moment at which it could be. */
  judgeCall(markets: readonly MarketView[], account: AccountView, health: bigint): void {
    const { state } = this.exchange;
    if (account.inLiquidation || health < 0n || state.parked.has(account.accountId)) return;
    const needed = accountMaintenance(markets, account);
    const equity = health + needed;
    const { accountId, warnedPercent } = account;
    const percent = needed === 0n ? 0n : (needed * 100n) / equity;
    if (percent >= 75n) expect(warnedPercent, `account ${accountId} at ${percent} %`).toBeGreaterThanOrEqual(75);
    if (percent >= 90n) expect(warnedPercent, `account ${accountId} at ${percent} %`).toBe(90);
    if (percent < 75n) return;
    this.seen.tiers += account.positions.some(({ marketId, sizeLots }) => {
      const { spec, markTicks } = markets[marketId - 1]!;
      const [tier] = spec.marginTiers;
      return tier !== undefined && Math.abs(sizeLots) * markTicks * spec.atomsPerTickLot > tier.floorNotionalAtoms;
    })
      ? 1
      : 0;
  }

  /** The exchange takes so many fees that it can pay what a flat account owes, for its other collateral. */
  raiseFees(): void {
    for (let each = 0; each < 40; each += 1) {
      this.order('maker', 1, each % 2 === 0 ? 'buy' : 'sell', OPENING_TICKS[1]!, 90_000);
      this.order('whale', 1, each % 2 === 0 ? 'sell' : 'buy', OPENING_TICKS[1]!, 90_000);
    }
  }

  moveEther(ticks: number): void {
    const { exchange } = this;
    exchange.timeMs += 1;
    this.etherTicks = Math.max(1, ticks);
    const { reports } = indexUpdate(1, this.etherTicks, exchange.timeMs);
    this.judge(exchange.run({ kind: 'updateCollateralPrice', assetId: ETHER, reports }));
  }

  /** The price of ether moves: who is called for margin by that alone is counted. */
  etherMove({ move }: Turn): void {
    const called = this.seen.calls;
    this.moveEther(this.etherTicks + Math.trunc((this.etherTicks * move) / 400));
    this.seen.byCollateral += this.seen.calls - called;
  }

  depositEther(owner: string, amountAtoms: number): void {
    const { exchange } = this;
    const depositIndex = exchange.state.nextDepositIndex;
    const terms = { depositIndex, owner: exchange.address(owner), assetId: ETHER, amountAtoms } as const;
    this.judge(exchange.run({ kind: 'creditDeposit', ...terms, l1BlockNumber: 1, l1TxHash: '0x' }));
  }

  move(market: number, ticks: number): void {
    this.ticks[market] = Math.max(1, ticks);
    this.judge(this.exchange.index(market, this.ticks[market]!));
  }

  order(owner: string, market: number, side: 'buy' | 'sell', priceTicks: number, sizeLots: number): void {
    const { exchange } = this;
    const order = { ...PLAIN, marketId: toMarketId(market), side, priceTicks, sizeLots };
    this.judge(exchange.run({ kind: 'placeOrder', auth: exchange.auth(owner), ...order }));
  }

  /** Two holders trade at the index, about so many times the first one's money. */
  trade({ market, who, other, amount, move }: Turn): void {
    const { spec } = this.marketOf(market);
    const ticks = this.ticks[market]!;
    const lots = Math.max(1, Math.floor(((500 + 37 * who) * 1e6 * amount) / 15 / (ticks * spec.atomsPerTickLot)));
    this.order(`h${who}`, market, move < 0 ? 'sell' : 'buy', ticks, lots);
    this.order(`h${other}`, market, move < 0 ? 'buy' : 'sell', ticks, lots);
    for (const each of [who, other]) this.cancel(`h${each}`);
  }

  cancel(owner: string): void {
    const { exchange } = this;
    this.judge(exchange.run({ kind: 'cancelAllOrders', auth: exchange.auth(owner), marketId: toMarketId(0) }));
  }

  /** A bid or an ask off the index has its side paid for hours, while prices stand still. */
  hours({ market, move, amount }: Turn): void {
    const { exchange, ticks, seen } = this;
    const reference = ticks[market]!;
    const priceTicks = reference + Math.trunc((reference * move) / 2_000);
    const { spec } = this.marketOf(market);
    const lots = Math.ceil(4e9 / (priceTicks * spec.atomsPerTickLot));
    this.order('maker', market, move > 0 ? 'buy' : 'sell', priceTicks, lots);
    for (let hour = amount % 12; hour >= 0; hour -= 1) {
      // Prices are there for the last sample of the hour, and for its end.
      const leftMs = 3_600_000 - (exchange.timeMs % 3_600_000);
      if (leftMs > 5_500) this.judge(exchange.wait(leftMs - 5_500));
      for (let each = 1; each <= MARKETS; each += 1) this.move(each, ticks[each]!);
      this.moveEther(this.etherTicks);
      this.judge(exchange.wait(1_000));
      this.judge(exchange.wait(5_000));
      if (Math.abs(this.marketOf(market).fundingRatePpb) > 500_000) seen.funded += 1;
    }
    this.cancel('maker');
    for (let each = 1; each <= MARKETS; each += 1) this.move(each, ticks[each]!);
    this.moveEther(this.etherTicks);
  }

  /** Walks the mark tick by tick over the price at which a holder is under maintenance. */
  overTheLine({ who, market }: Turn): void {
    const holders = [...listAccounts(this.exchange.state)].filter(({ accountId, inLiquidation }) => {
      return !inLiquidation && accountId <= HOLDERS && this.sizeOf(accountId, market) !== 0;
    });
    if (holders.length === 0) return;
    const { accountId } = holders[who % holders.length]!;
    const sizeLots = this.sizeOf(accountId, market);
    const mark = this.marketOf(market).markTicks;
    // Found by halving: health falls with the price of a long, and rises with that of a short.
    let good = mark;
    let bad = sizeLots > 0 ? 1 : mark * 2;
    if (this.healthAt(accountId, market, good) < 0n || this.healthAt(accountId, market, bad) >= 0n) return;
    while (Math.abs(good - bad) > 1) {
      const middle = Math.trunc((good + bad) / 2);
      if (this.healthAt(accountId, market, middle) >= 0n) good = middle;
      else bad = middle;
    }
    if (Math.abs(bad - mark) * 5 > mark) return;
    this.seen.lines += 1;
    const away = sizeLots > 0 ? 1 : -1;
    const offset = this.ticks[market]! - mark;
    for (const ticks of [good + away, good, bad, bad - away]) this.move(market, ticks + offset);
  }

  healthAt(accountId: number, market: number, markTicks: number): bigint {
    const markets = [...listMarkets(this.exchange.state)].map((each) =>
      each.spec.marketId === market ? { ...each, markTicks } : each,
    );
    const { state } = this.exchange;
    return accountHealth(state, markets, [...listAccounts(state)][accountId - 1]!);
  }

  sizeOf(accountId: number, market: number): number {
    const { positions } = [...listAccounts(this.exchange.state)][accountId - 1]!;
    return positions.find(({ marketId }) => marketId === market)?.sizeLots ?? 0;
  }

  marketOf(market: number): MarketView {
    return [...listMarkets(this.exchange.state)][market - 1]!;
  }

  /** A move of a few ticks: who is looked at is counted, but for those who are being liquidated anyway. */
  smallMove({ market, move }: Turn): void {
    const { exchange, seen, looked } = this;
    const liquidating = new Set(
      [...listAccounts(exchange.state)].filter((a) => a.inLiquidation).map((a) => a.accountId),
    );
    const holders = [...listAccounts(exchange.state)].filter((a) => a.positions.some((p) => p.marketId === market));
    looked.clear();
    this.move(market, this.ticks[market]! + Math.trunc(move / 25));
    seen.smallMoves += 1;
    seen.holders += holders.length;
    for (const accountId of looked) if (!liquidating.has(accountId as never)) seen.looked += 1;
  }

  take(step: Turn): void {
    const { exchange } = this;
    const { action, market, who, amount, move } = step;
    if (action < 40) this.smallMove(step);
    else if (action < 45) this.etherMove(step);
    else if (action < 55) this.trade(step);
    else if (action < 70) this.move(market, this.ticks[market]! + Math.trunc((this.ticks[market]! * move) / 2_000));
    else if (action < 75) this.move(market, this.ticks[market]! + Math.trunc((this.ticks[market]! * move) / 800));
    else if (action < 80) this.hours(step);
    else if (action < 85) this.judge(exchange.deposit(`h${who}`, amount * 10));
    else if (action < 90) this.overTheLine(step);
    else if (action < 95) {
      const auth = exchange.auth(`h${who}`);
      this.judge(
        exchange.run({ kind: 'withdraw', auth, recipient: auth.owner, assetId: 0, amountAtoms: amount * 10_000_000 }),
      );
    } else this.judge(exchange.wait(amount * 20));
  }
}

/** Tiers by floor in USDC and maintenance rate; the initial rate is twice as much. */
function tiers(...rows: readonly (readonly [floorUsd: number, maintenancePpm: number])[]) {
  return rows.map(([floorUsd, maintenanceMarginPpm]) => ({
    floorNotionalAtoms: floorUsd * 1e6,
    initialMarginPpm: 2 * maintenanceMarginPpm,
    maintenanceMarginPpm,
  }));
}

test('nobody under maintenance is overlooked, and small moves look at few', () => {
  const seen: Seen = {
    liquidations: 0,
    funded: 0,
    looked: 0,
    holders: 0,
    smallMoves: 0,
    lines: 0,
    calls: 0,
    tiers: 0,
    byCollateral: 0,
  };
  fc.assert(
    fc.property(fc.array(turn, { minLength: 100, maxLength: 160, size: 'max' }), (turns) => {
      const watched = new Watched(seen);
      // So many trades that nearly everybody holds something, at all kinds of leverage.
      for (let who = 0; who < HOLDERS; who += 1) {
        for (let market = 1; market <= 1 + (who % MARKETS); market += 1) {
          const move = (who + market) % 2 === 0 ? -1 : 1;
          watched.trade({
            action: 0,
            market,
            who,
            other: (who * 7 + market * 31) % HOLDERS,
            amount: 20 + ((who * 13) % 81),
            move,
          });
        }
      }
      for (const step of turns) watched.take(step);
    }),
    {
      numRuns: 6,
      seed: Number(process.env.KEEL_TEST_SEED ?? 7),
      endOnFailure: process.env.KEEL_TEST_SHRINK === undefined,
    },
  );
  console.info('seen:', JSON.stringify(seen));
  expect(seen.liquidations).toBeGreaterThan(50);
  expect(seen.lines, 'walks over the line').toBeGreaterThan(3);
  expect(seen.calls, 'margin calls').toBeGreaterThan(100);
  expect(seen.tiers, 'positions beyond their first tier near the line').toBeGreaterThan(100);
  expect(seen.byCollateral, 'margin calls by the price of other collateral').toBeGreaterThan(5);
  expect(seen.funded, 'hours that cost something').toBeGreaterThan(3);
  expect(seen.holders / seen.smallMoves, 'holders of a market that moves').toBeGreaterThan(50);
  expect(seen.looked / seen.holders, 'part of the holders that a small move looks at').toBeLessThan(0.05);
}, 120_000);
