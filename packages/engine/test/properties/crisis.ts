import {
  type Address,
  type Authorization,
  type Command,
  isolatedSubaccount,
  type OrderRequest,
  type PriceReport,
  type Side,
  type TimeMs,
  type TradingStatus,
  toAssetId,
  toMarketId,
  toOrderId,
} from '@keel/types';
import type { EngineState } from '../../src/index.ts';
import { Dice } from '../oracle/dice.ts';
import { PLAIN } from '../plainOrder.ts';
import type { Books } from './books.ts';
import { assetSpecs, MARKETS, specOf } from './crisisMarkets.ts';
import { MovingPrices } from './movingPrices.ts';
import { Reporters } from './reporters.ts';

const START_MS = 1_800_000_000_000;
const MAKERS = 5;
/** Of the first asset: some USDC. */
const DUST_ATOMS = 200_000;
const OWNERS = 110;
const HOUR_MS = 3_600_000;

interface Player {
  readonly owner: Address;
  readonly subaccount: number;
  /** Leverage that it is after. */
  readonly leverage: number;
  /** 0 = trades everywhere. */
  readonly market: number;
}

interface Timed {
  readonly timeMs: TimeMs;
  readonly command: Command;
}

/**
 * Seeded markets in crisis: four markets with tiers, scaled margin, budgets, caps and each deleverage rule; traders at 3 to
 * 50 times their money, cross, isolated and in sub-accounts, some with other collateral; makers who leave, prices that walk,
 * crash, gap and lose their peg, stale feeds, halts, hours of funding, liquidators. It reads the books and the engine's
 * orders to know what is worth doing next; what comes of it is for the judge.
 */
export class Crisis {
  timeMs = START_MS;
  readonly #dice: Dice;
  readonly #books: Books;
  readonly #state: EngineState;
  /** What comes next; what is to be made at its own time is made then. */
  readonly #queue: (Command | (() => Command))[] = [];
  readonly #players: Player[] = [];
  readonly #seed: number;
  readonly #prices: MovingPrices;
  readonly #reporters: Reporters;
  #deposits = 0;
  #nonce = 0;
  /** Commands until a market that was shut opens again. */
  readonly #shutFor: number[] = [0, 0, 0, 0];

  constructor(seed: number, books: Books, state: EngineState) {
    this.#seed = seed;
    this.#dice = new Dice(seed);
    this.#prices = new MovingPrices(this.#dice);
    this.#reporters = new Reporters(this.#dice);
    this.#books = books;
    this.#state = state;
    this.#opening();
  }

  next(): Timed {
    const next = this.#queue.shift() ?? this.#later();
    const command = typeof next === 'function' ? next() : next;
    return { timeMs: this.timeMs, command };
  }

  #opening(): void {
    this.#queue.push({ kind: 'setPriceFeeders', feeders: this.#reporters.feeders });
    // Both versions of the rules have their runs.
    if (this.#seed % 2 === 1) this.#queue.push({ kind: 'upgradeEngine', engineVersion: 2 });
    for (let place = 0; place < MARKETS; place += 1) {
      this.#queue.push({ kind: 'listMarket', spec: specOf(place, this.#seed) });
    }
    for (const spec of assetSpecs()) this.#queue.push({ kind: 'listCollateral', spec });
    for (let place = 0; place < MARKETS; place += 1) this.#queue.push(this.#index(place));
    for (let asset = 0; asset < 2; asset += 1) this.#queue.push(this.#assetPrice(asset));
    for (let maker = 0; maker < MAKERS; maker += 1) {
      const owner = ownerOf(maker);
      this.#players.push({ owner, subaccount: 0, leverage: 2, market: 0 });
      this.#queue.push(this.#deposit(owner, 0, 300_000 * 1_000_000 * (maker + 1)));
    }
    for (let place = 0; place < MARKETS; place += 1) {
      for (const fund of ['insurance', 'backstop'] as const) {
        const amountAtoms = (fund === 'insurance' ? 200 : 4_000) * 1_000_000 * this.#dice.between(1, 4);
        const auth = this.#auth(this.#players[4]!);
        this.#queue.push({ kind: 'fundSafety', auth, marketId: toMarketId(place + 1), fund, amountAtoms });
      }
    }
    for (let who = MAKERS; who < OWNERS; who += 1) this.#openTrader(who);
  }

