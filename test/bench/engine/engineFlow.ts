import {
  type Address,
  type Authorization,
  type Command,
  type MarketSpec,
  type SequencedCommand,
  type Side,
  type TimeMs,
  toMarketId,
  toOrderId,
  toSequence,
} from '@keel/types';
import { ONE_FEEDER, reportOf } from '../../oneFeeder.ts';
import { PLAIN_MARKET } from '../../plainMarket.ts';

/** Of a thousand commands; the rest, 490, are limit orders that mostly rest. */
const CANCELS = 450;
const TAKERS = 50;
const INDEX_UPDATES = 10;
/** 50,000 commands a second of sequenced time. */
const COMMANDS_PER_MS = 20;
/** Open limit orders over all markets, however many accounts and markets there are. */
const RESTING_ORDERS = 50_000;
const START_MS = 1_800_000_000_000;
const OPENING_TICKS = 600_000;
/** 100,000 USDC each: far more than its positions ever need, so that nothing is refused for margin. */
const DEPOSIT_ATOMS = 100_000_000_000;
/** Accounts that send most limit orders, in a few markets each; the others trade in two. */
const MAKERS = 500;
const MAKER_MARKETS = 5;
const OTHER_MARKETS = 2;
/** Of a hundred limit orders, how many are the makers'. */
const MAKER_ORDERS = 95;
/** Mean distance of a limit order from the middle. */
const OFFSET_TICKS = 400;
/** How far beyond the middle a taker goes. */
const REACH_TICKS = 2_000;
const SIGNATURE = `0x${'5a'.repeat(65)}` as const;
const L1_HASH = `0x${'5a'.repeat(32)}` as const;

interface Pooled {
  sequence: SequencedCommand['sequence'];
  timeMs: TimeMs;
  readonly command: Command;
}

/** The rest comes once, at the opening. */
const POOLED_KINDS: readonly Command['kind'][] = ['placeOrder', 'cancelOrder', 'updateIndexPrice'];

/**
 * Commands of makers and takers, made ahead of the clock. Every order is accepted, so their ids are known in advance; a
 * cancel may come too late, as it does in life. Most orders are those of 500 makers, and takers are drawn from everybody, as
 * on an exchange; or, `evenly`, every account is as busy as every other in every market: the hardest case for caches.
 * Objects are used again after `reuse`, so that what the collector has to do is the engine's doing.
 */
export class EngineFlow {
  readonly #accounts: number;
  readonly #markets: number;
  /** 0 = nobody is busier than others. */
  readonly #makers: number;
  readonly #random: () => number;
  readonly #middles: number[];
  readonly #lastNonces: Float64Array;
  /** Orders that should rest: ids with their accounts, in no order. */
  readonly #ids: number[] = [];
  readonly #owners: number[] = [];
  /** Commands by kind, and how many of them are in use. */
  readonly #pools = new Map<Command['kind'], { readonly items: Pooled[]; used: number }>();
  #nextOrderId = 1;
  #commands = 0;
  #indexUpdates = 0;

  constructor(accounts: number, markets: number, seed: number, evenly = false) {
    this.#accounts = accounts;
    this.#makers = evenly ? 0 : Math.min(MAKERS, accounts);
    this.#markets = markets;
    this.#random = seeded(seed);
    this.#middles = Array.from({ length: markets }, () => OPENING_TICKS);
    this.#lastNonces = new Float64Array(accounts);
  }

  /** The id that the engine must give next if it accepted every order so far. */
  get nextOrderId(): number {
    return this.#nextOrderId;
  }

  get restingOrders(): number {
    return this.#ids.length;
  }

  /** Listings, deposits and first prices, then limit orders until the books are full. */
  *opening(): Generator<SequencedCommand> {
    yield this.#timed(ONE_FEEDER);
    for (let market = 0; market < this.#markets; market += 1)
      yield this.#timed({ kind: 'listMarket', spec: specOf(market) });
    for (let account = 0; account < this.#accounts; account += 1) {
      const owner = addressOf(account);
      const where = { l1BlockNumber: 1, l1TxHash: L1_HASH } as const;
      yield this.#timed({
        kind: 'creditDeposit',
        depositIndex: account,
        owner,
        assetId: 0,
        amountAtoms: DEPOSIT_ATOMS,
        ...where,
      });
    }
    for (let market = 0; market < this.#markets; market += 1) yield this.#index(market);
    for (let order = 0; order < RESTING_ORDERS; order += 1) {
      this.reuse();
      yield this.#limit();
    }
  }

