import {
  type CodecError,
  decodeLogBlock,
  encodeHandOver,
  encodeLeader,
  encodePause,
  type NodeReport,
  type NodeRole,
} from '@keel/codec';
import { EngineVersionUnknown } from '@keel/engine';
import { type Operation, StoreFault, StoreRefused, type WatchEvent } from '@keel/etcd';
import type { Exchange } from '@keel/replica';
import { StateDiffers } from './checkpoints.ts';
import { ClusterView, type KnownLeader } from './clusterView.ts';
import { LeadershipLost } from './commandLog.ts';
import { isWithin } from './keys.ts';
import { Lease } from './lease.ts';
import {
  HAND_OVER_RESERVED_MS,
  LOOK_EVERY_MS,
  STORE_REFUSED_RETRY_MS,
  STORE_RETRY_MS,
  VIEW_KEYS_MAX,
} from './limits.ts';
import { LogDiffers } from './localReplica.ts';
import type { NodeOptions } from './nodeOptions.ts';
import { pause } from './pause.ts';
import { readLog } from './readLog.ts';
import { Reporter } from './reporter.ts';
import type { Sequencer } from './sequencer.ts';
import { TakeOvers } from './takeOvers.ts';
import { Term } from './term.ts';
import { whyClockIsOff } from './whyClockIsOff.ts';