  /** A trader with one to four accounts. */
  #openTrader(who: number): void {
    const dice = this.#dice;
    const owner = ownerOf(who);
    const leverage = dice.pick([3, 5, 8, 10, 15, 20, 30, 50]);
    const usdc = (dice.chance(8) ? 40_000 : dice.chance(30) ? 6_000 : 400) + dice.between(1, 2_000);
    this.#players.push({ owner, subaccount: 0, leverage, market: 0 });
    this.#queue.push(this.#deposit(owner, 0, usdc * 1_000_000));
    if (dice.chance(30)) this.#queue.push(this.#deposit(owner, 1, usdc * 12_000));
    // Next to nothing, which under the newer rules blocks nobody when its price is old.
    else if (this.#seed % 2 === 1) this.#queue.push(this.#deposit(owner, 1, DUST_ATOMS));
    if (dice.chance(20)) this.#queue.push(this.#deposit(owner, 2, usdc * 700_000));
    const main = this.#players.at(-1)!;
    if (dice.chance(12)) {
      this.#queue.push({ kind: 'registerLiquidator', auth: this.#auth(main), active: true });
    }
    const others: number[] = [];
    if (dice.chance(40)) others.push(1);
    if (dice.chance(15)) others.push(2);
    if (dice.chance(35)) others.push(isolatedSubaccount(0, toMarketId(dice.between(1, MARKETS))));
    for (const toSubaccount of others) {
      const amountAtoms = Math.trunc(usdc / (others.length + 1)) * 1_000_000;
      this.#queue.push({ kind: 'transfer', auth: this.#auth(main), toSubaccount, assetId: 0, amountAtoms });
      const market = toSubaccount < 128 ? 0 : toSubaccount - 128;
      this.#players.push({ owner, subaccount: toSubaccount, leverage: dice.pick([5, 10, 20, 50]), market });
    }
  }

  #later(): Command {
    const dice = this.#dice;
    this.timeMs += dice.chance(2) ? dice.between(200, 3_000) : dice.between(0, 90);
    if (this.#prices.isMoodOver()) this.#changeMood();
    for (let place = 0; place < MARKETS; place += 1) {
      this.#shutFor[place]! -= 1;
      if (this.#shutFor[place] === 0) {
        return { kind: 'setTradingStatus', marketId: toMarketId(place + 1), status: 'open' };
      }
    }
    const throwOf = dice.between(1, 1_000);
    if (throwOf <= 280) return this.#index(this.#prices.moveMarket());
    if (throwOf <= 460) return this.#enter();
    if (throwOf <= 560) return this.#quote();
    if (throwOf <= 600) return this.#ladder();
    if (throwOf <= 650) return this.#leave();
    if (throwOf <= 720) return this.#takeAuction();
    if (throwOf <= 790) return this.#moveMoney();
    if (throwOf <= 840) return this.#feed();
    if (throwOf <= 880) return this.#cancel();
    if (throwOf <= 930) return this.#assetPrice(this.#prices.moveAsset());
    if (throwOf <= 945) return this.#stop();
    if (throwOf <= 950) return this.#manage();
    if (throwOf <= 953) return this.#badReports();
    return { kind: 'advanceTime' };
  }

  #changeMood(): void {
    this.#prices.changeMood();
    if (this.#prices.mood === 'thin') {
      for (const player of this.#players.slice(0, MAKERS)) {
        this.#queue.push({ kind: 'cancelAllOrders', auth: this.#auth(player), marketId: toMarketId(0) });
      }
    }
    for (const market of this.#prices.jump()) this.#queue.push(this.#index(market));
  }

