import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openJournal, readJournal } from '@keel/journal';
import { freePort, type OwnEtcd, type OwnEtcdOptions, startEtcd, startRedis } from '@keel/test-servers';
import { waitFor } from '../e2e/waitFor.ts';
import { type AuditNode, audit, type Verdict } from './audit.ts';
import type { Load } from './load.ts';
import { type NodeStatus, SequencerProcess } from './sequencerProcess.ts';
import { FEEDER, SETTLEMENT, TOKEN } from './tradersOrders.ts';

export interface ClusterOptions {
  readonly etcd?: OwnEtcdOptions;
  /** Instead of a Redis of its own. */
  readonly redisUrl?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Where a node keeps its data, instead of a folder beside the others'. */
  readonly dataDirs?: Readonly<Record<string, string>>;
}

/** A start replays seconds of load on a machine that is busy with this very test. */
const UP_MS_MAX = 60_000;

/** Three sequencers, their etcd and their Redis, as real processes on free loopback ports. */
export interface Cluster {
  readonly nodes: readonly SequencerProcess[];
  readonly urls: readonly string[];
  readonly etcd: OwnEtcd;
  readonly env: Readonly<Record<string, string>>;
  node(nodeId: string): SequencerProcess;
  /** A further sequencer process in a folder of its own, not started. */
  newNode(nodeId: string): Promise<SequencerProcess>;
  /** The node that leads; waits for one. */
  leader(): Promise<SequencerProcess>;
  /** Resolves when one leads and the others follow and would stand. */
  allUp(): Promise<void>;
  /** Resolves when each node has a snapshot, so that one that starts again replays seconds of load and not all of it. */
  snapshots(): Promise<void>;
  /** Lets the leader hand over to this node, as soon as it would. */
  leadBy(node: SequencerProcess): Promise<void>;
  /** Ends the load, lets all nodes come to the same end, ends them, and judges what they are left with. */
  judge(load: Load): Promise<Verdict>;
  stop(): Promise<void>;
}

/** Resolves when one node leads and the others follow. */
export async function startCluster(options: ClusterOptions = {}): Promise<Cluster> {
  const folder = await mkdtemp(join(tmpdir(), 'keel-faults-'));
  const etcd = await startEtcd(options.etcd ?? { nodes: 1 });
  const redis = options.redisUrl === undefined ? await startRedis() : undefined;
  const env = {
    KEEL_LOG: 'etcd',
    KEEL_ETCD_ENDPOINTS: etcd.endpoints.join(','),
    KEEL_REDIS_URL: options.redisUrl ?? redis?.url ?? '',
    KEEL_INTAKE_TOKEN: TOKEN,
    KEEL_SETTLEMENT_ADDRESS: SETTLEMENT,
    KEEL_PRICE_FEEDERS: FEEDER,
    // The bound is tested by packages/cluster; here leaders are killed faster than any operator would bear.
    KEEL_TAKEOVERS_PER_MINUTE: '1000',
    KEEL_SNAPSHOT_COMMANDS: '4000',
    ...options.env,
  };
  const newNode = async (nodeId: string): Promise<SequencerProcess> => {
    const dataDir = options.dataDirs?.[nodeId] ?? join(folder, nodeId);
    return new SequencerProcess(nodeId, dataDir, await freePort(), await freePort(), env);
  };
  const nodes = [await newNode('a'), await newNode('b'), await newNode('c')];
  const leader = (): Promise<SequencerProcess> =>
    waitFor('a leader', async () => {
      const statuses = await Promise.all(nodes.map((node) => node.status()));
      return nodes[statuses.findIndex((status) => status?.role === 'leading')];
    });
  const allUp = (): Promise<void> =>
    waitFor(
      'all nodes',
      async () => {
        const statuses = await Promise.all(nodes.map((node) => node.status()));
        const ready = statuses.filter((status) => status?.role === 'following' && status.notStanding === null);
        if (ready.length === nodes.length - 1 && statuses.some((status) => status?.role === 'leading')) return true;
        throw new Error(nodes.map((node, index) => describe(node, statuses[index])).join('\n'));
      },
      UP_MS_MAX,
    ).then(() => undefined);
  const cluster: Cluster = {
    nodes,
    urls: nodes.map(({ intakeUrl }) => intakeUrl),
    etcd,
    env,
    node: (nodeId) => {
      const found = nodes.find((node) => node.nodeId === nodeId);
      if (found === undefined) throw new Error(`there is no node ${nodeId}`);
      return found;
    },
    newNode,
    leader,
    allUp,
    snapshots: () =>
      waitFor('snapshots', async () => {
        const statuses = await Promise.all(nodes.map((node) => node.status()));
        return statuses.every((status) => (status?.snapshotSequence ?? 0) > 0) ? true : undefined;
      }).then(() => undefined),
    leadBy: (node) =>
      waitFor(`${node.nodeId} to lead`, async () => {
        const leading = await leader();
        if (leading === node) return true;
        // Refused until the leader has heard that the node is ready.
        await leading.post('/leader/transfer', { to: node.nodeId });
        return undefined;
      }).then(() => undefined),
    judge: async (load) => {
      await load.stop();
      await cluster.allUp();
      // With the taking stopped nothing moves any more, and all nodes come to the same end.
      await (await leader()).post('/leader/pause', { reason: 'the end of a test' });
      await sameEnd(nodes);
      await Promise.all(nodes.map((node) => node.end('SIGTERM')));
      return audit({ acks: load.acks, givenUp: load.givenUp, nodes: await Promise.all(nodes.map(leftBy)) });
    },
    stop: async () => {
      for (const node of nodes) node.signal('SIGCONT');
      await Promise.all(nodes.map((node) => node.end('SIGKILL')));
      await redis?.stop();
      await etcd.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
  try {
    for (const node of nodes) node.start();
    await allUp();
    return cluster;
  } catch (fault) {
    await cluster.stop();
    throw fault;
  }
}

/** For the message of a test that waited in vain. */
function describe(node: SequencerProcess, status: NodeStatus | undefined): string {
  const { nodeId, exitCode, output } = node;
  if (status !== undefined) return `${nodeId}: ${JSON.stringify({ ...status, markets: undefined })}`;
  return `${nodeId}: exit code ${exitCode}, last said ${output.slice(-1_000)}`;
}

async function sameEnd(nodes: readonly SequencerProcess[]): Promise<void> {
  await waitFor('the nodes to come to the same end', async () => {
    const statuses = await Promise.all(nodes.map((node) => node.status()));
    const ends = new Set(statuses.flatMap((status) => [status?.sequence, status?.durableSequence]));
    return ends.size === 1 && !ends.has(undefined) ? true : undefined;
  });
}

/** What is on the disk of a node that was ended, and what it said last. */
export async function leftBy(node: SequencerProcess): Promise<AuditNode> {
  const words = node.lastWords();
  if (words === undefined) throw new Error(`${node.nodeId} did not end cleanly: ${node.output.slice(-2_000)}`);
  const journal = await openJournal(node.dataDir);
  const { lastSequence } = journal;
  await journal.close();
  const records = [...readJournal(node.dataDir, 1, lastSequence)];
  return { nodeId: node.nodeId, records, sequence: words.sequence, stateRoot: words.stateRoot };
}
