import { apply, type EngineState } from '@keel/engine';
import {
  type Address,
  type Command,
  divFloor,
  type Event,
  type MarketSpec,
  type Side,
  toMarketId,
  toSequence,
} from '@keel/types';
import { ONE_FEEDER, reportOf } from '../../oneFeeder.ts';
import { btcSpec } from '../btcSpec.ts';

export const PRICE_TICKS = 600_000;
/** Each small account holds this: 60 USDC at the opening price. */
const LOTS = 100;
/** A weak one is under maintenance once the price has fallen by 2.4 %; a firm one has its whole position as collateral. */
const WEAK_ATOMS = 2_600_000;
const FIRM_ATOMS = 60_000_000;
const MAKER_ATOMS = 1_000_000_000_000_000;
/** Positions that one maker stands against: half of what it may hold. */
const POSITIONS_PER_MAKER = 400_000;
const MARKET = toMarketId(1);
const SIGNATURE = `0x${'00'.repeat(65)}` as const;

const spec: MarketSpec = { ...btcSpec, minOrderNotionalAtoms: 1_000_000 };

/**
 * A market with many long positions of small accounts, of which some stand close to their maintenance margin. A few
 * makers hold the other side and keep both sides of the book so deep that no close-out moves it.
 */
export class Population {
  readonly #state: EngineState;
  readonly #weak: number;
  /** The makers, and one more rich account that trades with the first of them. */
  readonly #rich: number;
  #timeMs = 1_800_000_000_000;
  #nonce = 0;
  #priceTicks = PRICE_TICKS;

  constructor(state: EngineState, positions: number, weak: number) {
    this.#state = state;
    this.#weak = weak;
    this.#rich = Math.ceil(positions / POSITIONS_PER_MAKER) + 1;
    this.run(ONE_FEEDER);
    this.run({ kind: 'listMarket', spec });
    for (let rich = 0; rich < this.#rich; rich += 1) this.#deposit(rich, MAKER_ATOMS);
    this.movePrice(PRICE_TICKS);
    for (let account = 0; account < positions; account += 1) {
      this.#deposit(this.#rich + account, account < weak ? WEAK_ATOMS : FIRM_ATOMS);
      this.#open(this.#rich + account, divFloor(account, POSITIONS_PER_MAKER));
    }
    for (let maker = 0; maker < this.#rich - 1; maker += 1) this.#order(maker, 'buy', 'gtc', BID_TICKS, BID_LOTS);
    this.movePrice(PRICE_TICKS);
  }

  /** The command that moves the index; the caller applies it, so that nothing else is in its time. */
  priceCommand(ticks: number) {
    this.#timeMs += 1;
    this.#priceTicks = ticks;
    return this.#timed({ kind: 'updateIndexPrice', marketId: MARKET, reports: reportOf(ticks, this.#timeMs) });
  }

  movePrice(ticks: number): void {
    apply(this.#state, this.priceCommand(ticks));
  }

  /** Lets sequenced time pass until nobody is in liquidation any more; returns the commands that took. */
  settle(): number {
    let commands = 0;
    while (this.#state.turns.keys.length > 0) {
      // Twice a second, with a price each time, as on a live exchange.
      this.#timeMs += 500;
      this.movePrice(this.#priceTicks);
      commands += 1;
      if (commands > 100_000) throw new Error('liquidations do not end');
    }
    return commands;
  }

  /** Gives every weak account that was closed out what it lost, and its position back. */
  refill(): void {
    this.#comeBack();
    for (let account = 0; account < this.#weak; account += 1) {
      const trader = this.#state.accountByOwner.get(addressOf(this.#rich + account));
      if (trader === undefined || trader.holdings.length > 0) continue;
      const missing = WEAK_ATOMS - trader.collateralAtoms;
      if (missing > 0) this.#deposit(this.#rich + account, missing);
      this.#open(this.#rich + account, divFloor(account, POSITIONS_PER_MAKER));
    }
  }

  /** The last trade is at the opening price again, and time passes until the mark is there too. */
  #comeBack(): void {
    this.movePrice(PRICE_TICKS);
    this.#order(0, 'sell', 'gtc', PRICE_TICKS, LOTS);
    this.#order(this.#rich - 1, 'buy', 'ioc', PRICE_TICKS, LOTS);
    while (this.#state.markets[0]!.markTicks !== PRICE_TICKS) {
      this.#timeMs += 1_000;
      this.movePrice(PRICE_TICKS);
    }
  }

  run(command: Command): Event[] {
    return apply(this.#state, this.#timed(command));
  }

  #timed(command: Command) {
    return { sequence: toSequence(this.#state.sequence + 1), timeMs: this.#timeMs, command };
  }

  /** The maker sells, the account buys; at the index, so that neither gains. */
  #open(account: number, maker: number): void {
    this.#order(maker, 'sell', 'gtc', PRICE_TICKS, LOTS);
    this.#order(account, 'buy', 'ioc', PRICE_TICKS, LOTS);
  }

  #deposit(account: number, amountAtoms: number): void {
    const depositIndex = this.#state.nextDepositIndex;
    const owner = addressOf(account);
    const where = { l1BlockNumber: 1, l1TxHash: SIGNATURE } as const;
    this.run({ kind: 'creditDeposit', depositIndex, owner, assetId: 0, amountAtoms, ...where });
  }

  #order(account: number, side: Side, timeInForce: 'gtc' | 'ioc', priceTicks: number, sizeLots: number): void {
    this.#nonce += 1;
    const owner = addressOf(account);
    const events = this.run({
      kind: 'placeOrder',
      auth: {
        owner,
        subaccount: 0,
        signer: owner,
        nonce: this.#timeMs + this.#nonce,
        expiresAfterMs: 0,
        signature: SIGNATURE,
      },
      marketId: MARKET,
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
    const refused = events.find((event) => event.kind === 'commandRejected');
    if (refused !== undefined) throw new Error(`order of account ${account} refused: ${refused.code}`);
  }
}

/** Above every zero price of a weak account at the lowest index used. */
const BID_TICKS = 584_000;
const BID_LOTS = 10_000_000;

function addressOf(account: number): Address {
  const mixed = Math.imul(account + 1, 0x9e3779b1) >>> 0;
  return `0x${mixed.toString(16).padStart(8, '0')}${(account + 1).toString(16).padStart(32, '0')}`;
}
