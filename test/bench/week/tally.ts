import type { EngineState } from '@keel/engine';
import { type AccountId, type Event, REJECT_CODES, type RejectCode, type TimeMs } from '@keel/types';
import { Peer, wholeAtomsOf } from './peer.ts';
import { Reserves } from './reserves.ts';
import { STAGES, type Stage, StageSums, stageOf } from './stageSums.ts';
import { debtors, Waits, weakAccounts } from './waits.ts';
import { MARKET } from './weekTerms.ts';

const CODE_NAMES = new Map<number, string>(Object.entries(REJECT_CODES).map(([name, code]) => [code, name]));

type LiquidationStarted = Extract<Event, { readonly kind: 'liquidationStarted' }>;
type LiquidationEnded = Extract<Event, { readonly kind: 'liquidationEnded' }>;

/** Adds up what the engine tells over the whole play. */
export class Tally {
  readonly stages = Object.fromEntries(STAGES.map((stage) => [stage, new StageSums()])) as Record<Stage, StageSums>;
  readonly peer: Peer;
  readonly reserves: Reserves;
  /** Under maintenance with a position; and flat, in debt, with other collateral that nobody has bought yet. */
  readonly weak: Waits;
  readonly owing: Waits;
  readonly rejects: Record<string, number> = {};
  readonly liquidated = new Set<AccountId>();
  readonly deleveraged = new Set<AccountId>();
  fills = 0;
  deposits = 0;
  liquidations = 0;
  bankrupts = 0;
  auctions = 0;
  marginCalls75 = 0;
  marginCalls90 = 0;
  preLiquidations = 0;
  ordersPreLiquidated = 0;
  conversions = 0;
  convertedAtoms = 0n;
  bandTrips = 0;
  insurancePaidAtoms = 0n;
  onLiquidationEnded: (accountId: AccountId) => void = () => undefined;
  readonly #state: EngineState;
  /** Liquidations of accounts without a position. */
  readonly #flat = new Set<number>();

  constructor(state: EngineState, startMs: TimeMs) {
    this.#state = state;
    this.peer = new Peer();
    this.reserves = new Reserves(state, startMs);
    this.weak = new Waits(state, weakAccounts);
    this.owing = new Waits(state, debtors);
  }

  readonly add = (events: readonly Event[]): void => {
    const before = this.liquidations;
    for (const event of events) this.#add(event, events);
    this.weak.look();
    this.owing.look();
    this.reserves.look(this.liquidations - before);
  };

  #add(event: Event, events: readonly Event[]): void {
    switch (event.kind) {
      case 'orderFilled':
        this.fills += 1;
        break;
      case 'depositCredited':
        this.deposits += 1;
        break;
      case 'liquidationStarted':
        this.#start(event, events);
        break;
      case 'liquidationEnded':
        this.#end(event);
        break;
      case 'closeOutCertified':
        this.stages[stageOf(event.certificate, this.#vaultId())].add(event.certificate);
        break;
      case 'positionDeleveraged':
        this.deleveraged.add(event.deleveragedAccountId);
        break;
      case 'insurancePaid':
        this.insurancePaidAtoms += BigInt(event.amountAtoms);
        break;
      case 'auctionStarted':
        this.auctions += 1;
        break;
      case 'marginCall':
        if (event.levelPercent === 75) this.marginCalls75 += 1;
        else if (event.levelPercent === 90) this.marginCalls90 += 1;
        break;
      case 'preLiquidation':
        this.preLiquidations += 1;
        this.ordersPreLiquidated += event.closedOrders;
        break;
      case 'collateralConverted':
        this.conversions += 1;
        this.convertedAtoms += BigInt(event.valueAtoms);
        break;
      case 'priceBandTripped':
        this.bandTrips += 1;
        break;
      case 'commandRejected':
        this.#reject(event.code);
        break;
      case 'batchItem':
        if (event.code !== 0) this.#reject(event.code);
        break;
      default:
        break;
    }
  }

  #start(event: LiquidationStarted, events: readonly Event[]): void {
    const wholeAtoms = wholeAtomsOf(this.#state, event, events);
    if (wholeAtoms === 0n) {
      this.#flat.add(event.liquidationId);
      return;
    }
    this.liquidations += 1;
    this.liquidated.add(event.accountId);
    if (event.equityAtoms < 0) this.bankrupts += 1;
    this.peer.add(event, wholeAtoms);
  }

  #end({ accountId, liquidationId }: LiquidationEnded): void {
    // It had nothing to close: its other collateral had come to count less than what it owed.
    if (!this.#flat.delete(liquidationId) && !this.weak.has(accountId)) this.weak.addAtOnce();
    this.onLiquidationEnded(accountId);
  }

  #reject(code: RejectCode): void {
    const name = CODE_NAMES.get(code) ?? String(code);
    this.rejects[name] = (this.rejects[name] ?? 0) + 1;
  }

  #vaultId(): AccountId | 0 {
    return this.#state.markets[MARKET - 1]?.backstop?.accountId ?? 0;
  }
}
