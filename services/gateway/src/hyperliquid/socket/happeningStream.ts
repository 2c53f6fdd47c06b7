import type { Publication } from '@keel/redis';
import { toApiError } from '../../toApiError.ts';
import { KEPT_MAX, RETRY_MS, WAITING_MAX } from './limits.ts';
import { encodeChannel, type Follower, type Stream } from './stream.ts';

/** Something that happened, as it is written in a frame. */
export interface Happening {
  readonly sequence: number;
  readonly data: object;
}

/** What has happened up to a sequence, oldest first. */
export interface History {
  readonly sequence: number;
  readonly happenings: readonly Happening[];
}

export interface HappeningStreamParts {
  /** Its name in a frame. */
  readonly channel: string;
  /** What happened so far: what its first frame shows, at most KEPT_MAX. Throws ApiError or ReadModelUnavailable. */
  readonly read: () => Promise<History>;
  /** What happened in one flush, oldest first. */
  readonly pick: (publication: Publication) => readonly Happening[];
  /** The `data` of the frames that say so; a snapshot is the first of a follower. */
  readonly frames: (happenings: readonly Happening[], isSnapshot: boolean) => readonly unknown[];
  /** Whoever fell behind farther than what is kept may start anew with a snapshot, or else is cut off. */
  readonly mayStartAnew: boolean;
  /** A fault of ours, for the log. */
  readonly failed: (fault: unknown) => void;
}

/** A stream of what happens: nothing is left out, and nobody hears anything twice. */
export class HappeningStream implements Stream {
  readonly #parts: HappeningStreamParts;
  readonly #followers = new Set<Follower>();
  /** Newest KEPT_MAX, oldest first. */
  #kept: Happening[] = [];
  /** All that was dropped from `#kept` happened up to here. */
  #droppedTo = 0;
  /** Everything up to here is in `#kept` or was; -1 = nothing was read. */
  #sequence = -1;
  /** Flushes since the read under way began; undefined = none is under way. */
  #waiting: Publication[] | undefined;
  #closed = false;
  #retry: NodeJS.Timeout | undefined;

  constructor(parts: HappeningStreamParts) {
    this.#parts = parts;
  }

  get size(): number {
    return this.#followers.size;
  }

  add(follower: Follower): void {
    this.#followers.add(follower);
    if (this.#sequence >= 0) this.#tell([follower], this.#kept, true);
    else if (this.#waiting === undefined) this.reload();
  }

  remove(follower: Follower): void {
    this.#followers.delete(follower);
  }

  greet(follower: Follower, since: number): void {
    if (this.#sequence < 0) return;
    const missed = this.#kept.filter(({ sequence }) => sequence > since);
    if (since >= this.#droppedTo) this.#tell([follower], missed, false);
    else if (this.#parts.mayStartAnew) this.#tell([follower], this.#kept, true);
    else follower.lose();
  }

  apply(publication: Publication): void {
    if (this.#waiting === undefined) {
      if (this.#sequence >= 0) this.#take(publication);
      return;
    }
    this.#waiting.push(publication);
    if (this.#waiting.length > WAITING_MAX) this.reload();
  }

  reload(): void {
    clearTimeout(this.#retry);
    this.#waiting = [];
    void this.#read(this.#waiting);
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#retry);
  }

  /** `waiting` tells a read that a later one has begun. */
  async #read(waiting: Publication[]): Promise<void> {
    let history: History;
    try {
      history = await this.#parts.read();
    } catch (fault) {
      if (toApiError(fault).code === 'INTERNAL') this.#parts.failed(fault);
      if (this.#closed || waiting !== this.#waiting) return;
      this.#retry = setTimeout(() => this.reload(), RETRY_MS).unref();
      return;
    }
    if (this.#closed || waiting !== this.#waiting) return;
    this.#waiting = undefined;
    if (this.#sequence < 0) {
      this.#kept = history.happenings.slice(-KEPT_MAX);
      this.#sequence = history.sequence;
      this.#tell(this.#followers, this.#kept, true);
    } else this.#add(history);
    for (const publication of waiting) this.#take(publication);
  }

  #take(publication: Publication): void {
    this.#add({ sequence: publication.head.sequence, happenings: this.#parts.pick(publication) });
  }

  #add({ sequence, happenings }: History): void {
    const fresh = happenings.filter((happening) => happening.sequence > this.#sequence);
    this.#sequence = Math.max(this.#sequence, sequence);
    if (fresh.length === 0) return;
    this.#kept.push(...fresh);
    const dropped = this.#kept.splice(0, Math.max(0, this.#kept.length - KEPT_MAX)).at(-1);
    if (dropped !== undefined) this.#droppedTo = dropped.sequence;
    this.#tell(this.#followers, fresh, false);
  }

  #tell(followers: Iterable<Follower>, happenings: readonly Happening[], isSnapshot: boolean): void {
    const frames = this.#parts
      .frames(happenings, isSnapshot)
      .map((data) => encodeChannel(this.#parts.channel, JSON.stringify(data), this.#sequence));
    for (const follower of followers) follower.hear(this, frames, this.#sequence);
  }
}
