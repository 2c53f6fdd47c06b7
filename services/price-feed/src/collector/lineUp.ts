import type { Address, PriceReport } from '@keel/types';

/** What one feeder reports of one feed, in order. */
export interface FeederReports {
  readonly feeder: Address;
  readonly reports: readonly PriceReport[];
}

/**
 * The reports that speak of the same moment, moment by moment, each ascending by feeder: the last ones of all feeders, the
 * last but one of those that have it, and so on. Who plays a recording reports each extreme it passed, who looks at a live
 * source only the present.
 */
export function lineUp(feeders: readonly FeederReports[]): readonly (readonly PriceReport[])[] {
  const ascending = [...feeders].sort((a, b) => (a.feeder < b.feeder ? -1 : 1));
  const moments = Math.max(0, ...ascending.map(({ reports }) => reports.length));
  return Array.from({ length: moments }, (_unused, place) =>
    ascending.flatMap(({ reports }) => reports[reports.length - moments + place] ?? []),
  );
}
