import type { At, Book, HeadDoc, LevelDoc } from '@keel/redis';
import { formatDecimal, type MarketSpec, parseDecimal, type Side } from '@keel/types';
import { ApiError } from '../errors.ts';
import { formatLevel } from '../format/formatExchange.ts';
import type { Level } from '../wire/answers.ts';
import type { Channel } from '../wire/channels.ts';
import { bookChecksum, CHECKSUM_LEVELS } from './bookChecksum.ts';
import { BookVariant } from './bookVariant.ts';
import { Frame } from './frame.ts';
import { SortedLevels, type TickLevel } from './sortedLevels.ts';
import { Topic } from './topic.ts';

/** Which view of a book; what is left out has a default as soon as one is given. */
export interface BookView {
  readonly levels?: number | undefined;
  readonly grouping?: string | undefined;
  readonly intervalMs?: number | undefined;
}
const LEVELS_DEFAULT = 20;
const INTERVAL_MS_DEFAULT = 100;

/** One market's whole book, kept from a snapshot of the read model and the flushes after it, and the channels that show it. */
export class BookFeed {
  /** Every level. */
  readonly topic: Topic;
  /** Best bid and ask. */
  readonly bboTopic: Topic;
  readonly #spec: MarketSpec;
  readonly #bids = new SortedLevels('bids');
  readonly #asks = new SortedLevels('asks');
  /** By their parameters; forgotten when the book changes and nobody follows them. */
  readonly #variants = new Map<string, BookVariant>();
  /** Sequence of the last frame: what the next one names as the frame before. */
  #seq = 0;
  #timeMs = 0;
  /** Best bid and ask as of the last flush. */
  #bbo = '';

  constructor(spec: MarketSpec) {
    this.#spec = spec;
    this.topic = new Topic({ channel: 'book', market: spec.symbol }, () => this.#snapshot(), 'chain');
    this.bboTopic = new Topic({ channel: 'bbo', market: spec.symbol }, () => this.#bboFrame('snapshot'), 'state');
  }

  load({ head, bids, asks }: At<Book>): void {
    this.#bids.load(bids);
    this.#asks.load(asks);
    this.#bbo = this.#bestText();
    this.#seq = head.sequence;
    this.#timeMs = head.timeMs;
  }

  /** Applies one flush; one that the loaded snapshot already holds changes nothing. */
  apply(levels: readonly LevelDoc[], head: HeadDoc): void {
    if (head.sequence <= this.#seq || levels.length === 0) return;
    for (const { side, priceTicks, sizeLots } of levels)
      (side === 'buy' ? this.#bids : this.#asks).set(priceTicks, sizeLots);
    const prevSeq = this.#seq;
    this.#seq = head.sequence;
    this.#timeMs = head.timeMs;
    this.topic.publish(() => this.#update(levels, prevSeq));
    this.#publishBbo();
    for (const [key, variant] of this.#variants) {
      if (variant.topic.size > 0) variant.touch();
      else this.#variants.delete(key);
    }
  }

  /** Everybody starts anew. */
  publishSnapshots(): void {
    this.topic.publishSnapshot();
    this.bboTopic.publishSnapshot();
    for (const { topic } of this.#variants.values()) topic.publishSnapshot();
  }

  /** The channel that shows the book in this way. Throws BAD_REQUEST for a grouping that is none. */
  topicOf({ levels, grouping, intervalMs }: BookView): Topic {
    if (levels === undefined && grouping === undefined && intervalMs === undefined) return this.topic;
    const key = `${levels} ${grouping} ${intervalMs}`;
    const known = this.#variants.get(key);
    if (known !== undefined) return known.topic;
    const stepTicks = grouping === undefined ? 1 : readGrouping(grouping, this.#spec);
    const channel: Channel = {
      ...this.topic.channel,
      ...(levels === undefined ? {} : { levels }),
      ...(grouping === undefined ? {} : { grouping }),
      ...(intervalMs === undefined ? {} : { intervalMs }),
    };
    const depth = levels ?? LEVELS_DEFAULT;
    const variant = new BookVariant(channel, intervalMs ?? INTERVAL_MS_DEFAULT, () => {
      const bids = this.#format(this.#bids.grouped(stepTicks, depth));
      const asks = this.#format(this.#asks.grouped(stepTicks, depth));
      return this.#frame(channel, bids, asks);
    });
    this.#variants.set(key, variant);
    return variant.topic;
  }

  /** Levels of a side in ticks and lots, best first, as of the last flush; at most `depth`. */
  levelsOf(side: Side, depth?: number): TickLevel[] {
    return (side === 'buy' ? this.#bids : this.#asks).top(depth);
  }

  /** Best bid and ask as they are told. */
  bbo(): { bid: Level | null; ask: Level | null } {
    const [bid = null] = this.#format(this.#bids.top(1));
    const [ask = null] = this.#format(this.#asks.top(1));
    return { bid, ask };
  }

  #publishBbo(): void {
    const now = this.#bestText();
    if (now === this.#bbo) return;
    this.#bbo = now;
    this.bboTopic.publish(() => this.#bboFrame('update'));
  }

  #bestText(): string {
    return `${this.#bids.best()} ${this.#asks.best()}`;
  }

  #bboFrame(type: 'snapshot' | 'update'): Frame {
    return new Frame(this.bboTopic.channel, { type, seq: this.#seq, ts: this.#timeMs }, this.bbo());
  }

  #snapshot(): Frame {
    return this.#frame(this.topic.channel, this.#format(this.#bids.top()), this.#format(this.#asks.top()));
  }

  #frame(channel: Channel, bids: Level[], asks: Level[]): Frame {
    const position = { type: 'snapshot', seq: this.#seq, ts: this.#timeMs } as const;
    return new Frame(channel, position, { bids, asks, checksum: bookChecksum(bids, asks) });
  }

  #update(levels: readonly LevelDoc[], prevSeq: number): Frame {
    const changed = (side: Side): Level[] =>
      this.#format(levels.filter((level) => level.side === side).map((level) => [level.priceTicks, level.sizeLots]));
    const top = (side: SortedLevels): Level[] => this.#format(side.top(CHECKSUM_LEVELS));
    const position = { type: 'update', seq: this.#seq, prevSeq, ts: this.#timeMs } as const;
    const checksum = bookChecksum(top(this.#bids), top(this.#asks));
    return new Frame(this.topic.channel, position, { bids: changed('buy'), asks: changed('sell'), checksum });
  }

  #format(levels: readonly TickLevel[]): Level[] {
    return levels.map(([ticks, lots]) => formatLevel(ticks, lots, this.#spec));
  }
}

/** Ticks of a step; only few are taken, so that there are few views of one book. */
function readGrouping(text: string, { priceDecimals, maxPriceTicks }: MarketSpec): number {
  const ticks = parseDecimal(text, priceDecimals);
  const isStep = typeof ticks === 'number' && /^[125]0*$/.test(String(ticks)) && ticks <= maxPriceTicks;
  if (isStep && formatDecimal(ticks, priceDecimals) === text) return ticks;
  throw new ApiError('BAD_REQUEST', {
    path: '/params/grouping',
    fault: 'is not 1, 2 or 5 times a power of ten ticks',
    tickSize: formatDecimal(1, priceDecimals),
  });
}
