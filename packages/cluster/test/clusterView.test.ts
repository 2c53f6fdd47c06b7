import { encodeLeader, encodeNodeReport, type NodeReport } from '@keel/codec';
import type { KeyValue, WatchEvent } from '@keel/etcd';
import { expect, test } from 'vitest';
import { ClusterView, clusterKeys } from '../src/index.ts';

const keys = clusterKeys('main');
const ID = `0x${'11'.repeat(16)}` as const;

const entryOf = (key: string, value: Uint8Array, createRevision: number, modRevision = createRevision): KeyValue => ({
  key,
  value,
  createRevision,
  modRevision,
  leaseId: 0n,
});
const leaderOf = (nodeId: string) => ({ nodeId, instanceId: ID, intakeUrl: `ws://${nodeId}`, sinceMs: 1 });
const leads = (nodeId: string, epoch: number): WatchEvent => ({
  kind: 'put',
  entry: entryOf(keys.leader, encodeLeader(leaderOf(nodeId)), epoch),
});
const gone = (revision: number): WatchEvent => ({
  kind: 'delete',
  entry: entryOf(keys.leader, new Uint8Array(), revision),
});

test('a watch that is behind does not tell a new leader that an older one leads', () => {
  const view = new ClusterView(keys, () => expect.unreachable());
  view.take(leads('b', 3));
  view.take(gone(5));
  // b led again from 6 to 8, which the watch has not told yet when a wins at 9.
  view.lead({ ...leaderOf('a'), epoch: 9 });
  view.take(leads('b', 6));
  expect(view.leader?.nodeId).toBe('a');
  view.take(gone(8));
  expect(view.leader?.nodeId).toBe('a');
  view.take(leads('a', 9));
  expect(view.leader?.epoch).toBe(9);
  view.take(gone(11));
  expect(view.leader).toBeUndefined();
});

test('one report that cannot be read is left out, and the others count', () => {
  const report: NodeReport = {
    nodeId: 'b',
    instanceId: ID,
    directoryId: ID,
    role: 'following',
    notStanding: '',
    intakeUrl: 'ws://b',
    adminUrl: 'http://b',
    sequence: 7,
    durableSequence: 7,
    snapshotSequence: 0,
    height: 2,
    wallMs: 1,
    version: '0.1.0',
    engineVersion: 1,
    checkpoint: undefined,
  };
  const unreadable: string[] = [];
  const view = new ClusterView(keys, (nodeId) => unreadable.push(nodeId));
  view.replace([
    entryOf(`${keys.nodes.start}b`, encodeNodeReport(report), 2),
    entryOf(`${keys.nodes.start}c`, new TextEncoder().encode('of another version'), 3),
  ]);
  expect(view.nodes).toEqual([report]);
  expect(unreadable).toEqual(['c']);
  // What was readable once is not believed for ever.
  view.take({ kind: 'put', entry: entryOf(`${keys.nodes.start}b`, Uint8Array.of(255), 2, 9) });
  expect(view.nodes).toEqual([]);
});
