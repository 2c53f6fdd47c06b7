import { waitFor } from '../e2e/waitFor.ts';
import { Load } from './load.ts';
import { auditFigures, percentile, type Row, type RowOptions, type RowResult } from './row.ts';
import { startCluster } from './startCluster.ts';

/** etcd's quota is reached because nothing could be trimmed; the trim comes, and the orders go on. */
export const storeFull: Row = { name: 'store-full', count: 1, counted: 'times', run };

const QUOTA_BYTES = 16 * 1024 * 1024;
const BALLAST_BYTES = 512 * 1024;
const BACK_MS_MAX = 90_000;

async function run({ count, progress }: RowOptions): Promise<RowResult> {
  const cluster = await startCluster({
    etcd: { nodes: 1, quotaBytes: QUOTA_BYTES },
    env: { KEEL_LOG_BLOCKS_KEPT: '50', KEEL_SNAPSHOT_COMMANDS: '5000' },
  });
  try {
    const load = new Load({ urls: cluster.urls });
    await load.start();
    const faults: string[] = [];
    const gaps: number[] = [];
    for (let time = 1; time <= count; time += 1) {
      await load.ackAfter(performance.now());
      const filledMs = performance.now();
      await fill(cluster.etcd.call);
      const leader = await cluster.leader();
      await waitFor('the sentence', () => (leader.output.includes('etcd is full') ? true : undefined));
      // Somebody else's ballast goes; what this cluster has in etcd it trims and gives back itself.
      await cluster.etcd.call('/v3/kv/deleterange', { key: encoded('ballast'), range_end: encoded('ballasu') });
      await load.ackAfter(performance.now(), BACK_MS_MAX);
      gaps.push(load.longestSilence(filledMs, performance.now()));
      progress(time, count, `${Math.round(gaps.at(-1) as number)} ms without an acknowledgement`);
    }
    const verdict = await cluster.judge(load);
    return {
      row: storeFull.name,
      done: `etcd's quota of ${QUOTA_BYTES >> 20} MiB reached ${count} times`,
      figures: {
        gapMaxMs: percentile(gaps, 100),
        offeredPerSecond: load.offeredPerSecond,
        ...auditFigures(verdict),
      },
      faults: [...faults, ...verdict.faults],
    };
  } finally {
    await cluster.stop();
  }
}

const encoded = (text: string): string => Buffer.from(text).toString('base64');

/** Puts ballast until etcd takes no more. */
async function fill(call: (path: string, body: object) => Promise<unknown>): Promise<void> {
  const value = Buffer.alloc(BALLAST_BYTES, 1).toString('base64');
  for (let piece = 0; ; piece += 1) {
    try {
      await call('/v3/kv/put', { key: encoded(`ballast ${piece}`), value });
    } catch (fault) {
      if (!String(fault).includes('space')) throw fault;
      return;
    }
  }
}
