import { randomBytes } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NodeRole } from '@keel/codec';
import { type EtcdStore, openEtcd, type Store } from '@keel/etcd';
import { openJournal } from '@keel/journal';
import { Exchange, emptyParts } from '@keel/replica';
import { ClusterNode, clusterKeys, LocalReplica, machineTime, type NodeOptions, type Sequencer } from '../src/index.ts';

/** A node in this process, over a real store and a journal on the disk. */
export interface NodeUnderTest {
  readonly node: ClusterNode;
  readonly replica: LocalReplica;
  readonly store: EtcdStore;
  readonly faults: unknown[];
  readonly roles: NodeRole[];
  readonly said: string[];
  /** Set while it leads. */
  readonly sequencer: () => Sequencer | undefined;
  /** The leader as this node sees it died: what `watchLeader` of a real node would find out. */
  readonly tellGone: () => void;
}

export type Changed = Partial<NodeOptions> & { readonly wrapStore?: (store: Store) => Store };

export async function openNode(
  nodeId: string,
  endpoints: readonly string[],
  changed: Changed = {},
): Promise<NodeUnderTest> {
  const journal = await openJournal(mkdtempSync(join(tmpdir(), `keel-node-${nodeId}-`)));
  const exchange = new Exchange(emptyParts());
  const faults: unknown[] = [];
  const fail = (fault: unknown): never => {
    faults.push(fault);
    return undefined as never;
  };
  const replica = new LocalReplica({
    exchange,
    journal,
    onSealed: () => undefined,
    onCheckpoint: () => undefined,
    fail,
  });
  const store = openEtcd({ endpoints });
  const roles: NodeRole[] = [];
  const said: string[] = [];
  let gone: () => void = () => undefined;
  const { wrapStore = (each: Store) => each, ...rest } = changed;
  const node = new ClusterNode({
    nodeId,
    instanceId: `0x${randomBytes(16).toString('hex')}`,
    directoryId: `0x${randomBytes(16).toString('hex')}`,
    intakeUrl: `ws://${nodeId}`,
    adminUrl: `http://${nodeId}`,
    version: '0.1.0',
    engineVersion: 1,
    members: 3,
    baseSequence: 0,
    takeOversPerMinute: 1_000,
    store: wrapStore(store),
    keys: clusterKeys('test'),
    time: machineTime,
    replica,
    snapshotSequence: () => 0,
    selfTest: () => Promise.resolve(undefined),
    watchLeader: (_leader, onGone) => {
      gone = onGone;
      return () => {
        gone = () => undefined;
      };
    },
    createClock: (lastMs) => () => Math.max(lastMs, Date.now()),
    queueMax: 10_000,
    watch: {
      overloaded: () => undefined,
      acknowledged: () => undefined,
      group: () => undefined,
      checked: () => undefined,
    },
    onGroup: () => undefined,
    onLead: () => undefined,
    onStepDown: () => undefined,
    onRole: (role) => roles.push(role),
    onStoreFull: () => undefined,
    say: (level, message, facts) => said.push(`${level} ${message} ${JSON.stringify(facts ?? {})}`),
    fail,
    ...rest,
  });
  return { node, replica, store, faults, roles, said, sequencer: () => node.sequencer, tellGone: () => gone() };
}

/** Resolves with the first node that takes commands. */
export async function leaderOf(nodes: readonly NodeUnderTest[]): Promise<NodeUnderTest> {
  return until(() => nodes.find(({ sequencer }) => sequencer() !== undefined), 'nobody leads');
}

/** Asks every few milliseconds; rejects after ten seconds. */
export async function until<Result>(ask: () => Result | undefined | false, what: string): Promise<Result> {
  const untilMs = performance.now() + 10_000;
  for (;;) {
    const result = ask();
    if (result !== undefined && result !== false) return result;
    if (performance.now() > untilMs) throw new Error(what);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
