import type { TimeMs } from '@keel/types';

/** One price that is asked for. */
export interface Feed {
  /** A market's symbol, or `collateral:` and an asset's. */
  readonly name: string;
  /** One tick = 10^-priceDecimals USD. */
  readonly priceDecimals: number;
  /** What the exchange had when the collector began, in USD; 0 = nothing. Only simulations and recordings look at it. */
  readonly startUsd: number;
}

/**
 * One look at a source. Play time is the collector's: milliseconds since it began during which the exchange could be
 * reached. A simulation or a recording is a function of it alone, so all feeders see the same path, also one that was
 * started later or again.
 */
export interface Turn {
  readonly nowMs: TimeMs;
  /** Play time of the look before this one, and of this one. */
  readonly fromMs: number;
  readonly toMs: number;
}

export interface Observation {
  /** In order, the present one last; at least one. More than one only of a recording whose extremes were passed. */
  readonly pricesUsd: readonly number[];
  /** Middle of perpetual futures elsewhere; 0 = this source does not know. */
  readonly perpUsd: number;
  /** When the present price was seen. */
  readonly timeMs: TimeMs;
}

/** Where prices come from. Floating point is allowed here and ends where the feeder rounds to ticks. */
export interface PriceSource {
  readonly name: string;
  /** Undefined when it has nothing for this feed. How old is too old is the feeder's affair. */
  observe(feed: Feed, turn: Turn): Observation | undefined;
  /** Where it is with this feed, for /status and the log. */
  progress(feed: Feed, turn: Turn): SourceProgress | undefined;
  close(): void;
}

export type SourceProgress =
  | { readonly source: 'simulation'; readonly regime: string }
  | {
      readonly source: 'candles' | 'orders';
      readonly file: string;
      readonly recordedTime: string;
      readonly playedPercent: number;
      /** The file is over; its last price is reported on and on. */
      readonly ended: boolean;
      /** What the recording says, in USD; the reports may still be on their way there. */
      readonly targetUsd: number;
    }
  | {
      readonly source: 'http' | 'ws';
      readonly name: string;
      /** Since the price was seen; null before the first. */
      readonly ageMs: number | null;
      /** Why the last attempt gave nothing; null when it did. */
      readonly fault: string | null;
    };
