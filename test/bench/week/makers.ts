import { divFloor, mulDivCeil, mulDivFloor, PPM, type Ppm, type PriceTicks, type Side } from '@keel/types';
import { type CheckedExchange, ownerOf, type WeekOrder } from './checkedExchange.ts';
import { USDC_ATOMS, WEEK_MARKET } from './weekTerms.ts';

const MAKERS = 2;
/** Each is rich enough never to fail: it stands against all traders if they come on one side. */
const MAKER_ATOMS = 200_000_000 * USDC_ATOMS;
/** One maker on one side in calm: so much at each of these distances, 5,000,000 USDC a side over both makers. */
const LEVELS = [
  { distancePpm: 100, atoms: 100_000 * USDC_ATOMS },
  { distancePpm: 400, atoms: 300_000 * USDC_ATOMS },
  { distancePpm: 900, atoms: 500_000 * USDC_ATOMS },
  { distancePpm: 1_600, atoms: 700_000 * USDC_ATOMS },
  { distancePpm: 2_500, atoms: 900_000 * USDC_ATOMS },
] as const;
/** The second maker's prices lie so much further away: most levels are one maker's alone. */
const APART_PPM = 50;
/** A minute that moves by more than this is not calm: twice the range, half the size, at twice the distance, */
const CALM_PPM = 2_000;
/** down to this part of the size */
const THINNEST_TIMES = 50;
/** and up to so many times the distance. */
const WIDEST_TIMES = 8;

/** How many times as wild as calm it is, in parts of a million; 1,000,000 = calm. */
export function wildnessPpm(rangePpm: Ppm): Ppm {
  return Math.max(PPM, mulDivFloor(rangePpm, PPM, CALM_PPM));
}

/** Those who keep both sides of the book, with a size that shrinks and a spread that widens as a minute becomes wild. */
export class Makers {
  readonly #exchange: CheckedExchange;

  constructor(exchange: CheckedExchange) {
    this.#exchange = exchange;
  }

  fund(): void {
    for (let maker = 0; maker < MAKERS; maker += 1) this.#exchange.deposit(ownerOf('maker', maker), MAKER_ATOMS);
  }

  /** All quotes anew around this price. First all go, then all come: nobody's new quotes meet another's old ones. */
  quote(priceTicks: PriceTicks, rangePpm: Ppm): void {
    for (let maker = 0; maker < MAKERS; maker += 1) this.#exchange.cancelAll(ownerOf('maker', maker));
    for (let maker = 0; maker < MAKERS; maker += 1) {
      this.#exchange.orders(ownerOf('maker', maker), quotesOf(maker, priceTicks, wildnessPpm(rangePpm)));
    }
  }
}

function quotesOf(maker: number, priceTicks: PriceTicks, wildPpm: Ppm): readonly WeekOrder[] {
  const thinPpm = Math.min(THINNEST_TIMES * PPM, wildPpm);
  const widePpm = Math.min(WIDEST_TIMES * PPM, wildPpm);
  const lotAtoms = priceTicks * WEEK_MARKET.atomsPerTickLot;
  return (['buy', 'sell'] as const).flatMap((side) =>
    LEVELS.map(({ distancePpm, atoms }) => ({
      side,
      // Where a trader's order lies beyond the new price, it is taken.
      timeInForce: 'gtc' as const,
      priceTicks: awayFrom(priceTicks, side, mulDivFloor(distancePpm + maker * APART_PPM, widePpm, PPM)),
      sizeLots: Math.max(1, divFloor(mulDivFloor(atoms, PPM, thinPpm), lotAtoms)),
    })),
  );
}

/** A bid below the price, an ask above it; rounded away from it. */
function awayFrom(priceTicks: PriceTicks, side: Side, distancePpm: Ppm): PriceTicks {
  return side === 'buy'
    ? Math.max(1, mulDivFloor(priceTicks, PPM - distancePpm, PPM))
    : mulDivCeil(priceTicks, PPM + distancePpm, PPM);
}
