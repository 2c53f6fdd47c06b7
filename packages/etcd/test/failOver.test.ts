import { type OwnEtcd, startEtcd } from '@keel/test-servers';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type EtcdStore, openEtcd, StoreFault, StoreOutcomeUnknown, StoreUnavailable } from '../src/index.ts';
import { bytes, collectWatch, eventually, faultOf, text, wait } from './words.ts';

let etcd: OwnEtcd;
let store: EtcdStore;

beforeEach(async () => {
  etcd = await startEtcd({ nodes: 3 });
  store = openEtcd({ endpoints: etcd.endpoints });
});

afterEach(async () => {
  store.close();
  await etcd.stop();
});

const put = (key: string, value = '1') =>
  store.transact([{ key, createRevision: 0 }], [{ kind: 'put', key, value: bytes(value) }]);

/** A client whose first endpoint is this member. */
function from(index: number, count = 3): EtcdStore {
  const order = Array.from({ length: count }, (_, i) => etcd.endpoints[(index + i) % 3] ?? '');
  return openEtcd({ endpoints: order });
}

it('goes on at another member when the one it speaks to dies', async () => {
  await put('a/0');
  const before = await etcd.leader();
  const follower = (before + 1) % 3;
  const mine = from(follower);
  await mine.get('a/0');
  const { leaseId } = await mine.grantLease(10);
  const seen = collectWatch(mine, 'a/', 'a0', 0);
  await wait(100);
  await etcd.members[follower]?.kill();
  await eventually(() => seen.ends.length === 1, 1_000);
  expect(seen.ends[0]).toBeInstanceOf(StoreUnavailable);
  const result = await mine.transact([], [{ kind: 'put', key: 'a/1', value: bytes('1') }]);
  expect(result.succeeded).toBe(true);
  expect(text((await mine.get('a/0'))?.value)).toBe('1');
  expect(await mine.keepAlive(leaseId)).toBe(true);
  const again = collectWatch(mine, 'a/', 'a0', result.revision);
  await eventually(() => again.events.length === 1);
  mine.close();
});

it('says within its time limit that two of three are dead, and serves again when one is back', async () => {
  await put('b/0');
  for (const member of etcd.members.slice(0, 2)) await member.kill();
  for (const call of [() => put('b/1'), () => store.get('b/0'), () => store.range('b/', 'b0', 1)]) {
    const startMs = performance.now();
    const fault = await faultOf(call());
    expect(fault).toBeInstanceOf(StoreFault);
    expect(['StoreUnavailable', 'StoreOutcomeUnknown']).toContain(fault.name);
    expect(performance.now() - startMs).toBeLessThan(1_500);
  }
  expect(await faultOf(store.get('b/0'))).toBeInstanceOf(StoreUnavailable);
  const members = await store.upkeep.members();
  expect(members.map(({ error }) => error !== undefined)).toEqual([true, true, true]);
  await etcd.members[0]?.restart();
  await etcd.healthy();
  // What was unknown may have been done once there was a quorum again; it was not done twice.
  await eventuallyServes(() => put('b/2'));
  expect((await store.range('b/', 'b0', 10)).entries.length).toBeLessThanOrEqual(3);
});

it('does not know what became of a transaction at a stopped member, and reads from another', async () => {
  await put('c/0');
  const stopped = ((await etcd.leader()) + 1) % 3;
  const mine = from(stopped);
  await mine.get('c/0');
  etcd.members[stopped]?.stop();
  const startMs = performance.now();
  const fault = await faultOf(mine.transact([], [{ kind: 'put', key: 'c/1', value: bytes('1') }]));
  expect(fault).toBeInstanceOf(StoreOutcomeUnknown);
  expect(performance.now() - startMs).toBeLessThan(1_500);
  expect(text((await mine.get('c/0'))?.value)).toBe('1');
  const next = await mine.transact([], [{ kind: 'put', key: 'c/2', value: bytes('2') }]);
  expect(next.succeeded).toBe(true);
  mine.close();

  const reader = from(stopped);
  const readMs = performance.now();
  // It never had a connection to the stopped one, so even the transaction was certainly not sent to it.
  expect((await reader.transact([], [{ kind: 'put', key: 'c/3', value: bytes('3') }])).succeeded).toBe(true);
  expect(performance.now() - readMs).toBeLessThan(1_000);
  reader.close();
  etcd.members[stopped]?.cont();
  await etcd.healthy();
});

