import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEtcd, startRedis } from '@keel/test-servers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { waitFor } from '../e2e/waitFor.ts';
import { Load } from './load.ts';
import type { SequencerProcess } from './sequencerProcess.ts';
import { type Cluster, startCluster } from './startCluster.ts';

/** An hour ahead, for the process that is started with it; sequencers read the wall clock with Date.now. */
const HOUR_AHEAD = `--import=data:text/javascript,${encodeURIComponent('const now = Date.now; Date.now = () => now() + 3600000;')}`;

let cluster: Cluster;
let load: Load;
beforeAll(async () => {
  cluster = await startCluster({ env: { KEEL_SNAPSHOT_COMMANDS: '1000' } });
  load = new Load({ urls: cluster.urls, ordersPerSecond: 500 });
  await load.start();
});
afterAll(async () => {
  try {
    // Whatever was refused: nothing that was acknowledged is lost.
    const verdict = await cluster.judge(load);
    expect(verdict.faults).toEqual([]);
  } finally {
    await cluster.stop();
  }
});

/** The one sentence of a process that refuses to start. */
async function refusal(node: SequencerProcess, env: Readonly<Record<string, string>>): Promise<string> {
  node.start(env);
  expect(await node.ended()).toBe(1);
  const lines = node.output.split('\n').filter((line) => line.startsWith('keel sequencer: '));
  expect(lines.length, node.output).toBe(1);
  return lines[0] as string;
}

async function follower(): Promise<SequencerProcess> {
  await cluster.allUp();
  const leader = await cluster.leader();
  return cluster.nodes.find((node) => node !== leader) as SequencerProcess;
}

/** Waits until the node says words; whatever else it does, the exchange goes on. */
async function says(node: SequencerProcess, words: RegExp): Promise<void> {
  await waitFor(`${node.nodeId} to say ${words}`, () => (words.test(node.output) ? true : undefined), 15_000).catch(
    (fault: unknown) => {
      throw new Error(`${String(fault)}; it said ${node.output.slice(-1_500)}`);
    },
  );
}

describe('refused at the start, in one sentence', () => {
  test('a second node under the name of one that runs', async () => {
    const second = await cluster.newNode('a');
    const { dataDir } = second;
    expect(dataDir).toBe(cluster.node('a').dataDir);
    // In the same directory the lock says so, in another one the cluster does.
    expect(await refusal(second, {})).toMatch(/is (in use|open|locked)|another process/i);
    expect(await refusal(second, { KEEL_DATA_DIR: `${dataDir}-other` })).toMatch(
      /another node is running under the name a .*: give each node a KEEL_NODE_ID of its own/,
    );
  });

  test('the journal of another chain', async () => {
    const node = await follower();
    await node.end('SIGTERM');
    expect(await refusal(node, { KEEL_CHAIN_ID: '1' })).toMatch(/chain/);
    node.start();
    await cluster.allUp();
  });

  test('a cluster of another contract', async () => {
    const node = await cluster.newNode('d');
    expect(await refusal(node, { KEEL_SETTLEMENT_ADDRESS: `0x${'77'.repeat(20)}` })).toMatch(
      /belongs to the contract 0x5e5e.* not to 0x7777/,
    );
  });

  test('the journal of a newer version', async () => {
    const node = await follower();
    await node.end('SIGTERM');
    const file = join(node.dataDir, 'identity.json');
    const kept = readFileSync(file);
    writeFileSync(file, kept.toString().replace(/"format":\s*\d+/, '"format":99'));
    expect(await refusal(node, {})).toMatch(/has the journal format 99 of a newer version/);
    writeFileSync(file, kept);
    node.start();
    await cluster.allUp();
  });

  test('a wrong password of etcd', async () => {
    const guarded = await startEtcd({ nodes: 1, auth: { password: 'right' } });
    const node = await cluster.newNode('e');
    const env = { KEEL_ETCD_ENDPOINTS: guarded.endpoints.join(','), KEEL_ETCD_USER: 'root' };
    expect(await refusal(node, { ...env, KEEL_ETCD_PASSWORD: 'wrong' })).toMatch(/user|password/);
    await guarded.stop();
  });

  test('an etcd whose certificate another signed', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'keel-certificates-'));
    const [tls, other] = [makeCertificate(folder, 'one'), makeCertificate(folder, 'other')];
    const guarded = await startEtcd({ nodes: 1, tls });
    const node = await cluster.newNode('f');
    const env = { KEEL_ETCD_ENDPOINTS: guarded.endpoints.join(','), KEEL_ETCD_CA_FILE: other.caFile };
    expect(await refusal(node, env)).toMatch(/certificate/);
    await guarded.stop();
    await rm(folder, { recursive: true });
  });
});

describe('alarmed, and the exchange goes on', () => {
  test('a clock an hour ahead does not stand', async () => {
    const node = await follower();
    await node.end('SIGTERM');
    node.start({ NODE_OPTIONS: HOUR_AHEAD });
    const why = await waitFor('its reason', async () => (await node.status())?.notStanding?.match(/its clock .*/)?.[0]);
    expect(why).toMatch(/^its clock is (3599|3600|3601)\.\d s ahead of the other nodes': set it right/);
    await (await cluster.leader()).post('/leader/transfer', {});
    await load.ackAfter(performance.now() + 500);
    expect((await node.status())?.role).toBe('following');
    await node.end('SIGTERM');
    node.start();
    await cluster.allUp();
  });

  test('a Redis that evicts is not written', async () => {
    const evicting = await startRedis();
    await evicting.client.config('SET', 'maxmemory-policy', 'allkeys-lru');
    const node = await follower();
    await node.end('SIGTERM');
    node.start({ KEEL_REDIS_URL: evicting.url });
    await cluster.allUp();
    await cluster.leadBy(node);
    await says(node, /maxmemory-policy allkeys-lru and would delete parts of the read model/);
    await load.ackAfter(performance.now());
    expect(await evicting.client.dbsize()).toBe(0);
    await node.end('SIGTERM');
    node.start();
    await cluster.allUp();
    await evicting.stop();
  });

  test('a corrupt snapshot: the start goes on with the one before, or with the journal', async () => {
    const node = await follower();
    await waitFor('a snapshot', async () => ((await node.status())?.snapshotSequence ? true : undefined));
    await node.end('SIGTERM');
    const folder = join(node.dataDir, 'snapshots');
    const newest = join(folder, readdirSync(folder).sort().at(-1) as string);
    const bytes = readFileSync(newest);
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] as number) ^ 1;
    writeFileSync(newest, bytes);
    node.start();
    await cluster.allUp();
    expect(node.output).toMatch(/passed over the snapshot .*: its digest does not match/);
    rmSync(newest, { force: true });
  });
});

/** Signed by itself, for 127.0.0.1. */
function makeCertificate(folder: string, name: string) {
  const [certFile, keyFile] = [join(folder, `${name}.pem`), join(folder, `${name}-key.pem`)];
  const subject = ['-subj', `/CN=${name}`, '-addext', 'subjectAltName=IP:127.0.0.1'];
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', keyFile];
  execFileSync('openssl', ['req', '-x509', ...key, '-out', certFile, '-days', '2', ...subject], { stdio: 'ignore' });
  return { caFile: certFile, certFile, keyFile };
}
