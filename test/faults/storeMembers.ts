import { setTimeout as sleep } from 'node:timers/promises';
import { Load } from './load.ts';
import { auditFigures, percentile, type Row, type RowOptions, type RowResult } from './row.ts';
import { type Cluster, startCluster } from './startCluster.ts';

/** kill -9 of the etcd member that leads, of one that does not, and of two of three at once; each then comes back. */
export const storeMembers: Row = { name: 'store-members', count: 10, counted: 'times', run };

/** How long two of three stay dead. */
const DEAD_MS = 1_000;
/** Answers to what was committed before the second died arrive within it. */
const ON_ITS_WAY_MS = 100;

async function run({ count, progress }: RowOptions): Promise<RowResult> {
  const cluster = await startCluster({ etcd: { nodes: 3 } });
  try {
    const load = new Load({ urls: cluster.urls });
    await load.start();
    const gaps = { leader: [] as number[], follower: [] as number[], two: [] as number[] };
    const faults: string[] = [];
    let onTheirWay = 0;
    for (let time = 1; time <= count; time += 1) {
      gaps.leader.push(await killOne(cluster, load, await cluster.etcd.leader()));
      gaps.follower.push(await killOne(cluster, load, ((await cluster.etcd.leader()) + 1) % 3));
      const two = await killTwo(cluster, load);
      gaps.two.push(two.backMs);
      onTheirWay += two.onTheirWay;
      if (two.untrue > 0) faults.push(`${two.untrue} commands were acknowledged while two of three were dead`);
      progress(time, count, `${two.backMs} ms from the return of the majority to the next acknowledgement`);
    }
    const verdict = await cluster.judge(load);
    return {
      row: storeMembers.name,
      done: `etcd's leader, one other, two of three: ${count} times each`,
      figures: {
        leaderGapP50Ms: percentile(gaps.leader, 50),
        leaderGapMaxMs: percentile(gaps.leader, 100),
        otherGapP50Ms: percentile(gaps.follower, 50),
        otherGapMaxMs: percentile(gaps.follower, 100),
        twoBackP50Ms: percentile(gaps.two, 50),
        twoBackMaxMs: percentile(gaps.two, 100),
        ackedOnTheirWay: onTheirWay,
        offeredPerSecond: load.offeredPerSecond,
        ...auditFigures(verdict),
      },
      faults: [...faults, ...verdict.faults],
    };
  } finally {
    await cluster.stop();
  }
}

/** Returns the longest time without an acknowledgement, in ms. */
async function killOne({ etcd }: Cluster, load: Load, index: number): Promise<number> {
  await load.ackAfter(performance.now());
  const killedMs = performance.now();
  await etcd.members[index]?.kill();
  await load.ackAfter(performance.now() + ON_ITS_WAY_MS);
  // A member that was followed by a watch or asked for a lease shows only later.
  await sleep(500);
  await load.ackAfter(performance.now());
  const gap = load.longestSilence(killedMs, performance.now());
  await etcd.members[index]?.restart();
  await etcd.healthy();
  return gap;
}

async function killTwo({ etcd }: Cluster, load: Load) {
  await load.ackAfter(performance.now());
  const leader = await etcd.leader();
  const two = etcd.members.filter((_member, place) => place === leader || place === (leader + 1) % 3);
  await Promise.all(two.map((member) => member.kill()));
  const deadMs = performance.now();
  await sleep(DEAD_MS);
  const backMs = performance.now();
  const onTheirWay = load.acksBetween(deadMs, deadMs + ON_ITS_WAY_MS).length;
  const untrue = load.acksBetween(deadMs + ON_ITS_WAY_MS, backMs).length;
  await Promise.all(two.map((member) => member.restart()));
  await load.ackAfter(backMs);
  const firstMs = load.acksBetween(backMs, performance.now())[0]?.atMs ?? 0;
  await etcd.healthy();
  return { onTheirWay, untrue, backMs: Math.round(firstMs - backMs) };
}