  /** All commands that were given out may be written over. */
  reuse(): void {
    for (const pool of this.#pools.values()) pool.used = 0;
  }

  next(): SequencedCommand {
    const dice = this.#random() * 1_000;
    if (dice < INDEX_UPDATES) {
      // One after the other, so that no price goes stale.
      this.#indexUpdates += 1;
      return this.#index(this.#indexUpdates % this.#markets);
    }
    if (dice < INDEX_UPDATES + TAKERS) return this.#taker();
    // Whatever the takers took, the books stay as full as they began.
    const fullness = this.#ids.length / RESTING_ORDERS;
    const cancels = fullness > 1.02 || (fullness > 0.98 && dice < INDEX_UPDATES + TAKERS + CANCELS);
    return cancels ? this.#cancel() : this.#limit();
  }

  /** Drops orders that are over, so that few cancels come too late. */
  keepOnly(isOpen: (orderId: number) => boolean): void {
    let kept = 0;
    for (let at = 0; at < this.#ids.length; at += 1) {
      const id = this.#ids[at]!;
      if (!isOpen(id)) continue;
      this.#ids[kept] = id;
      this.#owners[kept] = this.#owners[at]!;
      kept += 1;
    }
    this.#ids.length = kept;
    this.#owners.length = kept;
  }

  #index(market: number): SequencedCommand {
    // A walk that comes back, so that a long run stays where it began.
    const middle = this.#middles[market]!;
    const step = this.#draw(7) - 3 + Math.trunc((OPENING_TICKS - middle) / 1_000);
    this.#middles[market] = middle + step;
    // The number of the command: two updates of a market may fall into one millisecond.
    const reports = reportOf(middle + step, this.#timeMs(), this.#commands);
    return this.#timed({ kind: 'updateIndexPrice', marketId: toMarketId(market + 1), reports });
  }

  #limit(): SequencedCommand {
    const account = this.#drawMaker();
    const market = this.#drawMarket(account);
    const side: Side = this.#random() < 0.5 ? 'buy' : 'sell';
    const offset = 1 + Math.floor(-Math.log(1 - this.#random()) * OFFSET_TICKS);
    const priceTicks = this.#middles[market]! + (side === 'buy' ? -offset : offset);
    this.#ids.push(this.#nextOrderId);
    this.#owners.push(account);
    return this.#order(account, market, side, priceTicks, 'gtc', 100 + this.#draw(5_000));
  }

  #taker(): SequencedCommand {
    const account = this.#draw(this.#accounts);
    const market = this.#drawMarket(account);
    const side: Side = this.#random() < 0.5 ? 'buy' : 'sell';
    const priceTicks = this.#middles[market]! + (side === 'buy' ? REACH_TICKS : -REACH_TICKS);
    return this.#order(account, market, side, priceTicks, 'ioc', 100 + this.#draw(2_000));
  }

  #order(
    account: number,
    market: number,
    side: Side,
    priceTicks: number,
    timeInForce: 'gtc' | 'ioc',
    sizeLots: number,
  ): SequencedCommand {
    this.#nextOrderId += 1;
    return this.#timed({
      kind: 'placeOrder',
      auth: this.#auth(account),
      marketId: toMarketId(market + 1),
      side,
      orderType: 'limit',
      timeInForce,
      priceTicks,
      sizeLots,
      reduceOnly: false,
      clientOrderId: '',
      expiresAtMs: 0,
      displayLots: 0,
      selfTrade: 'expireMaker',
      selfTradeScope: 'account',
      trigger: undefined,
      attached: undefined,
    });
  }

  #cancel(): SequencedCommand {
    const at = this.#draw(this.#ids.length);
    const orderId = toOrderId(this.#ids[at]!);
    const auth = this.#auth(this.#owners[at]!);
    this.#ids[at] = this.#ids.at(-1)!;
    this.#owners[at] = this.#owners.at(-1)!;
    this.#ids.pop();
    this.#owners.pop();
    return this.#timed({ kind: 'cancelOrder', auth, orderId, clientOrderId: '' });
  }

  #auth(account: number): Authorization {
    const nonce = Math.max(this.#timeMs(), this.#lastNonces[account]! + 1);
    this.#lastNonces[account] = nonce;
    const owner = addressOf(account);
    return { owner, subaccount: 0, signer: addressOf(account), nonce, expiresAfterMs: 0, signature: SIGNATURE };
  }

  #timed(command: Command): SequencedCommand {
    const timeMs = this.#timeMs();
    this.#commands += 1;
    const sequence = toSequence(this.#commands);
    const pool = this.#poolOf(command.kind);
    const pooled = pool.items[pool.used];
    pool.used += 1;
    if (pooled === undefined) {
      const fresh = { sequence, timeMs, command };
      if (POOLED_KINDS.includes(command.kind)) pool.items.push(fresh);
      return fresh;
    }
    const auth = 'auth' in pooled.command ? pooled.command.auth : undefined;
    if (auth !== undefined && 'auth' in command) Object.assign(command, { auth: Object.assign(auth, command.auth) });
    Object.assign(pooled.command, command);
    pooled.sequence = sequence;
    pooled.timeMs = timeMs;
    return pooled;
  }

  #poolOf(kind: Command['kind']) {
    const known = this.#pools.get(kind);
    if (known !== undefined) return known;
    const fresh = { items: [], used: 0 };
    this.#pools.set(kind, fresh);
    return fresh;
  }

  #drawMaker(): number {
    const isMaker = this.#makers > 0 && this.#random() * 100 < MAKER_ORDERS;
    return this.#draw(isMaker ? this.#makers : this.#accounts);
  }

  /** One of the account's own few markets; of all of them where everybody is alike. */
  #drawMarket(account: number): number {
    if (this.#makers === 0) return this.#draw(this.#markets);
    const own = account < this.#makers ? MAKER_MARKETS : OTHER_MARKETS;
    return (account * own + this.#draw(own)) % this.#markets;
  }

  #timeMs(): TimeMs {
    return START_MS + Math.floor(this.#commands / COMMANDS_PER_MS);
  }

  #draw(count: number): number {
    return Math.floor(this.#random() * count);
  }
}

