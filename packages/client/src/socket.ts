import { ChannelSet, type Listener, type Subscription } from './channelSet.ts';
import type { Channel, Frame } from './channelWire.ts';
import { clientError, type KeelError, readWireError } from './keelError.ts';
import { type ReconnectBounds, reconnectDelayMs } from './reconnectDelay.ts';
import { jsonForm, loadBinaryForm, type SocketForm } from './socketForm.ts';

export interface SocketOptions {
  /** ws: or wss: */
  readonly url: string;
  /** Longest wait for one answer. */
  readonly timeoutMs: number;
  readonly reconnect: ReconnectBounds;
  /** Silence after which the client asks whether anybody is there; after three times as long it reconnects. */
  readonly heartbeatMs: number;
  /** Messages in the gateway's binary form instead of JSON. */
  readonly binary: boolean;
}

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: KeelError) => void;
  readonly timer: ReturnType<typeof setTimeout>;
}

/**
 * One WebSocket to the gateway. Opens on first use; while there are subscriptions a lost connection is opened again,
 * with growing waits, and every channel subscribed anew, from where it was where that is possible. Requests are never repeated: their outcome is the caller's.
 */
export class KeelSocket {
  readonly #options: SocketOptions;
  readonly #channels: ChannelSet;
  /** Undefined: not loaded yet. */
  #form: SocketForm | undefined;
  readonly #waiting = new Map<number, Waiting>();
  /** Wanted as long as they are here, with what each connection begins with. */
  readonly #keepers = new Map<() => void, () => void>();
  #opening: Promise<WebSocket> | undefined;
  /** The socket of an attempt under way, */
  #candidate: WebSocket | undefined;
  /** and the open one; never both. */
  #socket: WebSocket | undefined;
  #reconnectTimer: ReturnType<typeof setTimeout> | undefined;
  #heartbeatTimer: ReturnType<typeof setInterval> | undefined;
  #failedAttempts = 0;
  #nextId = 1;
  #heardMs = 0;
  #closed = false;

  constructor(options: SocketOptions) {
    this.#options = options;
    this.#form = options.binary ? undefined : jsonForm;
    // A channel never opens a connection by itself: without one there is nothing to leave, and joining comes with opening.
    const send = (method: string, channel: Channel) =>
      this.#socket === undefined
        ? Promise.reject(clientError('UNREACHABLE', 'no connection'))
        : this.request(method, channel);
    this.#channels = new ChannelSet(send, options.reconnect.maxMs);
  }

