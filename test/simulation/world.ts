import { type ClusterKeys, clusterKeys, LOG_FORMAT, type Peer } from '@keel/cluster';
import type { ClusterIdentity, NodeRole } from '@keel/codec';
import type { Submitted } from '@keel/intake';
import { JournalFault } from '@keel/journal';
import type { Exchange } from '@keel/replica';
import { AssertionError, type Command, type Hex } from '@keel/types';
import { Chance } from './chance.ts';
import { Checker } from './checker.ts';
import type { Link } from './link.ts';
import { Machine } from './machine.ts';
import { NodeClock } from './nodeClock.ts';
import { peerOf } from './peerOf.ts';
import { RedisWriter } from './redisWriter.ts';
import { type Process, Scheduler } from './scheduler.ts';
import { SimDisk } from './simDisk.ts';
import { SimNetwork } from './simNetwork.ts';
import { SimRedis } from './simRedis.ts';
import { SimStore } from './simStore.ts';
import { Trace } from './trace.ts';

const NODES = ['a', 'b', 'c'] as const;
/** Clocks of real machines differ by less. */
const DRIFT = 0.01;
const RESTART_MS = [200, 3_000] as const;

/** Figures that a real cluster has larger, so that a short run sees many of each. */
export interface Sizes {
  readonly checkpointCommands: number;
  readonly snapshotCommands: number;
  readonly trim: { readonly everyMs: number; readonly blocksKept: number };
  readonly takeOversPerMinute: number;
}

/** What happened in a run, for its summary. */
export interface Counts {
  crashes: number;
  takeOvers: number;
  fetches: number;
  snapshots: number;
  unknown: number;
  gaveUp: number;
  acknowledged: number;
  repeated: number;
  readonly faults: Record<string, number>;
  readonly ended: Record<string, number>;
}

/** Everything around the nodes of one run, all of it made from one seed. */
export class World {
  readonly chance: Chance;
  readonly trace_: Trace;
  readonly scheduler: Scheduler;
  readonly store: SimStore;
  readonly network: SimNetwork;
  readonly redis = new SimRedis();
  readonly keys: ClusterKeys = clusterKeys('sim');
  readonly identity: ClusterIdentity;
  readonly sizes: Sizes;
  readonly checker: Checker;
  readonly machines: readonly Machine[];
  readonly counts: Counts = {
    crashes: 0,
    takeOvers: 0,
    fetches: 0,
    snapshots: 0,
    unknown: 0,
    gaveUp: 0,
    acknowledged: 0,
    repeated: 0,
    faults: {},
    ended: {},
  };
  /** Nobody restarts what ends any more. */
  over = false;
  readonly #writers = new Map<Process, RedisWriter>();
  readonly #epochs = new Map<Machine, number>();
  /** Lost its disk, and has not caught up since. */
  #impaired: Machine | undefined;
  #redisEpoch = 0;

  constructor(seed: number, keepTrace: boolean) {
    const chance = new Chance(seed);
    this.chance = chance;
    this.scheduler = new Scheduler(chance.fork());
    this.trace_ = new Trace(keepTrace, () => this.scheduler.nowMs);
    this.store = new SimStore(this.scheduler, chance.fork());
    this.network = new SimNetwork(this.scheduler, chance.fork());
    this.checker = new Checker(this.keys.log.start, this.keys.leader, () => this.scheduler.nowMs);
    this.store.onChange = (_revision, events) => this.checker.noteChange(events);
    this.redis.onWrite = () => this.judgeRedis();
    this.identity = {
      chainId: 1,
      settlementAddress: `0x${'5e'.repeat(20)}`,
      format: LOG_FORMAT,
      clusterId: this.id(),
      members: NODES.length,
      baseSequence: 0,
      baseHash: `0x${'0'.repeat(64)}`,
    };
    this.sizes = {
      checkpointCommands: chance.pick([100, 200, 500]),
      snapshotCommands: chance.pick([400, 800, 1_600]),
      trim: { everyMs: chance.pick([2_000, 5_000]), blocksKept: chance.pick([3, 20, 60]) },
      takeOversPerMinute: chance.happens(0.1) ? 6 : 10_000,
    };
    this.machines = NODES.map((name) => {
      const clock = new NodeClock(this.scheduler, chance.within(1 - DRIFT, 1 + DRIFT), chance.within(-500, 500));
      return new Machine(this, name, new SimDisk(this.scheduler, chance.fork()), clock);
    });
  }

  trace(text: string): void {
    this.trace_.note(text);
  }

