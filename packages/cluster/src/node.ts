import {
  decodeLogBlock,
  encodeHandOver,
  encodeLeader,
  encodePause,
  encodeTerm,
  type NodeReport,
  type NodeRole,
} from '@keel/codec';
import { type Operation, type Store, StoreFault, type WatchEvent } from '@keel/etcd';
import type { Exchange } from '@keel/replica';
import type { Hex, SealedBatch, TimeMs } from '@keel/types';
import { StateDiffers } from './checkpoints.ts';
import { ClusterView, type Leadership } from './clusterView.ts';
import { LeadershipLost } from './commandLog.ts';
import { EtcdLog } from './etcdLog.ts';
import { type ClusterKeys, isWithin, numberedKey } from './keys.ts';
import { Lease } from './lease.ts';
import { HAND_OVER_RESERVED_MS, LOOK_EVERY_MS, STORE_RETRY_MS, TERMS_KEPT, TRIM_EVERY_MS } from './limits.ts';
import { type LocalReplica, LogDiffers } from './localReplica.ts';
import { pause } from './pause.ts';
import { readLog } from './readLog.ts';
import { Reporter } from './reporter.ts';
import type { Say } from './say.ts';
import { Sequencer } from './sequencer.ts';
import type { SequencerWatch } from './sequencerWatch.ts';
import { TakeOvers } from './takeOvers.ts';
import type { Time } from './time.ts';
import { trimLog } from './trimLog.ts';
import { whyClockIsOff } from './whyClockIsOff.ts';

export interface NodeOptions {
  readonly nodeId: string;
  /** 16 bytes, new at each start of the process. */
  readonly instanceId: Hex;
  /** 16 bytes, kept in the data directory. */
  readonly directoryId: Hex;
  readonly intakeUrl: string;
  readonly adminUrl: string;
  readonly version: string;
  readonly engineVersion: number;
  /** Nodes that hold the log. */
  readonly members: number;
  /** Of the last command before the log's first block. */
  readonly baseSequence: number;
  readonly takeOversPerMinute: number;
  readonly store: Store;
  readonly keys: ClusterKeys;
  readonly time: Time;
  readonly replica: LocalReplica;
  /** Of the newest snapshot on this node's disk; 0 = none. */
  readonly snapshotSequence: () => number;
  /** Looks whether this node could lead; the reason if not. Asked every few seconds. */
  readonly selfTest: () => Promise<string | undefined>;
  /** Watches whether the leader's process is there; says so once when it certainly is not. Returns the way to stop. */
  readonly watchLeader: (leader: Leadership, onGone: () => void) => () => void;
  /** A sequenced clock that begins where the log ends. */
  readonly createClock: (lastTimeMs: TimeMs) => () => TimeMs;
  readonly queueMax: number;
  readonly watch: SequencerWatch;
  readonly onSealed: (batch: SealedBatch) => void;
  readonly onGroup: () => void;
  /** This node leads: commands may be submitted. */
  readonly onLead: (sequencer: Sequencer, epoch: number) => void;
  /** This node leads no more; commands are refused already. */
  readonly onStepDown: (reason: string) => void;
  readonly onRole: (role: NodeRole) => void;
  readonly onStoreFull: (full: boolean) => void;
  readonly say: Say;
  /** Ends the process. */
  readonly fail: (fault: unknown) => never;
}

const SELF_TEST_EVERY_MS = 5_000;

/**
 * One node of a cluster: it follows the log, stands when there is no leader, and leads while it may. Everything it does
 * by itself runs in one loop, one thing after the other; the watch, the sequencer and operators wake the loop.
 */
export class ClusterNode {
  readonly #options: NodeOptions;
  readonly #view: ClusterView;
  readonly #takeOvers: TakeOvers;
  readonly #reporter: Reporter;
  #role: NodeRole = 'starting';
  #running: Promise<void> | undefined;
  #stopping = false;
  #closeWatch: (() => void) | undefined;
  /** Ends the sleep at hand. */
  #endSleep: () => void = () => undefined;
  /** Something happened since the loop last looked. */
  #awake = false;
  #sequencer: Sequencer | undefined;
  #lease: Lease | undefined;
  #epoch = 0;
  /** Why the leadership at hand ends; set once. */
  #ending: LeadershipLost | undefined;
  #handingOver = false;
  #haltedBy: string | undefined;
  #selfTestFault: string | undefined = 'the self-test has not passed yet';
  #selfTestedMs = Number.NEGATIVE_INFINITY;
  #leaderGoneMs: number | undefined;
  #leaderGoneReason = 'first start';
  #handOverSeenMs = 0;
  #stopWatchingLeader: () => void = () => undefined;
  #watchedEpoch = 0;
  #lastBlockMs = 0;
  #trimmedMs = 0;
  #compactTo = 0;

