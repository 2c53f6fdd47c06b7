import type { Channel } from '../wire/channels.ts';
import { Frame } from './frame.ts';
import { Topic } from './topic.ts';

export interface TickerState {
  readonly seq: number;
  readonly timeMs: number;
  readonly data: object;
}

/** A market's prices at a glance, told at each tick in which something of it changed. */
export class TickerFeed {
  readonly topic: Topic;
  readonly #read: () => TickerState;
  /** As it was told last; empty while nobody follows, so that whoever comes misses no way back to it. */
  #told = '';

  constructor(channel: Channel, read: () => TickerState) {
    this.#read = read;
    this.topic = new Topic(channel, () => this.#frame('snapshot', read()), 'state');
  }

  tick(): void {
    if (this.topic.size === 0) {
      this.#told = '';
      return;
    }
    const state = this.#read();
    const text = JSON.stringify(state.data);
    if (text === this.#told) return;
    this.#told = text;
    this.topic.publish(() => this.#frame('update', state));
  }

  #frame(type: 'snapshot' | 'update', { seq, timeMs, data }: TickerState): Frame {
    return new Frame(this.topic.channel, { type, seq, ts: timeMs }, data);
  }
}