  /** 16 bytes that no other call gives. */
  id(): Hex {
    let digits = '';
    for (let word = 0; word < 4; word += 1) digits += this.chance.between(0, 0xffffffff).toString(16).padStart(8, '0');
    return `0x${digits}`;
  }

  machine(name: string): Machine {
    const found = this.machines.find((machine) => machine.name === name);
    if (found === undefined) throw new Error(`there is no machine ${name}`);
    return found;
  }

  storeLink(name: string): Link {
    return this.network.link(name, 'store');
  }

  peerOf(process: Process, from: string, to: string, durableSequence: number): Peer {
    return peerOf(this, process, from, to, durableSequence);
  }

  count(kind: string): void {
    this.counts.faults[kind] = (this.counts.faults[kind] ?? 0) + 1;
  }

  /** A node's program has ended by itself; what watches over it starts it again. */
  noteEnded(machine: Machine, fault: unknown): void {
    const name = fault instanceof Error ? fault.name : 'unknown';
    this.counts.ended[name] = (this.counts.ended[name] ?? 0) + 1;
    this.trace(`${machine.name} ended: ${String(fault)}`);
    if (fault instanceof AssertionError || fault instanceof TypeError || fault instanceof RangeError)
      this.checker.noteFault(`${machine.name} ended with ${fault.stack ?? String(fault)}`);
    if (name === 'JournalCorrupt' || name === 'StartupFault')
      this.checker.noteFault(`${machine.name} does not start again: ${String(fault)}`);
    this.startLater(machine);
  }

  startLater(machine: Machine): void {
    this.scheduler.worldAfter(this.chance.within(...RESTART_MS), () => {
      if (!machine.alive && !this.over) this.start(machine);
    });
  }

  start(machine: Machine): void {
    this.trace(`${machine.name} starts`);
    machine.start();
  }

  noteSnapshotFault(machine: Machine, fault: unknown, fail: (fault: unknown) => never): void {
    this.trace(`${machine.name} snapshot failed: ${String(fault)}`);
    if (!(fault instanceof JournalFault)) fail(fault);
  }

  noteLeads(machine: Machine, epoch: number, sequence: number): void {
    this.counts.takeOvers += 1;
    this.#epochs.set(machine, epoch);
    this.trace(`${machine.name} leads, epoch ${epoch}, from ${sequence}`);
  }

  noteRole(machine: Machine, role: NodeRole): void {
    this.trace(`${machine.name} ${role}`);
    if (role !== 'halted') return;
    const node = machine.running?.node;
    this.checker.noteFault(`${machine.name} has halted: ${node?.haltedBy ?? 'no reason'}`);
  }

  noteAcknowledged(machine: Machine, command: Command, { sequence, events, repeated = false }: Submitted): void {
    const epoch = this.#epochs.get(machine) ?? 0;
    this.checker.noteAcknowledged({ machine: machine.name, epoch, sequence, command, events, repeated });
  }

  /** A leader has applied something. */
  publish(process: Process, epoch: number, exchange: Exchange): void {
    if (!process.alive) return;
    let writer = this.#writers.get(process);
    if (writer?.epoch !== epoch) {
      const link = this.network.link(process.name, 'redis');
      writer = new RedisWriter(this.scheduler, this.redis, link, process, { epoch, exchange });
      this.#writers.set(process, writer);
    }
    writer.publish();
  }

  /** Looks whether the read model holds what it may; called after each event of Redis. */
  judgeRedis(): void {
    const { epoch, sequence, recordHash } = this.redis.head;
    if (epoch === 0) this.#redisEpoch = 0;
    if (epoch < this.#redisEpoch)
      this.checker.noteFault(`the read model went from epoch ${this.#redisEpoch} to ${epoch}`);
    this.#redisEpoch = epoch;
    if (epoch !== 0 && recordHash !== `0x${this.checker.hashAt(sequence)}`)
      this.checker.noteFault(`the read model holds a state of ${sequence} that is not the log's`);
  }

  /** A replica that knows less than its primary may take over: older is no fault then. */
  failRedisOver(): void {
    this.redis.failOver();
    this.#redisEpoch = this.redis.head.epoch;
  }

  /** Whether a machine may lose its disk without two of three being empty at once. */
  mayLoseDisk(machine: Machine): boolean {
    const impaired = this.#impaired;
    if (impaired !== undefined && impaired !== machine) {
      const { running } = impaired;
      const caughtUp = running !== undefined && running.replica.journal.durableSequence >= this.checker.lastSequence;
      if (!caughtUp) return false;
      this.#impaired = undefined;
    }
    return true;
  }

  loseDisk(machine: Machine): void {
    this.#impaired = machine;
    machine.loseDisk();
  }
}
