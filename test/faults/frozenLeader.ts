import { setTimeout as sleep } from 'node:timers/promises';
import { Load } from './load.ts';
import { NodeTap } from './nodeTap.ts';
import { auditFigures, percentile, type Row, type RowOptions, type RowResult } from './row.ts';
import { type Cluster, startCluster } from './startCluster.ts';

/** SIGSTOP of the leader for longer than its lease, then SIGCONT: it must not tell anybody that something is done. */
export const frozenLeader: Row = { name: 'frozen-leader', count: 20, counted: 'times', run };

/** Every so manyth is stopped for twenty seconds instead of a little more than two to four. */
const LONG_EVERY = 20;
const LONG_MS = 20_000;
const SHORT_MS = 2_100;
const SHORT_SPREAD_MS = 1_900;
/** After SIGCONT it has had its say by then. */
const LISTEN_MS = 300;
const ORDERS_AHEAD = 20;

interface Frozen {
  readonly gapMs: number;
  /** Acknowledgements of orders that were sent to the process while it was stopped: each would be a lie. */
  readonly stale: number;
  /** Those of orders from before; they must be in the log. */
  readonly late: number;
  /** Everything else that it said. */
  readonly said: number;
}

async function run({ count, progress }: RowOptions): Promise<RowResult> {
  const cluster = await startCluster();
  try {
    const load = new Load({ urls: cluster.urls });
    await load.start();
    const all: Frozen[] = [];
    let nonce = 0;
    for (let time = 1; time <= count; time += 1) {
      await cluster.allUp();
      const frozenMs =
        time % LONG_EVERY === 0 ? LONG_MS : SHORT_MS + Math.round((SHORT_SPREAD_MS * ((time * 7) % 10)) / 10);
      const tap = await NodeTap.open((await cluster.leader()).intakeUrl, nonce);
      all.push(await freeze(cluster, load, tap, frozenMs));
      nonce = tap.nonce;
      tap.close();
      progress(
        time,
        count,
        `stopped for ${frozenMs} ms, ${Math.round(all.at(-1)?.gapMs ?? 0)} ms without an acknowledgement`,
      );
    }
    const verdict = await cluster.judge(load);
    const gaps = all.map(({ gapMs }) => gapMs);
    const sum = (of: (frozen: Frozen) => number): number => all.reduce((total, frozen) => total + of(frozen), 0);
    const stale = sum((frozen) => frozen.stale);
    return {
      row: frozenLeader.name,
      done: `${count} leaders stopped for 2.1 to 20 s and continued`,
      figures: {
        staleAcks: stale,
        lateAcksInLog: sum(({ late }) => late),
        refusalsAfterwards: sum(({ said }) => said),
        gapP50Ms: percentile(gaps, 50),
        gapP99Ms: percentile(gaps, 99),
        offeredPerSecond: load.offeredPerSecond,
        ...auditFigures(verdict),
      },
      faults: [
        ...(stale > 0 ? [`${stale} orders were acknowledged by a leader that was none any more`] : []),
        ...verdict.faults,
      ],
    };
  } finally {
    await cluster.stop();
  }
}

async function freeze(cluster: Cluster, load: Load, tap: NodeTap, frozenMs: number): Promise<Frozen> {
  const leader = await cluster.leader();
  for (let order = 0; order < ORDERS_AHEAD; order += 1) tap.send();
  await load.ackAfter(performance.now());
  for (let order = 0; order < ORDERS_AHEAD; order += 1) tap.send();
  const stoppedMs = performance.now();
  leader.signal('SIGSTOP');
  await sleep(100);
  for (let order = 0; order < ORDERS_AHEAD; order += 1) tap.send();
  await sleep(frozenMs - 100);
  const before = tap.heard.length;
  leader.signal('SIGCONT');
  await sleep(LISTEN_MS);
  await load.ackAfter(performance.now());
  const afterwards = tap.heard.slice(before);
  const told = afterwards.filter(({ kind }) => kind === 'submitted');
  // The auditor looks at what the tap was told as at everything else.
  for (const { ack } of tap.heard) if (ack !== undefined) load.acks.push(ack);
  return {
    gapMs: load.longestSilence(stoppedMs, performance.now()),
    stale: told.filter(({ sentMs }) => sentMs > stoppedMs).length,
    late: told.filter(({ sentMs }) => sentMs <= stoppedMs).length,
    said: afterwards.length - told.length,
  };
}
