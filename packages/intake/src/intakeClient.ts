import type { ClientFrame, IntakeRole, ServerFrame } from '@keel/codec';
import { assert, type Command, type SealedBatch, type SequencerStatus } from '@keel/types';
import { ClientConnection, type ConnectionEnd } from './clientConnection.ts';
import { IntakeNotAllowed, IntakeOutcomeUnknown, IntakeOverloaded, IntakeUnavailable } from './errors.ts';
import type { IntakeLog, SubmitOptions, Submitted } from './handler.ts';
import {
  CLUSTER_PING_INTERVAL_MS,
  CLUSTER_WELCOME_MS_MIN,
  HELLO_TIMEOUT_MS,
  HINTS_IN_ROW_MAX,
  IN_FLIGHT_MAX,
  PING_INTERVAL_MS,
  RECONNECT_MS_MAX,
  RECONNECT_MS_MIN,
  URLS_MAX,
} from './limits.ts';

export interface IntakeClientOptions {
  /** The intake of the one node, for example ws://127.0.0.1:7070, or those of all nodes, at most URLS_MAX. */
  readonly url: string | readonly string[];
  readonly token: string;
  readonly role: IntakeRole;
  /** Requests that may wait for their reply; the server's own bound holds too. */
  readonly inFlightMax?: number;
  readonly log?: IntakeLog;
}

type Request =
  | { readonly kind: 'submit'; readonly command: Command; readonly retry: boolean }
  | { readonly kind: 'batch'; readonly batchIndex: number }
  | { readonly kind: 'status' };

interface Waiter {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

const FIRST_TRY: SubmitOptions = { retry: false };

/**
 * A service's side. Looks for the node that leads among the addresses it was given and nowhere else, at once and again
 * whenever the connection is lost or its node stops leading, until closed.
 */
export class IntakeClient {
  readonly #options: IntakeClientOptions;
  readonly #urls: readonly string[];
  /** The one that is tried or stands; one that still owes replies after its node stopped leading lives by itself. */
  #connection: ClientConnection | undefined;
  readonly #open = new Set<ClientConnection>();
  #waiters: Waiter[] = [];
  #inFlightMax = 0;
  #connected = false;
  #closed = false;
  /** The address that is tried or stands, */
  #at = 0;
  /** the one whose turn it was last, which a hint does not change, and how many turns were in vain since the last welcome. */
  #turn = 0;
  #failures = 0;
  #hintsInRow = 0;
  #reconnectTimer: NodeJS.Timeout | undefined;

  constructor(options: IntakeClientOptions) {
    const urls = typeof options.url === 'string' ? [options.url] : options.url;
    assert(urls.length >= 1 && urls.length <= URLS_MAX, `an intake client takes 1 to ${URLS_MAX} addresses`);
    this.#options = options;
    this.#urls = urls.map((url) => new URL(url).href);
    this.#connect();
  }

  /** The leader has welcomed this client and the connection stands. */
  get connected(): boolean {
    return this.#connected;
  }

