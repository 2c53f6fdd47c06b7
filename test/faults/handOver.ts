import { waitFor } from '../e2e/waitFor.ts';
import { Load } from './load.ts';
import { auditFigures, percentile, type Row, type RowOptions, type RowResult } from './row.ts';
import type { SequencerProcess } from './sequencerProcess.ts';
import { startCluster } from './startCluster.ts';

/** The leader hands over as an operator asks, under load. */
export const handOver: Row = { name: 'hand-over', count: 20, counted: 'times', run };

async function run({ count, progress }: RowOptions): Promise<RowResult> {
  const cluster = await startCluster();
  try {
    const load = new Load({ urls: cluster.urls });
    await load.start();
    const gaps: number[] = [];
    const faults: string[] = [];
    for (let time = 1; time <= count; time += 1) {
      await cluster.allUp();
      const leader = await cluster.leader();
      await load.ackAfter(performance.now());
      const { to, askedMs } = await askToHandOver(leader);
      await cluster.allUp();
      await load.ackAfter(performance.now());
      const now = await cluster.leader();
      if (now.nodeId !== to) faults.push(`${now.nodeId} leads after a hand-over to ${to}`);
      gaps.push(load.longestSilence(askedMs, performance.now()));
      progress(time, count, `${Math.round(gaps.at(-1) as number)} ms without an acknowledgement`);
    }
    const verdict = await cluster.judge(load);
    if (load.givenUp.length > 0) faults.push(`${load.givenUp.length} commands had no outcome`);
    if (load.refusals.size > 0) faults.push(`orders were refused: ${JSON.stringify([...load.refusals])}`);
    return {
      row: handOver.name,
      done: `${count} hand-overs at ${load.offeredPerSecond} orders/s`,
      figures: {
        gapP50Ms: percentile(gaps, 50),
        gapP99Ms: percentile(gaps, 99),
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

/** Asks again while the leader has not heard yet that another node is ready: that node knows it first. */
function askToHandOver(leader: SequencerProcess): Promise<{ readonly to: string; readonly askedMs: number }> {
  return waitFor('the leader to hand over', async () => {
    const askedMs = performance.now();
    const { status, body } = await leader.post('/leader/transfer', {});
    if (status === 200) return { to: (body as { to: string }).to, askedMs };
    if ((body as { code: string }).code === 'NOT_READY') return undefined;
    throw new Error(`the hand-over was refused: ${JSON.stringify(body)}`);
  });
}
