import type { Channel } from '../wire/channels.ts';
import type { Frame } from './frame.ts';
import { FrameRing } from './frameRing.ts';

/** A chain is kept up so long after the last follower left, for a client that comes back. */
const KEPT_AFTER_LEAVING_MS = 60_000;

/** Whoever follows a topic. */
export interface Subscriber {
  deliver(frame: Frame, topic: Topic): void;
}

/** One channel with its subscribers; every one of them starts with a snapshot, or where it left off. */
export class Topic {
  readonly channel: Channel;
  readonly #subscribers = new Set<Subscriber>();
  readonly #makeSnapshot: () => Frame;
  /** Of a channel whose updates form a chain; each change of it then goes through `publish`. */
  readonly #ring: FrameRing | undefined;
  /** As it was made since the last change; only of a chain. */
  #snapshot: Frame | undefined;
  #leftMs = Number.NEGATIVE_INFINITY;

  constructor(channel: Channel, makeSnapshot: () => Frame, kind: 'chain' | 'state') {
    this.channel = channel;
    this.#makeSnapshot = makeSnapshot;
    this.#ring = kind === 'chain' ? new FrameRing() : undefined;
  }

  get size(): number {
    return this.#subscribers.size;
  }

  /** Somebody follows it, or left a chain so lately that the frames are kept for a return. */
  get wanted(): boolean {
    if (this.#subscribers.size > 0) return true;
    return this.#ring !== undefined && performance.now() - this.#leftMs < KEPT_AFTER_LEAVING_MS;
  }

  /** What there is to send for a start: the frames after `fromSeq` where they are kept, else undefined for a snapshot. */
  since(fromSeq: number | undefined): readonly Frame[] | undefined {
    if (fromSeq === undefined || this.#ring === undefined) return undefined;
    const kept = this.#ring.after(fromSeq);
    if (kept !== undefined) return kept;
    return this.snapshot().position.seq === fromSeq ? [] : undefined;
  }

  /** Begins with `missed`, or with a snapshot. */
  add(subscriber: Subscriber, missed?: readonly Frame[]): void {
    this.#subscribers.add(subscriber);
    for (const frame of missed ?? [this.snapshot()]) subscriber.deliver(frame, this);
  }

  remove(subscriber: Subscriber): void {
    if (this.#subscribers.delete(subscriber) && this.#subscribers.size === 0) this.#leftMs = performance.now();
  }

  /** How the channel is now. */
  snapshot(): Frame {
    if (this.#ring === undefined) return this.#makeSnapshot();
    this.#snapshot ??= this.#makeSnapshot();
    return this.#snapshot;
  }

  /** To be called at each change of a chain, also when nobody follows it: the frame is made only if it is wanted. */
  publish(makeFrame: () => Frame): void {
    this.#snapshot = undefined;
    if (!this.wanted) {
      this.#ring?.clear();
      return;
    }
    const frame = makeFrame();
    this.#ring?.push(frame);
    this.#deliver(frame);
  }

  /** What comes next does not follow from what was. */
  breakChain(): void {
    this.#ring?.clear();
    this.#snapshot = undefined;
  }

  /** Everybody starts anew. */
  publishSnapshot(): void {
    this.breakChain();
    if (this.#subscribers.size > 0) this.#deliver(this.snapshot());
  }

  #deliver(frame: Frame): void {
    for (const subscriber of this.#subscribers) subscriber.deliver(frame, this);
  }
}
