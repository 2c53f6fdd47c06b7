import { AlarmRequest_Action, AlarmType, Cluster, Maintenance } from '@keel/proto/etcd/rpc';
import { EtcdConnection } from './connection.ts';
import type { EtcdClient } from './etcdClient.ts';
import { StoreOutcomeUnknown, StoreRefused, StoreUnavailable } from './store.ts';
import { judge } from './verdict.ts';

/** How one member of etcd stands. */
export interface EtcdMemberStatus {
  readonly endpoint: string;
  /** As etcd prints it, hexadecimal; empty when nobody could say. */
  readonly memberId: string;
  readonly name: string;
  readonly version: string;
  /** Bytes of its file on the disk. */
  readonly dbBytes: number;
  /** Of these the ones that hold something; defragmenting gives back the rest. */
  readonly dbBytesInUse: number;
  readonly isLeader: boolean;
  /** Last entry that it knows to be committed. */
  readonly raftIndex: number;
  /** NOSPACE, CORRUPT. */
  readonly alarms: readonly string[];
  /** Why the member could not be asked, or what it says is wrong with it. */
  readonly error?: string;
}

/** Copying the file of 8 GiB, etcd's largest, on a slow disk. */
const DEFRAGMENT_MS = 120_000;

/** Looking after etcd itself. Nothing here needs a quorum but the ending of an alarm. */
export class EtcdUpkeep {
  readonly #client: EtcdClient;

  constructor(client: EtcdClient) {
    this.#client = client;
  }

  /** Every endpoint of the configuration, in its order; never rejects because one of them is away. */
  async members(): Promise<readonly EtcdMemberStatus[]> {
    return Promise.all(this.#client.settings.endpoints.map((endpoint) => this.#member(endpoint)));
  }

  /**
   * Gives the free space inside a member's file back to the disk. The member serves nobody meanwhile (about a second for
   * each GiB in use), so never two at once. Rejects with StoreFault.
   */
  async defragment(endpoint: string): Promise<void> {
    const what = `defragmentation of ${endpoint}`;
    const token = await this.#token();
    let sent = false;
    try {
      await this.#with(endpoint, async (connection) => {
        sent = true;
        const options = { timeoutMs: DEFRAGMENT_MS, token, requireLeader: false };
        await connection.unary(Maintenance.method.defragment, {}, options);
      });
    } catch (fault) {
      const { kind, reason } = judge(fault);
      if (kind === 'refused') throw new StoreRefused(`${what}: ${reason}`);
      if (sent && kind === 'unknown') throw new StoreOutcomeUnknown(`${what}: ${reason}`);
      throw new StoreUnavailable(`${what}: ${reason}`);
    }
  }

  /** Ends the NOSPACE alarm of every member; one that is still too full raises it again at the next put. */
  async disarmNoSpace(): Promise<void> {
    this.#client.forgetAlarm();
    await this.#client.call('end of alarm', 'repeatable', async (connection, options) => {
      const { alarms } = await connection.unary(Maintenance.method.alarm, { action: AlarmRequest_Action.GET }, options);
      for (const { memberId, alarm } of alarms.filter((each) => each.alarm === AlarmType.NOSPACE)) {
        const request = { action: AlarmRequest_Action.DEACTIVATE, memberId, alarm };
        await connection.unary(Maintenance.method.alarm, request, options);
      }
    });
  }

  async #member(endpoint: string): Promise<EtcdMemberStatus> {
    try {
      return await this.#with(endpoint, async (connection) => {
        const options = { timeoutMs: this.#client.settings.timeoutMs, requireLeader: false };
        const status = await connection.unary(Maintenance.method.status, {}, options);
        const id = status.header?.memberId ?? 0n;
        const { members } = await connection.unary(Cluster.method.memberList, {}, options);
        const { alarms } = await connection.unary(
          Maintenance.method.alarm,
          { action: AlarmRequest_Action.GET },
          options,
        );
        const faults = status.errors.filter((error) => !error.startsWith('memberID:'));
        return {
          endpoint,
          memberId: id.toString(16),
          name: members.find((member) => member.id === id)?.name ?? '',
          version: status.version,
          dbBytes: Number(status.dbSize),
          dbBytesInUse: Number(status.dbSizeInUse),
          isLeader: status.leader === id,
          raftIndex: Number(status.raftIndex),
          alarms: alarms.filter((each) => each.memberId === id).map((each) => alarmName(each.alarm)),
          ...(faults.length === 0 ? {} : { error: faults.join('; ') }),
        };
      });
    } catch (fault) {
      return { ...NOTHING_KNOWN, endpoint, error: judge(fault).reason };
    }
  }

  /** A connection of its own: the store's want a member that knows a leader. */
  async #with<Result>(endpoint: string, work: (connection: EtcdConnection) => Promise<Result>): Promise<Result> {
    const { security, timeoutMs } = this.#client.settings;
    const connection = await EtcdConnection.open(endpoint, security, { timeoutMs, requireLeader: false });
    try {
      return await work(connection);
    } finally {
      connection.close();
    }
  }

  /** A token that works now, undefined without a user. */
  #token(): Promise<string | undefined> {
    return this.#client.call('token', 'read', async (_, options) => options.token);
  }
}

const alarmName = (alarm: AlarmType): string =>
  Object.entries(AlarmType).find(([, value]) => value === alarm)?.[0] ?? `alarm ${alarm}`;

const NOTHING_KNOWN = {
  memberId: '',
  name: '',
  version: '',
  dbBytes: 0,
  dbBytesInUse: 0,
  isLeader: false,
  raftIndex: 0,
  alarms: [],
};
