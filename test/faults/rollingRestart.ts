import { Load } from './load.ts';
import { auditFigures, percentile, type Row, type RowOptions, type RowResult } from './row.ts';
import { startCluster } from './startCluster.ts';

/** Every node restarted one after the other with SIGTERM, as an upgrade does it, under load. */
export const rollingRestart: Row = { name: 'rolling-restart', count: 3, counted: 'rounds', run };

async function run({ count, progress }: RowOptions): Promise<RowResult> {
  const cluster = await startCluster();
  try {
    const load = new Load({ urls: cluster.urls });
    await load.start();
    const gaps: number[] = [];
    const ofLeaders: number[] = [];
    const faults: string[] = [];
    for (let round = 1; round <= count; round += 1) {
      for (const node of cluster.nodes) {
        const led = (await cluster.leader()) === node;
        const askedMs = performance.now();
        const code = await node.end('SIGTERM');
        if (code !== 0) faults.push(`${node.nodeId} ended with ${code}: ${node.output.slice(-500)}`);
        node.start();
        await cluster.allUp();
        await load.ackAfter(performance.now());
        const gap = load.longestSilence(askedMs, performance.now());
        gaps.push(gap);
        if (led) ofLeaders.push(gap);
      }
      progress(round, count, `${percentile(gaps, 100)} ms without an acknowledgement at most`);
    }
    const verdict = await cluster.judge(load);
    if (load.givenUp.length > 0) faults.push(`${load.givenUp.length} commands had no outcome`);
    if (load.refusals.size > 0) faults.push(`orders were refused: ${JSON.stringify([...load.refusals])}`);
    return {
      row: rollingRestart.name,
      done: `${count} rounds over three nodes, ${ofLeaders.length} of them led`,
      figures: {
        gapP50Ms: percentile(gaps, 50),
        gapMaxMs: percentile(gaps, 100),
        gapOfLeadersP50Ms: percentile(ofLeaders, 50),
        offeredPerSecond: load.offeredPerSecond,
        ...auditFigures(verdict),
      },
      faults: [...faults, ...verdict.faults],
    };
  } finally {
    await cluster.stop();
  }
}
