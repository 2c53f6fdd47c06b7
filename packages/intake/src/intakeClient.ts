import {
  CodecError,
  decodeServerFrame,
  encodeClientFrame,
  type IntakeRole,
  type RefusalReason,
  type ServerFrame,
} from '@keel/codec';
import type { Command, SealedBatch, SequencerStatus } from '@keel/types';
import { WebSocket } from 'ws';
import {
  IntakeNotAllowed,
  IntakeOutcomeUnknown,
  IntakeOverloaded,
  IntakeSignatureInvalid,
  IntakeUnavailable,
} from './errors.ts';
import type { IntakeLog, Submitted } from './handler.ts';
import { keepAlive } from './keepAlive.ts';
import {
  CLOSE_CODES,
  HELLO_TIMEOUT_MS,
  IN_FLIGHT_MAX,
  RECONNECT_MS_MAX,
  RECONNECT_MS_MIN,
  SERVER_FRAME_BYTES_MAX,
} from './limits.ts';

export interface IntakeClientOptions {
  /** For example ws://127.0.0.1:7070. */
  readonly url: string;
  readonly token: string;
  readonly role: IntakeRole;
  /** Requests that may wait for their reply; the server's own bound holds too. */
  readonly inFlightMax?: number;
  readonly log?: IntakeLog;
}

type Request =
  | { readonly kind: 'submit'; readonly command: Command }
  | { readonly kind: 'batch'; readonly batchIndex: number }
  | { readonly kind: 'status' };

/** A request without its reply. `lost` says what a lost connection means for it. */
interface Pending {
  readonly answer: (frame: ServerFrame) => boolean;
  readonly reject: (error: Error) => void;
  readonly lost: () => Error;
}

interface Waiter {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

const REQUEST_ID_MAX = 2 ** 32 - 1;

/** A service's side. Connects at once and again whenever the connection is lost, until closed. */
export class IntakeClient {
  readonly #options: IntakeClientOptions;
  /** By request id; at most `#inFlightMax`. */
  readonly #pending = new Map<number, Pending>();
  #waiters: Waiter[] = [];
  #socket: WebSocket | undefined;
  #inFlightMax = 0;
  #connected = false;
  #closed = false;
  #lastRequestId = 0;
  #attempts = 0;
  #reconnectTimer: NodeJS.Timeout | undefined;

  constructor(options: IntakeClientOptions) {
    this.#options = options;
    this.#connect();
  }

  /** The server has welcomed this client and the connection stands. */
  get connected(): boolean {
    return this.#connected;
  }

  /** Requests that wait for their reply. */
  get inFlight(): number {
    return this.#pending.size;
  }

  /** Resolves while connected or as soon as it is. Rejects with IntakeNotAllowed if the hello is refused, with
   * IntakeUnavailable if the client is closed. */
  ready(): Promise<void> {
    if (this.#connected) return Promise.resolve();
    if (this.#closed) return Promise.reject(new IntakeUnavailable('the intake client is closed'));
    return new Promise((resolve, reject) => this.#waiters.push({ resolve, reject }));
  }

  /**
   * Resolves once the command is on stable storage and applied; a refusal by the engine is one of the events.
   * Rejects with IntakeUnavailable, IntakeOverloaded, IntakeSignatureInvalid, IntakeNotAllowed (all: not sequenced), or
   * IntakeOutcomeUnknown.
   */
  submit(command: Command): Promise<Submitted> {
    return this.#ask(
      { kind: 'submit', command },
      (frame) => (frame.kind === 'submitted' ? { value: frame.block } : undefined),
      () => new IntakeOutcomeUnknown('the connection to the sequencer was lost before its reply'),
    );
  }

  /** A sealed batch, undefined if there is none yet of this index. Rejects as `submit`, never with unknown outcome. */
  batch(batchIndex: number): Promise<SealedBatch | undefined> {
    return this.#ask(
      { kind: 'batch', batchIndex },
      (frame) => (frame.kind === 'batch' ? { value: frame.batch } : undefined),
      () => new IntakeUnavailable('the connection to the sequencer was lost'),
    );
  }

  /** Where the sequencer is. Rejects as `batch`. */
  status(): Promise<SequencerStatus> {
    return this.#ask(
      { kind: 'status' },
      (frame) => (frame.kind === 'status' ? { value: frame.status } : undefined),
      () => new IntakeUnavailable('the connection to the sequencer was lost'),
    );
  }

  /** Ends the connection; requests without a reply are rejected. */
  close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#reconnectTimer);
    this.#rejectWaiters(new IntakeUnavailable('the intake client is closed'));
    const socket = this.#socket;
    if (socket === undefined || socket.readyState === WebSocket.CLOSED) return Promise.resolve();
    return new Promise((resolve) => {
      socket.once('close', () => resolve());
      if (socket.readyState === WebSocket.CONNECTING) socket.terminate();
      else socket.close(CLOSE_CODES.goingAway);
    });
  }

