import { clusterKeys } from '@keel/cluster';
import { openEtcd, StoreFull } from '@keel/etcd';
import { createLogger } from '@keel/runtime';
import { startEtcd } from '@keel/test-servers';
import { expect, test } from 'vitest';
import type { NodeFace } from '../src/nodeFace.ts';
import { StoreKeeper } from '../src/storeKeeper.ts';

const MIB = 1024 * 1024;

/** Of a node that follows: what the keeper asks of it. */
const follower = (leader: NodeFace['leader']): NodeFace =>
  ({ role: 'following', leader, height: 0 }) satisfies Partial<NodeFace> as NodeFace;

test('a full store in which nobody can lead is mended by a node that follows', { timeout: 60_000 }, async () => {
  const etcd = await startEtcd({ nodes: 1, quotaBytes: 16 * MIB });
  const store = openEtcd({ endpoints: etcd.endpoints, timeoutMs: 5_000 });
  let blocks = 0;
  const grant = () => store.grantLease(2).then(({ seconds }) => seconds);
  for (; blocks < 64 && !((await grant().catch((fault: unknown) => fault)) instanceof StoreFull); blocks += 1)
    await store
      .transact([], [{ kind: 'put', key: `junk/${blocks}`, value: new Uint8Array(MIB) }])
      .catch(() => undefined);
  // The last leader trimmed what it could, and died before the space was given back.
  const { revision } = await store.transact([], [{ kind: 'delete', key: 'junk/', end: 'junk0' }]);
  await store.compact(revision);
  await expect(grant()).rejects.toThrow(/full/);
  const keeper = new StoreKeeper({
    etcd: store,
    upkeep: store.upkeep,
    keys: clusterKeys('test'),
    node: follower(undefined),
    everyMs: 500,
    log: createLogger({ service: 'test', level: 'silent' }),
    fail: (fault) => expect.unreachable(String(fault)),
  });
  await expect.poll(() => grant().catch(() => 0), { timeout: 40_000, interval: 500 }).toBeGreaterThanOrEqual(2);
  await keeper.stop();
  store.close();
  await etcd.stop();
});
