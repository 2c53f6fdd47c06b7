import {
  type Address,
  type AttachedOrders,
  type Authorization,
  type Command,
  type Event,
  type MarketId,
  type MarketSpec,
  type OrderName,
  type OrderRequest,
  type Side,
  type TimeMs,
  type TradingStatus,
  type Trigger,
  toMarketId,
  toOrderId,
} from '@keel/types';
import { ONE_FEEDER, reportOf } from '../../oneFeeder.ts';
import { PLAIN_MARKET } from '../../plainMarket.ts';

const TRADERS = 24;
const MARKETS = 3;
const OPENING_TICKS = [50_000, 3_000, 150] as const;
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
  readonly trader: number;
  readonly market: number;
  readonly side: Side;
  readonly clientOrderId: string;
}

/**
 * Seeded commands of every kind over three markets: good ones, faulty ones, crashes that liquidate, halts, long waits.
 * Integers only, so that every machine draws the same; what the events told of orders decides what is named next.
 */
export class RandomFlow {
  #state: number;
  #timeMs = START_MS;
  #lastNonce = 0;
  #commands = 0;
  #deposits = 0;
  readonly #ticks: number[] = [...OPENING_TICKS];
  readonly #known: KnownOrder[] = [];
  readonly #statuses: TradingStatus[] = ['open', 'open', 'open'];
  /** Protections that fired and were not reset: trader and market. */
  readonly #frozen: (readonly [number, number])[] = [];
  /** Index prices that come next, so that a long silence ends in all markets. */
  readonly #stale: number[] = [];

  constructor(seed: number) {
    this.#state = Math.imul(seed + 1, 0x9e3779b1) >>> 0;
  }