  /** Requests that wait for their reply. */
  get inFlight(): number {
    let sum = 0;
    for (const connection of this.#open) sum += connection.inFlight;
    return sum;
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
   * Rejects with IntakeUnavailable, IntakeOverloaded, IntakePaused, IntakeHandingOver, IntakeSignatureInvalid,
   * IntakeNotAllowed (all: not sequenced by this call), or IntakeOutcomeUnknown: then the same command with `retry` is
   * answered with its original outcome if it has one.
   */
  submit(command: Command, { retry } = FIRST_TRY): Promise<Submitted> {
    return this.#ask(
      { kind: 'submit', command, retry },
      (frame) => (frame.kind === 'submitted' ? { value: submittedOf(frame) } : undefined),
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
  async close(): Promise<void> {
    this.#closed = true;
    this.#connected = false;
    clearTimeout(this.#reconnectTimer);
    this.#rejectWaiters(new IntakeUnavailable('the intake client is closed'));
    await Promise.all([...this.#open].map((connection) => connection.close()));
  }

  #ask<Result>(
    request: Request,
    read: (frame: ServerFrame) => { readonly value: Result } | undefined,
    lost: () => Error,
  ): Promise<Result> {
    return new Promise((resolve, reject) => {
      const connection = this.#connection;
      if (!this.#connected || connection === undefined) throw new IntakeUnavailable('not connected to the sequencer');
      if (connection.inFlight >= this.#inFlightMax)
        throw new IntakeOverloaded(`${this.#inFlightMax} requests wait for the sequencer`);
      const answer = (frame: ServerFrame): boolean => {
        const result = read(frame);
        if (result !== undefined) resolve(result.value);
        return result !== undefined;
      };
      connection.ask((requestId): ClientFrame => ({ ...request, requestId }), { answer, reject, lost });
    });
  }

  #connect(): void {
    const { token, role, log } = this.#options;
    const urls = this.#urls;
    const alone = urls.length === 1;
    const round = Math.floor(this.#failures / urls.length);
    const connection: ClientConnection = new ClientConnection({
      url: urls[this.#at] as string,
      token,
      role,
      log,
      pingIntervalMs: alone ? PING_INTERVAL_MS : CLUSTER_PING_INTERVAL_MS,
      welcomeTimeoutMs: alone ? HELLO_TIMEOUT_MS : Math.min(HELLO_TIMEOUT_MS, CLUSTER_WELCOME_MS_MIN * 2 ** round),
      onWelcome: (inFlightMax) => this.#welcome(inFlightMax),
      onEnd: (end) => this.#lose(end),
      onClose: () => this.#open.delete(connection),
    });
    this.#connection = connection;
    this.#open.add(connection);
  }

  #welcome(serverInFlightMax: number): void {
    this.#inFlightMax = Math.min(this.#options.inFlightMax ?? IN_FLIGHT_MAX, serverInFlightMax);
    this.#connected = true;
    this.#turn = this.#at;
    this.#failures = 0;
    this.#hintsInRow = 0;
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const waiter of waiters) waiter.resolve();
  }

  #lose(end: ConnectionEnd): void {
    this.#connected = false;
    this.#connection = undefined;
    if (end.kind === 'refused')
      this.#rejectWaiters(new IntakeNotAllowed(`the sequencer refused the token or the role ${this.#options.role}`));
    if (this.#closed) return;
    this.#reconnectTimer = setTimeout(() => this.#connect(), this.#nextPauseMs(end));
  }

  /** Chooses the address to try next, and says how long to wait before. */
  #nextPauseMs(end: ConnectionEnd): number {
    const urls = this.#urls;
    // Nobody is followed to an address that this service was not given: it would be handed the token.
    const hinted = end.kind === 'notLeader' ? urls.indexOf(hrefOf(end.leaderUrl)) : -1;
    if (hinted !== -1 && hinted !== this.#at && this.#hintsInRow < HINTS_IN_ROW_MAX) {
      this.#hintsInRow += 1;
      this.#at = hinted;
      return 0;
    }
    this.#hintsInRow = 0;
    this.#failures += 1;
    this.#turn = (this.#turn + 1) % urls.length;
    this.#at = this.#turn;
    if (this.#failures % urls.length !== 0) return 0;
    const pauseMs = Math.min(RECONNECT_MS_MAX, RECONNECT_MS_MIN * 2 ** Math.min(this.#failures / urls.length - 1, 16));
    // Half of the pause is chance, so that services which lost the sequencer together do not come back together.
    return pauseMs * (0.5 + Math.random() / 2);
  }

  #rejectWaiters(error: Error): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const waiter of waiters) waiter.reject(error);
  }
}

/** As this client spells its own addresses; empty = no address. */
function hrefOf(url: string | undefined): string {
  return url !== undefined && URL.canParse(url) ? new URL(url).href : '';
}

function submittedOf({ block, repeated }: ServerFrame & { readonly kind: 'submitted' }): Submitted {
  return repeated ? { ...block, repeated } : block;
}
