import type { Channel } from '../wire/channels.ts';

export interface FramePosition {
  readonly type: 'snapshot' | 'update';
  /** Sequence that this frame brings its channel to. */
  readonly seq: number;
  /** Of the frame before, where frames form a chain. */
  readonly prevSeq?: number;
  /** A snapshot after frames that were left out because the client read too slowly. */
  readonly resync?: true;
  /** Time of that sequence in milliseconds. */
  readonly ts: number;
}

/** What a channel's followers are sent. Its text is made once and the same bytes are handed to all. */
export class Frame {
  readonly channel: Channel;
  readonly position: FramePosition;
  readonly data: object;
  #json: Buffer | undefined;
  #resync: Frame | undefined;

  constructor(channel: Channel, position: FramePosition, data: object) {
    this.channel = channel;
    this.position = position;
    this.data = data;
  }

  get json(): Buffer {
    this.#json ??= Buffer.from(JSON.stringify({ ...this.channel, ...this.position, data: this.data }));
    return this.#json;
  }

  /** The same snapshot for somebody who was left out. */
  get resync(): Frame {
    this.#resync ??= new Frame(this.channel, { ...this.position, resync: true }, this.data);
    return this.#resync;
  }
}