/** A text of its own each time, as one that was just decoded: its hash is not known yet. */
function addressOf(account: number): Address {
  // Spread like real addresses, not counted up.
  const mixed = Math.imul(account + 1, 0x9e3779b1) >>> 0;
  const digits = mixed.toString(16).padStart(8, '0') + (account + 1).toString(16).padStart(32, '0');
  return Buffer.from(`0x${digits}`, 'latin1').toString('latin1') as Address;
}

function specOf(market: number): MarketSpec {
  return {
    ...PLAIN_MARKET,
    marketId: toMarketId(market + 1),
    symbol: `M${market + 1}-USD`,
    baseAsset: `M${market + 1}`,
    priceDecimals: 1,
    sizeDecimals: 5,
    atomsPerTickLot: 1,
    maxPriceTicks: 10_000_000,
    maxOrderLots: 10_000_000,
    maxPositionLots: 100_000_000,
    maxOpenInterestLots: 900_000_000,
    // Sizes are small so that accounts stay far from their margin.
    minOrderNotionalAtoms: 1_000_000,
    initialMarginPpm: 40_000,
    maintenanceMarginPpm: 20_000,
    makerFeePpm: 100,
    takerFeePpm: 400,
    marketSlippagePpm: 50_000,
    priceBandPpm: 500_000,
    markBandPpm: 15_000,
    indexJumpPpm: 200_000,
    indexStaleMs: 10_000,
    liquidationFeePpm: 10_000,
    impactNotionalAtoms: 10_000_000_000,
    fundingInterestPpb: 100_000,
    fundingCapPpb: 40_000_000,
  };
}

/** A small seeded generator of numbers in [0, 1): the same flow in every run. */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
