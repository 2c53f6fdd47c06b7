import { type OwnEtcd, startEtcd } from '@keel/test-servers';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { clusterKeys } from '../src/index.ts';
import { leaderOf, type NodeUnderTest, openNode, until } from './nodeUnderTest.ts';

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

async function openThree(): Promise<NodeUnderTest> {
  clusters += 1;
  const keys = clusterKeys(`test-${clusters}`);
  nodes = await Promise.all(['a', 'b', 'c'].map((nodeId) => openNode(nodeId, etcd.endpoints, { keys })));
  await Promise.all(nodes.map(({ node }) => node.start()));
  return leaderOf(nodes);
}

const submit = async (leader: NodeUnderTest, count: number): Promise<number> => {
  const done = await Promise.all(
    Array.from({ length: count }, () => leader.sequencer()!.submit({ kind: 'advanceTime' })),
  );
  return Math.max(...done.map(({ sequence }) => sequence));
};

test('one leads, the others follow to the same root; a hand-over loses nothing and takes no time to speak of', async () => {
  const first = await openThree();
  const last = await submit(first, 500);
  await until(() => nodes.every(({ replica }) => replica.sequence >= last), 'the followers do not follow');
  expect(new Set(nodes.map(({ replica }) => replica.exchange.stateRoot())).size).toBe(1);
  const target = nodes.find((each) => each !== first)!;
  await until(
    () => first.node.view.nodes.find(({ nodeId }) => nodeId === target.node.report().nodeId)?.role === 'following',
    'the follower does not report',
  );
  const begunMs = performance.now();
  const outcome = await first.node.handOver(target.node.report().nodeId);
  expect(outcome).toEqual({ to: target.node.report().nodeId });
  expect(await leaderOf(nodes)).toBe(target);
  const gapMs = performance.now() - begunMs;
  process.stdout.write(`hand-over in ${gapMs.toFixed(0)} ms\n`);
  expect(await submit(target, 1)).toBe(last + 1);
  expect(first.node.role).toBe('following');
});

test('a leader whose store answers nothing stops before its lease ends, and another goes on behind it', async () => {
  const first = await openThree();
  const last = await submit(first, 10);
  first.store.close();
  await until(() => first.sequencer() === undefined, 'it leads on');
  const second = await until(
    () => nodes.find((each) => each !== first && each.sequencer() !== undefined),
    'nobody leads',
  );
  expect(await submit(second, 1)).toBe(last + 1);
});

test('a process that is known to be gone is not waited for', async () => {
  const first = await openThree();
  const last = await submit(first, 10);
  const { epoch } = first.node;
  await until(() => nodes.every(({ node }) => node.view.leader?.epoch === epoch), 'the followers know no leader');
  const begunMs = performance.now();
  for (const { tellGone } of nodes) tellGone();
  // It was not gone, so it may well be the next: what it appends under the old epoch is refused all the same.
  const second = await until(
    () => nodes.find(({ node }) => node.sequencer !== undefined && node.epoch > epoch),
    'nobody leads',
  );
  const takeOverMs = performance.now() - begunMs;
  process.stdout.write(`take-over in ${takeOverMs.toFixed(0)} ms\n`);
  expect(takeOverMs).toBeLessThan(1_500);
  expect(await submit(second, 1)).toBe(last + 1);
});
