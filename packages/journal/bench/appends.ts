import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { openJournal } from '../src/index.ts';

/** Records of a placed order's size, appended in groups and flushed one group after the other. */
const PAYLOAD = Buffer.alloc(180, 7);
const RECORDS_MAX = 200_000;

async function measure(folder: string, recordsPerGroup: number, groupsMax: number): Promise<void> {
  const dir = mkdtempSync(join(folder, 'keel-bench-'));
  const journal = await openJournal(dir);
  const flushesMs: number[] = [];
  const groups = Math.min(groupsMax, RECORDS_MAX / recordsPerGroup);
  const start = performance.now();
  for (let group = 0; group < groups; group++) {
    for (let count = 0; count < recordsPerGroup; count++) journal.append(journal.lastSequence + 1, PAYLOAD);
    const flushed = performance.now();
    await journal.flush();
    flushesMs.push(performance.now() - flushed);
  }
  const seconds = (performance.now() - start) / 1000;
  flushesMs.sort((a, b) => a - b);
  const quantile = (part: number) => flushesMs[Math.floor(flushesMs.length * part)]?.toFixed(2);
  const perSecond = Math.round((groups * recordsPerGroup) / seconds).toLocaleString('en-US');
  process.stdout.write(
    `groups of ${recordsPerGroup}: ${perSecond} records/s, flush p50 ${quantile(0.5)} ms, p99 ${quantile(0.99)} ms\n`,
  );
  await journal.close();
  rmSync(dir, { recursive: true });
}

const folder = process.argv[2] ?? '.';
await measure(folder, 1, 2_000);
await measure(folder, 32, 2_000);
await measure(folder, 256, 500);
