import type { SubscriptionParams } from '../wire/requests.ts';

/** Whoever follows a topic. A frame is encoded once and the same bytes are handed to all. */
export interface Subscriber {
  deliver(frame: Buffer): void;
}

/** What a frame says of its channel. */
export type ChannelName = SubscriptionParams['channel'];
export interface Channel {
  readonly channel: ChannelName;
  readonly market?: string;
  readonly account?: string;
  /** Left out of the main account's. */
  readonly subaccount?: number;
}

export interface FramePosition {
  readonly type: 'snapshot' | 'update';
  /** Sequence that this frame brings its channel to. */
  readonly seq: number;
  /** Of the frame before, where frames form a chain. */
  readonly prevSeq?: number;
  /** Time of that sequence in milliseconds. */
  readonly ts: number;
}

export function encodeFrame(channel: Channel, position: FramePosition, data: object): Buffer {
  return Buffer.from(JSON.stringify({ ...channel, ...position, data }));
}

/** One channel with its subscribers; every one of them starts with a snapshot. */
export class Topic {
  readonly channel: Channel;
  readonly #subscribers = new Set<Subscriber>();
  readonly #snapshot: () => Buffer;

  constructor(channel: Channel, snapshot: () => Buffer) {
    this.channel = channel;
    this.#snapshot = snapshot;
  }

  get size(): number {
    return this.#subscribers.size;
  }

  add(subscriber: Subscriber): void {
    this.#subscribers.add(subscriber);
    subscriber.deliver(this.#snapshot());
  }

  remove(subscriber: Subscriber): void {
    this.#subscribers.delete(subscriber);
  }

  publish(frame: Buffer): void {
    for (const subscriber of this.#subscribers) subscriber.deliver(frame);
  }

  publishSnapshot(): void {
    if (this.#subscribers.size > 0) this.publish(this.#snapshot());
  }
}
