import {
  type CodecError,
  encodeHandOver,
  encodeLeader,
  encodePause,
  type NodeReport,
  type NodeRole,
} from '@keel/codec';
import { EngineVersionUnknown } from '@keel/engine';
import { type Operation, StoreFault, StoreRefused } from '@keel/etcd';
import type { Exchange } from '@keel/replica';
import { StateDiffers } from './checkpoints.ts';
import { ClusterView, type KnownLeader } from './clusterView.ts';
import { LeadershipLost } from './commandLog.ts';
import { Follower } from './follower.ts';
import { LeaderWatch } from './leaderWatch.ts';
import { Lease } from './lease.ts';
import {
  HAND_OVER_RESERVED_MS,
  LOOK_EVERY_MS,
  PAUSE_HEARD_MS_MAX,
  PAUSE_LOOK_MS,
  STORE_REFUSED_RETRY_MS,
  STORE_RETRY_MS,
} from './limits.ts';
import { LogDiffers } from './localReplica.ts';
import type { NodeOptions } from './nodeOptions.ts';
import { pause } from './pause.ts';
import { Reporter } from './reporter.ts';
import { SelfTester } from './selfTester.ts';
import type { Sequencer } from './sequencer.ts';
import { TakeOvers } from './takeOvers.ts';
import { Term } from './term.ts';
import { whyClockIsOff } from './whyClockIsOff.ts';

/**
 * One node of a cluster: it follows the log, stands when there is no leader, and leads while it may. Everything it does
 * by itself runs in one loop, one thing after the other; the watch, the sequencer and operators wake the loop.
 */
export class ClusterNode {
  readonly #options: NodeOptions;
  readonly #view: ClusterView;
  readonly #takeOvers: TakeOvers;
  readonly #reporter: Reporter;
  readonly #follower: Follower;
  readonly #leaderWatch: LeaderWatch;
  readonly #selfTester: SelfTester;
  #role: NodeRole = 'starting';
  #running: Promise<void> | undefined;
  #stopping = false;
  /** Ends the sleep at hand. */
  #endSleep: () => void = () => undefined;
  /** Something happened since the loop last looked. */
  #awake = false;
  #term: Term | undefined;
  #handingOver = false;
  #haltedBy: string | undefined;
  #lastBlockMs = 0;
  /** Nodes whose report could not be read. */
  readonly #unreadable = new Set<string>();

  constructor(options: NodeOptions) {
    this.#options = options;
    this.#view = new ClusterView(options.keys, (id, fault) => this.#noteUnreadable(id, fault));
    this.#takeOvers = new TakeOvers(options.time, options.takeOversPerMinute);
    this.#leaderWatch = new LeaderWatch(options, this.#view);
    this.#selfTester = new SelfTester(options, () => this.#wake());
    this.#follower = new Follower({
      node: options,
      view: this.#view,
      mayApply: () => this.#role === 'following' && this.#haltedBy === undefined,
      onViewChanged: () => this.#noteView(),
      onBlock: () => this.#noteBlock(),
      onUnwatched: () => this.#wake(),
      onFault: (fault) => this.#noteFault(fault),
    });
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
    this.#follower.close();
    this.#leaderWatch.stop();
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
    // Whoever asked may rely on it: until this node has heard of it, or for as long as a watch may be silent.
    const untilMs = time.monotonicMs() + PAUSE_HEARD_MS_MAX;
    while (this.#view.pause?.reason !== reason && time.monotonicMs() < untilMs) await pause(time, PAUSE_LOOK_MS);
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
      if (!this.#follower.watching) await this.#follow();
      this.#selfTester.look();
      if (this.#mayStand()) await this.#stand();
      await this.#sleep(LOOK_EVERY_MS);
    } catch (fault) {
      if (halts(fault)) this.#halt(fault.message);
      else if (fault instanceof StoreFault) await this.#noteStoreFault(fault);
      else throw fault;
    }
  }

  async #follow(): Promise<void> {
    // A halted node applies nothing any more, and goes on to hear who leads and who is there: a person will ask it.
    if (this.#haltedBy !== undefined) return this.#follower.watchView();
    if (this.#role === 'starting') this.#setRole('joining');
    await this.#follower.follow();
    this.#setRole('following');
  }

  #noteFault(fault: unknown): void {
    if (halts(fault)) this.#halt(fault.message);
    else this.#options.fail(fault);
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

  /** After each change of the view. */
  #noteView(): void {
    const { leader } = this.#view;
    if (leader !== undefined) this.#takeOvers.note(leader.epoch);
    this.#leaderWatch.look();
    const term = this.#term;
    if (term !== undefined && leader?.epoch !== term.epoch)
      term.end(new LeadershipLost(`the leader key ${this.#options.keys.leader} is not this node's any more`));
    if (leader === undefined) this.#wake();
  }

  /** Why this node would not lead if there was no leader. */
  #whyNotEligible(): string | undefined {
    const { time, nodeId } = this.#options;
    if (this.#haltedBy !== undefined) return this.#haltedBy;
    if (this.#role === 'starting' || this.#role === 'joining') return 'it has not caught up with the log yet';
    return this.#selfTester.fault ?? whyClockIsOff(time.wallMs(), nodeId, this.#view.nodes);
  }

  #mayStand(): boolean {
    const { nodeId } = this.#options;
    if (this.#stopping || this.#role !== 'following' || this.#view.leader !== undefined) return false;
    if (!this.#follower.watching || this.#whyNotEligible() !== undefined || this.#takeOvers.tooMany) return false;
    const { handOver } = this.#view;
    if (handOver === undefined || handOver.toNodeId === nodeId) return true;
    return (this.#leaderWatch.handOverAgeMs ?? 0) > HAND_OVER_RESERVED_MS;
  }

  /** Tries to become leader, and leads until it does no more. Rejects with StoreFault. */
  async #stand(): Promise<void> {
    const { store, keys, time, nodeId, instanceId, intakeUrl } = this.#options;
    const leaderGoneMs = this.#leaderWatch.goneMs ?? time.monotonicMs();
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
      this.#follower.close();
      this.#setRole('following');
    }
  }

  async #lead(lease: Lease, leader: KnownLeader, leaderGoneMs: number): Promise<void> {
    // Linearizable, and after the leader key: nothing of an older leader can come behind what is read here.
    await this.#follower.readLog();
    // Asked to stop, or halted, while it stood: the key is given back as if it had not won.
    if (this.#stopping || this.#haltedBy !== undefined) return;
    const term = new Term({
      node: this.#options,
      view: this.#view,
      epoch: leader.epoch,
      lease,
      reason: this.#leaderWatch.reason,
      leaderGoneMs,
      lastBlockMs: this.#lastBlockMs,
      onApplied: () => this.#noteBlock(),
      onEnding: () => this.#wake(),
    });
    // Told here and not by the watch, which may be behind: a leader must not take its own absence for a loss.
    this.#view.lead(leader);
    this.#term = term;
    this.#noteView();
    this.#setRole('leading');
    await term.run(() => this.#lookWhileLeading());
    this.#leaderWatch.noteOwnEnd(term.ending?.message ?? 'the lease ended');
  }

  async #lookWhileLeading(): Promise<void> {
    if (!this.#follower.watching) await this.#follower.watchView().catch(storeFaultOnly);
    this.#selfTester.look();
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