  #ask<Result>(
    request: Request,
    read: (frame: ServerFrame) => { readonly value: Result } | undefined,
    lost: () => Error,
  ): Promise<Result> {
    return new Promise((resolve, reject) => {
      if (!this.#connected || this.#socket === undefined) throw new IntakeUnavailable('not connected to the sequencer');
      if (this.#pending.size >= this.#inFlightMax)
        throw new IntakeOverloaded(`${this.#inFlightMax} requests wait for the sequencer`);
      const requestId = this.#nextRequestId();
      this.#socket.send(encodeClientFrame({ ...request, requestId }));
      const answer = (frame: ServerFrame): boolean => {
        const result = read(frame);
        if (result !== undefined) resolve(result.value);
        return result !== undefined;
      };
      this.#pending.set(requestId, { answer, reject, lost });
    });
  }

  /** After 2^32 - 1 it begins anew; by then the old ones are long answered. */
  #nextRequestId(): number {
    this.#lastRequestId = this.#lastRequestId === REQUEST_ID_MAX ? 1 : this.#lastRequestId + 1;
    return this.#lastRequestId;
  }

  #connect(): void {
    const socket = new WebSocket(this.#options.url, {
      perMessageDeflate: false,
      maxPayload: SERVER_FRAME_BYTES_MAX,
      handshakeTimeout: HELLO_TIMEOUT_MS,
    });
    this.#socket = socket;
    socket.on('open', () => {
      keepAlive(socket);
      const { token, role } = this.#options;
      socket.send(encodeClientFrame({ kind: 'hello', requestId: 0, token, role }));
    });
    socket.on('message', (data: Buffer) => this.#read(socket, data));
    socket.on('error', (error) => this.#options.log?.warn({ error }, 'intake connection failed'));
    socket.once('close', (code) => this.#lose(code));
  }

  #read(socket: WebSocket, data: Buffer): void {
    try {
      this.#take(decodeServerFrame(data));
    } catch (error) {
      if (!(error instanceof CodecError)) throw error;
      this.#options.log?.error({ code: error.code, field: error.field }, 'bad intake reply');
      socket.close(CLOSE_CODES.badFrame, error.code);
    }
  }

  #take(frame: ServerFrame): void {
    if (frame.kind === 'welcome') this.#welcome(frame.inFlightMax);
    else this.#settle(frame);
  }

  #settle(frame: Exclude<ServerFrame, { readonly kind: 'welcome' }>): void {
    const pending = this.#pending.get(frame.requestId);
    if (pending === undefined) throw new CodecError('OUT_OF_RANGE', 'requestId', 'answers no request');
    this.#pending.delete(frame.requestId);
    if (frame.kind === 'refused') {
      pending.reject(refusal(frame.reason, this.#options.role));
    } else if (!pending.answer(frame)) {
      pending.reject(pending.lost());
      throw new CodecError('UNKNOWN_VALUE', 'body', `${frame.kind} answers another request`);
    }
  }

  #welcome(serverInFlightMax: number): void {
    this.#inFlightMax = Math.min(this.#options.inFlightMax ?? IN_FLIGHT_MAX, serverInFlightMax);
    this.#connected = true;
    this.#attempts = 0;
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const waiter of waiters) waiter.resolve();
  }

  #lose(code: number): void {
    this.#connected = false;
    this.#socket = undefined;
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    for (const request of pending) request.reject(request.lost());
    if (code === CLOSE_CODES.badHello)
      this.#rejectWaiters(new IntakeNotAllowed(`the sequencer refused the token or the role ${this.#options.role}`));
    if (this.#closed) return;
    // Half of the pause is chance, so that services which lost the sequencer together do not come back together.
    const pauseMs = Math.min(RECONNECT_MS_MAX, RECONNECT_MS_MIN * 2 ** this.#attempts);
    this.#attempts = Math.min(this.#attempts + 1, 16);
    this.#reconnectTimer = setTimeout(() => this.#connect(), pauseMs * (0.5 + Math.random() / 2));
  }

  #rejectWaiters(error: Error): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const waiter of waiters) waiter.reject(error);
  }
}

function refusal(reason: RefusalReason, role: IntakeRole): Error {
  switch (reason) {
    case 'overloaded':
      return new IntakeOverloaded('the sequencer is overloaded');
    case 'notAllowed':
      return new IntakeNotAllowed(`the role ${role} may not ask this`);
    case 'signatureInvalid':
      return new IntakeSignatureInvalid('a price report is not signed by its feeder');
  }
}
