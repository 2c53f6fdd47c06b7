import { readSnapshot } from '@keel/engine';
import type { QuoteAtoms } from '@keel/types';
import { openPopulation } from '../population/openPopulation.ts';
import type { PopulationTerms } from '../population/populationTerms.ts';
import {
  type Damping,
  EVERY_DAMPING,
  specWithout,
  switchableIn,
  switchOff,
  type Variant,
  variantsOf,
} from './dampings.ts';
import { liquidator } from './liquidator.ts';
import { MarketMakers } from './marketMakers.ts';
import type { PricePath } from './pricePath.ts';
import { runShock, type ShockRun } from './runShock.ts';
import { Venue } from './venue.ts';

/** Where the positions come from: opened by a synthetic population, or as they are in an engine's snapshot. */
export type Origin =
  | { readonly kind: 'population'; readonly terms: PopulationTerms }
  | { readonly kind: 'snapshot'; readonly bytes: Uint8Array };

export interface SimulationTerms {
  readonly origin: Origin;
  readonly paths: readonly PricePath[];
  /** On one side of one market within 1 % of the price. */
  readonly depthAtoms: QuoteAtoms;
}

export interface SimulationRow {
  readonly path: PricePath;
  readonly variant: Variant;
  readonly run: ShockRun;
}

/** Orders cancelled with one command. */
const CANCELS_MAX = 50;

/** Every path with every variant, path by path. `tell` hears which one is next. */
export function simulate(terms: SimulationTerms, tell: (line: string) => void): readonly SimulationRow[] {
  const variants = variantsOf(dampingsOf(terms.origin));
  const states = new Map<string, Uint8Array>();
  const rows: SimulationRow[] = [];
  for (const path of terms.paths) {
    for (const variant of variants) {
      tell(`${path.label}, ${variant.name} (${rows.length + 1} of ${terms.paths.length * variants.length})`);
      const bytes = states.get(variant.name) ?? prepare(terms, variant.without);
      states.set(variant.name, bytes);
      rows.push({ path, variant, run: runShock(Venue.from(bytes), path, terms.depthAtoms) });
    }
  }
  return rows;
}

/** What of a state a reader of the forecast should know: markets in which nothing, or not everything, may happen. */
export function notesOf(origin: Origin): readonly string[] {
  if (origin.kind === 'population') return [];
  return readSnapshot(origin.bytes).markets.flatMap(({ spec, tradingStatus, resumeStage, indexTicks }) => {
    if (indexTicks === 0) return [`${spec.symbol} has no price and takes no part`];
    if (tradingStatus === 'halted') return [`${spec.symbol} is halted: nobody is liquidated there`];
    if (resumeStage !== 0)
      return [`${spec.symbol} is on its way back from a halt: nobody is liquidated there before it is open`];
    return tradingStatus === 'open' ? [] : [`${spec.symbol} is ${tradingStatus}`];
  });
}

function dampingsOf(origin: Origin): readonly Damping[] {
  if (origin.kind === 'population') return EVERY_DAMPING;
  return switchableIn(readSnapshot(origin.bytes).markets.map(({ spec }) => spec));
}

/** The exchange as it stands before a shock, in the engine's bytes: each run begins with a copy. */
function prepare({ origin, depthAtoms }: SimulationTerms, without: readonly Damping[]): Uint8Array {
  const venue =
    origin.kind === 'population'
      ? adopt(openPopulation(origin.terms, depthAtoms, (spec) => specWithout(spec, without)).snapshot(), [])
      : adopt(origin.bytes, without);
  MarketMakers.fund(venue, depthAtoms);
  liquidator.fund(venue, depthAtoms);
  return venue.snapshot();
}

/**
 * A state with our hand on its prices. Orders that rest are taken out: their owners would move them as the price
 * moves, and the makers' depth stands for them. Those that wait for a trigger stay.
 */
function adopt(bytes: Uint8Array, without: readonly Damping[]): Venue {
  const venue = new Venue(readSnapshot(bytes));
  const { state } = venue;
  switchOff(venue, without);
  venue.timeMs += 1;
  const prices = state.markets.map(({ indexTicks }) => indexTicks);
  venue.takeFeed();
  for (const account of state.accounts) {
    const resting = account.holdings.flatMap((holding) => holding.resting.map(({ orderId }) => orderId));
    for (let from = 0; from < resting.length; from += CANCELS_MAX) {
      const orders = resting.slice(from, from + CANCELS_MAX).map((orderId) => ({ orderId, clientOrderId: '' }));
      venue.run({ kind: 'cancelOrders', auth: venue.auth(account.owner, account.subaccount), orders });
    }
  }
  for (const [place, market] of state.markets.entries()) {
    if (prices[place] !== 0) venue.setIndex(market.spec.marketId, prices[place]!);
  }
  for (const [place, { priceTicks }] of state.collaterals.entries()) {
    if (priceTicks !== 0) venue.setCollateralPrice(place, priceTicks);
  }
  return venue;
}
