import { expect, test } from 'vitest';
import { clusterBlock } from '../cluster/clusterBlock.ts';
import type { NodeGlance } from '../cluster/clusterStatus.ts';

const glance = {
  url: '',
  status: undefined,
  ordersPerSecond: 0,
  firstTradeSeconds: undefined,
  upSeconds: 5,
  recordings: undefined,
};
const node = (name: 'a' | 'b' | 'c', role: string, sequence = 0): NodeGlance => ({
  node: name,
  role,
  epoch: 41,
  sequence,
  nextDepositIndex: 0,
});

test('who leads, where the others are, and the last take-over, in one line', () => {
  const leader = node('b', 'leading', 120);
  const takeOver = { epoch: 41, nodeId: 'b', reason: "the leader's process was gone", takeOverMs: 180 };
  const cluster = { nodes: [node('a', 'away'), leader, node('c', 'following', 119)], leader, takeOver };
  expect(clusterBlock(glance, cluster)[0]).toBe(
    "b leads, epoch 41   a away, b leading 120, c following 119   last take-over b at epoch 41 in 180 ms: the leader's process was gone",
  );
});

test('nobody leads', () => {
  const cluster = {
    nodes: [node('a', 'following', 7), node('b', 'standing', 7), node('c', 'away')],
    leader: undefined,
  };
  expect(clusterBlock(glance, { ...cluster, takeOver: undefined })[0]).toBe(
    'nobody leads   a following 7, b standing 7, c away',
  );
});
