import { encodeSequencedCommand } from '@keel/codec';
import { assertInvariants } from '@keel/engine';
import {
  IntakeOutcomeUnknown,
  IntakeOverloaded,
  IntakeUnavailable,
  type SubmitOptions,
  type Submitted,
} from '@keel/intake';
import { type Exchange, toHex } from '@keel/replica';
import type { Command, EventBlock, Hex, SealedBatch, SequencedCommand, TimeMs } from '@keel/types';
import { assert, REJECT_CODES, toSequence } from '@keel/types';
import { type CommandLog, LeadershipLost } from './commandLog.ts';
import { BATCH_COMMANDS_MAX, GROUP_COMMANDS_MAX } from './limits.ts';
import type { SequencerWatch } from './sequencerWatch.ts';

const FIRST_TRY: SubmitOptions = { retry: false };

/** A command that was taken and has no place in the log yet. */
interface Taken {
  readonly command: Command;
  /** It may have been sequenced before. */
  readonly retry: boolean;
  readonly takenMs: number;
  readonly resolve: (submitted: Submitted) => void;
  readonly reject: (fault: Error) => void;
}

/** A command with its place in the log. */
interface Stamped {
  readonly taken: Taken;
  readonly sequenced: SequencedCommand;
  readonly recordHash: Hex;
}

/** What a command did, to be told once its whole group was applied. */
interface Done {
  readonly submitted: Submitted;
  readonly sealed: SealedBatch | undefined;
}

export interface SequencerOptions {
  readonly exchange: Exchange;
  readonly log: CommandLog;
  /** Sequenced time now; never decreasing. */
  readonly clock: () => TimeMs;
  /** Monotonic milliseconds, for latencies only. */
  readonly monotonicMs: () => number;
  /** One turn of the event loop: what the sockets hold right now shares the first commit. */
  readonly nextTurn: () => Promise<void>;
  readonly queueMax: number;
  readonly watch: SequencerWatch;
  readonly onSealed: (batch: SealedBatch) => void;
  /** After each group was applied and before it is acknowledged; gets the sequence of its first command. */
  readonly onApplied: (firstSequence: number) => void;
  /** After each group, when its commands are acknowledged. */
  readonly onGroup: () => void;
  /** The log takes no more from this node; nothing of the group in flight was applied. Called once. */
  readonly onLeadershipLost: (lost: LeadershipLost) => void;
  /** Ends the process: the log or the engine cannot be trusted any more. */
  readonly fail: (fault: unknown) => never;
}

/**
 * The only writer: take, stamp, commit to the log, apply, publish. One group of commands is on its way at a time; all
 * that comes in while it is committed goes into the next. A fault of the log or of the engine ends the process before
 * anything of the group is acknowledged or published; lost leadership ends this sequencer the same way, and the state
 * stays as the log has it.
 */
export class Sequencer {
  readonly #options: SequencerOptions;
  #queue: Taken[] = [];
  #running: Promise<void> | undefined;
  #stopping = false;
  #lost: LeadershipLost | undefined;

  constructor(options: SequencerOptions) {
    this.#options = options;
    assert(
      options.log.lastSequence === options.exchange.state.sequence,
      `the log ends at ${options.log.lastSequence}, the exchange is at ${options.exchange.state.sequence}`,
    );
  }

  /** Commands that wait for the log. */
  get waiting(): number {
    return this.#queue.length;
  }

