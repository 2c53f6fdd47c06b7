import type { EngineState } from '@keel/engine';
import {
  type AccountId,
  type CloseOutStage,
  divCeil,
  divFloorBig,
  type Event,
  type MarketId,
  PPM,
  type PriceTicks,
  type SizeLots,
} from '@keel/types';

export interface StageSums {
  closeOuts: number;
  /** At mark, in quote atoms. */
  notionalAtoms: bigint;
  /** By market symbol. */
  readonly lots: Record<string, number>;
}

type PositionCloseOut = Extract<Event, { readonly kind: 'positionCloseOut' }>;
type PositionDeleveraged = Extract<Event, { readonly kind: 'positionDeleveraged' }>;
type OrderFilled = Extract<Event, { readonly kind: 'orderFilled' }>;

/** Adds up what the engine tells while a shock lasts. */
export class Tally {
  readonly stages: Readonly<Record<CloseOutStage, StageSums>> = {
    book: emptySums(),
    auction: emptySums(),
    backstop: emptySums(),
    deleverage: emptySums(),
  };
  readonly liquidated = new Set<AccountId>();
  readonly deleveraged = new Set<AccountId>();
  feesAtoms = 0n;
  insuranceAtoms = 0n;
  /** What deleveraged accounts gave up against mark; who came out better than at mark does not count. */
  deleverageLossAtoms = 0n;
  /** Farthest close-out trade in the book from the index, on the bad side for whoever is closed; parts of a million. */
  deepestPpm = 0;
  /** Of close-outs in book and auctions: quote at mark less what they brought. */
  #slippageAtoms = 0n;
  readonly #state: EngineState;

  constructor(state: EngineState) {
    this.#state = state;
  }

  readonly add = (events: readonly Event[]): void => {
    for (const event of events) {
      if (event.kind === 'orderFilled') this.#addFill(event);
      else if (event.kind === 'positionCloseOut') this.#addCloseOut(event);
      else if (event.kind === 'liquidationStarted') this.liquidated.add(event.accountId);
      else if (event.kind === 'positionDeleveraged') this.#addDeleveraged(event);
      else if (event.kind === 'insurancePaid') this.insuranceAtoms += BigInt(event.amountAtoms);
    }
  };

  /** Average over what was closed in book and auctions, in parts of a million of notional at mark, rounded down. */
  slippagePpm(): number {
    const notionalAtoms = this.stages.book.notionalAtoms + this.stages.auction.notionalAtoms;
    return notionalAtoms === 0n ? 0 : Number(divFloorBig(this.#slippageAtoms * BigInt(PPM), notionalAtoms));
  }

  #addFill({ liquidation, marketId, priceTicks, takerSide }: OrderFilled): void {
    if (!liquidation) return;
    const { indexTicks } = this.#state.markets[marketId - 1]!;
    const worseTicks = takerSide === 'sell' ? indexTicks - priceTicks : priceTicks - indexTicks;
    if (worseTicks > 0) this.deepestPpm = Math.max(this.deepestPpm, divCeil(worseTicks * PPM, indexTicks));
  }

  /** Prices are those of the command that deleveraged: marks move before close-outs, and the listener hears at once. */
  #addDeleveraged({ marketId, deleveragedAccountId, sizeLots, quoteAtoms, rank }: PositionDeleveraged): void {
    this.deleveraged.add(deleveragedAccountId);
    const atoms = this.#addTo('deleverage', marketId, sizeLots, this.#state.markets[marketId - 1]!.markTicks);
    // A short buys back: it pays more than mark, or gains.
    const costAtoms = BigInt(quoteAtoms) - (rank.sizeLots < 0 ? atoms : -atoms);
    if (costAtoms > 0n) this.deleverageLossAtoms += costAtoms;
  }

  /** Returns the notional at mark. */
  #addTo(stage: CloseOutStage, marketId: MarketId, lots: SizeLots, markTicks: PriceTicks): bigint {
    const { symbol, atomsPerTickLot } = this.#state.markets[marketId - 1]!.spec;
    const atoms = BigInt(markTicks) * BigInt(lots) * BigInt(atomsPerTickLot);
    const sums = this.stages[stage];
    sums.closeOuts += 1;
    sums.notionalAtoms += atoms;
    sums.lots[symbol] = (sums.lots[symbol] ?? 0) + lots;
    return atoms;
  }

  #addCloseOut(event: PositionCloseOut): void {
    const atoms = this.#addTo(event.stage, event.marketId, event.filledLots, event.markTicks);
    this.feesAtoms += BigInt(event.feeAtoms);
    if (event.stage !== 'book' && event.stage !== 'auction') return;
    const markAtoms = event.side === 'sell' ? atoms : -atoms;
    this.#slippageAtoms += markAtoms - BigInt(event.quoteAtoms);
  }
}

function emptySums(): StageSums {
  return { closeOuts: 0, notionalAtoms: 0n, lots: {} };
}
