import { apply, createState, type EngineState } from '@keel/engine';
import {
  type Address,
  type Authorization,
  type Command,
  type Event,
  type MarketSpec,
  type OrderId,
  type PlaceOrder,
  type Side,
  type TimeInForce,
  toMarketId,
  toSequence,
} from '@keel/types';
import { ONE_FEEDER, reportOf } from '../oneFeeder.ts';
import { PLAIN_MARKET } from '../plainMarket.ts';

/** A share in whole shares and cents: one lot is a share, one tick a cent. */
const spec: MarketSpec = {
  ...PLAIN_MARKET,
  marketId: toMarketId(1),
  symbol: 'AMZN-USD',
  baseAsset: 'AMZN',
  priceDecimals: 2,
  sizeDecimals: 0,
  atomsPerTickLot: 10_000,
  maxPriceTicks: 900_000,
  maxOrderLots: 100_000,
  maxPositionLots: 900_000,
  maxOpenInterestLots: 3_600_000,
  // A cent, so that one share is an order.
  minOrderNotionalAtoms: 10_000,
  initialMarginPpm: 20_000,
  maintenanceMarginPpm: 10_000,
  makerFeePpm: 100,
  takerFeePpm: 400,
  marketSlippagePpm: 50_000,
  priceBandPpm: 500_000,
  markBandPpm: 15_000,
  indexJumpPpm: 200_000,
  indexStaleMs: 60_000,
  liquidationFeePpm: 10_000,
  impactNotionalAtoms: 10_000_000_000,
  fundingInterestPpb: 100_000,
  fundingCapPpb: 40_000_000,
};
const MARKET = spec.marketId;
/** So much money that margin never decides anything: what is looked at here is priority. */
const DEPOSIT_ATOMS = 900_000_000_000_000;
/** A full hour, so that no funding is due within half an hour. */
const START_MS = 1_618_232_400_000;
const INDEX_EVERY_MS = 1_000;
/** The account of the executions; it never rests. */
const TAKER = 0;

/** The engine behind the accounts of a replay: account 0 takes, the others make. Nothing between it and the caller. */
export class ReplayExchange {
  readonly state: EngineState = createState();
  /** Refusals by code; a replay that is right has none. */
  readonly refusals = new Map<number, number>();
  readonly #accounts: number;
  #timeMs = START_MS;
  #indexMs = 0;
  #nonce = START_MS;

  constructor(accounts: number, openingCents: number) {
    this.#accounts = accounts;
    this.#run(ONE_FEEDER);
    this.#run({ kind: 'listMarket', spec });
    for (let account = 0; account <= accounts; account += 1) this.#deposit(account);
    this.#index(openingCents);
  }

  get commands(): number {
    return this.state.sequence;
  }

  get makers(): number {
    return this.#accounts;
  }

  /** Lets time come to this many ms after the start, with an index price once a second. */
  moveTo(afterMs: number, lastCents: number): void {
    this.#timeMs = Math.max(this.#timeMs, START_MS + afterMs);
    if (this.#timeMs - this.#indexMs >= INDEX_EVERY_MS) this.#index(lastCents);
  }

  place(account: number, side: Side, cents: number, lots: number): Event[] {
    return this.#run(this.#order(account, side, cents, lots, 'gtc'));
  }

  take(side: Side, cents: number, lots: number): Event[] {
    return this.#run(this.#order(TAKER, side, cents, lots, 'ioc'));
  }

  cancel(account: number, orderId: OrderId): Event[] {
    return this.#run({ kind: 'cancelOrder', auth: this.#auth(account), orderId, clientOrderId: '' });
  }

  /** `sizeLots` is the new whole size, what has traded included. */
  shrink(account: number, orderId: OrderId, cents: number, sizeLots: number): Event[] {
    const auth = this.#auth(account);
    const terms = { orderId, clientOrderId: '', marketId: MARKET, priceTicks: cents, sizeLots };
    return this.#run({ kind: 'amendOrder', auth, ...terms });
  }

  #order(account: number, side: Side, priceTicks: number, sizeLots: number, timeInForce: TimeInForce): PlaceOrder {
    return {
      kind: 'placeOrder',
      auth: this.#auth(account),
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
    };
  }

  #auth(account: number): Authorization {
    const owner = addressOf(account);
    this.#nonce += 1;
    return { owner, subaccount: 0, signer: owner, nonce: this.#nonce, expiresAfterMs: 0, signature: '0x' };
  }

  #deposit(account: number): void {
    const where = { l1BlockNumber: 1, l1TxHash: '0x' } as const;
    const owner = addressOf(account);
    const amountAtoms = DEPOSIT_ATOMS;
    this.#run({ kind: 'creditDeposit', depositIndex: account, owner, assetId: 0, amountAtoms, ...where });
  }

  #index(priceTicks: number): void {
    this.#indexMs = this.#timeMs;
    this.#run({ kind: 'updateIndexPrice', marketId: MARKET, reports: reportOf(priceTicks, this.#timeMs) });
  }

  #run(command: Command): Event[] {
    const events = apply(this.state, { sequence: toSequence(this.state.sequence + 1), timeMs: this.#timeMs, command });
    for (const event of events)
      if (event.kind === 'commandRejected') this.refusals.set(event.code, (this.refusals.get(event.code) ?? 0) + 1);
    return events;
  }
}

function addressOf(account: number): Address {
  return `0x${(account + 1).toString(16).padStart(40, '0')}`;
}
