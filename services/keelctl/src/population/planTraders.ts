import { mulDivFloor, PPM, type QuoteAtoms, type Side } from '@keel/types';
import { createDraw, type Draw } from './createDraw.ts';
import type { PopulationTerms } from './populationTerms.ts';

/** A position that a trader wants. */
export interface TraderPlan {
  /** From 0; the market with this place. */
  readonly market: number;
  readonly side: Side;
  readonly notionalAtoms: QuoteAtoms;
  readonly leverage: number;
  /** Opens before the rise, and adds to it afterwards. */
  readonly early: boolean;
}

/** Steps of one doubling: finer than anybody could see in a table. */
const STEPS_PER_DOUBLING = 1_000;

/** The traders of a population in the order in which they come; the whales of the markets are the last. */
export function planTraders(terms: PopulationTerms): readonly TraderPlan[] {
  const draw = createDraw(terms.seed, 'traders');
  const traders = Array.from({ length: terms.accounts }, () => planTrader(terms, draw));
  return [...traders, ...planWhales(terms, traders)];
}

/** What the traders of a market want in all, both sides. */
export function plannedAtoms(traders: readonly TraderPlan[], market: number): QuoteAtoms {
  return traders.reduce((sum, trader) => sum + (trader.market === market ? trader.notionalAtoms : 0), 0);
}

function planTrader(terms: PopulationTerms, draw: Draw): TraderPlan {
  const market = draw(terms.markets);
  const side = draw(PPM) < terms.longPpm ? 'buy' : 'sell';
  const notionalAtoms = drawAtoms(terms, draw);
  const leverage = terms.lowestLeverage + draw(terms.highestLeverage - terms.lowestLeverage + 1);
  const early = draw(PPM) < terms.earlyPpm && side === 'buy';
  return { market, side, notionalAtoms, leverage, early };
}

function planWhales(terms: PopulationTerms, traders: readonly TraderPlan[]): readonly TraderPlan[] {
  return Array.from({ length: terms.markets }, (_, market) => ({
    market,
    side: 'buy' as const,
    notionalAtoms: mulDivFloor(plannedAtoms(traders, market), terms.whalePpm, PPM),
    leverage: terms.whaleLeverage,
    early: false,
  })).filter(({ notionalAtoms }) => notionalAtoms > 0);
}

/** Each doubling from smallest to largest is as likely as another; within one all amounts are alike. */
function drawAtoms({ smallestAtoms, largestAtoms }: PopulationTerms, draw: Draw): QuoteAtoms {
  let doublings = 0;
  while (smallestAtoms * 2 ** (doublings + 1) <= largestAtoms) doublings += 1;
  const low = smallestAtoms * 2 ** draw(doublings + 1);
  const atoms = low + mulDivFloor(low, draw(STEPS_PER_DOUBLING), STEPS_PER_DOUBLING);
  return Math.min(atoms, largestAtoms);
}
