import {
  type ClusterKeys,
  ClusterNode,
  claimIdentity,
  type KnownLeader,
  LocalReplica,
  type Peer,
  type Sequencer,
  type SequencerWatch,
  type Time,
} from '@keel/cluster';
import { type ClusterIdentity, decodeLogBlock, decodeNodeReport, type NodeReport } from '@keel/codec';
import { type Store, StoreFault } from '@keel/etcd';
import { IntakeHandingOver, IntakeOverloaded, IntakePaused, type Submitted } from '@keel/intake';
import { type Disk, type ReceivedRecord, readJournal } from '@keel/journal';
import { makeSnapshot, type OpenedExchange, openExchange, SnapshotMaker } from '@keel/replica';
import type { Logger } from '@keel/runtime';
import type { Command, Hex, SealedBatch } from '@keel/types';
import { fetchRecords } from './fetchRecords.ts';
import { joinAtPeers } from './joinAtPeers.ts';
import type { NodeClock } from './nodeClock.ts';
import { ProcessEnded } from './processEnded.ts';
import { Process } from './scheduler.ts';
import type { SimDisk } from './simDisk.ts';
import type { World } from './world.ts';

export const DATA_DIR = '/keel';
const ADVANCE_TIME_EVERY_MS = 1_000;
const QUEUE_MAX = 2_000;
const LEADER_LOOK_MS = 50;
const NOBODY_WATCHES: SequencerWatch = {
  overloaded: () => undefined,
  acknowledged: () => undefined,
  group: () => undefined,
  checked: () => undefined,
};

/** A node's program while it runs. */
export interface Running {
  readonly process: Process;
  readonly node: ClusterNode;
  readonly opened: OpenedExchange;
  readonly replica: LocalReplica;
  readonly snapshots: SnapshotMaker;
}

/** The command cannot be taken here; `leader` is who takes it, as far as this node knows. */
export class NotLeader extends Error {
  override readonly name = 'NotLeader';
  readonly leader: string | undefined;

  constructor(leader: string | undefined) {
    super('this node does not lead');
    this.leader = leader;
  }
}

/** One of the machines that hold the log: a disk and clocks that outlive the programs on it. */
export class Machine {
  readonly name: string;
  readonly disk: SimDisk;
  readonly clock: NodeClock;
  readonly #world: World;
  #directoryId: Hex;
  process: Process;
  running: Running | undefined;
  /** The whole machine is off: nobody answers that the port is closed. */
  poweredOff = false;
  /** Why the last program ended by itself. */
  lastFault: unknown;

  constructor(world: World, name: string, disk: SimDisk, clock: NodeClock) {
    this.#world = world;
    this.name = name;
    this.disk = disk;
    this.clock = clock;
    this.#directoryId = world.id();
    this.process = new Process(name);
    this.process.kill();
  }

  get alive(): boolean {
    return this.process.alive;
  }

  /** Its disk is gone; a new one is in. */
  loseDisk(): void {
    this.disk.wipe();
    this.#directoryId = this.#world.id();
  }

