import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Redis } from 'ioredis';
import { waitFor } from '../e2e/waitFor.ts';
import { Load } from './load.ts';
import { auditFigures, percentile, type Row, type RowOptions, type RowResult } from './row.ts';
import type { SequencerProcess } from './sequencerProcess.ts';
import { type Cluster, startCluster } from './startCluster.ts';

/**
 * All members of etcd are killed and lose their data, all sequencers are killed; the cluster is begun again from the longest
 * journal, as the runbook EtcdNoLeader tells. At the end the wrong node is chosen: the one with more must halt and keep what it has.
 */
export const storeLost: Row = { name: 'store-lost', count: 1, counted: 'times', run };

const KEELCTL = join(import.meta.dirname, '../../services/keelctl/src/main.ts');
/** One follower dies before the rest, so that it lacks what the new log does not hold either. */
const AHEAD_MS = 1_000;
/** What etcd committed before it died is applied within it. */
const ON_ITS_WAY_MS = 100;
const READ_MODEL_MS_MAX = 20_000;
const REFUSED = /do not delete this journal|belongs to another history/;

async function run({ count, progress }: RowOptions): Promise<RowResult> {
  const cluster = await startCluster({ etcd: { nodes: 3 } });
  const redis = new Redis(cluster.env.KEEL_REDIS_URL ?? '');
  try {
    const load = new Load({ urls: cluster.urls });
    await load.start();
    await cluster.snapshots();
    const faults: string[] = [];
    const firstAckMs: number[] = [];
    const allUpMs: number[] = [];
    const fetched: number[] = [];
    for (let time = 1; time <= count; time += 1) {
      const before = await killAll(cluster, load);
      await emptyStores(cluster, redis);
      const { nodeId, lengths } = await longestOf(cluster);
      const begunMs = performance.now();
      const first = cluster.node(nodeId);
      first.start({ KEEL_CLUSTER_BEGIN: nodeId });
      await load.ackAfter(begunMs, 60_000);
      firstAckMs.push((load.acksBetween(begunMs, performance.now())[0]?.atMs ?? 0) - begunMs);
      const others = cluster.nodes.filter((node) => node !== first);
      for (const node of others) node.start({ KEEL_CLUSTER_BEGIN: nodeId });
      await cluster.allUp();
      allUpMs.push(performance.now() - begunMs);
      for (const node of others) {
        const records = fetchedBy(node);
        fetched.push(records);
        if (records === 0 && (lengths.get(node.nodeId) ?? 0) < (lengths.get(nodeId) ?? 0))
          faults.push(`${node.nodeId} lacked commands and fetched none`);
      }
      await readModelFollows(cluster, redis);
      const text = [...lengths].map(([id, length]) => `${id} ${length}`).join(', ');
      progress(
        time,
        count,
        `last acknowledged ${before}; journals ${text}; next ack ${firstAckMs.at(-1)?.toFixed(0)} ms`,
      );
    }
    const verdict = await cluster.judge(load);
    faults.push(...(await chooseWrongly(cluster)));
    return {
      row: storeLost.name,
      done: `all of etcd killed and thrown away, all nodes killed: ${count} times; once the wrong node chosen`,
      figures: {
        firstAckMaxMs: percentile(firstAckMs, 100),
        allUpMaxMs: percentile(allUpMs, 100),
        recordsFetchedMax: Math.max(...fetched),
        offeredPerSecond: load.offeredPerSecond,
        ...auditFigures(verdict),
      },
      faults: [...faults, ...verdict.faults],
    };
  } finally {
    redis.disconnect();
    await cluster.stop();
  }
}

/**
 * One follower, then all of etcd, then all sequencers. These live on until their journals are on disk, which is as long as a
 * flush takes: what a flush leaves behind waits in the memory of the process, and was acknowledged because etcd had it.
 * Returns the highest sequence that was acknowledged.
 */
async function killAll({ nodes, etcd, leader }: Cluster, load: Load): Promise<number> {
  await load.ackAfter(performance.now());
  const leading = await leader();
  await nodes.find((node) => node !== leading)?.end('SIGKILL');
  await sleep(AHEAD_MS);
  await load.ackAfter(performance.now());
  await Promise.all(etcd.members.map((member) => member.kill()));
  await sleep(ON_ITS_WAY_MS);
  await waitFor('the journals', async () => {
    const statuses = await Promise.all(nodes.filter(({ running }) => running).map((node) => node.status()));
    return statuses.every((status) => status !== undefined && status.durableSequence === status.sequence)
      ? true
      : undefined;
  });
  await Promise.all(nodes.map((node) => node.end('SIGKILL')));
  return load.acks.reduce((highest, { sequence }) => Math.max(highest, sequence), 0);
}