  next(): TimedCommand {
    const command = this.#opening() ?? (this.#chance(40) ? this.#spoilt(this.#later()) : this.#later());
    this.#commands += 1;
    return { timeMs: this.#timeMs, command };
  }

  /** What became of the last command. */
  note(events: readonly Event[]): void {
    for (const event of events) {
      if (event.kind === 'orderClosed') this.#forget(event.orderId);
      if (event.kind === 'marketMakerProtectionFired') this.#frozen.push([event.accountId - 1, event.marketId - 1]);
      if (event.kind !== 'orderAccepted') continue;
      const { orderId, accountId, marketId, side, clientOrderId } = event;
      const known = { orderId, trader: accountId - 1, market: marketId - 1, side, clientOrderId };
      if (this.#known.length < REMEMBERED) this.#known.push(known);
      else this.#known[this.#draw(REMEMBERED)] = known;
    }
  }

  /** Most of those that are over; the rest is named in vain. */
  #forget(orderId: number): void {
    const place = this.#known.findIndex((known) => known.orderId === orderId);
    if (place >= 0 && !this.#chance(12)) this.#known.splice(place, 1);
  }

  /** Listings, deposits, first prices. */
  #opening(): Command | undefined {
    if (this.#commands === 0) return ONE_FEEDER;
    const place = this.#commands - 1;
    if (place < MARKETS) return { kind: 'listMarket', spec: specOf(place) };
    if (place < MARKETS + TRADERS) return this.#deposit(place - MARKETS, 2_000_000_000 + this.#draw(8) * 500_000_000);
    if (place < 2 * MARKETS + TRADERS) return this.#index(place - MARKETS - TRADERS);
    const stale = this.#stale.pop();
    return stale === undefined ? undefined : this.#index(stale);
  }

  #later(): Command {
    this.#timeMs += this.#chance(100) ? this.#draw(3_000) : this.#draw(8);
    const dice = this.#draw(1_000);
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
      const priceTicks = report?.priceTicks ?? 0;
      const faults = [
        { priceTicks: 0 },
        { priceTicks: priceTicks * 2 },
        { publishTimeMs: 1 },
        { feeder: addressOf(0) },
      ];
      return { ...command, reports: command.reports.map((each) => ({ ...each, ...this.#pick(faults) })) };
    }
    if (command.kind === 'creditDeposit') {
      this.#deposits -= 1;
      return { ...command, depositIndex: command.depositIndex + (this.#chance(2) ? 1 : -1) };
    }
    if (command.kind === 'approveAgent')
      return { ...command, ...this.#pick([{ agent: command.auth.owner }, { agentName: 'x'.repeat(40) }]) };
    if (command.kind === 'cancelAllAfter') return { ...command, timeoutMs: 1 };
    if (command.kind === 'placeOrder' && this.#chance(2)) {
      const trigger = { kind: 'stop', triggerTicks: 0, trailTicks: 0 } as const;
      const faults = [{ marketId: toMarketId(9) }, { priceTicks: -1 }, { clientOrderId: 'x'.repeat(40) }, { trigger }];
      return { ...command, ...this.#pick<Partial<OrderRequest>>(faults) };
    }
    if (!('auth' in command)) return command;
    const faults = [{ nonce: 1 }, { nonce: 2 * START_MS }, { owner: addressOf(TRADERS + 1) }];
    return { ...command, auth: { ...command.auth, ...this.#pick<Partial<Authorization>>(faults) } };
  }

  #place(): Command {
    const trader = this.#draw(TRADERS);
    return { kind: 'placeOrder', auth: this.#auth(trader), ...this.#request(this.#draw(MARKETS)) };
  }

  /** Prices walk; now and then one falls or rises far, and one time in many all stand still for long. */
  #move(): Command {
    const market = this.#draw(MARKETS);
    if (this.#chance(25)) {
      this.#timeMs += this.#chance(12) ? this.#draw(5_000_000) : this.#draw(15_000);
      this.#stale.push(0, 1, 2);
      return { kind: 'advanceTime' };
    }
    const ticks = this.#ticks[market]!;
    // Of the price, at most: a tenth of a percent, now and then two and a half, seldom twelve.
    const reach = this.#chance(150) ? 8 : this.#chance(40) ? 40 : 1_000;
    const step = Math.trunc((ticks * (this.#draw(101) - 50)) / (50 * reach));
    const back = Math.trunc((OPENING_TICKS[market]! - ticks) / 200);
    this.#ticks[market] = Math.max(20, ticks + step + back);
    return this.#index(market);
  }

  #changeOrders(dice: number): Command {
    const known = this.#known[this.#draw(Math.max(1, this.#known.length))];
    if (known === undefined) return this.#place();
    const trader = this.#chance(40) ? this.#draw(TRADERS) : known.trader;
    const auth = this.#auth(trader);
    if (dice < 75) return { kind: 'cancelOrder', auth, ...this.#name(known) };
    if (dice < 85) return { kind: 'cancelOrders', auth, orders: this.#few(4, () => this.#name(this.#anyKnown(known))) };
    if (dice < 89) return { kind: 'cancelAllOrders', auth, marketId: toMarketId(this.#draw(MARKETS + 1)) };
    if (dice < 190) return { kind: 'amendOrder', auth, ...this.#amendment(known) };
    if (dice < 200) {
      return { kind: 'amendOrders', auth, amendments: this.#few(3, () => this.#amendment(this.#anyKnown(known))) };
    }
    return { kind: 'replaceOrder', auth, replaced: this.#name(known), order: this.#request(known.market) };
  }

  #placeMany(dice: number): Command {
    const market = this.#draw(MARKETS);
    const marketId = toMarketId(market + 1);
    const auth = this.#auth(this.#draw(TRADERS));
    if (dice < 35) {
      const orders = this.#few(6, () => this.#request(this.#draw(MARKETS)));
      return { kind: 'placeOrders', auth, orders, grouping: 'none' };
    }
    if (dice < 60) {
      const plain = { attached: undefined, timeInForce: 'gtc', expiresAtMs: 0 } as const;
      const orders = [this.#request(market), this.#request(market)].map((order) => ({ ...order, ...plain }));
      return { kind: 'placeOrders', auth, orders, grouping: 'oneCancelsOther' };
    }
    if (dice < 75) {
      const side = this.#side();
      const order = { ...plainOrder(marketId, side), priceTicks: 0, sizeLots: this.#size(market) * 4 };
      const [fromTicks, toTicks] = [this.#near(market, side, 5), this.#near(market, side, 5)];
      const skewPpm = 200_000 * (1 + this.#draw(20));
      return { kind: 'placeScale', auth, order, fromTicks, toTicks, orderCount: 2 + this.#draw(8), skewPpm };
    }
    const slices = 1 + this.#draw(8);
    const terms = {
      sizeLots: this.#size(market) * 3,
      reduceOnly: this.#chance(4),
      clientOrderId: this.#clientOrderId(),
    };
    const durationMs = 8_000 + this.#draw(30_000);
    return { kind: 'placeTwap', auth, marketId, side: this.#side(), ...terms, durationMs, slices };
  }

  #protect(dice: number): Command {
    if (dice >= 36) return this.#setStatus();
    const frozen = dice >= 15 ? this.#frozen.shift() : undefined;
    const [trader, market] = frozen ?? [this.#draw(TRADERS), this.#draw(MARKETS)];
    const auth = this.#auth(trader);
    const marketId = toMarketId(market + 1);
    if (dice < 12) return { kind: 'cancelAllAfter', auth, timeoutMs: this.#draw(4) * 2_500 };
    if (dice < 15) {
      const windowMs = this.#chance(5) ? 0 : 500 + this.#draw(5_000);
      const bound = (most: number): number => (windowMs === 0 || this.#chance(2) ? 0 : this.#draw(most));
      const bounds = { quantityLots: bound(3_000), deltaLots: bound(2_000), fillCount: bound(8) };
      return { kind: 'setMarketMakerProtection', auth, marketId, windowMs, ...bounds };
    }
    return { kind: 'resetMarketMakerProtection', auth, marketId };
  }

  /** One market at most is not open, and not for long. */
  #setStatus(): Command {
    const shut = this.#statuses.findIndex((status) => status !== 'open');
    const market = shut >= 0 ? shut : this.#draw(MARKETS);
    const status = shut >= 0 || !this.#chance(6) ? 'open' : this.#pick(['postOnly', 'cancelOnly', 'halted']);
    this.#statuses[market] = status;
    return { kind: 'setTradingStatus', marketId: toMarketId(market + 1), status };
  }

  #manage(dice: number): Command {
    const trader = this.#draw(TRADERS);
    const owner = addressOf(trader);
    if (dice < 7) return this.#deposit(trader, (1 + this.#draw(20)) * 50_000_000);
    // Money and keys are the owner's own.
    const auth = { ...this.#auth(trader), signer: owner };
    if (dice < 45) {
      return { kind: 'withdraw', auth, recipient: owner, assetId: 0, amountAtoms: this.#draw(60) * 40_000_000 };
    }
    const agent = agentOf(trader, this.#draw(2));
    if (dice < 55) return { kind: 'approveAgent', auth, agent, agentName: 'desk', agentExpiresAtMs: 0 };
    if (dice < 58) return { kind: 'revokeAgent', auth, agent };
    if (dice < 62) return { kind: 'listMarket', spec: specOf(this.#draw(MARKETS)) };
    return { kind: 'sealBatch' };
  }

  /** An order near the mark with a bit of everything; some of it does not fit together, and is refused. */
  #request(market: number): OrderRequest {
    const marketId = toMarketId(market + 1);
    const side = this.#side();
    const isMarket = this.#chance(9);
    const timeInForce = this.#pick([
      ...(['gtc', 'gtc', 'gtc', 'gtc', 'gtt', 'ioc', 'fok', 'postOnly', 'postOnlySlide'] as const),
    ]);
    const sizeLots = this.#size(market);
    const trigger = this.#chance(7) ? this.#trigger(market) : undefined;
    return {
      marketId,
      side,
      orderType: isMarket ? 'market' : 'limit',
      timeInForce: isMarket && !this.#chance(5) ? 'ioc' : timeInForce,
      priceTicks: isMarket && !this.#chance(4) ? 0 : this.#near(market, side, this.#chance(3) ? -8 : 8),
      sizeLots,
      reduceOnly: this.#chance(6),
      clientOrderId: this.#clientOrderId(),
      expiresAtMs: timeInForce === 'gtt' ? this.#timeMs + this.#draw(20_000) : 0,
      displayLots: this.#chance(6) ? 1 + this.#draw(sizeLots) : 0,
      selfTrade: this.#pick(['expireMaker', 'expireTaker', 'expireBoth', 'decrement']),
      selfTradeScope: this.#pick(['account', 'owner']),
      trigger,
      attached: trigger === undefined && this.#chance(8) ? this.#attached(market, side) : undefined,
    };
  }

  #trigger(market: number): Trigger {
    const ticks = this.#ticks[market]!;
    const kind = this.#pick(['stop', 'takeProfit', 'trailingStop']);
    const distance = 1 + this.#draw(Math.max(2, Math.trunc(ticks / 100)));
    if (kind === 'trailingStop') return { kind, triggerTicks: 0, trailTicks: distance };
    return { kind, triggerTicks: Math.max(1, ticks + (this.#chance(2) ? distance : -distance)), trailTicks: 0 };
  }

  #attached(market: number, side: Side): AttachedOrders {
    const ticks = this.#ticks[market]!;
    const away = side === 'buy' ? 1 : -1;
    const far = (): number => Math.trunc(ticks / 50) + this.#draw(Math.max(2, Math.trunc(ticks / 50)));
    return {
      takeProfitTicks: this.#chance(4) ? 0 : ticks + away * far(),
      takeProfitLimitTicks: 0,
      stopLossTicks: this.#chance(4) ? 0 : Math.max(1, ticks - away * far()),
      stopLossLimitTicks: 0,
    };
  }

  #amendment(known: KnownOrder) {
    const marketId = toMarketId(known.market + 1);
    const priceTicks = this.#near(known.market, known.side, 8);
    return { ...this.#name(known), marketId, priceTicks, sizeLots: this.#size(known.market) };
  }

  #name(known: KnownOrder): OrderName {
    const byName = known.clientOrderId !== '' && this.#chance(2);
    return byName
      ? { orderId: 0, clientOrderId: known.clientOrderId }
      : { orderId: toOrderId(known.orderId), clientOrderId: '' };
  }

  /** Of the same trader where there is one. */
  #anyKnown({ trader }: KnownOrder): KnownOrder {
    const start = this.#draw(this.#known.length);
    const turned = [...this.#known.slice(start), ...this.#known.slice(0, start)];
    return turned.find((other) => other.trader === trader) ?? turned[0]!;
  }

  #clientOrderId(): string {
    return this.#chance(4) ? `c${this.#draw(3_000)}` : '';
  }

  /** Up to `parts` thousandths worse than the index for the side, or better (crossing) where negative. */
  #near(market: number, side: Side, parts: number): number {
    const ticks = this.#ticks[market]!;
    const offset = Math.trunc((ticks * this.#draw(Math.abs(parts) * 10 + 1)) / 10_000);
    const worse = side === 'buy' ? -offset : offset;
    return Math.max(1, ticks + (parts < 0 ? -worse : worse));
  }

  /** Worth about 100 to 12,000 USDC, so that accounts of a few thousand are soon stretched. */
  #size(market: number): number {
    return (1 + this.#draw(this.#chance(4) ? 120 : 30)) * [2, 32, 600][market]!;
  }

  #index(market: number): Command {
    this.#timeMs += 1;
    const marketId = toMarketId(market + 1);
    return { kind: 'updateIndexPrice', marketId, reports: reportOf(this.#ticks[market]!, this.#timeMs) };
  }

  #deposit(trader: number, amountAtoms: number): Command {
    const where = { l1BlockNumber: 1, l1TxHash: `0x${'22'.repeat(32)}` } as const;
    const depositIndex = this.#deposits;
    this.#deposits += 1;
    return { kind: 'creditDeposit', depositIndex, owner: addressOf(trader), assetId: 0, amountAtoms, ...where };
  }

  #auth(trader: number): Authorization {
    const owner = addressOf(trader);
    const signer = this.#chance(20) ? agentOf(trader, this.#draw(2)) : owner;
    this.#lastNonce = Math.max(this.#timeMs, this.#lastNonce + 1);
    const nonce = this.#chance(200) ? this.#lastNonce - 1 : this.#lastNonce;
    const expiresAfterMs = this.#chance(100) ? this.#timeMs - this.#draw(2) : 0;
    return { owner, subaccount: 0, signer, nonce, expiresAfterMs, signature: SIGNATURE };
  }

  #few<Item>(most: number, make: () => Item): Item[] {
    return Array.from({ length: this.#draw(most + 1) }, make);
  }

  #side(): Side {
    return this.#chance(2) ? 'buy' : 'sell';
  }

  #pick<const Item>(items: readonly Item[]): Item {
    return items[this.#draw(items.length)]!;
  }

  /** One time in `of`. */
  #chance(of: number): boolean {
    return this.#draw(of) === 0;
  }

  #draw(count: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % count;
  }
}

function plainOrder(marketId: MarketId, side: Side): OrderRequest {
  return {
    marketId,
    side,
    orderType: 'limit',
    timeInForce: 'gtc',
    priceTicks: 0,
    sizeLots: 1,
    reduceOnly: false,
    clientOrderId: '',
    expiresAtMs: 0,
    displayLots: 0,
    selfTrade: 'expireMaker',
    selfTradeScope: 'account',
    trigger: undefined,
    attached: undefined,
  };
}

function addressOf(trader: number): Address {
  return `0x${(trader + 1).toString(16).padStart(40, '0')}`;
}

function agentOf(trader: number, agent: number): Address {
  return `0x${(0xa000 + trader * 16 + agent).toString(16).padStart(40, '0')}`;
}

function specOf(market: number): MarketSpec {
  return {
    ...PLAIN_MARKET,
    marketId: toMarketId(market + 1),
    symbol: ['BTC-USD', 'ETH-USD', 'SOL-USD'][market] ?? '',
    baseAsset: ['BTC', 'ETH', 'SOL'][market] ?? '',
    priceDecimals: 0,
    sizeDecimals: 3,
    atomsPerTickLot: 1_000,
    maxPriceTicks: 1_000_000,
    maxOrderLots: 100_000,
    maxPositionLots: 100_000,
    maxOpenInterestLots: [2_000, 400_000, 400_000][market] ?? 0,
    minOrderNotionalAtoms: 10_000_000,
    initialMarginPpm: 50_000,
    maintenanceMarginPpm: 25_000,
    makerFeePpm: 100,
    takerFeePpm: 400,
    marketSlippagePpm: 50_000,
    priceBandPpm: 100_000,
    markBandPpm: 15_000,
    indexJumpPpm: 200_000,
    indexStaleMs: 10_000,
    liquidationFeePpm: 10_000,
    impactNotionalAtoms: 10_000_000_000,
    fundingInterestPpb: 100_000,
    fundingCapPpb: 40_000_000,
  };
}
