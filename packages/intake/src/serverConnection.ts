import { createHash, timingSafeEqual } from 'node:crypto';
import {
  type ClientFrame,
  CodecError,
  decodeClientFrame,
  encodeServerFrame,
  type IntakeRole,
  type RefusalReason,
  type ServerFrame,
} from '@keel/codec';
import { WebSocket } from 'ws';
import {
  IntakeHandingOver,
  IntakeOutcomeUnknown,
  IntakeOverloaded,
  IntakePaused,
  IntakeSignatureInvalid,
  IntakeUnavailable,
  IntakeVersionUnknown,
} from './errors.ts';
import type { IntakeHandler, IntakeLog, Leadership } from './handler.ts';
import { keepAlive } from './keepAlive.ts';
import { CLOSE_CODES, HELLO_TIMEOUT_MS, RETIRE_MS, UNREAD_BYTES_MAX } from './limits.ts';
import { mayAskForBatches, ROLE_OF_COMMAND } from './roles.ts';

export interface ConnectionOptions {
  readonly token: string;
  readonly handler: IntakeHandler;
  readonly inFlightMax: number;
  readonly log: IntakeLog | undefined;
  readonly leadership: () => Leadership;
}

type RequestFrame = Exclude<ClientFrame, { readonly kind: 'hello' }>;

/** One client of the server, from its hello to its close. */
export class ServerConnection {
  readonly #socket: WebSocket;
  readonly #options: ConnectionOptions;
  readonly #helloTimer: NodeJS.Timeout;
  #role: IntakeRole | undefined;
  #inFlight = 0;
  #draining = false;
  #retiring = false;

