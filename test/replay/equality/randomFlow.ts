import { ENGINE_VERSION_MAX } from '@keel/engine';
import {
  type Authorization,
  type Command,
  type Event,
  isolatedMarket,
  isolatedSubaccount,
  type OrderName,
  type OrderRequest,
  type PriceFeeder,
  type PriceReport,
  type Side,
  SUBACCOUNTS_MAX,
  type TimeMs,
  type TradingStatus,
  toAssetId,
  toMarketId,
  toOrderId,
} from '@keel/types';
import { FlowDice } from './flowDice.ts';
import { ASSETS, assetOf, MARKETS, OPENING_ASSET_TICKS, OPENING_TICKS, specOf } from './flowMarkets.ts';
import { addressOf, agentOf, FEEDERS, feedersOf, traderOf } from './flowNames.ts';
import { plainOrder, RandomOrders } from './randomOrders.ts';

const TRADERS = 24;
/** Traders with much more money, who register as liquidators. */
const LIQUIDATORS = 3;
const START_MS = 1_800_000_000_000;
/** Orders that were accepted lately: what cancels and amendments name, open or not. */
const REMEMBERED = 400;
const SIGNATURE = `0x${'11'.repeat(65)}` as const;

export interface TimedCommand {
  readonly timeMs: TimeMs;
  readonly command: Command;
}

interface KnownOrder {
  readonly orderId: number;
  /** Place among the accounts. */
  readonly trader: number;
  readonly market: number;
  readonly side: Side;
  readonly clientOrderId: string;
}

/** A close-out auction that was told of. */
interface KnownAuction {
  readonly auctionId: number;
  readonly market: number;
  readonly side: Side;
}

/** One of a trader's accounts, by the order in which they were opened. */
interface KnownAccount {
  /** None for a backstop vault. */
  readonly trader: number | undefined;
  readonly subaccount: number;
}

/**
 * Seeded commands of every kind over three markets, two collateral assets and traders with several accounts: good ones,
 * faulty ones, crashes that liquidate, reports that are not worth much, halts, long waits.
 * Integers only, so that every machine draws the same; what the events told of orders decides what is named next.
 */
export class RandomFlow {
  readonly #dice: FlowDice;
  readonly #orders: RandomOrders;
  #timeMs = START_MS;
  #lastNonce = 0;
  #commands = 0;
  #deposits = 0;
  readonly #ticks: number[] = [...OPENING_TICKS];
  readonly #known: KnownOrder[] = [];
  readonly #statuses: TradingStatus[] = ['open', 'open', 'open'];
  /** Protections that fired and were not reset: account and market. */
  readonly #frozen: (readonly [number, number])[] = [];
  readonly #assetTicks: number[] = [...OPENING_ASSET_TICKS];
  readonly #accounts: KnownAccount[] = [];
  readonly #auctions: KnownAuction[] = [];
  #feeders: readonly PriceFeeder[] = feedersOf(0b1111);
  #reports = 0;
  #engineVersion = 1;
  /** Commands for which liquidators look at the auction that has just begun. */
  #bidding = 0;
  /** Index prices that come next, so that a long silence ends in all markets. */
  readonly #stale: number[] = [];

  constructor(seed: number) {
    this.#dice = new FlowDice(seed);
    this.#orders = new RandomOrders(this.#dice, this.#ticks);
  }

