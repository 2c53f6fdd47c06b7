import { tmpdir } from 'node:os';
import { createMetrics } from '@keel/runtime';
import { expect, test } from 'vitest';
import { type ClusterSource, createClusterFigures, ROLES, type Role } from '../src/clusterFigures.ts';
import { createDiskFigures } from '../src/diskFigures.ts';

const SOURCE: ClusterSource = {
  role: 'leading',
  epoch: 31,
  height: 1_200,
  lagCommands: 5,
  lastCommitAgeSeconds: 0.25,
  journalLagCommands: 6,
  takeoversLastMinute: 2,
  heldBack: false,
  checkpointMismatch: false,
  clockOffsetSeconds: -0.5,
  storeFull: false,
  logBlocks: 1_000,
  storeDbBytes: 9_000_000,
  snapshotAgeSeconds: 600,
  snapshotFailures: 3,
  nodesAlive: 2,
  members: 3,
  paused: false,
  leaseRemainingSeconds: 1.25,
};

test('every figure of the source is a metric of its own, with help', async () => {
  const metrics = createMetrics('sequencer');
  createClusterFigures(metrics, { ...SOURCE, heldBack: true, paused: true });
  const text = await metrics.text();
  const samples = [...text.matchAll(/^keel_cluster_(\w+)\{service="sequencer"\} (\S+)$/gm)];
  expect(Object.fromEntries(samples.map(([, name, value]) => [name, Number(value)]))).toEqual({
    epoch: 31,
    height_blocks: 1_200,
    lag_commands: 5,
    last_commit_age_seconds: 0.25,
    journal_lag_commands: 6,
    takeovers_last_minute: 2,
    held_back: 1,
    checkpoint_mismatch: 0,
    clock_offset_seconds: -0.5,
    store_full: 0,
    log_blocks: 1_000,
    store_db_bytes: 9_000_000,
    snapshot_age_seconds: 600,
    snapshot_failures_total: 3,
    nodes_alive: 2,
    members: 3,
    paused: 1,
    lease_remaining_seconds: 1.25,
  });
});

test('one role holds at a time, also after a change, and a total is told again and not added', async () => {
  const metrics = createMetrics('sequencer');
  let role: Role = 'following';
  createClusterFigures(metrics, {
    ...SOURCE,
    get role() {
      return role;
    },
  });
  for (const next of ROLES) {
    role = next;
    const text = await metrics.text();
    const held = [...text.matchAll(/^keel_cluster_role\{role="(\w+)",service="sequencer"\} ([01])$/gm)];
    expect(held).toHaveLength(ROLES.length);
    expect(new Set(held.map(([, name]) => name))).toEqual(new Set(ROLES));
    expect(held.filter(([, , value]) => value === '1').map(([, name]) => name)).toEqual([next]);
    expect(text).toMatch(/^keel_cluster_snapshot_failures_total\{service="sequencer"\} 3$/m);
  }
});

test('the disk of the data directory is seen, and never freer than large', async () => {
  const metrics = createMetrics('sequencer');
  createDiskFigures(metrics, tmpdir());
  const text = await metrics.text();
  const figure = (name: string) =>
    Number(new RegExp(`^keel_sequencer_disk_${name}_bytes\\S* (\\S+)$`, 'm').exec(text)?.[1]);
  expect(figure('free')).toBeGreaterThan(0);
  expect(figure('size')).toBeGreaterThanOrEqual(figure('free'));
});
