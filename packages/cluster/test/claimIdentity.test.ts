import type { ClusterIdentity } from '@keel/codec';
import { openEtcd } from '@keel/etcd';
import { startEtcd } from '@keel/test-servers';
import { expect, test } from 'vitest';
import { ClusterAbsent, ClusterForeign, claimIdentity, clusterKeys, LOG_FORMAT } from '../src/index.ts';

const IDENTITY: ClusterIdentity = {
  chainId: 31_337,
  settlementAddress: `0x${'5e'.repeat(20)}`,
  format: LOG_FORMAT,
  clusterId: `0x${'01'.repeat(16)}`,
  members: 3,
  baseSequence: 40,
  baseHash: `0x${'aa'.repeat(32)}`,
};

test('the first node says where the log begins, and who does not belong to it is told why', async () => {
  const etcd = await startEtcd({ nodes: 1 });
  const store = openEtcd({ endpoints: etcd.endpoints });
  const claim = (changed: Partial<ClusterIdentity>) =>
    claimIdentity(store, clusterKeys('test'), { ...IDENTITY, ...changed }, true);
  // An empty node that starts first waits: it would begin another exchange.
  const waits = claimIdentity(store, clusterKeys('test'), { ...IDENTITY, baseSequence: 0 }, false);
  await expect(waits).rejects.toBeInstanceOf(ClusterAbsent);
  expect(await claim({})).toEqual(IDENTITY);
  // Another node of the cluster: an empty one, one that is further, and the first again.
  const zeros = `0x${'00'.repeat(32)}` as const;
  expect(await claim({ clusterId: `0x${'02'.repeat(16)}`, baseSequence: 0, baseHash: zeros })).toEqual(IDENTITY);
  expect(await claim({ baseSequence: 55, baseHash: `0x${'bb'.repeat(32)}` })).toEqual(IDENTITY);
  expect(await claim({})).toEqual(IDENTITY);
  const foreign: readonly (readonly [Partial<ClusterIdentity>, string])[] = [
    [{ baseHash: `0x${'bb'.repeat(32)}` }, 'another journal'],
    [{ members: 5 }, 'has 3 members, KEEL_CLUSTER_MEMBERS says 5'],
    [{ chainId: 1 }, 'belongs to the contract'],
    [{ settlementAddress: `0x${'5f'.repeat(20)}` }, 'belongs to the contract'],
  ];
  for (const [changed, why] of foreign) {
    const fault = await claim(changed).catch((thrown: unknown) => thrown);
    expect(fault).toBeInstanceOf(ClusterForeign);
    expect((fault as Error).message).toContain(why);
  }
  store.close();
  await etcd.stop();
});
