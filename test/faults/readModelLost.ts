import { setTimeout as sleep } from 'node:timers/promises';
import { type RedisSet, startRedisSet } from '@keel/test-servers';
import type { Redis } from 'ioredis';
import { waitFor } from '../e2e/waitFor.ts';
import { Load } from './load.ts';
import { auditFigures, percentile, type Row, type RowOptions, type RowResult } from './row.ts';
import { type Cluster, startCluster } from './startCluster.ts';

/** Redis emptied; its primary killed after the replica was left behind, which the Sentinels then promote; under load. */
export const readModelLost: Row = { name: 'read-model', count: 10, counted: 'times', run };

/** Writes that a replica misses before it is promoted. */
const LEFT_BEHIND_MS = 200;
const REBUILT_MS_MAX = 20_000;
const PASSWORD = 'a secret?';

async function run({ count, progress }: RowOptions): Promise<RowResult> {
  const set = await startRedisSet({ downAfterMs: 1_000, password: PASSWORD });
  let cluster: Cluster | undefined;
  try {
    cluster = await startCluster({ redisUrl: set.url });
    const load = new Load({ urls: cluster.urls });
    await load.start();
    await rebuiltAfter(cluster, set);
    const times = { killed: [] as number[], emptied: [] as number[] };
    const faults: string[] = [];
    const begunMs = performance.now();
    for (let time = 1; time <= count; time += 1) {
      times.emptied.push(await empty(cluster, set));
      times.killed.push(await killPrimary(cluster, set));
      progress(time, count, `rebuilt ${percentile(times.killed.slice(-1), 100)} ms after the primary was killed`);
    }
    const silenceMs = load.longestSilence(begunMs, performance.now());
    await load.stop();
    faults.push(...(await compareReadModels(cluster, set)));
    const verdict = await cluster.judge(load);
    if (load.givenUp.length > 0) faults.push(`${load.givenUp.length} commands had no outcome`);
    return {
      row: readModelLost.name,
      done: `Redis emptied; its primary killed and the stale replica promoted: ${count} times each`,
      figures: {
        emptiedRebuiltP50Ms: percentile(times.emptied, 50),
        emptiedRebuiltMaxMs: percentile(times.emptied, 100),
        killedRebuiltP50Ms: percentile(times.killed, 50),
        killedRebuiltMaxMs: percentile(times.killed, 100),
        longestSilenceMs: Math.round(silenceMs),
        offeredPerSecond: load.offeredPerSecond,
        ...auditFigures(verdict),
      },
      faults: [...faults, ...verdict.faults],
    };
  } finally {
    await cluster?.stop();
    await set.end();
  }
}

/** Waits until the primary holds what the leader had applied at the call, or later; returns how long that took, in ms. */
async function rebuiltAfter(cluster: Cluster, set: RedisSet): Promise<number> {
  const begunMs = performance.now();
  const leader = await cluster.leader();
  const wanted = (await leader.status())?.sequence ?? 0;
  await waitFor(
    'the read model',
    async () => {
      const head = await (await set.primary()).client.hget('keel:head', 'sequence');
      return Number(head ?? 0) >= wanted ? true : undefined;
    },
    REBUILT_MS_MAX,
  );
  return performance.now() - begunMs;
}

async function empty(cluster: Cluster, set: RedisSet): Promise<number> {
  await (await set.primary()).client.flushall();
  return rebuiltAfter(cluster, set);
}

async function killPrimary(cluster: Cluster, set: RedisSet): Promise<number> {
  const [primary, replica] = [await set.primary(), await set.replica()];
  await set.leaveBehind();
  await sleep(LEFT_BEHIND_MS);
  const begunMs = performance.now();
  await primary.kill();
  await waitFor('another primary', async () => ((await set.primary()) === replica ? true : undefined));
  await rebuiltAfter(cluster, set);
  const ms = performance.now() - begunMs;
  // The Sentinels would see to it themselves within ten seconds or so.
  await replica.client.config('SET', 'masterauth', PASSWORD);
  await primary.restart();
  await primary.client.call('REPLICAOF', '127.0.0.1', String(replica.port));
  await set.inStep();
  return ms;
}

/**
 * With nothing moving: what was written diff by diff, and what another node writes as a whole when it takes over, are the same
 * but for generation and epoch. The other node's state is the leader's; the auditor shows that by their roots.
 */
async function compareReadModels(cluster: Cluster, set: RedisSet): Promise<string[]> {
  const leader = await cluster.leader();
  await leader.post('/leader/pause', { reason: 'the read model is compared' });
  await sleep(300);
  await rebuiltAfter(cluster, set);
  const before = await stateOf((await set.primary()).client);
  await cluster.allUp();
  await leader.post('/leader/transfer', {});
  await cluster.allUp();
  const next = await cluster.leader();
  await waitFor('the next read model', async () => ((await next.status())?.readModel?.rebuilds ? true : undefined));
  const after = await stateOf((await set.primary()).client);
  await next.post('/leader/resume', {});
  const differing = [...new Set([...before.keys(), ...after.keys()])].filter(
    (key) => before.get(key) !== after.get(key),
  );
  if (before.size < 100) return [`the read model has only ${before.size} keys`];
  return differing
    .slice(0, 5)
    .map((key) => `the read models differ in ${key}: ${before.get(key)} and ${after.get(key)}`);
}

/** Keys of the state, not of the history: accounts, orders, books. */
async function stateOf(client: Redis): Promise<Map<string, string>> {
  const state = new Map<string, string>();
  for (const key of ['keel:accounts', 'keel:owners', 'keel:agents', 'keel:collaterals'])
    for (const [field, value] of Object.entries(await client.hgetall(key))) state.set(`${key} ${field}`, value);
  for (const pattern of ['keel:orders:*', 'keel:book:*:bids', 'keel:book:*:asks'])
    for (const key of await client.keys(pattern))
      for (const [field, value] of Object.entries(await client.hgetall(key))) state.set(`${key} ${field}`, value);
  state.set('keel:exchange', (await client.get('keel:exchange')) ?? '');
  state.set('keel:head', (await client.hmget('keel:head', 'sequence', 'timeMs', 'stateRoot', 'batchIndex')).join(' '));
  return state;
}
