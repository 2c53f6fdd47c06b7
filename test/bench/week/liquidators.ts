import { type AuctionView, readAccount, readAccountIdOf, readAuctions, readMarket } from '@keel/engine';
import { divFloor, mulDivCeil, mulDivFloor, PPM, type Ppm, type PriceTicks, type Side } from '@keel/types';
import { type CheckedExchange, ownerOf } from './checkedExchange.ts';
import { MARKET, USDC_ATOMS, WEEK_MARKET } from './weekTerms.ts';

/** How much better than mark an auction's price must be for each of them to take it. */
const EDGES_PPM: readonly Ppm[] = [2_500, 5_000];
const LIQUIDATOR_ATOMS = 300_000 * USDC_ATOMS;
/** A position of at most so many times what it put in. */
const LEVERAGE = 3;
/** It unwinds on the book up to so far from mark: less than any edge. */
const UNWIND_PPM = 1_500;

/** Registered accounts that take auctions at a price they like and sell what they took into the book. */
export class Liquidators {
  readonly #exchange: CheckedExchange;

  constructor(exchange: CheckedExchange) {
    this.#exchange = exchange;
  }

  fund(): void {
    for (const place of EDGES_PPM.keys()) {
      const owner = ownerOf('liquidator', place);
      this.#exchange.deposit(owner, LIQUIDATOR_ATOMS);
      this.#exchange.must({ kind: 'registerLiquidator', auth: this.#exchange.auth(owner), active: true });
    }
  }

  /** The one content with less comes first. */
  takeAuctions(): void {
    const markTicks = readMarket(this.#exchange.state, MARKET)!.markTicks;
    for (const [place, edgePpm] of EDGES_PPM.entries()) {
      for (const auction of readAuctions(this.#exchange.state)) this.#take(place, edgePpm, auction, markTicks);
    }
  }

  unwind(): void {
    const markTicks = readMarket(this.#exchange.state, MARKET)!.markTicks;
    for (const place of EDGES_PPM.keys()) {
      const heldLots = this.#heldLots(place);
      if (heldLots === 0) continue;
      const side = heldLots > 0 ? 'sell' : 'buy';
      this.#exchange.order(ownerOf('liquidator', place), {
        side,
        timeInForce: 'ioc',
        priceTicks: worseThan(markTicks, side, UNWIND_PPM),
        sizeLots: Math.abs(heldLots),
        reduceOnly: true,
      });
    }
  }

  #take(place: number, edgePpm: Ppm, auction: AuctionView, markTicks: PriceTicks): void {
    const { auctionId, side } = auction;
    const limitTicks = worseThan(markTicks, side, edgePpm);
    const isCheap = side === 'sell' ? auction.limitTicks <= limitTicks : auction.limitTicks >= limitTicks;
    const sizeLots = Math.min(auction.remainingLots, this.#roomLots(place, side, markTicks));
    if (!isCheap || sizeLots <= 0) return;
    const auth = this.#exchange.auth(ownerOf('liquidator', place));
    this.#exchange.run({ kind: 'takeAuction', auth, auctionId, marketId: MARKET, sizeLots, limitTicks });
  }

  /** Lots it may still take by its own rule; the engine has the last word. It buys what a long has to sell. */
  #roomLots(place: number, side: Side, markTicks: PriceTicks): number {
    const mostLots = divFloor(LIQUIDATOR_ATOMS * LEVERAGE, markTicks * WEEK_MARKET.atomsPerTickLot);
    const heldLots = this.#heldLots(place);
    return side === 'sell' ? mostLots - heldLots : mostLots + heldLots;
  }

  #heldLots(place: number): number {
    const { state } = this.#exchange;
    return readAccount(state, readAccountIdOf(state, ownerOf('liquidator', place))!)?.positions[0]?.sizeLots ?? 0;
  }
}

/** So far on the bad side of mark for whoever sells (or buys), rounded away from mark. */
function worseThan(markTicks: PriceTicks, side: Side, partPpm: Ppm): PriceTicks {
  return side === 'sell' ? mulDivFloor(markTicks, PPM - partPpm, PPM) : mulDivCeil(markTicks, PPM + partPpm, PPM);
}