  next(): TimedCommand {
    const command = this.#opening() ?? (this.#dice.chance(40) ? this.#spoilt(this.#later()) : this.#later());
    this.#commands += 1;
    return { timeMs: this.#timeMs, command };
  }

  /** What became of the last command. */
  note(events: readonly Event[]): void {
    for (const event of events) {
      if (event.kind === 'orderClosed') this.#forget(event.orderId);
      if (event.kind === 'accountOpened') this.#accounts.push({ ...event, trader: traderOf(event.owner) });
      if (event.kind === 'auctionStarted') this.#auctions.push({ ...event, market: event.marketId - 1 });
      if (event.kind === 'auctionStarted') this.#bidding = 12;
      if (event.kind === 'engineUpgraded') this.#engineVersion = event.engineVersion;
      // The last ones are remembered: most are over when somebody wants them.
      if (this.#auctions.length > 4) this.#auctions.shift();
      if (event.kind === 'marketMakerProtectionFired') this.#frozen.push([event.accountId - 1, event.marketId - 1]);
      if (event.kind !== 'orderAccepted') continue;
      const { orderId, accountId, marketId, side, clientOrderId } = event;
      const known = { orderId, trader: accountId - 1, market: marketId - 1, side, clientOrderId };
      if (this.#known.length < REMEMBERED) this.#known.push(known);
      else this.#known[this.#dice.draw(REMEMBERED)] = known;
    }
  }

  /** Most of those that are over; the rest is named in vain. */
  #forget(orderId: number): void {
    const place = this.#known.findIndex((known) => known.orderId === orderId);
    if (place >= 0 && !this.#dice.chance(12)) this.#known.splice(place, 1);
  }

  /** Feeders, listings, deposits, first prices. */
  #opening(): Command | undefined {
    const steps: readonly (readonly [number, (place: number) => Command])[] = [
      [1, () => ({ kind: 'setPriceFeeders', feeders: this.#feeders })],
      [MARKETS, (place) => ({ kind: 'listMarket', spec: specOf(place) })],
      [ASSETS, (place) => ({ kind: 'listCollateral', spec: assetOf(place) })],
      [TRADERS, (trader) => this.#deposit(trader, 0, this.#openingAtoms(trader))],
      [MARKETS, (place) => this.#index(place)],
      [ASSETS, (place) => this.#assetPrice(place)],
      [LIQUIDATORS, (trader) => ({ kind: 'registerLiquidator', auth: this.#ownAuth(trader), active: true })],
    ];
    let place = this.#commands;
    for (const [count, make] of steps) {
      if (place < count) return make(place);
      place -= count;
    }
    const stale = this.#stale.pop();
    if (stale === undefined) return undefined;
    return stale < MARKETS ? this.#index(stale) : this.#assetPrice(stale - MARKETS);
  }

  #openingAtoms(trader: number): number {
    return trader < LIQUIDATORS ? 60_000_000_000 : 2_000_000_000 + this.#dice.draw(8) * 500_000_000;
  }

  #later(): Command {
    this.#timeMs += this.#dice.chance(100) ? this.#dice.draw(3_000) : this.#dice.draw(8);
    if (this.#bidding > 0) {
      this.#bidding -= 1;
      if (this.#dice.chance(2)) return this.#takeAuction();
    }
    if (this.#feeders.length === 0 && this.#dice.chance(20)) return this.#setFeeders();
    const dice = this.#dice.draw(1_150);
    if (dice >= 1_000) return this.#risk(dice - 1_000);
    if (dice < 400) return this.#place();
    if (dice < 560) return this.#move();
    if (dice < 790) return this.#changeOrders(dice - 560);
    if (dice < 880) return this.#placeMany(dice - 790);
    if (dice < 930) return this.#protect(dice - 880);
    return this.#manage(dice - 930);
  }

  /** The same with a fault; unchanged where it has no place for one. */
  #spoilt(command: Command): Command {
    if (command.kind === 'updateIndexPrice') {
      const [report] = command.reports;
      if (report !== undefined && this.#dice.chance(3)) return { ...command, reports: [report, ...command.reports] };
      if (this.#dice.chance(2)) return { ...command, reports: command.reports.slice(0, this.#dice.draw(3)) };
      const priceTicks = report?.priceTicks ?? 0;
      const faults = [
        { priceTicks: 0 },
        { priceTicks: priceTicks * 2 },
        { publishTimeMs: 1 },
        { feeder: addressOf(0) },
      ];
      return { ...command, reports: command.reports.map((each) => ({ ...each, ...this.#dice.pick(faults) })) };
    }
    if (command.kind === 'creditDeposit') {
      this.#deposits -= 1;
      return { ...command, depositIndex: command.depositIndex + (this.#dice.chance(2) ? 1 : -1) };
    }
    if (command.kind === 'approveAgent')
      return { ...command, ...this.#dice.pick([{ agent: command.auth.owner }, { agentName: 'x'.repeat(40) }]) };
    if (command.kind === 'cancelAllAfter') return { ...command, timeoutMs: 1 };
    if (command.kind === 'placeOrder' && this.#dice.chance(2)) {
      const trigger = { kind: 'stop', triggerTicks: 0, trailTicks: 0 } as const;
      const faults = [{ marketId: toMarketId(9) }, { priceTicks: -1 }, { clientOrderId: 'x'.repeat(40) }, { trigger }];
      return { ...command, ...this.#dice.pick<Partial<OrderRequest>>(faults) };
    }
    if (command.kind === 'setPriceFeeders') return { ...command, feeders: [...command.feeders].reverse() };
    if (command.kind === 'transfer') {
      const faults = [{ toSubaccount: -1 }, { toSubaccount: 4 }, { toSubaccount: command.auth.subaccount }];
      return { ...command, ...this.#dice.pick<object>([...faults, { assetId: toAssetId(9) }, { amountAtoms: 0 }]) };
    }
    if (!('auth' in command)) return command;
    const faults = [{ nonce: 1 }, { nonce: 2 * START_MS }, { owner: addressOf(TRADERS + 1) }, { subaccount: 7_000 }];
    return { ...command, auth: { ...command.auth, ...this.#dice.pick<Partial<Authorization>>(faults) } };
  }

  #place(): Command {
    const account = this.#anyAccount();
    return {
      kind: 'placeOrder',
      auth: this.#auth(account),
      ...this.#orders.request(this.#marketOf(account), this.#timeMs),
    };
  }

  /** Prices walk; now and then one falls or rises far, and one time in many all stand still for long. */
  #move(): Command {
    const market = this.#dice.draw(MARKETS);
    if (this.#dice.chance(25)) {
      this.#timeMs += this.#dice.chance(12) ? this.#dice.draw(5_000_000) : this.#dice.draw(15_000);
      this.#stale.push(...Array.from({ length: MARKETS + ASSETS }, (_, place) => place));
      return { kind: 'advanceTime' };
    }
    const ticks = this.#ticks[market]!;
    // Of the price, at most: a tenth of a percent, now and then two and a half, seldom twelve.
    const reach = this.#dice.chance(150) ? 8 : this.#dice.chance(40) ? 40 : 1_000;
    const step = Math.trunc((ticks * (this.#dice.draw(101) - 50)) / (50 * reach));
    const back = Math.trunc((OPENING_TICKS[market]! - ticks) / 200);
    this.#ticks[market] = Math.max(20, ticks + step + back);
    return this.#index(market);
  }

  #changeOrders(dice: number): Command {
    const known = this.#known[this.#dice.draw(Math.max(1, this.#known.length))];
    if (known === undefined) return this.#place();
    const trader = this.#dice.chance(40) ? this.#anyAccount() : known.trader;
    const auth = this.#auth(trader);
    if (dice < 75) return { kind: 'cancelOrder', auth, ...this.#name(known) };
    if (dice < 85)
      return { kind: 'cancelOrders', auth, orders: this.#dice.few(4, () => this.#name(this.#anyKnown(known))) };
    if (dice < 89) return { kind: 'cancelAllOrders', auth, marketId: toMarketId(this.#dice.draw(MARKETS + 1)) };
    if (dice < 190) return { kind: 'amendOrder', auth, ...this.#amendment(known) };
    if (dice < 200) {
      return { kind: 'amendOrders', auth, amendments: this.#dice.few(3, () => this.#amendment(this.#anyKnown(known))) };
    }
    return {
      kind: 'replaceOrder',
      auth,
      replaced: this.#name(known),
      order: this.#orders.request(known.market, this.#timeMs),
    };
  }

  #placeMany(dice: number): Command {
    const account = this.#anyAccount();
    const market = this.#marketOf(account);
    const marketId = toMarketId(market + 1);
    const auth = this.#auth(account);
    if (dice < 35) {
      const orders = this.#dice.few(6, () => this.#orders.request(this.#dice.draw(MARKETS), this.#timeMs));
      return { kind: 'placeOrders', auth, orders, grouping: 'none' };
    }
    if (dice < 60) {
      const plain = { attached: undefined, timeInForce: 'gtc', expiresAtMs: 0 } as const;
      const orders = [this.#orders.request(market, this.#timeMs), this.#orders.request(market, this.#timeMs)].map(
        (order) => ({ ...order, ...plain }),
      );
      return { kind: 'placeOrders', auth, orders, grouping: 'oneCancelsOther' };
    }
    if (dice < 75) {
      const side = this.#dice.side();
      const order = { ...plainOrder(marketId, side), priceTicks: 0, sizeLots: this.#orders.size(market) * 4 };
      const [fromTicks, toTicks] = [this.#orders.near(market, side, 5), this.#orders.near(market, side, 5)];
      const skewPpm = 200_000 * (1 + this.#dice.draw(20));
      return { kind: 'placeScale', auth, order, fromTicks, toTicks, orderCount: 2 + this.#dice.draw(8), skewPpm };
    }
    const slices = 1 + this.#dice.draw(8);
    const terms = {
      sizeLots: this.#orders.size(market) * 3,
      reduceOnly: this.#dice.chance(4),
      clientOrderId: this.#orders.clientOrderId(),
    };
    const durationMs = 8_000 + this.#dice.draw(30_000);
    return { kind: 'placeTwap', auth, marketId, side: this.#dice.side(), ...terms, durationMs, slices };
  }

  #protect(dice: number): Command {
    if (dice >= 36) return this.#setStatus();
    const frozen = dice >= 15 ? this.#frozen.shift() : undefined;
    const [account, market] = frozen ?? [this.#anyAccount(), this.#dice.draw(MARKETS)];
    const auth = this.#auth(account);
    const marketId = toMarketId(market + 1);
    if (dice < 12) return { kind: 'cancelAllAfter', auth, timeoutMs: this.#dice.draw(4) * 2_500 };
    if (dice < 15) {
      const windowMs = this.#dice.chance(5) ? 0 : 500 + this.#dice.draw(5_000);
      const bound = (most: number): number => (windowMs === 0 || this.#dice.chance(2) ? 0 : this.#dice.draw(most));
      const bounds = { quantityLots: bound(3_000), deltaLots: bound(2_000), fillCount: bound(8) };
      return { kind: 'setMarketMakerProtection', auth, marketId, windowMs, ...bounds };
    }
    return { kind: 'resetMarketMakerProtection', auth, marketId };
  }

  /** One market at most is not open, and not for long. */
  #setStatus(): Command {
    const shut = this.#statuses.findIndex((status) => status !== 'open');
    const market = shut >= 0 ? shut : this.#dice.draw(MARKETS);
    const status = shut >= 0 || !this.#dice.chance(6) ? 'open' : this.#dice.pick(['postOnly', 'cancelOnly', 'halted']);
    this.#statuses[market] = status;
    return { kind: 'setTradingStatus', marketId: toMarketId(market + 1), status };
  }

  #manage(dice: number): Command {
    const trader = this.#dice.draw(TRADERS);
    const owner = addressOf(trader);
    if (dice < 7) return this.#deposit(trader, 0, (1 + this.#dice.draw(20)) * 50_000_000);
    // Money and keys are the owner's own.
    const auth = this.#ownAuth(this.#dice.chance(4) ? this.#anyAccount() : trader);
    if (dice < 45) {
      const assetId = toAssetId(this.#dice.chance(5) ? this.#dice.draw(ASSETS + 1) : 0);
      return { kind: 'withdraw', auth, recipient: owner, assetId, amountAtoms: this.#dice.draw(60) * 40_000_000 };
    }
    const agent = agentOf(trader, this.#dice.draw(2));
    if (dice < 55) return { kind: 'approveAgent', auth, agent, agentName: 'desk', agentExpiresAtMs: 0 };
    if (dice < 58) return { kind: 'revokeAgent', auth, agent };
    if (dice < 62) return { kind: 'listMarket', spec: specOf(this.#dice.draw(MARKETS)) };
    return { kind: 'sealBatch' };
  }

  /** Accounts, collateral, feeders, funds and auctions. */
  #risk(dice: number): Command {
    const account = this.#anyAccount();
    const market = this.#marketOf(account);
    const marketId = toMarketId(market + 1);
    if (dice < 22) return this.#transfer(account, market);
    if (dice < 40)
      return this.#deposit(
        this.#dice.draw(TRADERS),
        1 + this.#dice.draw(ASSETS),
        (1 + this.#dice.draw(40)) * 4_000_000,
      );
    if (dice < 70) return this.#moveAsset();
    if (dice < 82) return { kind: 'setLeverage', auth: this.#auth(account), marketId, leverage: this.#dice.draw(24) };
    if (dice < 120) return this.#takeAuction();
    if (dice < 130) {
      const fund = this.#dice.chance(2) ? 'insurance' : 'backstop';
      const amountAtoms = (1 + this.#dice.draw(40)) * 5_000_000;
      if (this.#dice.chance(2)) return { kind: 'allocateFees', marketId, fund, amountAtoms };
      return { kind: 'fundSafety', auth: this.#ownAuth(this.#dice.draw(TRADERS)), marketId, fund, amountAtoms };
    }
    if (dice < 133) return { kind: 'registerLiquidator', auth: this.#auth(account), active: !this.#dice.chance(3) };
    if (dice < 136) return { kind: 'listCollateral', spec: assetOf(this.#dice.draw(ASSETS)) };
    if (dice < 139) return this.#setFeeders();
    if (dice < 141) return this.#upgrade();
    return { kind: 'advanceTime' };
  }

  /** Mostly enough of them; now and then nobody, for a while. */
  #setFeeders(): Command {
    const nobody = this.#feeders.length > 0 && this.#dice.chance(6);
    this.#feeders = feedersOf(nobody ? 0 : 0b11_1111 >> this.#dice.draw(4));
    this.#stale.push(...Array.from({ length: MARKETS + ASSETS }, (_, place) => place));
    return { kind: 'setPriceFeeders', feeders: this.#feeders };
  }

  /** The next version of the rules while the program has one, or one that is not the next. Never the next that it does not have. */
  #upgrade(): Command {
    const isNext = this.#engineVersion < ENGINE_VERSION_MAX && this.#dice.chance(2);
    const engineVersion = this.#engineVersion + (isNext ? 1 : this.#dice.pick([-1, 0, 2]));
    return { kind: 'upgradeEngine', engineVersion: Math.max(0, engineVersion) };
  }

  /** To another of the owner's accounts, which may be opened by it. */
  #transfer(account: number, market: number): Command {
    const auth = this.#ownAuth(account);
    const others = [0, 1, 2, isolatedSubaccount(0, toMarketId(market + 1)), isolatedSubaccount(1, toMarketId(1))];
    const assetId = toAssetId(this.#dice.chance(4) ? 1 + this.#dice.draw(ASSETS) : 0);
    return {
      kind: 'transfer',
      auth,
      toSubaccount: this.#dice.pick(others),
      assetId,
      amountAtoms: this.#dice.draw(40) * 20_000_000,
    };
  }

  /** Mostly small steps, seldom a loss of the peg. */
  #moveAsset(): Command {
    const place = this.#dice.draw(ASSETS);
    const opening = OPENING_ASSET_TICKS[place]!;
    const ticks = this.#assetTicks[place]!;
    const reach = this.#dice.chance(12) ? 5 : 400;
    const step = Math.trunc((ticks * (this.#dice.draw(101) - 50)) / (50 * reach)) + Math.trunc((opening - ticks) / 30);
    this.#assetTicks[place] = Math.max(100, ticks + step);
    return this.#assetPrice(place);
  }

  #takeAuction(): Command {
    const known = this.#auctions[this.#dice.draw(Math.max(1, this.#auctions.length))];
    const account = this.#dice.chance(6) ? this.#anyAccount() : this.#dice.draw(LIQUIDATORS);
    const { auctionId, market, side } = known ?? { auctionId: 1 + this.#dice.draw(9), market: 0, side: 'sell' };
    const limitTicks = this.#dice.chance(4) ? this.#ticks[market]! : side === 'sell' ? 1_000_000 : 1;
    const marketId = toMarketId(this.#dice.chance(20) ? 1 + this.#dice.draw(MARKETS) : market + 1);
    const sizeLots = this.#dice.chance(10) ? 0 : 1 + this.#dice.draw(this.#dice.chance(2) ? 20 : 20_000);
    return { kind: 'takeAuction', auth: this.#auth(account), auctionId, marketId, sizeLots, limitTicks };
  }

  #amendment(known: KnownOrder) {
    const marketId = toMarketId(known.market + 1);
    const priceTicks = this.#orders.near(known.market, known.side, 8);
    return { ...this.#name(known), marketId, priceTicks, sizeLots: this.#orders.size(known.market) };
  }

  #name(known: KnownOrder): OrderName {
    const byName = known.clientOrderId !== '' && this.#dice.chance(2);
    return byName
      ? { orderId: 0, clientOrderId: known.clientOrderId }
      : { orderId: toOrderId(known.orderId), clientOrderId: '' };
  }

  /** Of the same trader where there is one. */
  #anyKnown({ trader }: KnownOrder): KnownOrder {
    const start = this.#dice.draw(this.#known.length);
    const turned = [...this.#known.slice(start), ...this.#known.slice(0, start)];
    return turned.find((other) => other.trader === trader) ?? turned[0]!;
  }

  #index(market: number): Command {
    const marketId = toMarketId(market + 1);
    return { kind: 'updateIndexPrice', marketId, reports: this.#reportsOf(this.#ticks[market]!) };
  }

  #assetPrice(place: number): Command {
    const assetId = toAssetId(place + 1);
    return { kind: 'updateCollateralPrice', assetId, reports: this.#reportsOf(this.#assetTicks[place]!) };
  }

  /** What the feeders say: near each other, but now and then one is silent, late, early or far off. */
  #reportsOf(ticks: number): PriceReport[] {
    this.#timeMs += 1;
    this.#reports += 1;
    const odd = this.#dice.chance(10) ? this.#dice.draw(FEEDERS + 1) : -1;
    const oddness = this.#dice.draw(4);
    const perp = this.#dice.chance(2);
    const reports: PriceReport[] = [];
    for (const [place, { feeder }] of this.#feeders.entries()) {
      const isOdd = place === odd;
      if (isOdd && oddness === 0) continue;
      const near = ticks + Math.trunc((ticks * (this.#dice.draw(21) - 10)) / 100_000);
      const lateMs = isOdd && oddness === 1 ? 60_000 : isOdd && oddness === 2 ? -9_000 : 0;
      reports.push({
        feeder,
        priceTicks: isOdd && oddness === 3 ? ticks + Math.trunc(ticks / 12) : near,
        perpTicks: perp ? Math.max(1, near + this.#dice.draw(9) - 4) : 0,
        publishTimeMs: this.#timeMs - lateMs,
        reportSequence: this.#reports,
        signature: SIGNATURE,
      });
    }
    return reports;
  }

  #deposit(trader: number, asset: number, amountAtoms: number): Command {
    const where = { l1BlockNumber: 1, l1TxHash: `0x${'22'.repeat(32)}` } as const;
    const depositIndex = this.#deposits;
    this.#deposits += 1;
    const assetId = toAssetId(asset);
    return { kind: 'creditDeposit', depositIndex, owner: addressOf(trader), assetId, amountAtoms, ...where };
  }

  /** Mostly a main account, by its place among all; no vault. */
  #anyAccount(): number {
    const place = this.#dice.chance(3) ? this.#dice.draw(Math.max(1, this.#accounts.length)) : this.#dice.draw(TRADERS);
    return this.#accounts[place]?.trader === undefined ? this.#dice.draw(TRADERS) : place;
  }

  /** Its own market for an isolated account, most of the time. */
  #marketOf(account: number): number {
    const { subaccount } = this.#accounts[account] ?? { subaccount: 0 };
    if (subaccount < SUBACCOUNTS_MAX || this.#dice.chance(20)) return this.#dice.draw(MARKETS);
    return Math.max(0, isolatedMarket(subaccount) - 1);
  }

  /** Signed by the owner itself. */
  #ownAuth(account: number): Authorization {
    const auth = this.#auth(account);
    return { ...auth, signer: auth.owner };
  }

  #auth(account: number): Authorization {
    const { trader = 0, subaccount } = this.#accounts[account] ?? { trader: account, subaccount: 0 };
    const owner = addressOf(trader);
    const signer = this.#dice.chance(20) ? agentOf(trader, this.#dice.draw(2)) : owner;
    this.#lastNonce = Math.max(this.#timeMs, this.#lastNonce + 1);
    const nonce = this.#dice.chance(200) ? this.#lastNonce - 1 : this.#lastNonce;
    const expiresAfterMs = this.#dice.chance(100) ? this.#timeMs - this.#dice.draw(2) : 0;
    return { owner, subaccount, signer, nonce, expiresAfterMs, signature: SIGNATURE };
  }
}
