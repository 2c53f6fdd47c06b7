import type { Publication } from '@keel/redis';
import { toApiError } from '../../toApiError.ts';
import { REPEAT_MS, REREAD_MS, RETRY_MS } from './limits.ts';
import type { State } from './stateStream.ts';
import { encodeChannel, type Follower, type Stream } from './stream.ts';

export interface ReadStreamParts {
  /** Its name in a frame. */
  readonly channel: string;
  /** It is read at most this often. */
  readonly everyMs: number;
  /** Whether a flush may have changed it. */
  readonly touches: (publication: Publication) => boolean;
  /**
   * Reads all of it: the last is how things stand, what is before it (a candle that is over) is sent where it has changed.
   * Empty = there is none yet. Throws ApiError or ReadModelUnavailable.
   */
  readonly read: () => Promise<readonly State[]>;
  /** Whether it moves without a flush that touches it, as what depends on marks: then it is read again now and then. */
  readonly moves: () => boolean;
  /** Sent every REPEAT_MS even where nothing has changed: some clients share one subscription and wait for its next frame. */
  readonly repeats?: boolean;
  /** A fault of ours, for the log. */
  readonly failed: (fault: unknown) => void;
}

/** A stream of what is read from the read model as a whole: an account, its open orders, a candle. */
export class ReadStream implements Stream {
  readonly #parts: ReadStreamParts;
  readonly #followers = new Set<Follower>();
  /** What was read last. */
  #shown: readonly string[] = [];
  #frame: Buffer | undefined;
  #sequence = 0;
  /** A read is due when the one under way, or the pause after it, ends. */
  #due = false;
  #busy = false;
  #closed = false;
  #pause: NodeJS.Timeout | undefined;
  #again: NodeJS.Timeout | undefined;
  #repeat: NodeJS.Timeout | undefined;

  constructor(parts: ReadStreamParts) {
    this.#parts = parts;
    if (parts.repeats !== true) return;
    this.#repeat = setInterval(() => {
      for (const follower of this.#followers) this.greet(follower);
    }, REPEAT_MS).unref();
  }

  get size(): number {
    return this.#followers.size;
  }

  /** A newcomer to a stream that is read hears what was read last, and then what has changed since. */
  add(follower: Follower): void {
    this.#followers.add(follower);
    this.greet(follower);
    this.reload();
  }

  remove(follower: Follower): void {
    this.#followers.delete(follower);
  }

  greet(follower: Follower): void {
    if (this.#frame !== undefined) follower.hear(this, [this.#frame], this.#sequence);
  }

  apply(publication: Publication): void {
    if (this.#parts.touches(publication)) this.reload();
  }

  reload(): void {
    this.#due = true;
    if (!this.#busy) void this.#read();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#pause);
    clearTimeout(this.#again);
    clearInterval(this.#repeat);
  }

  async #read(): Promise<void> {
    this.#busy = true;
    this.#due = false;
    let pauseMs = this.#parts.everyMs;
    try {
      this.#publish(await this.#parts.read());
    } catch (fault) {
      if (toApiError(fault).code === 'INTERNAL') this.#parts.failed(fault);
      this.#due = true;
      pauseMs = RETRY_MS;
    }
    if (this.#closed) return;
    this.#pause = setTimeout(() => {
      this.#busy = false;
      if (this.#due) void this.#read();
    }, pauseMs).unref();
    if (!this.#parts.moves()) return;
    clearTimeout(this.#again);
    this.#again = setTimeout(() => this.reload(), REREAD_MS).unref();
  }

  #publish(states: readonly State[]): void {
    const last = states.at(-1);
    if (this.#closed || last === undefined) return;
    const texts = states.map(({ data }) => JSON.stringify(data));
    const fresh = texts.filter((text) => !this.#shown.includes(text));
    if (fresh.length === 0) return;
    const isFirst = this.#shown.length === 0;
    this.#shown = texts;
    this.#sequence = last.sequence;
    const frames = (isFirst ? fresh.slice(-1) : fresh).map((text) =>
      encodeChannel(this.#parts.channel, text, last.sequence),
    );
    this.#frame = frames.at(-1);
    for (const follower of this.#followers) follower.hear(this, frames, this.#sequence);
  }
}
