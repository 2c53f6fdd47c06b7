import { randomBytes } from 'node:crypto';
import {
  ClusterAbsent,
  type ClusterKeys,
  ClusterView,
  claimIdentity,
  clusterKeys,
  joinFromPeers,
  LOG_FORMAT,
  type Say,
} from '@keel/cluster';
import { type ClusterIdentity, decodeLogBlock, type NodeReport } from '@keel/codec';
import { type EtcdStore, openEtcd, type Store, StoreFault, StoreRefused } from '@keel/etcd';
import { type Identity, nodeDisk, openJournal, type ReceivedRecord } from '@keel/journal';
import { BatchStore, toHex } from '@keel/replica';
import type { Logger } from '@keel/runtime';
import type { ClusterConfig, SequencerConfig } from './config.ts';
import { httpPeer } from './httpPeer.ts';

/** A node that could not reach the store at its start asks again so often. */
const RETRY_MS = 1_000;
const NODES_MAX = 100;

export interface OpenedCluster {
  readonly etcd: EtcdStore;
  readonly keys: ClusterKeys;
  readonly identity: ClusterIdentity;
}

/**
 * Finds the cluster, is sure that it is the right one, and fetches from other nodes what its log does not hold any more.
 * After it the data directory can be opened. Waits for a store that does not answer; rejects with one sentence when
 * waiting is of no use. Undefined = this node is alone.
 */
export async function openCluster(
  config: SequencerConfig,
  directory: Identity,
  log: Logger,
  stopSignal: AbortSignal,
): Promise<OpenedCluster | undefined> {
  const { cluster } = config;
  if (cluster === undefined) return undefined;
  const { endpoints, user, password, caFile, certFile, keyFile } = cluster;
  const etcd = openEtcd({
    endpoints,
    ...(user === undefined || password === undefined ? {} : { user, password }),
    ...(caFile === undefined ? {} : { tls: { caFile, ...(certFile && keyFile ? { certFile, keyFile } : {}) } }),
  });
  const keys = clusterKeys(cluster.cluster);
  const say = sayWith(log);
  const expected = await expectedIdentity(config, cluster, directory);
  const identity = await untilAnswered(() => claimIdentity(etcd, keys, expected, cluster.mayBegin), say, stopSignal);
  await untilAnswered(() => join(config, cluster.nodeId, etcd, keys, identity, say), say, stopSignal);
  return { etcd, keys, identity };
}

/** Lines of the cluster's code as lines of the process. */
export function sayWith(log: Logger): Say {
  return (level, message, facts = {}) => log[level](facts, message);
}

/** The journal that this node brings along is where a new cluster's log begins. */
async function expectedIdentity(
  { dataDir, domain }: SequencerConfig,
  { members }: ClusterConfig,
  { chainId }: Identity,
): Promise<ClusterIdentity> {
  const journal = await openJournal(dataDir);
  const base = { baseSequence: journal.lastSequence, baseHash: toHex(journal.lastHash) };
  await journal.close();
  return {
    chainId,
    settlementAddress: domain.verifyingContract,
    format: LOG_FORMAT,
    clusterId: `0x${randomBytes(16).toString('hex')}`,
    members,
    ...base,
  };
}

async function join(
  { dataDir, intakeToken }: SequencerConfig,
  nodeId: string,
  store: Store,
  keys: ClusterKeys,
  { baseSequence }: ClusterIdentity,
  say: Say,
): Promise<void> {
  const first = (await store.range(keys.log.start, keys.log.end, 1)).entries[0];
  const reports = (await store.range(keys.nodes.start, keys.nodes.end, NODES_MAX)).entries;
  const view = new ClusterView(keys, (from, fault) =>
    say('warn', 'the report of a node cannot be read', { from, reason: fault.message }),
  );
  view.replace(reports);
  const others = view.nodes.filter((report) => report.nodeId !== nodeId);
  await joinFromPeers({
    dataDir,
    disk: nodeDisk,
    batches: new BatchStore(dataDir),
    logFirstSequence: first === undefined ? baseSequence + 1 : decodeLogBlock(first.value).firstSequence,
    peers: others.sort(bestFirst).map((report) => httpPeer(report, intakeToken)),
    say,
  });
}

/** The leader is asked last: it has other things to do than to read its journal to somebody. */
function bestFirst(one: NodeReport, other: NodeReport): number {
  const leads = Number(one.role === 'leading') - Number(other.role === 'leading');
  return leads !== 0 ? leads : other.durableSequence - one.durableSequence;
}

/** Records from a sequence on out of the journals of nodes that have them, one node after the other as each ends. */
export async function* fetchMissing(
  nodes: readonly NodeReport[],
  nodeId: string,
  token: string,
  say: Say,
  fromSequence: number,
): AsyncGenerator<ReceivedRecord> {
  let next = fromSequence;
  const others = nodes.filter((report) => report.nodeId !== nodeId);
  for (const report of others.sort(bestFirst)) {
    if (report.durableSequence < next) continue;
    try {
      for await (const record of httpPeer(report, token).records(next)) {
        next = record.sequence + 1;
        yield record;
      }
    } catch (fault) {
      say('warn', 'another node gave no records', { from: report.nodeId, reason: String(fault) });
    }
  }
}

/** Asks again and again while the store is away; what will not change by waiting is thrown at once. */
async function untilAnswered<Result>(ask: () => Promise<Result>, say: Say, stopSignal: AbortSignal): Promise<Result> {
  for (;;) {
    try {
      return await ask();
    } catch (fault) {
      if (fault instanceof ClusterAbsent) say('warn', fault.message);
      else if (!(fault instanceof StoreFault) || fault instanceof StoreRefused) throw fault;
      else say('warn', 'etcd does not answer; asking again', { reason: fault.message });
    }
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    stopSignal.throwIfAborted();
  }
}