  constructor(options: NodeOptions) {
    this.#options = options;
    this.#view = new ClusterView(options.keys);
    this.#takeOvers = new TakeOvers(options.time, options.takeOversPerMinute);
    this.#reporter = new Reporter({
      store: options.store,
      time: options.time,
      key: `${options.keys.nodes.start}${options.nodeId}`,
      instanceId: options.instanceId,
      directoryId: options.directoryId,
      report: () => this.report(),
      onTaken: (taken) => this.#halt(taken.message),
      onFault: (fault) => options.say('warn', 'this node could not be reported', { reason: fault.message }),
    });
  }

  get role(): NodeRole {
    return this.#role;
  }

  /** Of the leadership at hand or the one followed; 0 = none. */
  get epoch(): number {
    return this.#role === 'leading' ? this.#epoch : (this.#view.leader?.epoch ?? 0);
  }

  get view(): ClusterView {
    return this.#view;
  }

  /** Takes commands, while this node leads. */
  get sequencer(): Sequencer | undefined {
    return this.#role === 'leading' && this.#ending === undefined ? this.#sequencer : undefined;
  }

  get handingOver(): boolean {
    return this.#handingOver;
  }

  get exchange(): Exchange {
    return this.#options.replica.exchange;
  }

  get takeOversLastMinute(): number {
    return this.#takeOvers.lastMinute;
  }

  /** There is no leader, and this node waits because there were too many changes lately. */
  get heldBack(): boolean {
    return this.#view.leader === undefined && this.#takeOvers.tooMany;
  }

  get leaseRemainingMs(): number {
    return this.#lease?.remainingMs ?? 0;
  }

  /** Why it will never lead again before a person has looked; undefined = it might. */
  get haltedBy(): string | undefined {
    return this.#haltedBy;
  }

  /** Monotonic time of the last block applied, 0 = none yet. */
  get lastBlockMs(): number {
    return this.#lastBlockMs;
  }

  /** Claims the node's name and begins to follow. Rejects with IdentityTaken or StoreFault. */
  async start(): Promise<void> {
    await this.#reporter.start();
    this.#running = this.#run();
  }

  /** Hands over if it leads, and ends. */
  async stop(): Promise<void> {
    if (this.#role === 'leading' && this.#ending === undefined && this.#whyNoTarget(this.#anyTarget()) === undefined)
      await this.handOver(undefined);
    this.#stopping = true;
    this.#endLeadership(new LeadershipLost('the node is stopping'));
    this.#wake();
    await this.#running;
    this.#closeWatch?.();
    this.#stopWatchingLeader();
    await this.#reporter.stop();
  }

  /** What this node tells the others of itself. */
  report(): NodeReport {
    const { options, replica } = { options: this.#options, replica: this.#options.replica };
    return {
      nodeId: options.nodeId,
      instanceId: options.instanceId,
      directoryId: options.directoryId,
      role: this.#role,
      notStanding: this.#whyNotEligible() ?? '',
      intakeUrl: options.intakeUrl,
      adminUrl: options.adminUrl,
      sequence: replica.sequence,
      durableSequence: replica.journal.durableSequence,
      snapshotSequence: options.snapshotSequence(),
      height: replica.height,
      wallMs: options.time.wallMs(),
      version: options.version,
      engineVersion: options.engineVersion,
      checkpoint: replica.checkpoints.newest,
    };
  }

  /**
   * Hands the leadership to a node, or to any that is ready: takes nothing more, lets everything taken be acknowledged,
   * and gives up the leader key. Returns the node that was named, or why it cannot be done; nothing has changed then.
   */
  async handOver(toNodeId: string | undefined): Promise<{ readonly to: string } | { readonly refused: string }> {
    const sequencer = this.sequencer;
    if (sequencer === undefined || this.#handingOver) return { refused: 'this node does not lead' };
    const target =
      toNodeId === undefined ? this.#anyTarget() : this.#view.nodes.find((node) => node.nodeId === toNodeId);
    const refused = this.#whyNoTarget(target);
    if (target === undefined || refused !== undefined) return { refused: refused ?? `there is no node ${toNodeId}` };
    const { store, keys, nodeId, time } = this.#options;
    this.#handingOver = true;
    await sequencer.stop();
    const record = { toNodeId: target.nodeId, fromNodeId: nodeId, atMs: time.wallMs() };
    const leaderIsMine = { key: keys.leader, createRevision: this.#epoch };
    await store
      .transact(
        [leaderIsMine],
        [
          { kind: 'put', key: keys.handOver, value: encodeHandOver(record) },
          { kind: 'delete', key: keys.leader },
        ],
      )
      .catch(storeFaultOnly);
    this.#endLeadership(new LeadershipLost(`handed over to ${target.nodeId}`));
    return { to: target.nodeId };
  }

  /** Stops or resumes the taking of commands for the whole cluster. Rejects with StoreFault. */
  async setPause(reason: string | undefined): Promise<void> {
    const { store, keys, time } = this.#options;
    const operation: Operation =
      reason === undefined
        ? { kind: 'delete', key: keys.pause }
        : { kind: 'put', key: keys.pause, value: encodePause({ reason, sinceMs: time.wallMs() }) };
    await store.transact([], [operation]);
  }

  async #run(): Promise<void> {
    try {
      while (!this.#stopping) await this.#turn();
    } catch (fault) {
      this.#options.fail(fault);
    }
  }

  async #turn(): Promise<void> {
    try {
      if (this.#closeWatch === undefined) await this.#follow();
      await this.#testSelf();
      if (this.#mayStand()) await this.#stand();
      await this.#sleep(LOOK_EVERY_MS);
    } catch (fault) {
      if (fault instanceof StateDiffers || fault instanceof LogDiffers) this.#halt(fault.message);
      else if (fault instanceof StoreFault) await this.#noteStoreFault(fault);
      else throw fault;
    }
  }

  /** Reads what the store has from this node's height on, and watches from there. */
  async #follow(): Promise<void> {
    const { store, keys, replica } = this.#options;
    if (this.#haltedBy !== undefined) return;
    this.#setRole(replica.height === 0 ? 'joining' : this.#role === 'starting' ? 'joining' : 'following');
    const view = await store.range(keys.prefix, keys.log.start, 1_000);
    const rest = await store.range(keys.log.end, keys.end, 1_000);
    await this.#readLog();
    replica.assertNothingBeyondLog(this.#options.baseSequence);
    this.#view.replace([...view.entries, ...rest.entries]);
    this.#noteLeader();
    this.#closeWatch = store.watch(keys.prefix, keys.end, view.revision + 1, {
      onEvents: (events) => this.#takeEvents(events),
      onEnd: (fault) => {
        this.#closeWatch = undefined;
        this.#options.say('warn', 'the watch on the log has ended; watching again', { reason: fault.message });
        this.#wake();
      },
    });
    this.#setRole('following');
  }

  /** Brings this node up to everything that was committed before the call. */
  async #readLog(): Promise<void> {
    const { store, keys, replica } = this.#options;
    await readLog(store, keys, replica.height + 1, (block) => {
      replica.applyBlock(block);
      this.#lastBlockMs = this.#options.time.monotonicMs();
    });
  }

  #takeEvents(events: readonly WatchEvent[]): void {
    try {
      for (const event of events) this.#takeEvent(event);
    } catch (fault) {
      if (fault instanceof StateDiffers || fault instanceof LogDiffers) this.#halt(fault.message);
      else this.#options.fail(fault);
    }
  }

  #takeEvent(event: WatchEvent): void {
    const { replica, keys, time } = this.#options;
    if (!isWithin(keys.log, event.entry.key)) {
      this.#view.take(event);
      this.#noteLeader();
    } else if (event.kind === 'put' && this.#role === 'following' && this.#haltedBy === undefined) {
      const block = decodeLogBlock(event.entry.value);
      // A block that is not the next was read already, or will be when this node reads the log before it stands.
      if (block.height > replica.height + 1) this.#readAgain();
      else {
        replica.applyBlock(block);
        this.#lastBlockMs = time.monotonicMs();
      }
    }
  }

  #readAgain(): void {
    this.#closeWatch?.();
    this.#closeWatch = undefined;
    this.#wake();
  }

  /** After each change of the view. */
  #noteLeader(): void {
    const { time, keys } = this.#options;
    const { leader, handOver } = this.#view;
    if (leader !== undefined) this.#takeOvers.note(leader.epoch);
    if (leader === undefined) this.#leaderGoneMs ??= time.monotonicMs();
    else this.#leaderGoneMs = undefined;
    if (leader === undefined && handOver !== undefined) {
      if (this.#handOverSeenMs === 0) this.#handOverSeenMs = time.monotonicMs();
      this.#leaderGoneReason = `hand-over by ${handOver.fromNodeId}`;
    } else if (handOver === undefined) {
      this.#handOverSeenMs = 0;
    }
    if (this.#role === 'leading' && leader?.epoch !== this.#epoch)
      this.#endLeadership(new LeadershipLost(`the leader key ${keys.leader} is not this node's any more`));
    this.#watchLeader(leader);
    if (leader === undefined) this.#wake();
  }

  /** Asks the machine, not the lease, whether the leader's process is there: a dead one need not be waited for. */
  #watchLeader(leader: Leadership | undefined): void {
    const { nodeId, watchLeader } = this.#options;
    if (leader?.epoch === this.#watchedEpoch) return;
    this.#stopWatchingLeader();
    this.#stopWatchingLeader = () => undefined;
    this.#watchedEpoch = leader?.epoch ?? 0;
    if (leader === undefined || leader.nodeId === nodeId) return;
    this.#leaderGoneReason = `the lease of ${leader.nodeId} ended`;
    this.#stopWatchingLeader = watchLeader(leader, () => {
      this.#leaderGoneReason = `the process of ${leader.nodeId} was gone`;
      this.#removeLeader(leader).catch(this.#options.fail);
    });
  }

  /** Safe at any time: whatever that leader appends from now on is refused by its transaction. */
  async #removeLeader(leader: Leadership): Promise<void> {
    const { store, keys } = this.#options;
    await store
      .transact([{ key: keys.leader, createRevision: leader.epoch }], [{ kind: 'delete', key: keys.leader }])
      .catch(storeFaultOnly);
  }

  async #testSelf(): Promise<void> {
    const { time, selfTest, say } = this.#options;
    if (time.monotonicMs() - this.#selfTestedMs < SELF_TEST_EVERY_MS) return;
    this.#selfTestedMs = time.monotonicMs();
    const fault = await selfTest();
    if (fault !== undefined && fault !== this.#selfTestFault) say('warn', 'the self-test failed', { reason: fault });
    this.#selfTestFault = fault;
  }

  /** Why this node would not lead if there was no leader. */
  #whyNotEligible(): string | undefined {
    const { time, nodeId } = this.#options;
    if (this.#haltedBy !== undefined) return this.#haltedBy;
    if (this.#role === 'starting' || this.#role === 'joining') return 'it has not caught up with the log yet';
    return this.#selfTestFault ?? whyClockIsOff(time.wallMs(), nodeId, this.#view.nodes);
  }

  #mayStand(): boolean {
    const { time, nodeId } = this.#options;
    if (this.#stopping || this.#role !== 'following' || this.#view.leader !== undefined) return false;
    if (this.#closeWatch === undefined || this.#whyNotEligible() !== undefined || this.#takeOvers.tooMany) return false;
    const { handOver } = this.#view;
    if (handOver === undefined || handOver.toNodeId === nodeId) return true;
    return time.monotonicMs() - this.#handOverSeenMs > HAND_OVER_RESERVED_MS;
  }

  /** Tries to become leader, and leads until it does no more. Rejects with StoreFault. */
  async #stand(): Promise<void> {
    const { store, keys, time, nodeId, instanceId, intakeUrl } = this.#options;
    const goneMs = this.#leaderGoneMs ?? time.monotonicMs();
    this.#setRole('standing');
    this.#ending = undefined;
    const lease = await Lease.grant(store, time, () => this.#endLeadership(new LeadershipLost('the lease has ended')));
    this.#lease = lease;
    try {
      const leader = { nodeId, instanceId, intakeUrl, sinceMs: time.wallMs() };
      const { succeeded, revision } = await store.transact(
        [{ key: keys.leader, createRevision: 0 }],
        [
          { kind: 'put', key: keys.leader, value: encodeLeader(leader), leaseId: lease.leaseId },
          { kind: 'delete', key: keys.handOver },
        ],
      );
      if (!succeeded) return;
      this.#epoch = revision;
      // Told here and not by the watch, which may be behind: a leader must not take its own absence for a loss.
      this.#view.lead({ ...leader, epoch: revision });
      // Linearizable, and after the leader key: nothing of an older leader can come behind what is read here.
      await this.#readLog();
      await this.#lead(lease, goneMs);
    } finally {
      this.#lease = undefined;
      await lease.end();
      // What was committed while this node did not follow is read before anything else.
      this.#closeWatch?.();
      this.#closeWatch = undefined;
      if (this.#haltedBy === undefined) this.#setRole('following');
    }
  }

  async #lead(lease: Lease, goneMs: number): Promise<void> {
    const { options, replica } = { options: this.#options, replica: this.#options.replica };
    const { time, say } = options;
    const log = new EtcdLog({
      store: options.store,
      keys: options.keys,
      time,
      epoch: this.#epoch,
      lease,
      height: replica.height,
      lastSequence: replica.sequence,
      lastHash: replica.journal.lastHash,
      checkpoints: replica.checkpoints,
      onCommitted: (height, firstSequence, payloads) => {
        replica.noteCommitted(height, firstSequence, payloads);
        this.#lastBlockMs = time.monotonicMs();
      },
      onFull: options.onStoreFull,
    });
    const sequencer = new Sequencer({
      exchange: replica.exchange,
      log,
      clock: options.createClock(replica.exchange.state.timeMs),
      monotonicMs: time.monotonicMs,
      nextTurn: time.nextTurn,
      queueMax: options.queueMax,
      watch: options.watch,
      onSealed: options.onSealed,
      onApplied: (firstSequence) => replica.noteApplied(firstSequence),
      onGroup: options.onGroup,
      onLeadershipLost: (lost) => this.#endLeadership(lost),
      fail: options.fail,
    });
    this.#sequencer = sequencer;
    this.#handingOver = false;
    const firstHeight = replica.height + 1;
    if (this.#ending === undefined && lease.trusted) {
      this.#setRole('leading');
      options.onLead(sequencer, this.#epoch);
      const takeOverMs = Math.round(time.monotonicMs() - goneMs);
      say('info', 'this node leads', { epoch: this.#epoch, firstHeight, takeOverMs, reason: this.#leaderGoneReason });
      void this.#noteTerm(firstHeight, takeOverMs);
      await this.#keepLeading();
    }
    await sequencer.abandon(this.#ending ?? new LeadershipLost('the lease has ended'));
    this.#sequencer = undefined;
    if (this.#role === 'leading') options.onStepDown(this.#ending?.message ?? 'the lease has ended');
    say('warn', 'this node leads no more', { epoch: this.#epoch, reason: this.#ending?.message });
    this.#leaderGoneReason = `${options.nodeId} stepped down: ${this.#ending?.message}`;
  }

  /** Until something ends the leadership; keeps the log short meanwhile. */
  async #keepLeading(): Promise<void> {
    const { time } = this.#options;
    while (this.#ending === undefined && !this.#stopping) {
      if (this.#closeWatch === undefined) await this.#watchView();
      await this.#testSelf();
      if (time.monotonicMs() - this.#trimmedMs >= TRIM_EVERY_MS) await this.#trim();
      if (this.#lease?.trusted !== true) this.#endLeadership(new LeadershipLost('the lease has ended'));
      if (this.#ending === undefined) await this.#sleep(LOOK_EVERY_MS);
    }
  }

  /** The view alone: a leader has the log. A fault is tried again; without the store the lease ends anyway. */
  async #watchView(): Promise<void> {
    const { store, keys } = this.#options;
    try {
      const before = await store.range(keys.prefix, keys.log.start, 1_000);
      const rest = await store.range(keys.log.end, keys.end, 1_000);
      this.#view.replace([...before.entries, ...rest.entries]);
      this.#noteLeader();
      this.#closeWatch = store.watch(keys.prefix, keys.end, before.revision + 1, {
        onEvents: (events) => this.#takeEvents(events),
        onEnd: () => {
          this.#closeWatch = undefined;
        },
      });
    } catch (fault) {
      storeFaultOnly(fault);
    }
  }

  async #trim(): Promise<void> {
    const { store, keys, replica, members, say, time } = this.#options;
    this.#trimmedMs = time.monotonicMs();
    try {
      const { blocks, revision } = await trimLog({
        store,
        keys,
        epoch: this.#epoch,
        height: replica.height,
        members,
        nodes: this.#view.nodes,
      });
      // What the trim before this one left behind: a watch may be some seconds late.
      if (this.#compactTo > 0) await store.compact(this.#compactTo);
      this.#compactTo = revision;
      if (blocks > 0) say('info', 'trimmed the log', { blocks });
    } catch (fault) {
      storeFaultOnly(fault);
      say('warn', 'the log could not be trimmed; trying again later', { reason: String(fault) });
    }
  }

  /** For people; nothing depends on it. */
  async #noteTerm(firstHeight: number, takeOverMs: number): Promise<void> {
    const { store, keys, time, nodeId } = this.#options;
    const term = {
      epoch: this.#epoch,
      nodeId,
      sinceMs: time.wallMs(),
      reason: this.#leaderGoneReason,
      firstHeight,
      takeOverMs,
    };
    try {
      const key = numberedKey(keys.terms, this.#epoch);
      const { entries } = await store.range(keys.terms.start, keys.terms.end, 2 * TERMS_KEPT);
      const old = entries.slice(0, Math.max(0, entries.length + 1 - TERMS_KEPT));
      const deletions = old.map((entry): Operation => ({ kind: 'delete', key: entry.key }));
      await store.transact([], [{ kind: 'put', key, value: encodeTerm(term) }, ...deletions]);
    } catch (fault) {
      if (!(fault instanceof StoreFault)) this.#options.fail(fault);
    }
  }

  #endLeadership(lost: LeadershipLost): void {
    if (this.#ending !== undefined) return;
    this.#ending = lost;
    void this.#sequencer?.abandon(lost);
    this.#wake();
  }

  #halt(reason: string): void {
    this.#haltedBy = reason;
    this.#options.say('error', 'this node has halted', { reason });
    this.#endLeadership(new LeadershipLost(reason));
    this.#setRole('halted');
    this.#reporter.tellNow();
  }

  #setRole(role: NodeRole): void {
    if (this.#role === role || (this.#role === 'halted' && role !== 'halted')) return;
    this.#role = role;
    this.#options.onRole(role);
    if (role === 'leading' || role === 'following') this.#reporter.tellNow();
  }

  #anyTarget(): NodeReport | undefined {
    const others = this.#view.nodes.filter((node) => this.#whyNoTarget(node) === undefined);
    return others.sort((one, other) => other.sequence - one.sequence)[0];
  }

  #whyNoTarget(node: NodeReport | undefined): string | undefined {
    if (node === undefined) return 'no other node is ready to lead';
    if (node.nodeId === this.#options.nodeId) return 'this node leads already';
    if (node.role !== 'following') return `node ${node.nodeId} is ${node.role}`;
    return node.notStanding === '' ? undefined : `node ${node.nodeId} would not lead: ${node.notStanding}`;
  }

  async #noteStoreFault(fault: StoreFault): Promise<void> {
    this.#options.say('warn', 'the store did not answer; trying again', { reason: fault.message });
    await pause(this.#options.time, STORE_RETRY_MS);
  }

  #wake(): void {
    this.#awake = true;
    this.#endSleep();
  }

  /** Until something wakes the loop, or so long. */
  async #sleep(ms: number): Promise<void> {
    if (!this.#awake) {
      await new Promise<void>((resolve) => {
        const cancel = this.#options.time.after(ms, resolve);
        this.#endSleep = () => {
          cancel();
          resolve();
        };
      });
    }
    this.#awake = false;
    this.#endSleep = () => undefined;
  }
}

function storeFaultOnly(fault: unknown): void {
  if (!(fault instanceof StoreFault)) throw fault;
}