/** An empty etcd, and an empty read model: its head has an epoch that no leader of the new etcd reaches for long. */
async function emptyStores(cluster: Cluster, redis: Redis): Promise<void> {
  await emptyEtcd(cluster);
  await redis.flushall();
}

async function emptyEtcd({ etcd: { members, healthy } }: Cluster): Promise<void> {
  await Promise.all(members.map((member) => member.kill()));
  await Promise.all(members.map((member) => member.wipe()));
  await Promise.all(members.map((member) => member.restart()));
  await healthy();
}

/** Judged from the disks alone, as an operator does it. */
async function longestOf({ nodes }: Cluster): Promise<{ nodeId: string; lengths: ReadonlyMap<string, number> }> {
  const lengths = new Map<string, number>();
  for (const { nodeId, dataDir } of nodes) lengths.set(nodeId, (await verifyLog(dataDir)).lastSequence);
  const [longest] = [...lengths].sort(([, one], [, other]) => other - one);
  if (longest === undefined) throw new Error('there is no node');
  return { nodeId: longest[0], lengths };
}

/** `keelctl log verify --data DIR --json`; rejects when the journal does not hold. */
async function verifyLog(dataDir: string): Promise<{ readonly lastSequence: number; readonly lastHash: string }> {
  const args = [KEELCTL, 'log', 'verify', '--data', dataDir, '--json'];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return JSON.parse(stdout) as { lastSequence: number; lastHash: string };
}

function fetchedBy({ output }: SequencerProcess): number {
  const line = output.split('\n').find((each) => each.includes('"fetched what was missing"'));
  return line === undefined ? 0 : (JSON.parse(line) as { records: number }).records;
}

async function readModelFollows(cluster: Cluster, redis: Redis): Promise<void> {
  const wanted = (await (await cluster.leader()).status())?.sequence ?? 0;
  const follows = async (): Promise<true | undefined> =>
    Number((await redis.hget('keel:head', 'sequence')) ?? 0) >= wanted ? true : undefined;
  await waitFor('the read model', follows, READ_MODEL_MS_MAX);
}

/**
 * With the clients gone: c begins alone and goes on, then a begins with the shorter journal, and c comes to that. Returns a
 * sentence for whatever c did but halt.
 */
async function chooseWrongly(cluster: Cluster): Promise<string[]> {
  const [shorter, longer] = [cluster.node('a'), cluster.node('c')];
  await emptyEtcd(cluster);
  await leadAlone(longer);
  const from = (await longer.status())?.sequence ?? 0;
  // Time passes in the log once a second.
  await waitFor('some commands more', async () =>
    ((await longer.status())?.durableSequence ?? 0) > from ? true : undefined,
  );
  await longer.end('SIGKILL');
  const before = await verifyLog(longer.dataDir);
  await emptyEtcd(cluster);
  await leadAlone(shorter);
  longer.start({ KEEL_CLUSTER_BEGIN: shorter.nodeId });
  const halted = await waitFor('the longer journal to be refused', async () => {
    const status = await longer.status();
    return status?.role === 'following' || status?.haltedBy != null ? status : undefined;
  });
  const leads = (await shorter.status())?.role === 'leading';
  await Promise.all([longer.end('SIGTERM'), shorter.end('SIGTERM')]);
  const after = await verifyLog(longer.dataDir);
  const faults: string[] = [];
  if (!REFUSED.test(halted.haltedBy ?? '')) faults.push(`the longer journal was not refused: ${halted.haltedBy}`);
  if (after.lastSequence !== before.lastSequence || after.lastHash !== before.lastHash)
    faults.push(`the longer journal ended at ${before.lastSequence} and ends at ${after.lastSequence} now`);
  if (!leads) faults.push('the node that was chosen does not lead any more');
  return faults;
}

async function leadAlone(node: SequencerProcess): Promise<void> {
  node.start({ KEEL_CLUSTER_BEGIN: node.nodeId });
  await waitFor(`${node.nodeId} to lead`, async () => ((await node.status())?.role === 'leading' ? true : undefined));
}
