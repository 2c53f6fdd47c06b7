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

/** One way to run a shock: with every damping but these. */
export interface Variant {
  readonly name: string;
  readonly without: readonly Damping[];
}

/** All dampings on, each one off, all off. What acts at opening alone is left out where nothing is opened. */
export function variantsOf(opens: boolean): readonly Variant[] {
  const names = (Object.keys(DAMPINGS) as Damping[]).filter((name) => opens || !DAMPINGS[name].atOpening);
  return [
    { name: 'all dampings', without: [] },
    ...names.map((name) => ({ name: `no ${DAMPINGS[name].label}`, without: [name] })),
    { name: 'no damping', without: names },
  ];
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
