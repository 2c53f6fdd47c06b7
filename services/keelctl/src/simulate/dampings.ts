import { equityOf } from '@keel/engine';
import type { MarketSpec } from '@keel/types';
import type { Venue } from './venue.ts';

export type Damping = 'budget' | 'backstop' | 'openInterest' | 'stablePrice';

interface DampingTerms {
  readonly label: string;
  /** What a market without it has. */
  readonly off: Partial<MarketSpec>;
  /** It acts when positions are opened and on nothing that is open already. */
  readonly atOpening: boolean;
}

export const DAMPINGS: Readonly<Record<Damping, DampingTerms>> = {
  budget: { label: 'liquidation budget', off: { liquidationBudgetAtoms: 0 }, atOpening: false },
  backstop: { label: 'backstop', off: { backstopLossCapAtoms: 0 }, atOpening: false },
  openInterest: {
    label: 'open-interest margin, concentration',
    off: { openInterestLowerAtoms: 0, openInterestUpperAtoms: 0, concentrationPpm: 0, concentrationFloorLots: 0 },
    atOpening: true,
  },
  stablePrice: { label: 'stable price', off: { stablePriceMovePpm: 0 }, atOpening: true },
};

export const EVERY_DAMPING = Object.keys(DAMPINGS) as Damping[];

/** One way to run a shock: with every damping but these. */
export interface Variant {
  readonly name: string;
  readonly without: readonly Damping[];
}

/** All dampings on, each one off, all off; of the dampings only those that make a difference to one of the markets. */
export function variantsOf(names: readonly Damping[]): readonly Variant[] {
  const all = { name: 'all dampings', without: [] };
  if (names.length === 0) return [all];
  return [
    all,
    ...names.map((name) => ({ name: `no ${DAMPINGS[name].label}`, without: [name] })),
    { name: 'no damping', without: names },
  ];
}

/** What may be switched off where positions are open already: what acts later, and is there. */
export function switchableIn(specs: readonly MarketSpec[]): readonly Damping[] {
  return EVERY_DAMPING.filter((name) => {
    const off = Object.entries(DAMPINGS[name].off) as [keyof MarketSpec, unknown][];
    return !DAMPINGS[name].atOpening && specs.some((spec) => off.some(([field, value]) => spec[field] !== value));
  });
}

export function specWithout(spec: MarketSpec, without: readonly Damping[]): MarketSpec {
  return Object.assign({ ...spec }, ...without.map((name) => DAMPINGS[name].off)) as MarketSpec;
}

/** Rewrites the rules of a simulated exchange, which is nobody's but ours. */
export function switchOff(venue: Venue, without: readonly Damping[]): void {
  if (without.length === 0) return;
  for (const market of venue.state.markets) {
    const rewritten: { spec: MarketSpec } = market;
    rewritten.spec = specWithout(market.spec, without);
    // A vault without a cap has lost nothing, or the engine would see its cap passed; what it holds goes at once.
    if (without.includes('backstop') && market.backstop !== undefined) {
      market.backstopContributedAtoms = equityOf(market.backstop);
    }
  }
}
