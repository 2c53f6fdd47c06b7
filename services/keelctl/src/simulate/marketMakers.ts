import {
  COLLATERAL_ATOMS_MAX,
  divFloor,
  mulDivCeil,
  mulDivFloor,
  PPM,
  type Ppm,
  type PriceTicks,
  type QuoteAtoms,
  type Side,
  type SizeLots,
} from '@keel/types';
import { ownerOf, type PlainOrder, type Venue } from './venue.ts';

const MAKERS = 4;
/** Distance of each level from the index, and its part of the depth of a side: all of it within 1 %, and as much again beyond. */
const LEVELS = [
  { distancePpm: 1_000, partPpm: 250_000 },
  { distancePpm: 3_000, partPpm: 250_000 },
  { distancePpm: 6_000, partPpm: 250_000 },
  { distancePpm: 10_000, partPpm: 250_000 },
  { distancePpm: 20_000, partPpm: 500_000 },
  { distancePpm: 40_000, partPpm: 500_000 },
] as const;
const WHOLE_PPM = 2 * PPM;
/** Part of a maker's whole calm quotes that it can put back within a second, whatever was taken. */
const REFILL_PPM = 100_000;
/** A maker holds at most so many times its depth within 1 %, long or short. */
const INVENTORY_TIMES = 5;
/** Collateral in units of what a maker quotes and may hold: it is never the one who fails. */
const COLLATERAL_TIMES = 3;
/** Move within MOVE_MS at which the book is thinnest, and what is left of it then. */
export const MOVE_MS = 10_000;
const THINNEST_MOVE_PPM = 50_000;
const THINNEST_PPM = 200_000;

/** Part of the calm depth that is quoted when prices have moved by `movedPpm` within the last MOVE_MS. */
export function depthPartPpm(movedPpm: Ppm): Ppm {
  const speedPpm = Math.min(PPM, mulDivFloor(Math.abs(movedPpm), PPM, THINNEST_MOVE_PPM));
  return PPM - mulDivFloor(PPM - THINNEST_PPM, speedPpm, PPM);
}

/** The makers of all markets: as accounts they are like anybody's, only with more money than they need. */
export class MarketMakers {
  readonly #venue: Venue;
  /** What one maker quotes on one side of each market within 1 %, in calm; by market place. */
  readonly #lots: readonly SizeLots[];
  #quoted = false;

  /** The markets must have prices. `depthAtoms`: of one side of one market, within 1 %, all makers together. */
  constructor(venue: Venue, depthAtoms: QuoteAtoms) {
    this.#venue = venue;
    const makerAtoms = divFloor(depthAtoms, MAKERS);
    this.#lots = venue.state.markets.map(({ spec, indexTicks }) =>
      indexTicks === 0 ? 0 : divFloor(makerAtoms, indexTicks * spec.atomsPerTickLot),
    );
  }

  /** Once, before the first quote. */
  static fund(venue: Venue, depthAtoms: QuoteAtoms): void {
    const needAtoms = divFloor(depthAtoms, MAKERS) * INVENTORY_TIMES * COLLATERAL_TIMES * venue.state.markets.length;
    if (needAtoms === 0) return;
    for (let maker = 0; maker < MAKERS; maker += 1) {
      venue.deposit(ownerOf('maker', maker), Math.min(needAtoms, COLLATERAL_ATOMS_MAX));
    }
  }

  /** All quotes of all makers anew around these prices, by market place; `partPpm` of the calm depth. */
  quote(prices: readonly PriceTicks[], partPpm: Ppm): void {
    for (const [place, market] of this.#venue.state.markets.entries()) {
      if ((this.#lots[place] ?? 0) === 0) continue;
      const quotes = Array.from({ length: MAKERS }, (_, maker) => this.#plan(maker, place, prices[place]!, partPpm));
      // First all go, then all come: nobody's new quotes meet another's old ones.
      for (let maker = 0; maker < MAKERS; maker += 1) {
        const auth = this.#venue.auth(ownerOf('maker', maker));
        this.#venue.run({ kind: 'cancelAllOrders', auth, marketId: market.spec.marketId });
      }
      for (const [maker, orders] of quotes.entries()) {
        if (orders.length > 0) this.#venue.orders(ownerOf('maker', maker), orders);
      }
    }
    this.#quoted = true;
  }

  #plan(maker: number, place: number, priceTicks: PriceTicks, partPpm: Ppm): readonly PlainOrder[] {
    const market = this.#venue.state.markets[place]!;
    const account = this.#venue.state.accountByOwner.get(ownerOf('maker', maker));
    const holding = account?.holdings.find((one) => one.market === market);
    const heldLots = holding?.sizeLots ?? 0;
    const lots = this.#lots[place]!;
    return (['buy', 'sell'] as const).flatMap((side) => {
      const roomLots = side === 'buy' ? lots * INVENTORY_TIMES - heldLots : lots * INVENTORY_TIMES + heldLots;
      const restingLots = (side === 'buy' ? holding?.restingBuyLots : holding?.restingSellLots) ?? 0;
      const calmLots = mulDivFloor(lots, WHOLE_PPM, PPM);
      const refilledLots = this.#quoted ? restingLots + mulDivFloor(calmLots, REFILL_PPM, PPM) : calmLots;
      const sideLots = Math.min(mulDivFloor(calmLots, partPpm, PPM), refilledLots, Math.max(0, roomLots));
      return LEVELS.map((level) => ({
        marketId: market.spec.marketId,
        side,
        timeInForce: 'postOnly' as const,
        priceTicks: awayFrom(priceTicks, side, level.distancePpm, market.spec.maxPriceTicks),
        sizeLots: Math.min(market.spec.maxOrderLots, mulDivFloor(sideLots, level.partPpm, WHOLE_PPM)),
      })).filter(({ sizeLots }) => sizeLots > 0);
    });
  }
}

/** A bid below the price, an ask above it; rounded away from it. */
function awayFrom(priceTicks: PriceTicks, side: Side, distancePpm: Ppm, maxPriceTicks: PriceTicks): PriceTicks {
  return side === 'buy'
    ? Math.max(1, mulDivFloor(priceTicks, PPM - distancePpm, PPM))
    : Math.min(maxPriceTicks, mulDivCeil(priceTicks, PPM + distancePpm, PPM));
}
