import type { Channel } from '../wire/channels.ts';
import type { Frame } from './frame.ts';
import { Topic } from './topic.ts';

/** A view of a book in whole snapshots, one at most every `intervalMs`: what happens between is in the next. */
export class BookVariant {
  readonly topic: Topic;
  readonly #intervalMs: number;
  readonly #makeFrame: () => Frame;
  #sentMs = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;

  constructor(channel: Channel, intervalMs: number, makeFrame: () => Frame) {
    this.#intervalMs = intervalMs;
    this.#makeFrame = makeFrame;
    this.topic = new Topic(channel, makeFrame, 'state');
  }

  /** The book has changed. */
  touch(): void {
    if (this.#timer !== undefined) return;
    const waitMs = this.#sentMs + this.#intervalMs - performance.now();
    if (waitMs <= 0) this.#send();
    else this.#timer = setTimeout(() => this.#send(), waitMs).unref();
  }

  #send(): void {
    this.#timer = undefined;
    this.#sentMs = performance.now();
    this.topic.publish(this.#makeFrame);
  }
}
