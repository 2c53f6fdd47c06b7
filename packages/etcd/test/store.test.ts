import { type OwnEtcd, startEtcd } from '@keel/test-servers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type EtcdStore,
  openEtcd,
  StoreCompacted,
  type StoreFault,
  StoreRefused,
  StoreUnavailable,
} from '../src/index.ts';
import { bytes, collectWatch, eventually, text, wait } from './words.ts';

let etcd: OwnEtcd;
let store: EtcdStore;

beforeAll(async () => {
  etcd = await startEtcd({ nodes: 1 });
  store = openEtcd({ endpoints: etcd.endpoints });
});

afterAll(async () => {
  store.close();
  await etcd.stop();
});

describe('transactions', () => {
  it('appends under the epoch of the leader key, once for each height', async () => {
    const stood = await store.transact(
      [{ key: 'a/leader', createRevision: 0 }],
      [{ kind: 'put', key: 'a/leader', value: bytes('ann') }],
    );
    expect(stood.succeeded).toBe(true);
    const epoch = (await store.get('a/leader'))?.createRevision ?? 0;
    expect(epoch).toBe(stood.revision);
    const append = (height: number, atEpoch: number, block: string) =>
      store.transact(
        [
          { key: 'a/leader', createRevision: atEpoch },
          { key: `a/log/${height}`, createRevision: 0 },
        ],
        [{ kind: 'put', key: `a/log/${height}`, value: bytes(block) }],
      );
    const done = await append(1, epoch, 'first');
    expect(done).toEqual({ succeeded: true, revision: epoch + 1 });
    expect(await append(1, epoch, 'again')).toEqual({ succeeded: false, revision: epoch + 1 });
    expect(await append(2, epoch - 1, 'of an older leader')).toEqual({ succeeded: false, revision: epoch + 1 });
    expect(text((await store.get('a/log/1'))?.value)).toBe('first');
    expect(await store.get('a/log/2')).toBeUndefined();
  });

  it('gives a key that was deleted and made again another create revision, and a rewritten one the same', async () => {
    const key = 'b/leader';
    await store.transact([], [{ kind: 'put', key, value: bytes('ann') }]);
    const first = await store.get(key);
    await store.transact([], [{ kind: 'put', key, value: bytes('ann again') }]);
    const rewritten = await store.get(key);
    expect(rewritten?.createRevision).toBe(first?.createRevision);
    expect(rewritten?.modRevision).toBe((first?.modRevision ?? 0) + 1);
    await store.transact([{ key, modRevision: rewritten?.modRevision ?? 0 }], [{ kind: 'delete', key }]);
    await store.transact([{ key, createRevision: 0 }], [{ kind: 'put', key, value: bytes('bob') }]);
    expect((await store.get(key))?.createRevision).toBe((first?.createRevision ?? 0) + 3);
  });

  it('deletes up to an end and not the end', async () => {
    for (const name of ['1', '2', '3']) {
      await store.transact([], [{ kind: 'put', key: `c/${name}`, value: bytes(name) }]);
    }
    await store.transact([], [{ kind: 'delete', key: 'c/1', end: 'c/3' }]);
    expect((await store.range('c/', 'c0', 10)).entries.map(({ key }) => key)).toEqual(['c/3']);
  });

  it('takes 1 MiB and refuses 2 MiB in one sentence', async () => {
    const put = (size: number) =>
      store.transact([], [{ kind: 'put', key: 'd/block', value: new Uint8Array(size).fill(7) }]);
    expect((await put(1_048_576)).succeeded).toBe(true);
    expect((await store.get('d/block'))?.value.length).toBe(1_048_576);
    for (const size of [1_600_000, 8_000_000]) {
      const refused = await put(size).catch((fault: unknown) => fault);
      expect(refused).toBeInstanceOf(StoreRefused);
      expect((refused as StoreFault).message).toMatch(/larger than etcd takes/);
    }
    expect((await store.get('d/block'))?.value.length).toBe(1_048_576);
  });
});

describe('ranges', () => {
  it('are ascending, end before their end, and say whether there is more', async () => {
    for (const name of ['0003', '0001', '0002', '0004']) {
      await store.transact([], [{ kind: 'put', key: `e/${name}`, value: bytes(name) }]);
    }
    const two = await store.range('e/0001', 'e/0004', 2);
    expect(two.entries.map(({ key }) => key)).toEqual(['e/0001', 'e/0002']);
    expect(two.more).toBe(true);
    const rest = await store.range('e/0003', 'e/0004', 2);
    expect(rest.entries.map(({ key }) => key)).toEqual(['e/0003']);
    expect(rest.more).toBe(false);
    const before = rest.revision;
    await store.transact([], [{ kind: 'put', key: 'e/0009', value: bytes('x') }]);
    expect((await store.range('e/', 'e0', 1)).revision).toBe(before + 1);
  });
});

