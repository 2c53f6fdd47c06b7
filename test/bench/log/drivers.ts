import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Checkpoints, type CommandLog, clusterKeys, EtcdLog, fileLog, Lease, machineTime } from '@keel/cluster';
import { encodeLeader } from '@keel/codec';
import { openEtcd } from '@keel/etcd';
import { type Journal, openJournal } from '@keel/journal';
import { startEtcd } from '@keel/test-servers';

/** Where commands are committed to. */
export const DRIVERS = ['file', 'etcd1', 'etcd3'] as const;
export type Driver = (typeof DRIVERS)[number];

/** A log that a leader may append to, and a journal behind it on this disk. */
export interface OpenedLog {
  readonly log: CommandLog;
  close(): Promise<void>;
}

export async function openLog(driver: Driver): Promise<OpenedLog> {
  const dir = mkdtempSync(join(tmpdir(), 'keel-bench-log-'));
  const journal = await openJournal(dir);
  const inner = driver === 'file' ? fileLogOf(journal) : await etcdLogOf(journal, driver === 'etcd1' ? 1 : 3);
  return {
    log: inner.log,
    close: async () => {
      await inner.close();
      await journal.close();
      rmSync(dir, { recursive: true });
    },
  };
}

function fileLogOf(journal: Journal): OpenedLog {
  return { log: fileLog(journal), close: () => Promise.resolve() };
}

/** What a node does when it leads, without the roles around it: leader key, lease, appends, its own journal behind. */
async function etcdLogOf(journal: Journal, nodes: 1 | 3): Promise<OpenedLog> {
  const etcd = await startEtcd({ nodes });
  // The member that leads saves the others' hop; a cluster's client does not know which one that is.
  const store = openEtcd({ endpoints: etcd.endpoints });
  const keys = clusterKeys('bench');
  const lease = await Lease.grant(store, machineTime, () => undefined);
  const value = encodeLeader({ nodeId: 'a', instanceId: `0x${'0'.repeat(32)}`, intakeUrl: '', sinceMs: 0 });
  const { revision } = await store.transact(
    [{ key: keys.leader, createRevision: 0 }],
    [{ kind: 'put', key: keys.leader, value, leaseId: lease.leaseId }],
  );
  const log = new EtcdLog({
    store,
    keys,
    time: machineTime,
    epoch: revision,
    lease,
    height: 0,
    lastSequence: 0,
    lastHash: journal.lastHash,
    checkpoints: new Checkpoints(),
    onCommitted: (_height, firstSequence, payloads) => {
      for (const [index, payload] of payloads.entries()) journal.append(firstSequence + index, payload);
      journal.flush().catch((fault: unknown) => {
        throw fault;
      });
    },
    onFull: () => undefined,
  });
  return {
    log,
    close: async () => {
      await lease.end();
      store.close();
      await etcd.stop();
    },
  };
}
