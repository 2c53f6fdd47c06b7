import type { WebSocket } from 'ws';
import type { Frame } from '../feed/frame.ts';
import type { Subscriber, Topic } from '../feed/topic.ts';
import type { GatewayMetrics } from '../gatewayMetrics.ts';
import { CONFLATE_BYTES, UNREAD_BYTES_MAX } from './limits.ts';

/** Bytes that frames of the protocol itself may add unseen. */
const MARGIN_BYTES = 1_024;

/**
 * What goes to one client. While it leaves more than CONFLATE_BYTES unread it gets no frames of channels, only answers; once it
 * has read, each channel that was left out goes on from a fresh snapshot. So its memory is bounded by CONFLATE_BYTES, one frame
 * and UNREAD_BYTES_MAX of answers, and nobody else waits for it.
 */
export class Outbox implements Subscriber {
  readonly #socket: WebSocket;
  readonly #metrics: GatewayMetrics;
  readonly #onOverflow: () => void;
  /** Topics of which something was left out, in the order in which that began. */
  readonly #behind = new Set<Topic>();
  readonly #onWritten = (): void => this.#catchUp();
  #closed = false;

  /** `onOverflow`: more than UNREAD_BYTES_MAX are unread. */
  constructor(socket: WebSocket, metrics: GatewayMetrics, onOverflow: () => void) {
    this.#socket = socket;
    this.#metrics = metrics;
    this.#onOverflow = onOverflow;
    // The library answers pings by itself, and a client that only pings could leave any number of answers unread.
    socket.on('ping', () => this.#checkOverflow());
  }

  deliver(frame: Frame, topic: Topic): void {
    if (this.#closed) return;
    if (this.#behind.has(topic)) this.#catchUp();
    else if (this.#socket.bufferedAmount > CONFLATE_BYTES) {
      this.#behind.add(topic);
      this.#metrics.wsConflated.inc();
    } else this.#write(frame.json);
  }

  answer(answer: object): void {
    if (this.#closed) return;
    this.#write(Buffer.from(JSON.stringify(answer)));
    this.#checkOverflow();
  }

  /** Not followed any more. */
  forget(topic: Topic): void {
    this.#behind.delete(topic);
  }

  close(): void {
    this.#closed = true;
    this.#behind.clear();
  }

  #write(text: Buffer): void {
    // Whatever fills the buffer is heard of when it is written, which is when the channels left out may go on.
    const fills = this.#socket.bufferedAmount + text.length > CONFLATE_BYTES - MARGIN_BYTES;
    this.#socket.send(text, { binary: false }, fills ? this.#onWritten : undefined);
    this.#metrics.wsFrames.inc();
  }

  #catchUp(): void {
    for (const topic of this.#behind) {
      // Half of it: or a client at the bound would get a snapshot for each frame.
      if (this.#closed || this.#socket.bufferedAmount > CONFLATE_BYTES / 2) return;
      this.#behind.delete(topic);
      this.#write(topic.snapshot().resync.json);
    }
  }

  #checkOverflow(): void {
    if (!this.#closed && this.#socket.bufferedAmount > UNREAD_BYTES_MAX) this.#onOverflow();
  }
}