it('reads from another member when the one it speaks to hangs in the middle', async () => {
  await put('d/0');
  const stopped = ((await etcd.leader()) + 2) % 3;
  const mine = from(stopped);
  await mine.get('d/0');
  etcd.members[stopped]?.stop();
  const startMs = performance.now();
  expect(text((await mine.get('d/0'))?.value)).toBe('1');
  expect(performance.now() - startMs).toBeLessThan(1_000);
  mine.close();
});

it('ends a watch within 2.5 s when its member hangs, and when it is cut off from the others', async () => {
  const stopped = ((await etcd.leader()) + 1) % 3;
  const mine = from(stopped);
  const seen = collectWatch(mine, 'e/', 'e0', 0);
  await wait(700);
  expect(seen.ends).toEqual([]);
  etcd.members[stopped]?.stop();
  await eventually(() => seen.ends.length === 1, 2_500);
  expect(seen.ends[0]?.message).toMatch(/said nothing/);
  mine.close();
  etcd.members[stopped]?.cont();
  await etcd.healthy();

  const alone = from(stopped, 1);
  const left = collectWatch(alone, 'e/', 'e0', 0);
  await wait(700);
  // Both others gone: it lives and answers, but belongs to no majority any more.
  for (const other of [1, 2]) await etcd.members[(stopped + other) % 3]?.kill();
  await eventually(() => left.ends.length === 1, 4_000);
  expect(left.ends[0]?.message).toMatch(/no leader/);
  alone.close();
});

it('tells nothing after close, and calls of a closed client reject', async () => {
  const seen = collectWatch(store, 'f/', 'f0', 0);
  await wait(100);
  seen.close();
  store.close();
  await wait(100);
  expect(seen.ends).toEqual([]);
  expect(await faultOf(store.get('f/0'))).toBeInstanceOf(StoreUnavailable);
});

it('tells of every member how it stands', async () => {
  await put('g/0');
  const leader = await etcd.leader();
  const dead = (leader + 1) % 3;
  await etcd.members[dead]?.kill();
  const members = await store.upkeep.members();
  expect(members.map(({ endpoint }) => endpoint)).toEqual(etcd.endpoints);
  expect(members.map(({ isLeader }) => isLeader)).toEqual([0, 1, 2].map((index) => index === leader));
  expect(members[dead]?.error).toMatch(/ECONNREFUSED/);
  expect(members[leader]).toMatchObject({ name: `n${leader}`, version: '3.4.23', alarms: [] });
  expect(members[leader]?.error).toBeUndefined();
  await store.upkeep.defragment(etcd.endpoints[leader] ?? '');
  expect(await faultOf(store.upkeep.defragment(etcd.endpoints[dead] ?? ''))).toBeInstanceOf(StoreUnavailable);
});

it('says nothing untrue of any append while members die', { timeout: 90_000 }, async () => {
  const said = new Map<string, string>();
  let over = false;
  const append = async (): Promise<void> => {
    for (let height = 0; !over; height++) {
      const key = `log/${String(height).padStart(9, '0')}`;
      const outcome = await put(key).then(
        ({ succeeded }) => (succeeded ? 'done' : 'there already'),
        (fault: Error) => fault.name,
      );
      said.set(key, outcome);
    }
  };
  const load = append();
  for (let kill = 0; kill < 4; kill++) {
    await wait(300);
    const victim = etcd.members[await etcd.leader()];
    await victim?.kill();
    await wait(2_000);
    await victim?.restart();
    await etcd.healthy();
  }
  over = true;
  await load;
  const there = new Set<string>();
  for (let from = 'log/'; ; ) {
    const page = await store.range(from, 'log0', 1_000);
    for (const { key } of page.entries) there.add(key);
    const last = page.entries.at(-1)?.key;
    if (!page.more || last === undefined) break;
    from = `${last}\0`;
  }
  const untrue = [...said].filter(
    ([key, outcome]) =>
      outcome === 'there already' ||
      (outcome === 'done' && !there.has(key)) ||
      (outcome === 'StoreUnavailable' && there.has(key)),
  );
  expect(untrue).toEqual([]);
  expect([...said.values()].filter((outcome) => outcome === 'done').length).toBeGreaterThan(200);
  const words = new Set(said.values());
  for (const expected of ['done', 'StoreUnavailable', 'StoreOutcomeUnknown']) words.delete(expected);
  expect([...words]).toEqual([]);
});

/** An election may still be on: what is certainly not done or unknown is tried anew, as every caller does. */
async function eventuallyServes(call: () => Promise<{ readonly succeeded: boolean }>): Promise<void> {
  for (let attempt = 0; attempt < 10; attempt++) {
    try {
      await call();
      return;
    } catch (fault) {
      if (!(fault instanceof StoreFault)) throw fault;
    }
  }
  throw new Error('it does not serve again');
}
