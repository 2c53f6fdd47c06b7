import {
  type ClientFrame,
  CodecError,
  decodeServerFrame,
  encodeClientFrame,
  type IntakeRole,
  type RefusalReason,
  type ServerFrame,
} from '@keel/codec';
import { WebSocket } from 'ws';
import {
  IntakeHandingOver,
  IntakeNotAllowed,
  IntakeOutcomeUnknown,
  IntakeOverloaded,
  IntakePaused,
  IntakeSignatureInvalid,
  IntakeUnavailable,
  IntakeVersionUnknown,
} from './errors.ts';
import type { IntakeLog } from './handler.ts';
import { keepAlive } from './keepAlive.ts';
import { CLOSE_CODES, RETIRE_MS, SERVER_FRAME_BYTES_MAX } from './limits.ts';

export interface ClientConnectionOptions {
  readonly url: string;
  readonly token: string;
  readonly role: IntakeRole;
  readonly log: IntakeLog | undefined;
  readonly pingIntervalMs: number;
  /** From the attempt to the welcome. */
  readonly welcomeTimeoutMs: number;
  /** The server has welcomed the client; it takes so many requests at once. */
  readonly onWelcome: (inFlightMax: number) => void;
  /** This connection takes no more requests; called once, before or at its close. */
  readonly onEnd: (end: ConnectionEnd) => void;
  /** Nothing waits for a reply any more. */
  readonly onClose: () => void;
}

/** Why a connection takes no more requests. */
export type ConnectionEnd =
  | { readonly kind: 'lost' }
  /** The token or the role was refused. */
  | { readonly kind: 'refused' }
  | { readonly kind: 'notLeader'; readonly leaderUrl: string | undefined };

/** Gives a request its number. */
export type Numbered = (requestId: number) => ClientFrame;

/** A request without its reply. `lost` says what a lost connection means for it. */
export interface Pending {
  readonly answer: (frame: ServerFrame) => boolean;
  readonly reject: (error: Error) => void;
  readonly lost: () => Error;
}

const REQUEST_ID_MAX = 2 ** 32 - 1;

/**
 * One connection to one node, from the attempt to its close. A node that stops leading still owes the replies of what it
 * took: they are waited for a moment, while the client looks for the next leader already.
 */
export class ClientConnection {
  readonly #options: ClientConnectionOptions;
  readonly #socket: WebSocket;
  readonly #pending = new Map<number, Pending>();
  readonly #welcomeTimer: NodeJS.Timeout;
  #retireTimer: NodeJS.Timeout | undefined;
  #lastRequestId = 0;
  #ended = false;

  constructor(options: ClientConnectionOptions) {
    this.#options = options;
    const socket = new WebSocket(options.url, { perMessageDeflate: false, maxPayload: SERVER_FRAME_BYTES_MAX });
    this.#socket = socket;
    this.#welcomeTimer = setTimeout(() => socket.terminate(), options.welcomeTimeoutMs);
    socket.on('open', () => {
      keepAlive(socket, options.pingIntervalMs);
      const { token, role } = options;
      socket.send(encodeClientFrame({ kind: 'hello', requestId: 0, token, role }));
    });
    socket.on('message', (data: Buffer) => this.#read(data));
    socket.on('error', (error) => options.log?.warn({ error, url: options.url }, 'intake connection failed'));
    socket.once('close', (code) => this.#lose(code));
  }

  /** Requests that wait for their reply. */
  get inFlight(): number {
    return this.#pending.size;
  }

  ask(request: Numbered, pending: Pending): void {
    // After 2^32 - 1 it begins anew; by then the old ones are long answered.
    this.#lastRequestId = this.#lastRequestId === REQUEST_ID_MAX ? 1 : this.#lastRequestId + 1;
    this.#socket.send(encodeClientFrame(request(this.#lastRequestId)));
    this.#pending.set(this.#lastRequestId, pending);
  }

  /** Ends it; requests without a reply are rejected. */
  close(): Promise<void> {
    const socket = this.#socket;
    if (socket.readyState === WebSocket.CLOSED) return Promise.resolve();
    return new Promise((resolve) => {
      socket.once('close', () => resolve());
      if (socket.readyState === WebSocket.CONNECTING) socket.terminate();
      else socket.close(CLOSE_CODES.goingAway);
    });
  }

  #read(data: Buffer): void {
    try {
      this.#take(decodeServerFrame(data));
    } catch (error) {
      if (!(error instanceof CodecError)) throw error;
      this.#options.log?.error({ code: error.code, field: error.field }, 'bad intake reply');
      this.#socket.close(CLOSE_CODES.badFrame, error.code);
    }
  }

  #take(frame: ServerFrame): void {
    if (frame.kind === 'welcome') {
      clearTimeout(this.#welcomeTimer);
      this.#options.onWelcome(frame.inFlightMax);
      return;
    }
    if (frame.kind !== 'notLeader' || frame.requestId !== 0) this.#settle(frame);
    if (frame.kind === 'notLeader') this.#retire(frame.leaderUrl);
  }

  #settle(frame: Exclude<ServerFrame, { readonly kind: 'welcome' }>): void {
    const pending = this.#pending.get(frame.requestId);
    if (pending === undefined) throw new CodecError('OUT_OF_RANGE', 'requestId', 'answers no request');
    this.#pending.delete(frame.requestId);
    if (frame.kind === 'notLeader') {
      pending.reject(new IntakeUnavailable('the node that was asked does not lead'));
    } else if (frame.kind === 'refused') {
      pending.reject(refusal(frame.reason, this.#options.role));
    } else if (!pending.answer(frame)) {
      pending.reject(pending.lost());
      throw new CodecError('UNKNOWN_VALUE', 'body', `${frame.kind} answers another request`);
    }
    if (this.#ended && this.#pending.size === 0) this.#socket.close(CLOSE_CODES.goingAway);
  }

  #retire(leaderUrl: string | undefined): void {
    if (this.#ended) return;
    clearTimeout(this.#welcomeTimer);
    this.#end({ kind: 'notLeader', leaderUrl });
    if (this.#pending.size === 0) this.#socket.close(CLOSE_CODES.goingAway);
    else this.#retireTimer = setTimeout(() => this.#socket.terminate(), RETIRE_MS);
  }

  #lose(code: number): void {
    clearTimeout(this.#welcomeTimer);
    clearTimeout(this.#retireTimer);
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    this.#end({ kind: code === CLOSE_CODES.badHello ? 'refused' : 'lost' });
    for (const request of pending) request.reject(request.lost());
    this.#options.onClose();
  }

  #end(end: ConnectionEnd): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#options.onEnd(end);
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
    case 'versionUnknown':
      return new IntakeVersionUnknown('a node that reports does not know that version');
    case 'paused':
      return new IntakePaused('the operator has paused the exchange');
    case 'handingOver':
      return new IntakeHandingOver('the leader hands over to another node');
    case 'unavailable':
      return new IntakeUnavailable('the node that was asked takes nothing now');
    case 'outcomeUnknown':
      return new IntakeOutcomeUnknown('the node stopped leading while the command was on its way');
  }
}
