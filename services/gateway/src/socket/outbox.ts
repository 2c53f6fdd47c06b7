import type { DoorAnswer } from '@keel/codec/door';
import type { WebSocket } from 'ws';
import type { Frame } from '../feed/frame.ts';
import type { Subscriber, Topic } from '../feed/topic.ts';
import type { GatewayMetrics } from '../gatewayMetrics.ts';
import { CONFLATE_BYTES, UNREAD_BYTES_MAX } from './limits.ts';
import { jsonForm, type WireForm } from './wireForm.ts';

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
  readonly #form: WireForm;
  /** Topics of which something was left out, in the order in which that began. */
  readonly #behind = new Set<Topic>();
  readonly #onWritten = (): void => this.#catchUp();
  #closed = false;

  /** `onOverflow`: more than UNREAD_BYTES_MAX are unread. */
  constructor(socket: WebSocket, metrics: GatewayMetrics, onOverflow: () => void, form: WireForm = jsonForm) {
    this.#socket = socket;
    this.#metrics = metrics;
    this.#onOverflow = onOverflow;
    this.#form = form;
    // The library answers pings by itself, and a client that only pings could leave any number of answers unread.
    socket.on('ping', () => this.#checkOverflow());
  }

  deliver(frame: Frame, topic: Topic): void {
    if (this.#closed) return;
    if (this.#behind.has(topic)) this.#catchUp();
    else if (this.#socket.bufferedAmount > CONFLATE_BYTES) {
      this.#behind.add(topic);
      this.#metrics.wsConflated.inc();
    } else this.#write(this.#form.frame(frame));
  }

  /** `method` of the request, where it is known. */
  answer(answer: DoorAnswer, method?: string): void {
    if (this.#closed) return;
    this.#write(this.#form.answer(answer, method));
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

  #write(bytes: Buffer): void {
    // Whatever fills the buffer is heard of when it is written, which is when the channels left out may go on.
    const fills = this.#socket.bufferedAmount + bytes.length > CONFLATE_BYTES - MARGIN_BYTES;
    this.#socket.send(bytes, { binary: this.#form.binary }, fills ? this.#onWritten : undefined);
    this.#metrics.wsFrames.inc();
  }

  #catchUp(): void {
    for (const topic of this.#behind) {
      // Half of it: or a client at the bound would get a snapshot for each frame.
      if (this.#closed || this.#socket.bufferedAmount > CONFLATE_BYTES / 2) return;
      this.#behind.delete(topic);
      this.#write(this.#form.frame(topic.snapshot().resync));
    }
  }

  #checkOverflow(): void {
    if (!this.#closed && this.#socket.bufferedAmount > UNREAD_BYTES_MAX) this.#onOverflow();
  }
}
