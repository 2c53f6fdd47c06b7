import { setTimeout as sleep } from 'node:timers/promises';
import { type At, type HeadDoc, ReadModelUnavailable } from '@keel/redis';
import type { Channel } from '../wire/channels.ts';
import { Frame } from './frame.ts';
import { Topic } from './topic.ts';

/** After a failed read. */
const RETRY_MS = 200;

export interface DemandFormat<Doc> {
  readonly keyOf: (doc: Doc) => number;
  readonly isGone: (doc: Doc) => boolean;
  /** Of a snapshot: what is shown of them, and in which order. */
  readonly select: (docs: Iterable<Doc>) => readonly Doc[];
  readonly data: (docs: readonly Doc[]) => object;
  /** Held at most, those that came first going first. Default: all. */
  readonly heldMax?: number;
}

/**
 * Documents that are read when somebody first asks for their channel, kept up as long as it is followed, and forgotten
 * afterwards: there are many, and few are followed. A flush says how each document is after it, so one that a read already
 * holds does no harm.
 */
export class DemandFeed<Doc> {
  readonly topic: Topic;
  readonly #format: DemandFormat<Doc>;
  readonly #read: () => Promise<At<{ docs: readonly Doc[] }>>;
  #docs: Map<number, Doc> | undefined;
  /** Under way; whoever needs the documents waits for it. */
  #loading: Promise<void> | undefined;
  /** Flushes that came while they were read. */
  #waiting: { docs: readonly Doc[]; head: HeadDoc }[] = [];
  /** Counts the reads, so that what an older one brings is dropped. */
  #loads = 0;
  #seq = 0;
  #timeMs = 0;

  constructor(channel: Channel, format: DemandFormat<Doc>, read: () => Promise<At<{ docs: readonly Doc[] }>>) {
    this.#format = format;
    this.#read = read;
    this.topic = new Topic(channel, () => this.#snapshot(), 'chain');
  }

  /** Resolves when the topic may be followed, which must then happen at once. Throws ReadModelUnavailable. */
  async ready(): Promise<void> {
    while (this.#docs === undefined) {
      this.#loading ??= this.#load();
      await this.#loading;
    }
  }

  /** One flush, in which these documents changed; false when nobody follows them any more and they are forgotten. */
  apply(docs: readonly Doc[], head: HeadDoc): boolean {
    if (this.#docs === undefined) {
      if (this.#loading !== undefined && docs.length > 0) this.#waiting.push({ docs, head });
      return this.#loading !== undefined;
    }
    if (!this.topic.wanted) {
      this.#forget();
      return false;
    }
    if (docs.length === 0 || head.sequence <= this.#seq) return true;
    const position = { type: 'update', seq: head.sequence, prevSeq: this.#seq, ts: head.timeMs } as const;
    this.#put(docs, head);
    this.topic.publish(() => new Frame(this.topic.channel, position, this.#format.data(docs)));
    return true;
  }

  /** The chain broke: those who follow start from a new snapshot, once it could be read. */
  resync(): void {
    this.#forget();
    if (this.topic.size > 0) void this.#reload();
  }

  async #reload(): Promise<void> {
    for (const load = this.#loads; load === this.#loads && this.topic.size > 0; ) {
      try {
        await this.ready();
        this.topic.publishSnapshot();
        return;
      } catch (fault) {
        if (!(fault instanceof ReadModelUnavailable)) throw fault;
        await sleep(RETRY_MS);
      }
    }
  }

  async #load(): Promise<void> {
    const load = this.#loads;
    this.#waiting = [];
    try {
      const { docs, head } = await this.#read();
      if (load !== this.#loads) return;
      this.#docs = new Map(docs.map((doc) => [this.#format.keyOf(doc), doc]));
      this.#seq = head.sequence;
      this.#timeMs = head.timeMs;
      for (const waiting of this.#waiting) if (waiting.head.sequence > this.#seq) this.#put(waiting.docs, waiting.head);
      this.#waiting = [];
    } finally {
      if (load === this.#loads) this.#loading = undefined;
    }
  }

  #put(docs: readonly Doc[], head: HeadDoc): void {
    const held = this.#docs ?? new Map<number, Doc>();
    for (const doc of docs) {
      if (this.#format.isGone(doc)) held.delete(this.#format.keyOf(doc));
      else held.set(this.#format.keyOf(doc), doc);
    }
    const heldMax = this.#format.heldMax ?? Number.POSITIVE_INFINITY;
    for (const key of held.keys()) {
      if (held.size <= heldMax) break;
      held.delete(key);
    }
    this.#seq = head.sequence;
    this.#timeMs = head.timeMs;
  }

  #forget(): void {
    this.#loads += 1;
    this.#docs = undefined;
    this.#loading = undefined;
    this.#waiting = [];
    this.topic.breakChain();
  }

  #snapshot(): Frame {
    const position = { type: 'snapshot', seq: this.#seq, ts: this.#timeMs } as const;
    const docs = this.#format.select(this.#docs?.values() ?? []);
    return new Frame(this.topic.channel, position, this.#format.data(docs));
  }
}
