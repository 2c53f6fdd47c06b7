import { decodeServerFrame, encodeClientFrame, encodeCommand } from '@keel/codec';
import { WebSocket } from 'ws';
import { type Ack, answerOf } from './load.ts';
import { orderOf, TOKEN } from './tradersOrders.ts';

/** A trader of its own, whom the load does not have. */
const TRADER = 0;

/** An order that was sent, and when. */
interface Sent {
  readonly bytes: Buffer;
  readonly sentMs: number;
}

/** Something that the process said. */
export interface Heard {
  readonly kind: 'submitted' | 'refused' | 'notLeader' | 'other' | 'closed';
  readonly atMs: number;
  /** When the order that this answers was sent. */
  readonly sentMs: number;
  readonly ack: Ack | undefined;
}

/**
 * A bare connection to one process, which looks for no other: what arrives on it was said by that process and by nobody
 * else. It reads at once, so that what arrives after a moment was also sent after it, but for the way.
 */
export class NodeTap {
  readonly heard: Heard[] = [];
  readonly #socket: WebSocket;
  readonly #sent = new Map<number, Sent>();
  #lastId = 0;
  #turn = 0;
  #nonce: number;

  private constructor(socket: WebSocket, nonce: number) {
    this.#socket = socket;
    this.#nonce = nonce;
    socket.on('message', (data: Buffer) => this.#hear(data));
    socket.on('error', () => undefined);
    socket.on('close', () => this.#note('closed', 0, undefined));
  }

  /** Resolves when the process has welcomed it. `nonce` lies behind those of the taps before. */
  static async open(url: string, nonce: number): Promise<NodeTap> {
    const socket = new WebSocket(url, { perMessageDeflate: false });
    const tap = new NodeTap(socket, nonce);
    await new Promise<void>((resolve, reject) => {
      socket.once('open', () => {
        socket.send(encodeClientFrame({ kind: 'hello', requestId: 0, token: TOKEN, role: 'gateway' }));
      });
      socket.once('message', () => resolve());
      socket.once('error', reject);
    });
    return tap;
  }

  get nonce(): number {
    return this.#nonce;
  }

  /** Sends one order, also to a process that does not read. */
  send(): void {
    if (this.#socket.readyState !== WebSocket.OPEN) return;
    this.#lastId += 1;
    this.#turn += 1;
    this.#nonce = Math.max(this.#nonce + 1, Date.now());
    const command = orderOf(TRADER, this.#turn, this.#nonce);
    this.#sent.set(this.#lastId, { bytes: Buffer.from(encodeCommand(command)), sentMs: performance.now() });
    this.#socket.send(encodeClientFrame({ kind: 'submit', requestId: this.#lastId, command, retry: false }));
  }

  close(): void {
    this.#socket.terminate();
  }

  #hear(data: Buffer): void {
    const frame = decodeServerFrame(data);
    const sent = this.#sent.get(frame.requestId);
    if (frame.kind === 'submitted' && sent !== undefined) {
      const { sequence } = frame.block;
      const atMs = performance.now();
      const ack = { bytes: sent.bytes, sequence, answer: answerOf(frame.block), repeated: frame.repeated, atMs };
      this.#note('submitted', sent.sentMs, ack);
    } else if (frame.kind === 'refused' || frame.kind === 'notLeader') {
      this.#note(frame.kind, sent?.sentMs ?? 0, undefined);
    } else {
      this.#note('other', 0, undefined);
    }
  }

  #note(kind: Heard['kind'], sentMs: number, ack: Ack | undefined): void {
    this.heard.push({ kind, atMs: performance.now(), sentMs, ack });
  }
}
