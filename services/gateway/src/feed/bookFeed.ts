import type { At, Book, HeadDoc, LevelDoc } from '@keel/redis';
import type { MarketSpec, Side } from '@keel/types';
import { formatLevel } from '../format/formatExchange.ts';
import type { Level } from '../wire/answers.ts';
import { encodeFrame, Topic } from './topic.ts';

/** One market's whole book, kept from a snapshot of the read model and the flushes after it. */
export class BookFeed {
  readonly topic: Topic;
  readonly #spec: MarketSpec;
  #bids = new Map<number, number>();
  #asks = new Map<number, number>();
  /** Sequence of the last frame: what the next one names as the frame before. */
  #seq = 0;
  #timeMs = 0;
  /** Of the book as it is; built on demand and shared until the book changes. */
  #snapshot: Buffer | undefined;

  constructor(spec: MarketSpec) {
    this.#spec = spec;
    this.topic = new Topic({ channel: 'book', market: spec.symbol }, () => this.#encodeSnapshot());
  }

  load({ head, bids, asks }: At<Book>): void {
    this.#bids = new Map(bids);
    this.#asks = new Map(asks);
    this.#seq = head.sequence;
    this.#timeMs = head.timeMs;
    this.#snapshot = undefined;
  }

  /** Applies one flush; one that the loaded snapshot already holds changes nothing. */
  apply(levels: readonly LevelDoc[], head: HeadDoc): void {
    if (head.sequence <= this.#seq || levels.length === 0) return;
    for (const { side, priceTicks, sizeLots } of levels) {
      const held = side === 'buy' ? this.#bids : this.#asks;
      if (sizeLots === 0) held.delete(priceTicks);
      else held.set(priceTicks, sizeLots);
    }
    const prevSeq = this.#seq;
    this.#seq = head.sequence;
    this.#timeMs = head.timeMs;
    this.#snapshot = undefined;
    if (this.topic.size === 0) return;
    const position = { type: 'update', seq: this.#seq, prevSeq, ts: this.#timeMs } as const;
    const sideOf = (side: Side): Level[] =>
      levels
        .filter((level) => level.side === side)
        .map(({ priceTicks, sizeLots }) => formatLevel(priceTicks, sizeLots, this.#spec));
    this.topic.publish(encodeFrame(this.topic.channel, position, { bids: sideOf('buy'), asks: sideOf('sell') }));
  }

  /** Every level of a side in ticks and lots, best first, as of the last flush. */
  levelsOf(side: Side): (readonly [number, number])[] {
    const [held, direction] = side === 'buy' ? [this.#bids, -1] : [this.#asks, 1];
    return [...held].sort(([left], [right]) => direction * (left - right));
  }

  #encodeSnapshot(): Buffer {
    this.#snapshot ??= encodeFrame(
      this.topic.channel,
      { type: 'snapshot', seq: this.#seq, ts: this.#timeMs },
      { bids: this.#levels(this.#bids, -1), asks: this.#levels(this.#asks, 1) },
    );
    return this.#snapshot;
  }

  #levels(side: ReadonlyMap<number, number>, direction: 1 | -1): Level[] {
    const sorted = [...side].sort(([left], [right]) => direction * (left - right));
    return sorted.map(([ticks, lots]) => formatLevel(ticks, lots, this.#spec));
  }
}