  /**
   * Takes a command; resolves when it is on stable storage and applied. With `retry` one that was sequenced before is
   * answered with what it did then, as far as that is remembered; if it is not, it rejects with IntakeOutcomeUnknown.
   * Rejects with IntakeOverloaded or IntakeUnavailable if it was not taken, with IntakeOutcomeUnknown when the leadership
   * went while it was on its way.
   */
  submit(command: Command, { retry }: SubmitOptions = FIRST_TRY): Promise<Submitted> {
    const outcome = retry ? this.#options.exchange.recentOutcomes.find(command) : undefined;
    if (outcome !== undefined) return Promise.resolve({ ...outcome, repeated: true });
    const { queueMax, watch, monotonicMs } = this.#options;
    if (this.#lost !== undefined) return Promise.reject(new IntakeUnavailable(this.#lost.message));
    if (this.#stopping) return Promise.reject(new IntakeUnavailable('the sequencer is stopping'));
    if (this.full) {
      watch.overloaded();
      return Promise.reject(new IntakeOverloaded(`${queueMax} commands wait for the log`));
    }
    return new Promise((resolve, reject) => {
      this.#queue.push({ command, retry, takenMs: monotonicMs(), resolve, reject });
      this.#running ??= this.#run();
    });
  }

  /** No more commands are taken just now. */
  get full(): boolean {
    return this.#queue.length >= this.#options.queueMax;
  }

  /** Lets sequenced time pass. With a full queue the commands in it do that. */
  async advanceTime(): Promise<void> {
    if (this.full || this.#stopping || this.#lost !== undefined) return;
    try {
      await this.submit({ kind: 'advanceTime' });
    } catch (fault) {
      // With the leadership goes what was in flight; the next leader lets time pass.
      if (this.#lost === undefined) throw fault;
    }
  }

  /**
   * Gives up the right to append: what waits is refused, and what is in flight is told as unknown unless the log takes it
   * while it may still be acknowledged. Resolves when nothing of this sequencer can be applied any more.
   */
  async abandon(lost: LeadershipLost): Promise<void> {
    if (this.#lost === undefined) this.#lose([], lost);
    await this.#running;
  }

  /** Takes nothing new and resolves when everything taken is acknowledged. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#running;
  }

  async #run(): Promise<void> {
    await this.#options.nextTurn();
    try {
      while (this.#queue.length > 0 && this.#lost === undefined) await this.#runGroup();
    } catch (fault) {
      this.#options.fail(fault);
    }
    this.#running = undefined;
  }

  async #runGroup(): Promise<void> {
    const { watch, onGroup, onSealed, monotonicMs } = this.#options;
    const group = this.#takeGroup();
    const stampedMs = monotonicMs();
    try {
      await this.#options.log.commit();
    } catch (fault) {
      if (!(fault instanceof LeadershipLost)) throw fault;
      this.#lose(group, fault);
      return;
    }
    const committedMs = monotonicMs();
    const done = group.map((stamped) => this.#apply(stamped));
    const appliedMs = monotonicMs();
    // Only now: a fault anywhere in the group leaves nothing of it outside, a batch that its first half sealed included.
    for (const { sealed } of done) if (sealed !== undefined) onSealed(sealed);
    this.#options.onApplied((group[0] as Stamped).sequenced.sequence);
    if (!this.#options.log.mayAcknowledge()) {
      this.#lose(group, new LeadershipLost('the lease ended before the group could be acknowledged'));
      return;
    }

    for (const [index, { taken, sequenced }] of group.entries()) {
      const { submitted } = done[index] as Done;
      if (taken.retry && isForgotten(submitted))
        taken.reject(new IntakeOutcomeUnknown('it was sequenced before, and what it did then is not remembered'));
      else taken.resolve(submitted);
      watch.acknowledged(sequenced.command, submitted.events, appliedMs - taken.takenMs);
    }
    watch.group(group.length, committedMs - stampedMs, appliedMs - committedMs);
    // After the replies have left: building a diff for the read model is nothing that a trader should wait for.
    setImmediate(onGroup);
    if (this.#options.exchange.openBatchCommands >= BATCH_COMMANDS_MAX) this.#seal();
  }

  /** From the front of the queue, as much as the log takes at once. */
  #takeGroup(): Stamped[] {
    const group: Stamped[] = [];
    while (group.length < GROUP_COMMANDS_MAX) {
      const taken = this.#queue[group.length];
      if (taken === undefined) break;
      const stamped = this.#stamp(taken);
      if (stamped === undefined) break;
      group.push(stamped);
    }
    this.#queue.splice(0, group.length);
    return group;
  }

  /** Those in flight may or may not be in the log, the rest was never sent there. */
  #lose(group: readonly Stamped[], lost: LeadershipLost): void {
    const known = this.#lost !== undefined;
    this.#lost = lost;
    for (const { taken } of group) taken.reject(new IntakeOutcomeUnknown(lost.message));
    for (const taken of this.#queue.splice(0)) taken.reject(new IntakeUnavailable(lost.message));
    if (!known) this.#options.onLeadershipLost(lost);
  }

  /** Sequence and time are given here, and the record with them is what every replay applies. Undefined: no room. */
  #stamp(taken: Taken): Stamped | undefined {
    const { log, clock } = this.#options;
    const sequence = log.lastSequence + 1;
    const sequenced: SequencedCommand = { sequence: toSequence(sequence), timeMs: clock(), command: taken.command };
    const payload = encodeSequencedCommand(sequenced);
    if (!log.hasRoom(payload.length)) return undefined;
    return { taken, sequenced, recordHash: toHex(log.append(sequence, payload)) };
  }

  #apply({ taken, sequenced, recordHash }: Stamped): Done {
    const { exchange, watch, monotonicMs } = this.#options;
    const { events, sealed } = exchange.apply(sequenced, recordHash);
    if (sealed !== undefined) {
      const begunMs = monotonicMs();
      assertInvariants(exchange.state);
      watch.checked(monotonicMs() - begunMs);
    }
    const submitted = { sequence: sequenced.sequence, timeMs: sequenced.timeMs, events };
    return { submitted: taken.retry ? this.#originalOf(submitted, sequenced.command) : submitted, sealed };
  }

  /**
   * A retry that came while its first try was still on its way was sequenced behind it and refused for its nonce, which
   * would be no answer: its outcome is the one of the first.
   */
  #originalOf(submitted: EventBlock, command: Command): Submitted {
    const outcome = this.#options.exchange.recentOutcomes.find(command);
    if (outcome === undefined || outcome.sequence === submitted.sequence) return submitted;
    return { ...outcome, repeated: true };
  }

  /** Nobody sealed for long; see BATCH_COMMANDS_MAX. Goes in front, so that the bound holds. */
  #seal(): void {
    const nobody = (): void => undefined;
    const takenMs = this.#options.monotonicMs();
    this.#queue.unshift({ command: { kind: 'sealBatch' }, retry: false, takenMs, resolve: nobody, reject: nobody });
  }
}

/**
 * A retry that the engine refuses for its nonce was done before, so the refusal is not its outcome; a node that began with
 * a snapshot does not remember what lies before.
 */
function isForgotten({ events, repeated }: Submitted): boolean {
  if (repeated === true) return false;
  const { NONCE_ALREADY_USED, NONCE_TOO_OLD } = REJECT_CODES;
  return events.some(
    (event) => event.kind === 'commandRejected' && (event.code === NONCE_ALREADY_USED || event.code === NONCE_TOO_OLD),
  );
}
