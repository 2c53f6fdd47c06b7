import { startEtcd } from '@keel/test-servers';
import { expect, it } from 'vitest';
import { openEtcd, StoreFull, StoreOutcomeUnknown } from '../src/index.ts';
import { bytes, faultOf } from './words.ts';

const KEY = (height: number): string => `log/${String(height).padStart(16, '0')}`;

it('a full store takes deletions only, says so, and takes puts again after trimming', async () => {
  const etcd = await startEtcd({ nodes: 1, quotaBytes: 16 * 1024 * 1024 });
  const store = openEtcd({ endpoints: etcd.endpoints, timeoutMs: 5_000 });
  const block = new Uint8Array(1024 * 1024).fill(7);
  const put = (height: number) =>
    store.transact([{ key: KEY(height), createRevision: 0 }], [{ kind: 'put', key: KEY(height), value: block }]);

  let height = 0;
  let first: unknown;
  while (first === undefined && height < 64) {
    height += 1;
    first = await put(height).then(
      () => undefined,
      (fault: unknown) => fault,
    );
  }
  // etcd says NOSPACE of the put that it has done and that filled it, too: the first may have been done.
  expect(first).toBeInstanceOf(StoreOutcomeUnknown);
  const done = await store.get(KEY(height));
  const full = await faultOf(put(height + 1));
  expect(full).toBeInstanceOf(StoreFull);
  expect(full.message).toMatch(/NOSPACE/);
  expect(await store.get(KEY(height + 1))).toBeUndefined();
  expect(await store.get(KEY(height))).toEqual(done);
  expect(await faultOf(store.grantLease(2))).toBeInstanceOf(StoreFull);
  const [member] = await store.upkeep.members();
  expect(member).toMatchObject({ alarms: ['NOSPACE'], isLeader: true });
  expect(member?.dbBytes).toBeGreaterThan(14 * 1024 * 1024);

  const { succeeded, revision } = await store.transact([], [{ kind: 'delete', key: KEY(0), end: KEY(99) }]);
  expect(succeeded).toBe(true);
  await store.compact(revision);
  await store.upkeep.defragment(etcd.endpoints[0] ?? '');
  await store.upkeep.disarmNoSpace();
  const [trimmed] = await store.upkeep.members();
  expect(trimmed?.alarms).toEqual([]);
  expect(trimmed?.dbBytes).toBeLessThan(4 * 1024 * 1024);
  expect((await store.transact([], [{ kind: 'put', key: 'after', value: bytes('1') }])).succeeded).toBe(true);
  store.close();
  await etcd.stop();
});