  /** Feeds that have not been heard of lately, one after the other; some stay away for a while. */
  #feed(): Command {
    if (this.#dice.chance(2)) {
      // Silence: prices grow stale, or it lasts so long that the markets have to come back.
      this.timeMs += this.#dice.chance(30) ? this.#dice.between(30_000, 120_000) : this.#dice.between(5_000, 29_000);
      for (let market = 0; market < MARKETS; market += 1) this.#queue.push(this.#index(market));
      for (let asset = 0; asset < 2; asset += 1) this.#queue.push(this.#assetPrice(asset));
      return { kind: 'advanceTime' };
    }
    if (this.#dice.chance(2)) return this.#hour();
    let oldest = 0;
    for (let place = 1; place < MARKETS; place += 1) {
      if ((this.#books.markets[place]?.indexTimeMs ?? 0) < (this.#books.markets[oldest]?.indexTimeMs ?? 0)) {
        oldest = place;
      }
    }
    return this.#index(oldest);
  }

  /** Shortly before the hour, and then over it in small steps on fresh prices, so that there is a premium and funding is paid. */
  #hour(): Command {
    const hourMs = (Math.trunc(this.timeMs / HOUR_MS) + 1) * HOUR_MS;
    this.timeMs = Math.max(this.timeMs, hourMs - 32_000);
    for (let step = 0; step < 8; step += 1) {
      for (let market = 0; market < MARKETS; market += 1) {
        this.#queue.push(() => {
          if (market === 0) this.timeMs += 5_000;
          return this.#index(market);
        });
      }
      for (let asset = 0; asset < 2; asset += 1) this.#queue.push(() => this.#assetPrice(asset));
    }
    return { kind: 'advanceTime' };
  }

  /** Two meet near mark: one rests, the other takes it, so that a position of about the wanted leverage comes about. */
  #enter(): Command {
    const dice = this.#dice;
    const player = this.#trader();
    const place = player.market === 0 ? dice.between(0, MARKETS - 1) : player.market - 1;
    const other = dice.chance(45) ? this.#players[dice.between(0, MAKERS - 1)]! : this.#traderIn(place);
    const side: Side = dice.chance(this.#prices.mood === 'crash' ? 70 : 50) ? 'buy' : 'sell';
    const sizeLots = this.#lots(player, place);
    if (sizeLots === 0) return { kind: 'advanceTime' };
    const ticks = this.#markTicks(place);
    this.#queue.push(this.#order(player, place, side, ticks, sizeLots, { timeInForce: 'ioc' }));
    const resting = side === 'buy' ? 'sell' : 'buy';
    if (dice.chance(60)) this.#queue.push(this.#cancelAll(other, place));
    return this.#order(other, place, resting, ticks, sizeLots, {});
  }

  /** An order that rests away from mark, and is not covered for long. */
  #quote(): Command {
    const dice = this.#dice;
    const player = this.#trader();
    const place = player.market === 0 ? dice.between(0, MARKETS - 1) : player.market - 1;
    const ticks = this.#markTicks(place);
    const side: Side = dice.chance(50) ? 'buy' : 'sell';
    const away = Math.trunc((ticks * dice.between(1, dice.chance(30) ? 400 : 60)) / 10_000) + 1;
    const reduceOnly = dice.chance(15);
    const lots = this.#lots(player, place);
    if (lots === 0) return { kind: 'advanceTime' };
    const price = Math.max(1, side === 'buy' ? ticks - away : ticks + away);
    return this.#order(player, place, side, price, lots, { reduceOnly });
  }

  /** A maker's ladder on both sides; there is none while books are thin. */
  #ladder(): Command {
    const dice = this.#dice;
    const player = this.#players[dice.between(0, MAKERS - 1)]!;
    const place = dice.between(0, MARKETS - 1);
    if (this.#prices.mood === 'thin' || dice.chance(25)) return this.#cancelAll(player, place);
    const ticks = this.#markTicks(place);
    const orders: OrderRequest[] = [];
    for (let step = 1; step <= 4; step += 1) {
      const away = Math.trunc((ticks * step * dice.between(5, 60)) / 10_000) + 1;
      const lots = Math.trunc((dice.between(500, 12_000) * 1_000_000) / (ticks * this.#perTick(place))) + 1;
      for (const side of ['buy', 'sell'] as const) {
        const priceTicks = side === 'buy' ? Math.max(1, ticks - away) : ticks + away;
        orders.push(this.#request(place, side, priceTicks, lots, {}));
      }
    }
    this.#queue.push({ kind: 'placeOrders', auth: this.#auth(player), orders, grouping: 'none' });
    return this.#cancelAll(player, place);
  }

  #leave(): Command {
    const player = this.#trader();
    const account = this.#booked(player);
    const [held] = [...(account?.positions.entries() ?? [])];
    if (held === undefined) return { kind: 'advanceTime' };
    const [marketId, { size }] = held;
    const lots = Math.max(1, Math.trunc((Math.abs(Number(size)) * this.#dice.between(10, 100)) / 100));
    const side = size > 0n ? 'sell' : 'buy';
    const terms = { orderType: 'market', timeInForce: 'ioc', reduceOnly: true } as const;
    return this.#order(player, marketId - 1, side, 0, lots, terms);
  }

  #takeAuction(): Command {
    const auctions = [...this.#state.auctions.values()];
    const auction = auctions[this.#dice.between(0, Math.max(0, auctions.length - 1))];
    if (auction === undefined) return { kind: 'advanceTime' };
    const { marketId } = auction.market.spec;
    const held = auction.account.holdings.find(({ market }) => market === auction.market)?.sizeLots ?? 0;
    const liquidators = this.#players.filter((_, place) => place < MAKERS || place % 7 === 0);
    const auth = this.#auth(this.#dice.pick(liquidators));
    const worst = held > 0 ? auction.market.spec.maxPriceTicks : 1;
    const limitTicks = this.#dice.chance(70) ? worst : Math.max(1, auction.limitTicks);
    const sizeLots = this.#dice.chance(50) ? auction.remainingLots : this.#dice.between(1, 500);
    return { kind: 'takeAuction', auth, auctionId: auction.auctionId, marketId, sizeLots, limitTicks };
  }

  #moveMoney(): Command {
    const dice = this.#dice;
    const player = this.#trader();
    const main = { ...player, subaccount: 0 };
    const account = this.#booked(player);
    const poor = account === undefined || account.collateral < 150_000_000n;
    if (poor || dice.chance(25)) {
      const amount = dice.between(100, dice.chance(10) ? 20_000 : 1_500) * 1_000_000;
      if (player.subaccount === 0) return this.#deposit(player.owner, 0, amount);
      const terms = { toSubaccount: player.subaccount, assetId: toAssetId(0), amountAtoms: amount };
      this.#queue.push({ kind: 'transfer', auth: this.#auth(main), ...terms });
      return this.#deposit(player.owner, 0, amount);
    }
    const throwOf = dice.between(1, 100);
    const auth = this.#auth(player);
    if (throwOf <= 12) {
      return this.#deposit(player.owner, 1 + dice.between(0, 1), dice.between(1, 200) * 1_000_000);
    }
    if (throwOf <= 45) {
      const toSubaccount = dice.pick([0, 1, 2, player.subaccount === 0 ? 128 + dice.between(1, MARKETS) : 0]);
      const assetId = toAssetId(dice.chance(70) ? 0 : dice.between(1, 2));
      return { kind: 'transfer', auth, toSubaccount, assetId, amountAtoms: dice.between(1, 900) * 1_000_000 };
    }
    if (throwOf <= 60) {
      const assetId = toAssetId(dice.chance(70) ? 0 : dice.between(1, 2));
      const amountAtoms = dice.between(1, 900) * 1_000_000;
      return { kind: 'withdraw', auth, recipient: player.owner, assetId, amountAtoms };
    }
    if (throwOf <= 75) {
      const marketId = toMarketId(dice.between(1, MARKETS));
      return { kind: 'setLeverage', auth, marketId, leverage: dice.pick([0, 2, 5, 10, 20]) };
    }
    const marketId = toMarketId(dice.between(1, MARKETS));
    const fund = dice.chance(50) ? 'insurance' : 'backstop';
    const amountAtoms = dice.between(1, 300) * 1_000_000;
    if (throwOf <= 88) return { kind: 'allocateFees', marketId, fund, amountAtoms };
    const maker = this.#players[dice.between(0, MAKERS - 1)]!;
    return { kind: 'fundSafety', auth: this.#auth(maker), marketId, fund, amountAtoms };
  }

  #cancel(): Command {
    const { waiting } = this.#state;
    const [first] = waiting.values();
    if (first !== undefined && this.#dice.chance(20)) {
      const { owner, subaccount } = first.holding.account;
      const auth = this.#auth({ owner, subaccount, leverage: 0, market: 0 });
      return { kind: 'cancelOrder', auth, orderId: toOrderId(first.orderId), clientOrderId: '' };
    }
    return this.#cancelAll(this.#trader(), this.#dice.between(-1, MARKETS - 1));
  }

  #stop(): Command {
    const player = this.#trader();
    const account = this.#booked(player);
    const [held] = [...(account?.positions.entries() ?? [])];
    if (held === undefined) return { kind: 'advanceTime' };
    const [marketId, { size }] = held;
    const ticks = this.#markTicks(marketId - 1);
    const away = Math.trunc((ticks * this.#dice.between(20, 300)) / 10_000) + 1;
    const trigger = { kind: 'stop', triggerTicks: Math.max(1, size > 0n ? ticks - away : ticks + away), trailTicks: 0 };
    return this.#order(player, marketId - 1, size > 0n ? 'sell' : 'buy', 0, Math.abs(Number(size)), {
      ...{ orderType: 'market', timeInForce: 'ioc', reduceOnly: true },
      trigger: trigger as OrderRequest['trigger'],
    });
  }

  /** Halts, new feeders, sealed batches. */
  #manage(): Command {
    const dice = this.#dice;
    const throwOf = dice.between(1, 100);
    if (throwOf <= 40) {
      const place = dice.between(0, MARKETS - 1);
      if (this.#shutFor[place]! <= 0) {
        this.#shutFor[place] = dice.between(20, 250);
        const status: TradingStatus = dice.pick(['halted', 'halted', 'cancelOnly', 'postOnly']);
        return { kind: 'setTradingStatus', marketId: toMarketId(place + 1), status };
      }
    }
    if (throwOf <= 55) {
      this.#reporters.change(dice.between(1, 5));
      for (let market = 0; market < MARKETS; market += 1) this.#queue.push(this.#index(market));
      for (let asset = 0; asset < 2; asset += 1) this.#queue.push(this.#assetPrice(asset));
      return { kind: 'setPriceFeeders', feeders: this.#reporters.feeders };
    }
    return { kind: 'sealBatch' };
  }

  #badReports(): Command {
    const good = this.#index(this.#dice.between(0, MARKETS - 1));
    return good.kind === 'updateIndexPrice' ? { ...good, reports: this.#reporters.spoil(good.reports) } : good;
  }

  #index(place: number): Command {
    return {
      kind: 'updateIndexPrice',
      marketId: toMarketId(place + 1),
      reports: this.#reportsOf(this.#prices.ticks[place]!),
    };
  }

  #assetPrice(place: number): Command {
    const reports = this.#reportsOf(this.#prices.assetTicks[place]!);
    return { kind: 'updateCollateralPrice', assetId: toAssetId(place + 1), reports };
  }

  #reportsOf(ticks: number): PriceReport[] {
    this.timeMs += 1;
    return this.#reporters.report(ticks, this.timeMs);
  }

  #deposit(owner: Address, asset: number, amountAtoms: number): Command {
    const depositIndex = this.#deposits;
    this.#deposits += 1;
    const from = { l1BlockNumber: 1, l1TxHash: '0x' } as const;
    return { kind: 'creditDeposit', depositIndex, owner, assetId: toAssetId(asset), amountAtoms, ...from };
  }

  #order(
    player: Player,
    place: number,
    side: Side,
    priceTicks: number,
    sizeLots: number,
    changes: Partial<OrderRequest>,
  ): Command {
    const request = this.#request(place, side, priceTicks, sizeLots, changes);
    return { kind: 'placeOrder', auth: this.#auth(player), ...request };
  }

  #request(
    place: number,
    side: Side,
    priceTicks: number,
    sizeLots: number,
    changes: Partial<OrderRequest>,
  ): OrderRequest {
    const spec = this.#books.markets[place]?.spec;
    const lots = Math.min(sizeLots, spec?.maxOrderLots ?? sizeLots);
    return { ...PLAIN, marketId: toMarketId(place + 1), side, priceTicks, sizeLots: lots, ...changes };
  }

  #cancelAll(player: Player, place: number): Command {
    return { kind: 'cancelAllOrders', auth: this.#auth(player), marketId: toMarketId(place + 1) };
  }

  #auth({ owner, subaccount }: Player): Authorization {
    this.#nonce = Math.max(this.#nonce + 1, this.timeMs);
    return { owner, subaccount, signer: owner, nonce: this.#nonce, expiresAfterMs: 0, signature: '0x' };
  }

  #trader(): Player {
    return this.#players[this.#dice.between(MAKERS, this.#players.length - 1)]!;
  }

  /** Another trader, of one who may trade in the market. */
  #traderIn(place: number): Player {
    for (let tries = 0; tries < 5; tries += 1) {
      const player = this.#trader();
      if (player.market === 0 || player.market === place + 1) return player;
    }
    return this.#players[this.#dice.between(0, MAKERS - 1)]!;
  }

  /** Lots that bring the account's leverage to what it is after. */
  #lots(player: Player, place: number): number {
    const account = this.#booked(player);
    if (account === undefined) return 0;
    const equity = Number(this.#books.equity(account));
    const lotAtoms = this.#markTicks(place) * this.#perTick(place);
    let used = 0;
    for (const [marketId, { size }] of account.positions) {
      used += Math.abs(Number(size)) * this.#markTicks(marketId - 1) * this.#perTick(marketId - 1);
    }
    const wanted = equity * player.leverage - used;
    const lots = Math.trunc((wanted * this.#dice.between(20, 100)) / 100 / lotAtoms);
    return Math.max(0, Math.min(lots, 50_000));
  }

  #booked({ owner, subaccount }: Player) {
    const main = this.#state.accountByOwner.get(owner);
    const account = subaccount === 0 ? main : main?.others.find((other) => other.subaccount === subaccount);
    return account === undefined ? undefined : this.#books.account(account.accountId);
  }

  #markTicks(place: number): number {
    return Number(this.#books.markets[place]?.mark ?? 0n) || this.#prices.ticks[place]!;
  }

  #perTick(place: number): number {
    return this.#books.markets[place]?.spec.atomsPerTickLot ?? 1;
  }
}

function ownerOf(who: number): Address {
  return `0x${(0xa0_0000 + who).toString(16).padStart(40, '0')}`;
}
