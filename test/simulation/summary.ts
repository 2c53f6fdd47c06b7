import type { RunResult } from './runSimulation.ts';

/** What many runs came to. */
export interface Summary {
  runs: number;
  failed: number;
  commands: number;
  acknowledged: number;
  repeated: number;
  unknown: number;
  gaveUp: number;
  crashes: number;
  takeOvers: number;
  fetches: number;
  snapshots: number;
  blocks: number;
  largestStoreBytes: number;
  simulatedHours: number;
  seconds: number;
  readonly faults: Record<string, number>;
  /** Why nodes ended themselves. */
  readonly ended: Record<string, number>;
}

export function emptySummary(): Summary {
  const counts = { runs: 0, failed: 0, commands: 0, acknowledged: 0, repeated: 0, unknown: 0, gaveUp: 0 };
  const events = { crashes: 0, takeOvers: 0, fetches: 0, snapshots: 0, blocks: 0 };
  return { ...counts, ...events, largestStoreBytes: 0, simulatedHours: 0, seconds: 0, faults: {}, ended: {} };
}

export function addRun(summary: Summary, { counts, violations, ...run }: RunResult): void {
  summary.runs += 1;
  if (violations.length > 0) summary.failed += 1;
  summary.commands += run.commands;
  summary.acknowledged += counts.acknowledged;
  summary.repeated += counts.repeated;
  summary.unknown += counts.unknown;
  summary.gaveUp += counts.gaveUp;
  summary.crashes += counts.crashes;
  summary.takeOvers += counts.takeOvers;
  summary.fetches += counts.fetches;
  summary.snapshots += counts.snapshots;
  summary.blocks += run.blocks;
  summary.largestStoreBytes = Math.max(summary.largestStoreBytes, run.largestStoreBytes);
  summary.simulatedHours += run.simulatedMs / 3_600_000;
  addTo(summary.faults, counts.faults);
  addTo(summary.ended, counts.ended);
}

/** For people. */
export function tableOf(summary: Summary): string {
  const number = (value: number): string => value.toLocaleString('en-US', { maximumFractionDigits: 1 });
  const listOf = (counts: Readonly<Record<string, number>>): string =>
    Object.entries(counts)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, count]) => `${name} ${number(count)}`)
      .join(', ');
  const rows: readonly (readonly [string, string])[] = [
    ['runs', `${number(summary.runs)}, ${number(summary.failed)} failed`],
    ['commands in logs', number(summary.commands)],
    ['acknowledged', `${number(summary.acknowledged)}, ${number(summary.repeated)} of them as repeated`],
    ['unknown outcomes', `${number(summary.unknown)} at their deadline, ${number(summary.gaveUp)} given up`],
    ['blocks', number(summary.blocks)],
    ['take-overs', number(summary.takeOvers)],
    ['crashes', number(summary.crashes)],
    ['fetches from peers', number(summary.fetches)],
    ['snapshots', number(summary.snapshots)],
    ['largest store', `${number(summary.largestStoreBytes / 1024)} KiB`],
    ['simulated', `${number(summary.simulatedHours)} hours`],
    ['faults', listOf(summary.faults)],
    ['nodes ended by', listOf(summary.ended)],
    ['seconds', number(summary.seconds)],
  ];
  return rows.map(([name, value]) => `${name.padEnd(20)} ${value}`).join('\n');
}

function addTo(sums: Record<string, number>, counts: Readonly<Record<string, number>>): void {
  for (const [name, count] of Object.entries(counts)) sums[name] = (sums[name] ?? 0) + count;
}
