import type { ClusterKeys } from '@keel/cluster';
import type { ClusterIdentity } from '@keel/codec';
import { decodeLogBlock } from '@keel/codec';
import type { EtcdStore, EtcdUpkeep } from '@keel/etcd';
import type { NodeFace } from './nodeFace.ts';

export interface ClusterSources {
  readonly node: NodeFace;
  /** Undefined = a node alone. */
  readonly etcd: EtcdStore | undefined;
  readonly upkeep: EtcdUpkeep | undefined;
  readonly keys: ClusterKeys | undefined;
  readonly identity: ClusterIdentity | undefined;
}

/** What /cluster of the admin port shows: this node's view, and what the store says when it answers. */
export async function describeCluster(sources: ClusterSources): Promise<object> {
  const { node, identity, upkeep } = sources;
  const [terms, log, members] = await Promise.all([
    node.terms().catch(() => []),
    logOf(sources).catch(() => null),
    upkeep?.members(),
  ]);
  return {
    identity: identity === undefined ? null : identity,
    leader: node.leader ?? null,
    nodes: node.nodes,
    terms,
    log,
    store: members === undefined ? null : { members },
    takeoversLastMinute: node.takeOversLastMinute,
    heldBack: node.heldBack,
    paused: node.paused ?? null,
  };
}

async function logOf({ etcd, keys, node }: ClusterSources): Promise<object | null> {
  if (etcd === undefined || keys === undefined) return null;
  const first = (await etcd.range(keys.log.start, keys.log.end, 1)).entries[0];
  if (first === undefined) return { firstHeight: null, lastHeight: node.height, blocks: 0 };
  const { height, firstSequence } = decodeLogBlock(first.value);
  return { firstHeight: height, firstSequence, lastHeight: node.height, blocks: Math.max(0, node.height - height + 1) };
}
