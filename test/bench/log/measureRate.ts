import { setTimeout as sleep } from 'node:timers/promises';
import { build } from 'hdr-histogram-js';

const MICROSECONDS = 1_000;
/** An hour; nothing waits longer in a run of seconds. */
const HIGHEST_US = 3_600_000_000;

export interface Rate {
  readonly offeredPerSec: number;
  readonly acknowledgedPerSec: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly p999Ms: number;
}

/**
 * Offers calls at a fixed rate, whether or not earlier ones are answered. The latency of each counts from when it should
 * have begun: a pause of the system is felt by all that it holds up.
 */
export async function measureRate(perSec: number, seconds: number, call: () => Promise<unknown>): Promise<Rate> {
  const histogram = build({ highestTrackableValue: HIGHEST_US, numberOfSignificantValueDigits: 3 });
  const total = perSec * seconds;
  const beginMs = performance.now();
  let sent = 0;
  let acknowledged = 0;
  let lastMs = beginMs;
  while (sent < total) {
    const due = Math.min(total, Math.floor(((performance.now() - beginMs) / 1_000) * perSec));
    for (; sent < due; sent += 1) {
      const dueMs = beginMs + (sent / perSec) * 1_000;
      call().then(() => {
        acknowledged += 1;
        lastMs = performance.now();
        histogram.recordValue(Math.max(1, Math.round((lastMs - dueMs) * MICROSECONDS)));
      }, endProcess);
    }
    await sleep(1);
  }
  while (acknowledged < total) await sleep(1);
  const at = (percent: number): number => Math.round(histogram.getValueAtPercentile(percent) / 10) / 100;
  return {
    offeredPerSec: perSec,
    acknowledgedPerSec: Math.round(total / ((lastMs - beginMs) / 1_000)),
    p50Ms: at(50),
    p99Ms: at(99),
    p999Ms: at(99.9),
  };
}

function endProcess(fault: unknown): never {
  process.stderr.write(`bench:log: ${String(fault)}\n`);
  process.exit(1);
}
