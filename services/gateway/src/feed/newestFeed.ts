import type { HeadDoc, ReadHead } from '@keel/redis';
import type { Channel } from '../wire/channels.ts';
import { Frame } from './frame.ts';
import { Topic } from './topic.ts';

/** What happened, newest first, as a list that only grows at its head: trades of a market, liquidations. */
export class NewestFeed<Answer> {
  readonly topic: Topic;
  readonly #name: string;
  readonly #kept: number;
  #answers: Answer[] = [];
  #seq = 0;
  #timeMs = 0;

  /** `name` is the list's name in a frame's data; `kept` entries are in a snapshot. */
  constructor(channel: Channel, name: string, kept: number) {
    this.#name = name;
    this.#kept = kept;
    const snapshot = (): Frame =>
      new Frame(channel, { type: 'snapshot', seq: this.#seq, ts: this.#timeMs }, { [name]: this.#answers });
    this.topic = new Topic(channel, snapshot, 'chain');
  }

  /** `answers` newest first. */
  load(head: ReadHead, answers: readonly Answer[]): void {
    this.#answers = answers.slice(0, this.#kept);
    this.#seq = head.sequence;
    this.#timeMs = head.timeMs;
  }

  /** `answers` of one flush, oldest first; a flush that is already loaded changes nothing. */
  apply(answers: readonly Answer[], head: HeadDoc): void {
    if (head.sequence <= this.#seq || answers.length === 0) return;
    const newestFirst = answers.toReversed();
    this.#answers = [...newestFirst, ...this.#answers].slice(0, this.#kept);
    const position = { type: 'update', seq: head.sequence, prevSeq: this.#seq, ts: head.timeMs } as const;
    this.#seq = head.sequence;
    this.#timeMs = head.timeMs;
    this.topic.publish(() => new Frame(this.topic.channel, position, { [this.#name]: newestFirst }));
  }
}
