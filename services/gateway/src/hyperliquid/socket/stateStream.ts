import type { Publication } from '@keel/redis';
import { encodeChannel, type Follower, type Stream } from './stream.ts';

/** Something that is true at one sequence: a frame is the whole of it, so a reader that missed some needs the newest only. */
export interface State {
  readonly data: unknown;
  readonly sequence: number;
  /** The part of `data` without a change of which no frame is sent; all of it if undefined. */
  readonly compared?: unknown;
}

export interface StateStreamParts {
  /** Its name in a frame. */
  readonly channel: string;
  /** A frame is sent at most this often. */
  readonly everyMs: number;
  /** Whether a flush may have changed it. */
  readonly touches: (publication: Publication) => boolean;
  /** What there is to say now; undefined as long as that is unknown. */
  readonly render: () => State | undefined;
}

/** A stream of what the gateway holds in memory: books, mids, contexts of markets. */
export class StateStream implements Stream {
  readonly #parts: StateStreamParts;
  readonly #followers = new Set<Follower>();
  /** Of the frame: what has not changed is not sent again. */
  #compared: string | undefined;
  #frame: Buffer | undefined;
  #sequence = 0;
  #sentMs = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: StateStreamParts) {
    this.#parts = parts;
  }

  get size(): number {
    return this.#followers.size;
  }

  add(follower: Follower): void {
    // What is due anyway comes first, so that the newcomer hears each frame once.
    this.#publish();
    this.#followers.add(follower);
    this.greet(follower);
  }

  remove(follower: Follower): void {
    this.#followers.delete(follower);
  }

  greet(follower: Follower): void {
    if (this.#frame !== undefined) follower.hear(this, [this.#frame], this.#sequence);
  }

  apply(publication: Publication): void {
    if (this.#timer !== undefined || !this.#parts.touches(publication)) return;
    const waitMs = this.#sentMs + this.#parts.everyMs - performance.now();
    if (waitMs <= 0) this.#publish();
    else this.#timer = setTimeout(() => this.#publish(), waitMs).unref();
  }

  reload(): void {
    this.#publish();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #publish(): void {
    this.close();
    const state = this.#parts.render();
    if (state === undefined) return;
    const text = JSON.stringify(state.data);
    const compared = state.compared === undefined ? text : JSON.stringify(state.compared);
    if (compared === this.#compared) return;
    this.#compared = compared;
    this.#sequence = state.sequence;
    this.#frame = encodeChannel(this.#parts.channel, text, state.sequence);
    if (this.#followers.size === 0) return;
    this.#sentMs = performance.now();
    for (const follower of this.#followers) follower.hear(this, [this.#frame], this.#sequence);
  }
}
