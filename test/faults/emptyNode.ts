import { rm } from 'node:fs/promises';
import { waitFor } from '../e2e/waitFor.ts';
import { Load } from './load.ts';
import { auditFigures, percentile, type Row, type RowOptions, type RowResult } from './row.ts';
import { type Cluster, startCluster } from './startCluster.ts';

/** A node whose data directory was deleted comes back when the log no longer begins at its beginning. */
export const emptyNode: Row = { name: 'empty-node', count: 1, counted: 'times', run };

/** A log is trimmed once a majority has snapshots, each of which is a replay by a thread. */
const TRIM_MS_MAX = 120_000;

async function run({ count, progress }: RowOptions): Promise<RowResult> {
  const cluster = await startCluster({ env: { KEEL_LOG_BLOCKS_KEPT: '50', KEEL_SNAPSHOT_COMMANDS: '5000' } });
  try {
    const load = new Load({ urls: cluster.urls });
    await load.start();
    const times: number[] = [];
    const faults: string[] = [];
    let fetched = 0;
    for (let time = 1; time <= count; time += 1) {
      await waitFor('a trimmed log', () => isTrimmed(cluster), TRIM_MS_MAX);
      const leader = await cluster.leader();
      const node = cluster.nodes.find((each) => each !== leader);
      if (node === undefined) throw new Error('there is only one node');
      await node.end('SIGKILL');
      await rm(node.dataDir, { recursive: true });
      const begunMs = performance.now();
      node.start();
      await cluster.allUp();
      times.push(performance.now() - begunMs);
      const line = node.output.split('\n').find((each) => each.includes('"fetched what was missing"'));
      if (line === undefined) faults.push(`${node.nodeId} fetched nothing from another node`);
      else fetched = (JSON.parse(line) as { records: number }).records;
      progress(time, count, `${fetched} records fetched, following after ${percentile(times.slice(-1), 100)} ms`);
    }
    const verdict = await cluster.judge(load);
    return {
      row: emptyNode.name,
      done: `${count} times a node without data, the log trimmed`,
      figures: {
        recordsFetched: fetched,
        followsAfterMaxMs: percentile(times, 100),
        offeredPerSecond: load.offeredPerSecond,
        ...auditFigures(verdict),
      },
      faults: [...faults, ...verdict.faults],
    };
  } finally {
    await cluster.stop();
  }
}

async function isTrimmed(cluster: Cluster): Promise<true | undefined> {
  const view = (await (await cluster.leader()).get('/cluster')) as { log?: { firstHeight: number } } | undefined;
  return (view?.log?.firstHeight ?? 0) > 1 ? true : undefined;
}
