import type { HeadDoc, ReadHead } from '@keel/redis';
import { type Channel, encodeFrame, Topic } from './topic.ts';

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
    this.topic = new Topic(channel, () =>
      encodeFrame(
        channel,
        { type: 'snapshot', seq: this.#seq, ts: this.#timeMs },
        { [name]: this.#answers.slice(0, this.#kept) },
      ),
    );
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
    this.#seq = head.sequence;
    this.#timeMs = head.timeMs;
    if (this.topic.size === 0) return;
    const position = { type: 'update', seq: this.#seq, ts: this.#timeMs } as const;
    this.topic.publish(encodeFrame(this.topic.channel, position, { [this.#name]: newestFirst }));
  }
}