  constructor(socket: WebSocket, options: ConnectionOptions) {
    this.#socket = socket;
    this.#options = options;
    this.#helloTimer = setTimeout(() => socket.close(CLOSE_CODES.helloTimeout, 'no hello'), HELLO_TIMEOUT_MS);
    socket.on('message', (data: Buffer, isBinary: boolean) => this.#read(data, isBinary));
    socket.on('error', (error) => options.log?.warn({ error }, 'intake connection failed'));
    socket.once('close', () => clearTimeout(this.#helloTimer));
    keepAlive(socket);
  }

  /** Requests that wait for their reply. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** From now on requests are refused as overloaded, which is true: nothing of them was taken. */
  drain(): void {
    this.#draining = true;
  }

  /** The node does not lead any more: says so, and that to every request from now on. See IntakeServer.stepDown. */
  stepDown(): void {
    if (this.#role === undefined || this.#retiring) return;
    this.#retiring = true;
    this.#sayNotLeader(0);
    // Its client closes as soon as it has what it is owed; if the server closed first, requests that cross this word would
    // be lost with their outcome unknown.
    setTimeout(() => this.#retire(), 2 * RETIRE_MS).unref();
  }

  #retire(): void {
    this.#socket.close(CLOSE_CODES.notLeader, 'not the leader');
  }

  #read(data: Buffer, isBinary: boolean): void {
    if (this.#socket.readyState !== WebSocket.OPEN) return;
    try {
      if (!isBinary) throw new CodecError('MALFORMED', 'clientFrame', 'a text frame');
      this.#take(decodeClientFrame(data));
    } catch (error) {
      if (!(error instanceof CodecError)) throw error;
      this.#options.log?.warn({ role: this.#role, code: error.code, field: error.field }, 'bad intake frame');
      this.#socket.close(CLOSE_CODES.badFrame, error.code);
    }
  }

  #take(frame: ClientFrame): void {
    if (frame.kind === 'hello') this.#greet(frame);
    else if (this.#role === undefined) this.#socket.close(CLOSE_CODES.badHello, 'hello first');
    else if (this.#retiring || this.#options.leadership() !== 'leading') this.#sayNotLeader(frame.requestId);
    else if (this.#draining || this.#inFlight >= this.#options.inFlightMax) this.#refuse(frame, 'overloaded');
    else this.#answer(this.#role, frame);
  }

  #greet(hello: ClientFrame & { readonly kind: 'hello' }): void {
    if (this.#role !== undefined || !sameSecret(hello.token, this.#options.token)) {
      this.#options.log?.warn({ role: hello.role }, 'intake hello refused');
      this.#socket.close(CLOSE_CODES.badHello, 'hello refused');
      return;
    }
    clearTimeout(this.#helloTimer);
    if (this.#options.leadership() !== 'leading') {
      this.#sayNotLeader(0);
      this.#retire();
      return;
    }
    this.#role = hello.role;
    this.#options.log?.info({ role: hello.role }, 'intake client connected');
    this.#send({ kind: 'welcome', requestId: 0, inFlightMax: this.#options.inFlightMax });
  }

  #answer(role: IntakeRole, frame: RequestFrame): void {
    const { requestId } = frame;
    if (frame.kind === 'submit') this.#submit(role, frame);
    else if (frame.kind === 'status') this.#send({ kind: 'status', requestId, status: this.#options.handler.status() });
    else if (!mayAskForBatches(role)) this.#refuse(frame, 'notAllowed');
    else
      this.#settle(frame, this.#options.handler.batch(frame.batchIndex), (batch) => ({
        kind: 'batch',
        requestId,
        batch,
      }));
  }

  #submit(role: IntakeRole, frame: RequestFrame & { readonly kind: 'submit' }): void {
    const { requestId, command, retry } = frame;
    if (ROLE_OF_COMMAND[command.kind] !== role) {
      this.#options.log?.warn({ role, kind: command.kind }, 'command not allowed to this role');
      this.#refuse(frame, 'notAllowed');
      return;
    }
    this.#settle(frame, this.#options.handler.submit(role, command, { retry }), (submitted) => ({
      kind: 'submitted',
      requestId,
      block: submitted,
      repeated: submitted.repeated === true,
    }));
  }

  /** Counts the request in until it has its reply; a rejection that is no refusal is a fault and ends the connection. */
  #settle<Result>(
    request: { readonly requestId: number },
    result: Promise<Result>,
    reply: (result: Result) => ServerFrame,
  ): void {
    this.#inFlight++;
    result
      .then((value) => this.#send(reply(value)))
      .catch((error: unknown) => {
        const reason = refusalOf(error);
        if (reason !== undefined) return this.#refuse(request, reason);
        this.#options.log?.error({ role: this.#role, error }, 'intake handler failed');
        this.#socket.close(CLOSE_CODES.fault, 'fault');
      })
      .finally(() => {
        this.#inFlight--;
      });
  }

  #refuse({ requestId }: { readonly requestId: number }, reason: RefusalReason): void {
    this.#send({ kind: 'refused', requestId, reason });
  }

  #sayNotLeader(requestId: number): void {
    const leadership = this.#options.leadership();
    this.#send({
      kind: 'notLeader',
      requestId,
      leaderUrl: leadership === 'leading' ? undefined : leadership.notLeader,
    });
  }

  #send(frame: ServerFrame): void {
    if (this.#socket.readyState !== WebSocket.OPEN) return;
    if (this.#socket.bufferedAmount > UNREAD_BYTES_MAX) {
      this.#options.log?.warn({ role: this.#role }, 'intake client does not read its replies');
      this.#socket.terminate();
      return;
    }
    this.#socket.send(encodeServerFrame(frame));
  }
}

/** Undefined: the rejection is a fault. */
function refusalOf(error: unknown): RefusalReason | undefined {
  if (error instanceof IntakeOverloaded) return 'overloaded';
  if (error instanceof IntakeSignatureInvalid) return 'signatureInvalid';
  if (error instanceof IntakeVersionUnknown) return 'versionUnknown';
  if (error instanceof IntakePaused) return 'paused';
  if (error instanceof IntakeHandingOver) return 'handingOver';
  if (error instanceof IntakeUnavailable) return 'unavailable';
  if (error instanceof IntakeOutcomeUnknown) return 'outcomeUnknown';
  return undefined;
}

/** Compares digests, so that neither content nor length shows in the time it takes. */
function sameSecret(given: string, expected: string): boolean {
  return timingSafeEqual(digest(given), digest(expected));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
