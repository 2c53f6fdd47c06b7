import { Load } from './load.ts';
import { auditFigures, percentile, type Row, type RowOptions, type RowResult } from './row.ts';
import { startCluster } from './startCluster.ts';

/** kill -9 of whoever leads, under load; the killed node is started again at once. */
export const killLeader: Row = { name: 'kill-leader', count: 30, counted: 'kills', run };

async function run({ count, progress }: RowOptions): Promise<RowResult> {
  const cluster = await startCluster();
  try {
    const load = new Load({ urls: cluster.urls });
    await load.start();
    await cluster.snapshots();
    const gaps: number[] = [];
    for (let kill = 1; kill <= count; kill += 1) {
      const leader = await cluster.leader();
      await load.ackAfter(performance.now());
      const killedMs = performance.now();
      await leader.end('SIGKILL');
      leader.start();
      // What was on its way from the killed process has arrived by then.
      await load.ackAfter(killedMs + 50);
      gaps.push(load.longestSilence(killedMs, performance.now()));
      await cluster.allUp();
      progress(kill, count, `${Math.round(gaps.at(-1) as number)} ms without an acknowledgement`);
    }
    const verdict = await cluster.judge(load);
    return {
      row: killLeader.name,
      done: `${count} kills of the leader at ${load.offeredPerSecond} orders/s`,
      figures: {
        gapP50Ms: percentile(gaps, 50),
        gapP99Ms: percentile(gaps, 99),
        gapMaxMs: percentile(gaps, 100),
        offeredPerSecond: load.offeredPerSecond,
        ...auditFigures(verdict),
      },
      faults: verdict.faults,
    };
  } finally {
    await cluster.stop();
  }
}