const SELF_TEST_EVERY_MS = 5_000;
/** A self-test that takes longer hangs, and says nothing by itself. */
const SELF_TEST_MS_MAX = 3_000;

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
  #term: Term | undefined;
  #handingOver = false;
  #haltedBy: string | undefined;
  #selfTestFault: string | undefined = 'the self-test has not passed yet';
  #selfTestedMs = Number.NEGATIVE_INFINITY;
  #selfTesting = false;
  #leaderGoneMs: number | undefined;
  #leaderGoneReason = 'first start';
  #handOverSeenMs = 0;
  #stopWatchingLeader: () => void = () => undefined;
  #watchedEpoch = 0;
  #lastBlockMs = 0;
  /** Nodes whose report could not be read. */
  readonly #unreadable = new Set<string>();

  constructor(options: NodeOptions) {
    this.#options = options;
    this.#view = new ClusterView(options.keys, (id, fault) => this.#noteUnreadable(id, fault));
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
    return this.#term?.epoch ?? this.#view.leader?.epoch ?? 0;
  }

  get view(): ClusterView {
    return this.#view;
  }

  /** Takes commands, while this node leads. */
  get sequencer(): Sequencer | undefined {
    return this.#role === 'leading' && this.#term?.ending === undefined ? this.#term?.sequencer : undefined;
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
    return this.#term?.lease.remainingMs ?? 0;
  }

  /** Why it will never lead again before a person has looked; undefined = it might. */
  get haltedBy(): string | undefined {
    return this.#haltedBy;
  }

  /** Monotonic time of the last block applied, of another's log or of its own, 0 = none yet. */
  get lastBlockMs(): number {
    return this.#lastBlockMs;
  }

  /** Claims the node's name, as soon as the store answers, and begins to follow. Rejects with IdentityTaken. */
  async start(): Promise<void> {
    while (!(await this.#claimName())) await pause(this.#options.time, STORE_REFUSED_RETRY_MS);
    this.#running = this.#run();
  }

  /** Hands over if it leads, and ends. */
  async stop(): Promise<void> {
    if (this.sequencer !== undefined && this.#anyTarget() !== undefined) await this.handOver(undefined);
    this.#stopping = true;
    this.#term?.end(new LeadershipLost('the node is stopping'));
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
    const term = this.#term;
    if (this.sequencer === undefined || term === undefined || this.#handingOver)
      return { refused: 'this node does not lead' };
    const target =
      toNodeId === undefined ? this.#anyTarget() : this.#view.nodes.find((node) => node.nodeId === toNodeId);
    const refused = this.#whyNoTarget(target);
    if (target === undefined || refused !== undefined) return { refused: refused ?? `there is no node ${toNodeId}` };
    const { store, keys, nodeId, time } = this.#options;
    this.#handingOver = true;
    await term.sequencer.stop();
    if (term.ending !== undefined) return { refused: `the leadership has ended already: ${term.ending.message}` };
    const record = { toNodeId: target.nodeId, fromNodeId: nodeId, atMs: time.wallMs() };
    const leaderIsMine = { key: keys.leader, createRevision: term.epoch };
    await store
      .transact(
        [leaderIsMine],
        [
          { kind: 'put', key: keys.handOver, value: encodeHandOver(record) },
          { kind: 'delete', key: keys.leader },
        ],
      )
      .catch(storeFaultOnly);
    term.end(new LeadershipLost(`handed over to ${target.nodeId}`));
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

  /** False when the store did not answer just now. */
  async #claimName(): Promise<boolean> {
    try {
      await this.#reporter.start();
      return true;
    } catch (fault) {
      if (!(fault instanceof StoreFault) || fault instanceof StoreRefused) throw fault;
      this.#options.say('warn', 'the store did not answer; trying again', { reason: fault.message });
      return false;
    }
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
      this.#testSelf();
      if (this.#mayStand()) await this.#stand();
      await this.#sleep(LOOK_EVERY_MS);
    } catch (fault) {
      if (halts(fault)) this.#halt(fault.message);
      else if (fault instanceof StoreFault) await this.#noteStoreFault(fault);
      else throw fault;
    }
  }

  /** Reads what the store has from this node's height on, and watches from there. */
  async #follow(): Promise<void> {
    const { replica } = this.#options;
    // It applies nothing any more, and goes on to hear who leads and who is there: a person will ask it.
    if (this.#haltedBy !== undefined) return this.#watchAgain();
    if (this.#role === 'starting') this.#setRole('joining');
    const revision = await this.#readView();
    await this.#readLog();
    replica.assertNothingBeyondLog(this.#options.baseSequence);
    // From the view on: a block that was read meanwhile is told again, which changes nothing.
    this.#watchFrom(revision + 1);
    this.#setRole('following');
  }

  /** Reads all that the store says besides the log; returns the revision behind which a watch goes on. */
  async #readView(): Promise<number> {
    const { store, keys } = this.#options;
    const before = await store.range(keys.prefix, keys.log.start, VIEW_KEYS_MAX);
    const behind = await store.range(keys.log.end, keys.end, VIEW_KEYS_MAX);
    this.#view.replace([...before.entries, ...behind.entries]);
    this.#noteLeader();
    return before.revision;
  }

  #watchFrom(revision: number): void {
    const { store, keys, say } = this.#options;
    this.#closeWatch = store.watch(keys.prefix, keys.end, revision, {
      onEvents: (events) => this.#takeEvents(events),
      onEnd: (fault) => {
        this.#closeWatch = undefined;
        say('warn', 'the watch on the log has ended; watching again', { reason: fault.message });
        this.#wake();
      },
    });
  }

  /**
   * Brings this node up to everything that was committed before the call. It reads from the last block that it has, which
   * must be there and the same: a store that was put back to an earlier state lacks it or has another.
   */
  async #readLog(): Promise<void> {
    const { store, keys, replica } = this.#options;
    let found = replica.height === 0;
    await readLog(store, keys, Math.max(1, replica.height), (block) => {
      found = true;
      replica.applyBlock(block);
      this.#noteBlock();
    });
    if (!found)
      throw new LogDiffers(
        `this node has applied block ${replica.height}, and the cluster's log ends before it: the store has lost ` +
          'commands; do not delete this journal',
      );
  }

  #takeEvents(events: readonly WatchEvent[]): void {
    try {
      for (const event of events) this.#takeEvent(event);
    } catch (fault) {
      if (halts(fault)) this.#halt(fault.message);
      else this.#options.fail(fault);
    }
  }

  #takeEvent(event: WatchEvent): void {
    const { replica, keys } = this.#options;
    if (!isWithin(keys.log, event.entry.key)) {
      this.#view.take(event);
      this.#noteLeader();
    } else if (event.kind === 'put' && this.#role === 'following' && this.#haltedBy === undefined) {
      const block = decodeLogBlock(event.entry.value);
      // A block that is not the next was read already, or will be when this node reads the log before it stands.
      if (block.height > replica.height + 1) this.#readAgain();
      else {
        replica.applyBlock(block);
        this.#noteBlock();
      }
    }
  }

  #noteBlock(): void {
    this.#lastBlockMs = this.#options.time.monotonicMs();
  }

  /** Once for each node that changes to it; it would come every second. */
  #noteUnreadable(id: string, fault: CodecError): void {
    if (this.#unreadable.has(id)) return;
    this.#unreadable.add(id);
    this.#options.say('warn', 'the report of a node cannot be read', { from: id, reason: fault.message });
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
    const term = this.#term;
    if (term !== undefined && leader?.epoch !== term.epoch)
      term.end(new LeadershipLost(`the leader key ${keys.leader} is not this node's any more`));
    this.#watchLeader(leader);
    if (leader === undefined) this.#wake();
  }

  /** Asks the machine, not the lease, whether the leader's process is there: a dead one need not be waited for. */
  #watchLeader(leader: KnownLeader | undefined): void {
    const { nodeId, instanceId, watchLeader } = this.#options;
    if (leader?.epoch === this.#watchedEpoch) return;
    this.#stopWatchingLeader();
    this.#stopWatchingLeader = () => undefined;
    this.#watchedEpoch = leader?.epoch ?? 0;
    if (leader === undefined) return;
    if (leader.nodeId === nodeId) {
      // Of this directory's run before this one, which is certainly gone: its lease need not be waited for.
      if (leader.instanceId !== instanceId) this.#removeLeader(leader).catch(this.#options.fail);
      return;
    }
    this.#leaderGoneReason = `the lease of ${leader.nodeId} ended`;
    this.#stopWatchingLeader = watchLeader(leader, () => {
      this.#leaderGoneReason = `the process of ${leader.nodeId} was gone`;
      this.#removeLeader(leader).catch(this.#options.fail);
    });
  }

  /** Safe at any time: whatever that leader appends from now on is refused by its transaction. */
  async #removeLeader(leader: KnownLeader): Promise<void> {
    const { store, keys } = this.#options;
    await store
      .transact([{ key: keys.leader, createRevision: leader.epoch }], [{ kind: 'delete', key: keys.leader }])
      .catch(storeFaultOnly);
  }

  /** Begins a test now and then and waits for none: a disk that hangs must not hold up what this node does besides. */
  #testSelf(): void {
    const { time, selfTest, fail } = this.#options;
    const sinceMs = time.monotonicMs() - this.#selfTestedMs;
    if (this.#selfTesting) {
      if (sinceMs > SELF_TEST_MS_MAX) this.#noteSelfTest('the self-test does not end: its disk hangs');
      return;
    }
    if (sinceMs < SELF_TEST_EVERY_MS) return;
    this.#selfTestedMs = time.monotonicMs();
    this.#selfTesting = true;
    selfTest().then((fault) => {
      this.#selfTesting = false;
      this.#noteSelfTest(fault);
    }, fail);
  }

  #noteSelfTest(fault: string | undefined): void {
    if (fault === this.#selfTestFault) return;
    if (fault !== undefined) this.#options.say('warn', 'the self-test failed', { reason: fault });
    this.#selfTestFault = fault;
    this.#wake();
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
    const leaderGoneMs = this.#leaderGoneMs ?? time.monotonicMs();
    this.#setRole('standing');
    const lost = (): void => this.#term?.end(new LeadershipLost('the lease has ended'));
    let lease: Lease | undefined;
    try {
      lease = await Lease.grant(store, time, lost);
      const leader = { nodeId, instanceId, intakeUrl, sinceMs: time.wallMs() };
      const { succeeded, revision } = await store.transact(
        [{ key: keys.leader, createRevision: 0 }],
        [
          { kind: 'put', key: keys.leader, value: encodeLeader(leader), leaseId: lease.leaseId },
          { kind: 'delete', key: keys.handOver },
        ],
      );
      if (succeeded) await this.#lead(lease, { ...leader, epoch: revision }, leaderGoneMs);
    } finally {
      this.#term = undefined;
      this.#handingOver = false;
      await lease?.end();
      // What was committed while this node did not follow is read before anything else.
      this.#closeWatch?.();
      this.#closeWatch = undefined;
      this.#setRole('following');
    }
  }

  async #lead(lease: Lease, leader: KnownLeader, leaderGoneMs: number): Promise<void> {
    // Linearizable, and after the leader key: nothing of an older leader can come behind what is read here.
    await this.#readLog();
    // Asked to stop, or halted, while it stood: the key is given back as if it had not won.
    if (this.#stopping || this.#haltedBy !== undefined) return;
    const term = new Term({
      node: this.#options,
      view: this.#view,
      epoch: leader.epoch,
      lease,
      reason: this.#leaderGoneReason,
      leaderGoneMs,
      onApplied: () => this.#noteBlock(),
      onEnding: () => this.#wake(),
    });
    // Told here and not by the watch, which may be behind: a leader must not take its own absence for a loss.
    this.#view.lead(leader);
    this.#term = term;
    this.#noteLeader();
    this.#setRole('leading');
    await term.run(() => this.#lookWhileLeading());
    this.#leaderGoneReason = `${leader.nodeId} stepped down: ${term.ending?.message ?? 'the lease ended'}`;
  }

  async #watchAgain(): Promise<void> {
    this.#watchFrom((await this.#readView()) + 1);
  }

  async #lookWhileLeading(): Promise<void> {
    if (this.#closeWatch === undefined) await this.#watchAgain().catch(storeFaultOnly);
    this.#testSelf();
    await this.#sleep(LOOK_EVERY_MS);
  }

  /** For good; the first reason is the one that a person has to know. */
  #halt(reason: string): void {
    if (this.#haltedBy !== undefined) return;
    this.#haltedBy = reason;
    this.#options.say('error', 'this node has halted', { reason });
    this.#term?.end(new LeadershipLost(reason));
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
    await pause(this.#options.time, fault instanceof StoreRefused ? STORE_REFUSED_RETRY_MS : STORE_RETRY_MS);
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

/** What a person must see to; the node tells it, keeps what it has and does nothing more. */
function halts(fault: unknown): fault is Error {
  return fault instanceof StateDiffers || fault instanceof LogDiffers || fault instanceof EngineVersionUnknown;
}
