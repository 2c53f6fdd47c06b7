/** A recorded price over time: `pricesUsd[i]` at `timesMs[i]`, times never decreasing; at least one knot. */
export interface PricePath {
  /** Straight lines between the knots, or each price until the next. */
  readonly shape: 'lines' | 'steps';
  /** Milliseconds since 1970 or since midnight, as in the file. */
  readonly timesMs: readonly number[];
  readonly pricesUsd: readonly number[];
}
