import { encodeSequencedCommand } from '@keel/codec';
import { assertInvariants } from '@keel/engine';
import { IntakeOverloaded, type Submitted } from '@keel/intake';
import type { Journal } from '@keel/journal';
import type { Command, Hex, SealedBatch, SequencedCommand, TimeMs } from '@keel/types';
import { toSequence } from '@keel/types';
import type { Exchange } from './exchange.ts';
import { countCommand, type Figures } from './figures.ts';
import { BATCH_COMMANDS_MAX, GROUP_COMMANDS_MAX } from './limits.ts';
import { toHex } from './toHex.ts';

/** A command that was taken and has no place in the log yet. */
interface Taken {
  readonly command: Command;
  readonly takenMs: number;
  readonly resolve: (submitted: Submitted) => void;
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
  readonly journal: Journal;
  /** Sequenced time now; never decreasing. */
  readonly clock: () => TimeMs;
  readonly queueMax: number;
  readonly figures: Figures;
  readonly onSealed: (batch: SealedBatch) => void;
  /** After each group, when its commands are acknowledged. */
  readonly onGroup: () => void;
  /** Ends the process: the journal or the engine cannot be trusted any more. */
  readonly fail: (fault: unknown) => never;
}

/**
 * The only writer: take, stamp, journal, apply, publish. One group of commands is on its way at a time; all that comes
 * in while it is flushed goes into the next. A fault of the journal or of the engine ends the process before anything
 * of the group is acknowledged or published.
 */
export class Sequencer {
  readonly #options: SequencerOptions;
  #queue: Taken[] = [];
  #running: Promise<void> | undefined;
  #stopping = false;
  #sequence: number;

  constructor(options: SequencerOptions) {
    this.#options = options;
    this.#sequence = options.exchange.state.sequence;
  }

  /** Commands that wait for the journal. */
  get waiting(): number {
    return this.#queue.length;
  }

  /** Takes a command; resolves when it is on stable storage and applied. Rejects with IntakeOverloaded if not taken. */
  submit(command: Command): Promise<Submitted> {
    const { queueMax, figures } = this.#options;
    if (this.#stopping) return Promise.reject(new IntakeOverloaded('the sequencer is stopping'));
    if (this.full) {
      figures.overloaded.inc();
      return Promise.reject(new IntakeOverloaded(`${queueMax} commands wait for the journal`));
    }
    return new Promise((resolve) => {
      this.#queue.push({ command, takenMs: performance.now(), resolve });
      this.#running ??= this.#run();
    });
  }

  /** No more commands are taken just now. */
  get full(): boolean {
    return this.#queue.length >= this.#options.queueMax;
  }

  /** Lets sequenced time pass. With a full queue the commands in it do that. */
  async advanceTime(): Promise<void> {
    if (!this.full && !this.#stopping) await this.submit({ kind: 'advanceTime' });
  }

  /** Takes nothing new and resolves when everything taken is acknowledged. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#running;
  }

  async #run(): Promise<void> {
    // One turn of the event loop first: what the sockets hold right now shares the first flush.
    await new Promise((resolve) => setImmediate(resolve));
    try {
      while (this.#queue.length > 0) await this.#runGroup();
    } catch (fault) {
      this.#options.fail(fault);
    }
    this.#running = undefined;
  }

  async #runGroup(): Promise<void> {
    const { figures, onGroup, onSealed } = this.#options;
    const group = this.#queue.splice(0, GROUP_COMMANDS_MAX).map((taken) => this.#stamp(taken));
    figures.groupCommands.observe(group.length);

    const flushed = figures.flushSeconds.startTimer();
    await this.#options.journal.flush();
    flushed();

    const applied = figures.applySeconds.startTimer();
    const done = group.map((stamped) => this.#apply(stamped));
    applied();
    // Only now: a fault anywhere in the group leaves nothing of it outside, a batch that its first half sealed included.
    for (const { sealed } of done) if (sealed !== undefined) onSealed(sealed);

    const ackMs = performance.now();
    for (const [index, { taken, sequenced }] of group.entries()) {
      figures.commitSeconds.observe((ackMs - taken.takenMs) / 1_000);
      const { submitted } = done[index] as Done;
      taken.resolve(submitted);
      countCommand(figures, sequenced.command, submitted.events);
    }
    // After the replies have left: building a diff for the read model is nothing that a trader should wait for.
    setImmediate(onGroup);
    if (this.#options.exchange.openBatchCommands >= BATCH_COMMANDS_MAX) this.#seal();
  }

  /** Sequence and time are given here, and the record with them is what recovery will apply. */
  #stamp(taken: Taken): Stamped {
    this.#sequence += 1;
    const sequenced: SequencedCommand = {
      sequence: toSequence(this.#sequence),
      timeMs: this.#options.clock(),
      command: taken.command,
    };
    const recordHash = this.#options.journal.append(this.#sequence, encodeSequencedCommand(sequenced));
    return { taken, sequenced, recordHash: toHex(recordHash) };
  }

  #apply({ sequenced, recordHash }: Stamped): Done {
    const { exchange, figures } = this.#options;
    const { events, sealed } = exchange.apply(sequenced, recordHash);
    if (sealed !== undefined) {
      const checked = figures.invariantsSeconds.startTimer();
      assertInvariants(exchange.state);
      checked();
    }
    return { submitted: { sequence: sequenced.sequence, timeMs: sequenced.timeMs, events }, sealed };
  }

  /** Nobody sealed for long; see BATCH_COMMANDS_MAX. Goes in front, so that the bound holds. */
  #seal(): void {
    this.#queue.unshift({ command: { kind: 'sealBatch' }, takenMs: performance.now(), resolve: () => undefined });
  }
}
