import { encodeLeader } from '@keel/codec';
import { type Store, StoreUnavailable } from '@keel/etcd';
import { type OwnEtcd, startEtcd } from '@keel/test-servers';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { clusterKeys, numberedKey } from '../src/index.ts';
import { type Changed, leaderOf, type NodeUnderTest, openNode, until } from './nodeUnderTest.ts';

let etcd: OwnEtcd;
let nodes: NodeUnderTest[] = [];
beforeAll(async () => {
  etcd = await startEtcd({ nodes: 1 });
});
afterAll(() => etcd?.stop());
afterEach(async () => {
  await Promise.all(nodes.map(({ node }) => node.stop()));
  for (const { store, replica, faults } of nodes) {
    store.close();
    await replica.journal.close();
    expect(faults).toEqual([]);
  }
  nodes = [];
});

/** Each test has a cluster of its own in the one etcd. */
let clusters = 0;
function nextKeys() {
  clusters += 1;
  return clusterKeys(`corner-${clusters}`);
}

async function open(nodeId: string, changed: Changed): Promise<NodeUnderTest> {
  const opened = await openNode(nodeId, etcd.endpoints, changed);
  nodes.push(opened);
  return opened;
}

/** A store with some calls of its own. */
const wrapping =
  (own: (store: Store) => Partial<Store>) =>
  (store: Store): Store => {
    const calls = own(store);
    return new Proxy(store, {
      get: (target, name) => {
        const found: unknown = name in calls ? calls[name as keyof Store] : target[name as keyof Store];
        return typeof found === 'function' ? found.bind(target) : found;
      },
    });
  };

test('what a leader commits itself counts as progress', async () => {
  const only = await open('a', { keys: nextKeys() });
  await only.node.start();
  await leaderOf(nodes);
  const begunMs = performance.now();
  await only.sequencer()!.submit({ kind: 'advanceTime' });
  expect(only.node.lastBlockMs).toBeGreaterThan(begunMs);
});

test('a node that is stopped while it stands ends and leaves no leader behind', async () => {
  const keys = nextKeys();
  let standing = false;
  let goOn: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const wrapStore = wrapping((store) => ({
    transact: async (conditions, operations) => {
      const result = await store.transact(conditions, operations);
      const stood = operations.some((each) => each.kind === 'put' && each.key === keys.leader);
      if (!stood) return result;
      standing = true;
      await gate;
      return result;
    },
  }));
  const only = await open('a', { keys, wrapStore });
  await only.node.start();
  await until(() => standing, 'it does not stand');
  const stopped = only.node.stop().then(() => true);
  goOn();
  const late = new Promise<boolean>((resolve) => setTimeout(() => resolve(false), 3_000));
  expect(await Promise.race([stopped, late])).toBe(true);
  expect(only.roles).not.toContain('leading');
  expect(await only.store.get(keys.leader)).toBeUndefined();
});

test('a self-test that hangs keeps a follower from standing and a leader from nothing', async () => {
  const keys = nextKeys();
  let hangs = false;
  const selfTest = (): Promise<undefined> => (hangs ? new Promise(() => undefined) : Promise.resolve(undefined));
  const first = await open('a', { keys, selfTest });
  await first.node.start();
  await leaderOf(nodes);
  const second = await open('b', { keys });
  await second.node.start();
  hangs = true;
  await until(() => first.node.report().notStanding.includes('does not end'), 'the self-test is waited for');
  // The loop goes on: it notices that the leadership was handed over, follows, and would not stand again.
  await until(() => first.node.view.nodes.length === 2, 'the other does not report');
  expect(await first.node.handOver('b')).toEqual({ to: 'b' });
  await until(() => first.node.role === 'following', 'it does not step down');
  expect(await leaderOf(nodes)).toBe(second);
});

test('a store that was put back to an earlier state under a running node halts it', async () => {
  const keys = nextKeys();
  const first = await open('a', { keys });
  await first.node.start();
  await leaderOf(nodes);
  for (let blocks = 0; blocks < 5; blocks += 1) await first.sequencer()!.submit({ kind: 'advanceTime' });
  const { height } = first.replica;
  // As a backup of three blocks ago would have it: neither the leader nor what it wrote since.
  const lost = { kind: 'delete', key: numberedKey(keys.log, height - 2), end: keys.log.end } as const;
  await first.store.transact([], [lost, { kind: 'delete', key: keys.leader }]);
  await until(() => first.node.haltedBy !== undefined, 'it goes on');
  expect(first.node.haltedBy).toContain('the store has lost commands');
  expect(first.sequencer()).toBeUndefined();
  expect(first.replica.height).toBe(height);
  // It is looked at by people, so it goes on to hear what happens.
  await first.node.setPause('looking into it');
  await until(() => first.node.view.pause?.reason === 'looking into it', 'it hears nothing any more');
});

test('a leader that was restarted does not wait for the lease of its last run', async () => {
  const keys = nextKeys();
  const directoryId = `0x${'ab'.repeat(16)}` as const;
  const before = await open('a', { keys, directoryId });
  // Gone without a word: what it left in the store stays for its lease.
  const { leaseId } = await before.store.grantLease(60);
  const leader = encodeLeader({ nodeId: 'a', instanceId: `0x${'cd'.repeat(16)}`, intakeUrl: 'ws://a', sinceMs: 1 });
  await before.store.transact([], [{ kind: 'put', key: keys.leader, value: leader, leaseId }]);
  await before.node.start();
  await leaderOf(nodes);
});

test('a node that finds no store at its start waits for it', async () => {
  let away = true;
  const wrapStore = wrapping((store) => ({
    grantLease: (seconds) => (away ? Promise.reject(new StoreUnavailable('away')) : store.grantLease(seconds)),
  }));
  const only = await open('a', { keys: nextKeys(), wrapStore });
  const started = only.node.start();
  await until(() => only.said.length > 0, 'it says nothing');
  away = false;
  await started;
  await leaderOf(nodes);
});
