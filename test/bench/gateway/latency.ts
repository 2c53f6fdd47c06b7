import { build } from 'hdr-histogram-js';
import type { Latency } from './loadPlan.ts';

/** Durations of a run, kept as microseconds with three digits. */
export function createLatency(): { readonly record: (ms: number) => void; readonly read: () => Latency } {
  const histogram = build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: 600_000_000,
    numberOfSignificantValueDigits: 3,
  });
  const ms = (percentile: number): number => histogram.getValueAtPercentile(percentile) / 1_000;
  return {
    record: (value) => histogram.recordValue(Math.max(1, Math.round(value * 1_000))),
    read: () => ({ p50: ms(50), p99: ms(99), p999: ms(99.9), max: histogram.maxValue / 1_000 }),
  };
}
