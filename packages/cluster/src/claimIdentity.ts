import { type ClusterIdentity, decodeClusterIdentity, encodeClusterIdentity } from '@keel/codec';
import type { Store } from '@keel/etcd';
import type { ClusterKeys } from './keys.ts';

/** The store holds another cluster than this node's settings say. */
export class ClusterForeign extends Error {
  override readonly name = 'ClusterForeign';
}

/** There is no cluster yet, and this node was not told to begin one. */
export class ClusterAbsent extends Error {
  override readonly name = 'ClusterAbsent';
}

/** The newest format of the log that this version reads and writes. */
export const LOG_FORMAT = 1;

/**
 * The identity of the cluster in the store; the first node writes it down and with it where the log begins: behind the
 * journal that the node brings along. One node is told that it may be the first: of three that start at once the one with
 * an empty directory must not begin another exchange than the one in the others' journals. Throws ClusterAbsent or
 * ClusterForeign, one sentence; rejects with StoreFault.
 */
export async function claimIdentity(
  store: Store,
  keys: ClusterKeys,
  expected: ClusterIdentity,
  mayBegin: boolean,
): Promise<ClusterIdentity> {
  if (mayBegin) {
    const value = encodeClusterIdentity(expected);
    await store.transact([{ key: keys.identity, createRevision: 0 }], [{ kind: 'put', key: keys.identity, value }]);
  }
  const there = await store.get(keys.identity);
  if (there === undefined)
    throw new ClusterAbsent(
      `there is no cluster at ${keys.prefix} in the store yet: KEEL_CLUSTER_BEGIN names the node that may begin it, ` +
        'which is the one with the journal if there is any; this node waits for it',
    );
  const identity = decodeClusterIdentity(there.value);
  const fault = differenceOf(identity, expected);
  if (fault !== undefined) throw new ClusterForeign(`the cluster at ${keys.prefix} in the store ${fault}`);
  return identity;
}

function differenceOf(there: ClusterIdentity, expected: ClusterIdentity): string | undefined {
  if (there.format > LOG_FORMAT)
    return `has a log of format ${there.format}, this version knows ${LOG_FORMAT}: upgrade this node`;
  if (there.chainId !== expected.chainId || there.settlementAddress !== expected.settlementAddress)
    return (
      `belongs to the contract ${there.settlementAddress} on chain ${there.chainId}, not to ` +
      `${expected.settlementAddress} on chain ${expected.chainId}: name another KEEL_CLUSTER or mend the settings`
    );
  if (there.baseSequence === expected.baseSequence && there.baseHash !== expected.baseHash)
    return (
      `begins behind command ${there.baseSequence} of another journal than this node's: move the data directory away, ` +
      'the node then fetches everything from its peers'
    );
  if (there.members !== expected.members)
    return `has ${there.members} members, KEEL_CLUSTER_MEMBERS says ${expected.members}`;
  return undefined;
}