  /** Sends one request and waits for its answer. Throws KeelError. */
  async request(method: string, params: object | null): Promise<unknown> {
    const socket = await this.#open();
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(id);
        reject(clientError('OUTCOME_UNKNOWN', `no answer to ${method} in ${this.#options.timeoutMs} ms`));
      }, this.#options.timeoutMs);
      this.#waiting.set(id, { resolve, reject, timer });
      // There is none without a connection.
      socket.send((this.#form as SocketForm).write({ id, method, params }));
    });
  }

  /** Calls the listener for every frame of the channel, over as many connections as it takes, until closed. */
  subscribe(channel: Channel, listener: Listener): Subscription {
    if (this.#closed) throw clientError('CLIENT_CLOSED', 'the client was closed');
    const subscription = this.#channels.add(channel, listener);
    if (this.#socket !== undefined) this.#channels.subscribe(channel);
    else this.#connectForChannels();
    return subscription;
  }

  /**
   * Keeps a connection open, and calls `onOpen` at the beginning of each one, the one that is open now included, until closed;
   * `onClose` when the client is closed before that.
   */
  keep(onOpen: () => void, onClose: () => void = () => undefined): Subscription {
    if (this.#closed) throw clientError('CLIENT_CLOSED', 'the client was closed');
    const keeper = (): void => onOpen();
    this.#keepers.set(keeper, onClose);
    if (this.#socket !== undefined) keeper();
    else this.#connectForChannels();
    return { close: () => void this.#keepers.delete(keeper) };
  }

  /** Sends a request whose answer nobody waits for, if there is a connection. */
  letGo(method: string, params: object | null): void {
    if (this.#socket !== undefined) this.request(method, params).catch(() => undefined);
  }

  /** Asks for a new snapshot of a channel. */
  resync(channel: Channel): void {
    if (this.#socket !== undefined) this.#channels.resync(channel);
  }

  /** Ends the connection and every subscription; requests under way end with their outcome unknown. */
  close(): void {
    this.#closed = true;
    this.#channels.clear();
    const keepers = [...this.#keepers.values()];
    this.#keepers.clear();
    for (const onClose of keepers) onClose();
    clearTimeout(this.#reconnectTimer);
    const socket = this.#socket ?? this.#candidate;
    this.#lose();
    socket?.close();
  }

  /** The open socket, or one attempt to open it. Between two attempts it fails at once rather than wait. */
  #open(): Promise<WebSocket> {
    if (this.#closed) return Promise.reject(clientError('CLIENT_CLOSED', 'the client was closed'));
    if (this.#socket !== undefined) return Promise.resolve(this.#socket);
    if (this.#reconnectTimer !== undefined)
      return Promise.reject(clientError('UNREACHABLE', `no connection to ${this.#options.url}; trying again`));
    this.#opening ??= this.#connect();
    return this.#opening;
  }

  #connect(): Promise<WebSocket> {
    if (this.#form === undefined) return this.#loadForm();
    const socket = new WebSocket(this.#options.url, [...this.#form.subprotocols]);
    socket.binaryType = 'arraybuffer';
    this.#candidate = socket;
    return new Promise((resolve, reject) => {
      const giveUp = setTimeout(() => socket.close(), this.#options.timeoutMs);
      socket.addEventListener('open', () => {
        clearTimeout(giveUp);
        if (socket !== this.#candidate) return socket.close();
        this.#begin(socket);
        resolve(socket);
      });
      socket.addEventListener('message', (event: MessageEvent) => {
        if (socket === this.#socket) this.#hear(socket, event.data);
      });
      // An error is always followed by a close, which says no less.
      socket.addEventListener('error', () => undefined);
      socket.addEventListener('close', () => {
        clearTimeout(giveUp);
        reject(clientError('UNREACHABLE', `no connection to ${this.#options.url}`));
        if (socket === this.#socket || socket === this.#candidate) this.#lose();
      });
    });
  }

  async #loadForm(): Promise<WebSocket> {
    try {
      this.#form = await loadBinaryForm();
    } catch (fault) {
      this.#lose();
      throw clientError('UNREACHABLE', 'the binary form could not be loaded', fault);
    }
    if (this.#closed) throw clientError('CLIENT_CLOSED', 'the client was closed');
    return this.#connect();
  }

  #begin(socket: WebSocket): void {
    this.#opening = undefined;
    this.#candidate = undefined;
    this.#socket = socket;
    this.#failedAttempts = 0;
    this.#heardMs = Date.now();
    this.#heartbeatTimer = setInterval(() => this.#beat(socket), this.#options.heartbeatMs);
    for (const keeper of [...this.#keepers.keys()]) keeper();
    this.#channels.subscribeAll();
  }

  #lose(): void {
    const wasOpen = this.#socket !== undefined;
    this.#socket = undefined;
    this.#candidate = undefined;
    this.#opening = undefined;
    clearInterval(this.#heartbeatTimer);
    for (const { reject, timer } of this.#waiting.values()) {
      clearTimeout(timer);
      reject(clientError('OUTCOME_UNKNOWN', 'the connection was lost before the answer came'));
    }
    this.#waiting.clear();
    if (wasOpen) this.#channels.lost();
    if (!this.#closed && this.#isWanted()) this.#connectLater();
  }

  #connectLater(): void {
    if (this.#reconnectTimer !== undefined) return;
    this.#failedAttempts += 1;
    const delayMs = reconnectDelayMs(this.#options.reconnect, this.#failedAttempts);
    this.#reconnectTimer = setTimeout(() => {
      this.#reconnectTimer = undefined;
      if (this.#isWanted()) this.#connectForChannels();
    }, delayMs);
  }

  #isWanted(): boolean {
    return this.#channels.size > 0 || this.#keepers.size > 0;
  }

  #connectForChannels(): void {
    // A failed attempt has already planned the next one by the time this rejects.
    this.#open().catch((error: KeelError) => this.#channels.unreachable(error));
  }

  /** A dead peer sends no close; only its silence tells. */
  #beat(socket: WebSocket): void {
    const silentMs = Date.now() - this.#heardMs;
    if (silentMs > 3 * this.#options.heartbeatMs) {
      this.#lose();
      socket.close();
    } else if (silentMs >= this.#options.heartbeatMs) {
      // The answer is heard like any other message; what matters of a failure is the silence that follows.
      this.request('ping', {}).catch(() => undefined);
    }
  }

  #hear(socket: WebSocket, data: unknown): void {
    this.#heardMs = Date.now();
    const message = this.#form?.read(data);
    if (message === undefined) {
      // Whoever talks like this is not the gateway; an attempt anew is all that is left.
      this.#lose();
      socket.close();
    } else if (typeof message.id === 'number') this.#answer(message.id, message);
    else if (typeof message.channel === 'string') this.#channels.deliver(message as unknown as Frame);
  }

  #answer(id: number, message: Readonly<Record<string, unknown>>): void {
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) return;
    this.#waiting.delete(id);
    clearTimeout(waiting.timer);
    if (message.error === undefined) waiting.resolve(message.result);
    else waiting.reject(readWireError(message.error) ?? clientError('BAD_REPLY', 'an error without a code'));
  }
}