describe('watches', () => {
  it('tell everything from a revision on, in order, a revision whole', async () => {
    const { revision } = await store.transact([], [{ kind: 'put', key: 'f/0', value: bytes('0') }]);
    await store.transact(
      [],
      [
        { kind: 'put', key: 'f/1', value: bytes('1') },
        { kind: 'put', key: 'f/2', value: bytes('2') },
      ],
    );
    const seen = collectWatch(store, 'f/', 'f0', revision + 1);
    await eventually(() => seen.events.length >= 2);
    for (let i = 3; i < 200; i++) await store.transact([], [{ kind: 'put', key: `f/${i}`, value: bytes(`${i}`) }]);
    await store.transact([], [{ kind: 'delete', key: 'f/7' }]);
    await eventually(() => seen.events.length === 200);
    expect(seen.events.map(({ kind, entry }) => `${kind} ${entry.key}`)).toEqual([
      ...Array.from({ length: 199 }, (_, i) => `put f/${i + 1}`),
      'delete f/7',
    ]);
    expect(seen.calls[0]).toEqual({ revision: revision + 1, keys: ['f/1', 'f/2'] });
    const last = seen.events.at(-1)?.entry;
    expect(last).toMatchObject({ createRevision: revision + 199, modRevision: revision + 199 });
    expect(last?.value.length).toBe(0);
    seen.close();
    await store.transact([], [{ kind: 'put', key: 'f/after', value: bytes('x') }]);
    await wait(100);
    expect(seen.events.length).toBe(200);
    expect(seen.ends).toEqual([]);
  });

  it('end with StoreCompacted when what they need is forgotten, and forgetting twice is no fault', async () => {
    const { revision } = await store.transact([], [{ kind: 'put', key: 'g/1', value: bytes('1') }]);
    await store.transact([], [{ kind: 'put', key: 'g/1', value: bytes('2') }]);
    await store.compact(revision + 1);
    await store.compact(revision);
    const seen = collectWatch(store, 'g/', 'g0', revision);
    await eventually(() => seen.ends.length > 0);
    await wait(100);
    expect(seen.ends.map((fault) => fault.name)).toEqual(['StoreCompacted']);
    expect(seen.ends[0]).toBeInstanceOf(StoreCompacted);
    await expect(store.compact(revision + 1_000_000)).rejects.toBeInstanceOf(StoreRefused);
  });
});

describe('leases', () => {
  it('end with their time and take their keys along; keep-alive says so', async () => {
    const lease = await store.grantLease(2);
    expect(lease.seconds).toBeGreaterThanOrEqual(2);
    await store.transact([], [{ kind: 'put', key: 'h/leader', value: bytes('ann'), leaseId: lease.leaseId }]);
    expect((await store.get('h/leader'))?.leaseId).toBe(lease.leaseId);
    const seen = collectWatch(store, 'h/', 'h0', 0);
    for (let i = 0; i < 8; i++) {
      await wait(400);
      expect(await store.keepAlive(lease.leaseId)).toBe(true);
    }
    expect(seen.events).toEqual([]);
    const stoppedMs = performance.now();
    await eventually(() => seen.events.length === 1, 8_000);
    expect(seen.events[0]).toMatchObject({ kind: 'delete', entry: { key: 'h/leader' } });
    expect(performance.now() - stoppedMs).toBeGreaterThan(1_500);
    expect(await store.keepAlive(lease.leaseId)).toBe(false);
    seen.close();
    await store.revokeLease(lease.leaseId);
    const late = store.transact([], [{ kind: 'put', key: 'h/leader', value: bytes('ann'), leaseId: lease.leaseId }]);
    await expect(late).rejects.toBeInstanceOf(StoreUnavailable);
    expect(await store.get('h/leader')).toBeUndefined();
  });

  it('end at once when they are revoked', async () => {
    const { leaseId } = await store.grantLease(60);
    await store.transact([], [{ kind: 'put', key: 'i/leader', value: bytes('ann'), leaseId }]);
    await store.revokeLease(leaseId);
    expect(await store.get('i/leader')).toBeUndefined();
    expect(await store.keepAlive(leaseId)).toBe(false);
  });
});

describe('settings', () => {
  it.each([
    [{ endpoints: [] }, /names no endpoint/],
    [{ endpoints: ['127.0.0.1:2379'] }, /write it as http/],
    [{ endpoints: ['http://a:1', 'https://b:1'] }, /mixes http and https/],
    [{ endpoints: ['http://a:1'], user: 'root' }, /both or not at all/],
    [{ endpoints: ['http://a:1'], tls: { caFile: 'ca.pem' } }, /says http/],
    [{ endpoints: ['https://a:1'], tls: { caFile: '/nowhere/ca.pem' } }, /KEEL_ETCD_CA_FILE cannot be read/],
  ])('that cannot work are refused: %j', (settings, sentence) => {
    expect(() => openEtcd(settings)).toThrow(StoreRefused);
    expect(() => openEtcd(settings)).toThrow(sentence);
  });
});
