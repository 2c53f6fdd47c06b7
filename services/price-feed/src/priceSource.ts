import type { PriceTicks } from '@keel/types';

/** Where the index of one market comes from. Time is an argument: a source has no clock of its own. */
export interface PriceSource {
  /**
   * Lets `passedMs` milliseconds pass and gives the prices of that time in order, the present one last; at least one.
   * They may jump further than the exchange takes in one step.
   */
  advance(passedMs: number): readonly PriceTicks[];
  /** Where it is, for /status and the log. */
  progress(): SourceProgress;
}

export type SourceProgress =
  | { readonly source: 'simulation'; readonly regime: string }
  | {
      readonly source: 'candles' | 'orders';
      readonly file: string;
      readonly recordedTime: string;
      readonly playedPercent: number;
      /** The file is over; its last price is published on and on. */
      readonly ended: boolean;
    };
