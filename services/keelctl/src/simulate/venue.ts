import { apply, createState, type EngineState, readSnapshot, writeSnapshot } from '@keel/engine';
import {
  type Address,
  type Authorization,
  assert,
  type Command,
  type Event,
  type Hex,
  type MarketId,
  type OrderRequest,
  type PriceReport,
  type PriceTicks,
  type QuoteAtoms,
  type SafetyFund,
  type Side,
  type SizeLots,
  type TimeMs,
  toSequence,
} from '@keel/types';

/** Sequenced time of an exchange that begins here: a whole hour, as on no machine's clock. */
const START_MS: TimeMs = 1_800_000_000_000;
/** The one feeder of a simulated exchange. Nobody checks its signature: the engine never does, and there is no sequencer. */
const FEEDER: Address = `0x${'fe'.repeat(20)}`;
const UNSIGNED: Hex = `0x${'00'.repeat(65)}`;
const L1_TX_HASH: Hex = `0x${'00'.repeat(32)}`;

/** An order of a simulated trader. */
export interface PlainOrder {
  readonly marketId: MarketId;
  readonly side: Side;
  readonly timeInForce: 'gtc' | 'ioc' | 'postOnly';
  readonly priceTicks: PriceTicks;
  readonly sizeLots: SizeLots;
}

/** The engine with what a sequencer and its customers add: a clock, nonces, deposits, prices. Every command is `apply`. */
export class Venue {
  readonly state: EngineState;
  timeMs: TimeMs;
  /** Hears the events of every command: close-outs happen with whatever comes next. */
  listen: (events: readonly Event[]) => void = () => undefined;
  #nonce = 0;

  constructor(state: EngineState = createState()) {
    this.state = state;
    // An exchange that runs goes on from its own time: to it, a gap would be an outage.
    this.timeMs = state.timeMs === 0 ? START_MS : state.timeMs;
  }

  /** The same exchange once more, from its snapshot: what happens to one does not happen to the other. */
  static from(snapshot: Uint8Array): Venue {
    return new Venue(readSnapshot(snapshot));
  }

  snapshot(): Uint8Array {
    return writeSnapshot(this.state);
  }

  run(command: Command): Event[] {
    const { state, timeMs } = this;
    const events = apply(state, { sequence: toSequence(state.sequence + 1), timeMs, command });
    this.listen(events);
    return events;
  }

  /** Takes over the prices: from now on those of `setIndex` count and no others. */
  takeFeed(): void {
    this.run({ kind: 'setPriceFeeders', feeders: [{ feeder: FEEDER, weight: 1 }] });
  }

  setIndex(marketId: MarketId, priceTicks: PriceTicks): Event[] {
    return this.run({ kind: 'updateIndexPrice', marketId, reports: [this.#report(priceTicks)] });
  }

  setCollateralPrice(place: number, priceTicks: PriceTicks): Event[] {
    const { assetId } = this.state.collaterals[place]!.spec;
    return this.run({ kind: 'updateCollateralPrice', assetId, reports: [this.#report(priceTicks)] });
  }

  deposit(owner: Address, amountAtoms: QuoteAtoms): void {
    const { nextDepositIndex: depositIndex } = this.state;
    this.#must({
      kind: 'creditDeposit',
      depositIndex,
      owner,
      assetId: 0,
      amountAtoms,
      l1BlockNumber: 1,
      l1TxHash: L1_TX_HASH,
    });
  }

  fund(owner: Address, marketId: MarketId, fund: SafetyFund, amountAtoms: QuoteAtoms): void {
    this.#must({ kind: 'fundSafety', auth: this.auth(owner), marketId, fund, amountAtoms });
  }

  order(owner: Address, order: PlainOrder): Event[] {
    return this.run({ kind: 'placeOrder', auth: this.auth(owner), ...requestOf(order) });
  }

  orders(owner: Address, orders: readonly PlainOrder[]): Event[] {
    return this.run({ kind: 'placeOrders', auth: this.auth(owner), orders: orders.map(requestOf), grouping: 'none' });
  }

  auth(owner: Address, subaccount = 0): Authorization {
    this.#nonce += 1;
    const nonce = this.timeMs + this.#nonce;
    return { owner, subaccount, signer: owner, nonce, expiresAfterMs: 0, signature: UNSIGNED };
  }

  /** What the simulation itself asks for must be granted. */
  #must(command: Command): void {
    const refused = this.run(command).find(({ kind }) => kind === 'commandRejected');
    assert(refused === undefined, `${command.kind} was refused: ${JSON.stringify(refused)}`);
  }

  #report(priceTicks: PriceTicks): PriceReport {
    const { timeMs } = this;
    return {
      feeder: FEEDER,
      priceTicks,
      perpTicks: 0,
      publishTimeMs: timeMs,
      // Counts up with time, which every two prices of a market are apart.
      reportSequence: timeMs,
      signature: UNSIGNED,
    };
  }
}

/** Number `place` of a group of simulated owners; two groups never share an address. */
export function ownerOf(group: 'trader' | 'hedger' | 'maker' | 'liquidator' | 'treasury', place: number): Address {
  const digits = [...group.slice(0, 6)].map((letter) => letter.charCodeAt(0).toString(16)).join('');
  return `0x5e${digits}${place.toString(16).padStart(38 - digits.length, '0')}`;
}

function requestOf({ marketId, side, timeInForce, priceTicks, sizeLots }: PlainOrder): OrderRequest {
  return {
    marketId,
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
