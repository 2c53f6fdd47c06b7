import type { Store } from '@keel/etcd';
import { type OwnEtcd, startEtcd } from '@keel/test-servers';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { clusterKeys } from '../src/index.ts';
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
const nextKeys = () => clusterKeys(`corner-${(clusters += 1)}`);

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
