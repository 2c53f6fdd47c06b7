import { apply, createState, listCollaterals, listMarkets } from '@keel/engine';
import { type CollateralSpec, type MarketSpec, type SequencedCommand, toSequence } from '@keel/types';

/** What was listed at one place of the log; signed texts name markets and assets by their symbols and decimals. */
export interface Listed {
  readonly markets: readonly MarketSpec[];
  readonly collaterals: readonly CollateralSpec[];
}

/** What is listed, read from the log itself as it goes by. */
export interface Listings {
  /** Whether the command lists something; then what is listed may be more once it is taken. */
  readonly isListing: (sequenced: SequencedCommand) => boolean;
  readonly take: (sequenced: SequencedCommand) => void;
  readonly listed: () => Listed;
}

/**
 * Plays nothing but listings to an engine of its own: a listing that the exchange refused is in the log too, and must not
 * be taken for one that counts.
 */
export function createListings(): Listings {
  const state = createState();
  let now: Listed = { markets: [], collaterals: [] };
  return {
    isListing: ({ command: { kind } }) => kind === 'listMarket' || kind === 'listCollateral',
    take: ({ timeMs, command }) => {
      apply(state, { sequence: toSequence(state.sequence + 1), timeMs, command });
      now = {
        markets: [...listMarkets(state)].map(({ spec }) => spec),
        collaterals: [...listCollaterals(state)].map(({ spec }) => spec),
      };
    },
    listed: () => now,
  };
}