  start(): void {
    const process = new Process(this.name);
    this.process = process;
    this.running = undefined;
    this.poweredOff = false;
    const fail = (fault: unknown): never => {
      this.#end(process, fault);
      throw new ProcessEnded();
    };
    this.#run(process, fail).catch((fault: unknown) => {
      if (!(fault instanceof ProcessEnded)) this.#end(process, fault);
    });
  }

  /** As kill −9. */
  kill(): void {
    this.process.kill();
    this.running = undefined;
  }

  /** As an operator stops it for an upgrade. */
  async stop(): Promise<void> {
    const { running, process } = this;
    if (running === undefined) return;
    await running.node.stop();
    await running.snapshots.makeLast(running.opened.exchange);
    await running.opened.batches.settled();
    await running.opened.journal.close();
    if (this.process === process) this.kill();
  }

  /** What the intake's server asks. Rejects as an `IntakeHandler` does. */
  async submit(command: Command, retry: boolean): Promise<Submitted> {
    const node = this.running?.node;
    const sequencer = node?.sequencer;
    if (node === undefined) throw new NotLeader(undefined);
    if (node.handingOver) throw new IntakeHandingOver('the leader hands over');
    if (sequencer === undefined) throw new NotLeader(node.view.leader?.nodeId);
    if (node.view.pause !== undefined) throw new IntakePaused(node.view.pause.reason);
    if (sequencer.full) throw new IntakeOverloaded('too many commands wait');
    return sequencer.submit(command, { retry });
  }

  /** Another node asks for what its disk holds. */
  records(fromSequence: number): readonly ReceivedRecord[] {
    const { replica, process } = this.#serving();
    const to = replica.journal.durableSequence;
    const found: ReceivedRecord[] = [];
    let previousHash: Uint8Array | undefined;
    const from = Math.max(1, fromSequence - 1);
    for (const record of readJournal(DATA_DIR, from, to, { disk: this.disk.of(process) })) {
      previousHash ??= from === fromSequence ? new Uint8Array(32) : undefined;
      if (previousHash !== undefined) found.push({ ...record, previousHash });
      previousHash = record.recordHash;
    }
    return found;
  }

  async snapshotFile(): Promise<Buffer | undefined> {
    const { process } = this.#serving();
    const disk = this.disk.of(process);
    const newest = disk
      .list(`${DATA_DIR}/snapshots`)
      .filter((name) => name.endsWith('.snap'))
      .sort()
      .at(-1);
    return newest === undefined ? undefined : disk.readFile(`${DATA_DIR}/snapshots/${newest}`);
  }

  async batches(fromIndex: number): Promise<readonly SealedBatch[]> {
    const { batches } = this.#serving().opened;
    const found: SealedBatch[] = [];
    for (let index = fromIndex; ; index += 1) {
      const batch = await batches.get(index);
      if (batch === undefined) return found;
      found.push(batch);
    }
  }

  #serving(): Running {
    if (this.running === undefined) throw new Error(`${this.name} is not running`);
    return this.running;
  }

  #end(process: Process, fault: unknown): void {
    if (!process.alive) return;
    process.kill();
    if (this.process !== process) return;
    this.running = undefined;
    this.lastFault = fault;
    this.#world.noteEnded(this, fault);
  }

  async #run(process: Process, fail: (fault: unknown) => never): Promise<void> {
    const world = this.#world;
    const { keys } = world;
    const time = this.clock.timeOf(process);
    const disk = this.disk.of(process);
    const store = world.store.of(process, world.storeLink(this.name));
    const identity = await this.#untilTheStoreAnswers(time, () => claimIdentity(store, keys, world.identity, true));
    const logFirstSequence = await this.#untilTheStoreAnswers(time, () => firstOfLog(store, keys, identity));
    const peers = await this.#untilTheStoreAnswers(time, () => this.#peers(process, store, keys));
    await joinAtPeers({ process, world, dataDir: DATA_DIR, disk, logFirstSequence, peers });
    const opened = await openExchange(DATA_DIR, SILENT, new AbortController().signal, disk);
    world.trace(`${this.name} opened at ${opened.exchange.state.sequence}, snapshot ${opened.snapshotSequence}`);
    const { running } = this.#wire(process, fail, { time, disk, store, identity, opened });
    this.running = running;
    await this.#untilTheStoreAnswers(time, () => running.node.start());
  }

  #wire(
    process: Process,
    fail: (fault: unknown) => never,
    parts: { time: Time; disk: Disk; store: Store; identity: ClusterIdentity; opened: OpenedExchange },
  ): { running: Running } {
    const world = this.#world;
    const { time, disk, store, identity, opened } = parts;
    const { exchange, journal, batches } = opened;
    const snapshots = new SnapshotMaker({
      dataDir: DATA_DIR,
      everyCommands: world.sizes.snapshotCommands,
      lastSequence: opened.snapshotSequence,
      journal,
      batches,
      disk,
      run: (job) => makeSnapshot(job, { disk }),
    });
    const replica = new LocalReplica({
      exchange,
      journal,
      onSealed: (batch) => {
        batches.put(batch).catch(fail);
      },
      checkpointCommands: world.sizes.checkpointCommands,
      onCheckpoint: ({ sequence, stateRoot }) => {
        world.checker.noteRoot(this.name, sequence, stateRoot);
        if (!snapshots.due(sequence)) return;
        snapshots.make({ sequence, stateRoot }).then(
          (info) => {
            world.counts.snapshots += 1;
            world.trace(`${this.name} snapshot ${info.sequence}`);
          },
          (fault: unknown) => world.noteSnapshotFault(this, fault, fail),
        );
      },
      fail,
    });
    let epochLed = 0;
    const node: ClusterNode = new ClusterNode({
      nodeId: this.name,
      instanceId: world.id(),
      directoryId: this.#directoryId,
      intakeUrl: this.name,
      adminUrl: this.name,
      version: '0.1.0',
      engineVersion: 1,
      members: identity.members,
      baseSequence: identity.baseSequence,
      takeOversPerMinute: world.sizes.takeOversPerMinute,
      trim: world.sizes.trim,
      store,
      keys: world.keys,
      time,
      replica,
      snapshotSequence: () => snapshots.lastSequence,
      selfTest: () => testDisk(disk),
      watchLeader: (leader, onGone) => this.#watchLeader(process, leader, onGone),
      fetchMissing: (from) =>
        fetchRecords(this.#peersOf(process, node.view.nodes), from, () => {
          world.counts.fetches += 1;
        }),
      createClock: (lastTimeMs) => sequencedClock(lastTimeMs, time.wallMs),
      queueMax: QUEUE_MAX,
      watch: NOBODY_WATCHES,
      onGroup: () => world.publish(process, epochLed, exchange),
      onLead: (sequencer, epoch) => {
        epochLed = epoch;
        world.noteLeads(this, epoch, exchange.state.sequence);
        this.#letTimePass(time, node, sequencer);
      },
      onStepDown: (reason) => world.trace(`${this.name} leads no more: ${reason}`),
      onRole: (role) => world.noteRole(this, role),
      onStoreFull: (full) => world.trace(`${this.name} store ${full ? 'full' : 'takes puts again'}`),
      say: (level, message, facts) => world.trace(`${this.name} ${level} ${message} ${JSON.stringify(facts ?? {})}`),
      fail,
    });
    return { running: { process, node, opened, replica, snapshots } };
  }

  #letTimePass(time: Time, node: ClusterNode, sequencer: Sequencer): void {
    time.after(ADVANCE_TIME_EVERY_MS, () => {
      if (node.sequencer !== sequencer) return;
      if (node.view.pause === undefined) void sequencer.advanceTime();
      this.#letTimePass(time, node, sequencer);
    });
  }

  /** A refused connection says that the process is gone; a machine that is off says nothing. */
  #watchLeader(process: Process, leader: KnownLeader, onGone: () => void): () => void {
    const world = this.#world;
    let cancel: () => void = () => undefined;
    const machine = world.machine(leader.nodeId);
    const watched = machine.process;
    const look = (): void => {
      cancel = world.scheduler.after(LEADER_LOOK_MS, process, () => {
        const link = world.network.link(this.name, leader.nodeId);
        const gone = !watched.alive && !machine.poweredOff && !link.cut;
        if (gone && machine.process === watched) onGone();
        else look();
      });
    };
    if (leader.nodeId !== this.name) look();
    return () => cancel();
  }

  async #peers(process: Process, store: Store, keys: ClusterKeys): Promise<readonly Peer[]> {
    const { entries } = await store.range(keys.nodes.start, keys.nodes.end, 100);
    return this.#peersOf(
      process,
      entries.map(({ value }) => decodeNodeReport(value)),
    );
  }

  #peersOf(process: Process, reports: readonly NodeReport[]): readonly Peer[] {
    return reports
      .filter(({ nodeId }) => nodeId !== this.name)
      .sort((one, other) => other.durableSequence - one.durableSequence)
      .map((report) => this.#world.peerOf(process, this.name, report.nodeId, report.durableSequence));
  }

  async #untilTheStoreAnswers<Result>(time: Time, ask: () => Promise<Result>): Promise<Result> {
    for (;;) {
      try {
        return await ask();
      } catch (fault) {
        if (!(fault instanceof StoreFault)) throw fault;
        await new Promise<void>((resolve) => time.after(100, resolve));
      }
    }
  }
}

/** The first command that the store still has. */
async function firstOfLog(store: Store, keys: ClusterKeys, identity: ClusterIdentity): Promise<number> {
  const { entries } = await store.range(keys.log.start, keys.log.end, 1);
  const [first] = entries;
  return first === undefined ? identity.baseSequence + 1 : decodeLogBlock(first.value).firstSequence;
}

/** Sequenced time: the wall clock, but never before the last command's time. */
function sequencedClock(lastTimeMs: number, wallMs: () => number): () => number {
  let last = lastTimeMs;
  return () => {
    last = Math.max(last, wallMs());
    return last;
  };
}

async function testDisk(disk: Disk): Promise<string | undefined> {
  try {
    const file = await disk.open(`${DATA_DIR}/probe`, 'replace');
    await file.write(Buffer.alloc(512), 0);
    await file.datasync();
    await file.close();
    return undefined;
  } catch (fault) {
    return `the disk cannot be written: ${String(fault)}`;
  }
}

const nothing = (): void => undefined;
/** Recovery's lines are for people. */
const SILENT = { info: nothing, warn: nothing, error: nothing, debug: nothing } as unknown as Logger;
