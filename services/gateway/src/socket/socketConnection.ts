import type { Logger } from '@keel/runtime';
import type { WebSocket } from 'ws';
import type { Admission } from '../admission/admission.ts';
import type { SignedRequest } from '../commands/createCommands.ts';
import { compileSchema } from '../compileSchema.ts';
import { PAYLOAD_BYTES_MAX } from '../createApp.ts';
import { ApiError } from '../errors.ts';
import type { LiveFeed } from '../feed/liveFeed.ts';
import type { Topic } from '../feed/topic.ts';
import type { GatewayMetrics } from '../gatewayMetrics.ts';
import { toApiError } from '../toApiError.ts';
import type { SubscriptionParams } from '../wire/channels.ts';
import { frameBody, pingParams } from '../wire/requests.ts';
import { type DisconnectCancels, HeldCancels } from './disconnectCancels.ts';
import {
  BAD_FRAMES_MAX,
  CLOSE_TIMEOUT_MS,
  CLOSES,
  type CloseCause,
  CONFLATE_BYTES,
  IN_FLIGHT_MAX,
  LIMITED_FRAMES_MAX,
  LIMITED_FRAMES_PER_SECOND,
  PING_INTERVAL_MS,
  SUBSCRIPTIONS_MAX,
  UNREAD_BYTES_MAX,
} from './limits.ts';
import { Outbox } from './outbox.ts';
import { readSubscription, subscriptionKey } from './readSubscription.ts';
import { TokenBucket } from './tokenBucket.ts';
import { jsonForm, type WireForm } from './wireForm.ts';

export interface SocketParts {
  readonly feed: LiveFeed;
  /** Signed requests by their WebSocket method. */
  readonly commands: ReadonlyMap<string, SignedRequest>;
  /** Says when whoever sends signed requests is not to be read. */
  readonly admission: Pick<Admission, 'saturated' | 'holdReading'>;
  /** What becomes of the signed cancels that a connection leaves behind. */
  readonly disconnects: DisconnectCancels;
  readonly metrics: GatewayMetrics;
  readonly log: Logger;
  readonly messagesPerSecond: number;
}

/** Where a client is. */
export interface Origin {
  /** Its network address. */
  readonly address: string;
  /** Connections of that: how many it may have, and may still open. */
  readonly connections: () => { readonly max: number; readonly left: number };
}

type FrameId = string | number | null;

/** Without a topic as long as its account is read. */
interface Subscription {
  topic: Topic | undefined;
}

const checkFrame = compileSchema(frameBody, 'json');
const checkPing = compileSchema(pingParams, 'json');

/** One client: its requests, its subscriptions, and its limits. */
export class SocketConnection {
  readonly #socket: WebSocket;
  readonly #parts: SocketParts;
  readonly #origin: Origin;
  readonly #form: WireForm;
  readonly #outbox: Outbox;
  readonly #bucket: TokenBucket;
  /** What is left of the patience with frames that are refused for their number. */
  readonly #patience: TokenBucket;
  /** By channel, market and account; at most SUBSCRIPTIONS_MAX, those under way included. */
  readonly #subscriptions = new Map<string, Subscription>();
  /** Handed over when it ends. */
  readonly #held = new HeldCancels();
  #inFlight = 0;
  /** Called when no request is under way any more. */
  #onIdle: (() => void) | undefined;
  /** Frames that were on their way when reading stopped, at most what one read from the network holds; undefined: it goes on. */
  #unheard: { readonly data: Buffer; readonly isBinary: boolean }[] | undefined;
  #badFrames = 0;
  #closing = false;

  constructor(socket: WebSocket, parts: SocketParts, origin: Origin, form: WireForm = jsonForm) {
    this.#socket = socket;
    this.#parts = parts;
    this.#origin = origin;
    this.#form = form;
    this.#outbox = new Outbox(socket, parts.metrics, () => this.close('slowReader'), form);
    const nowMs = performance.now();
    this.#bucket = new TokenBucket(parts.messagesPerSecond, parts.messagesPerSecond, nowMs);
    this.#patience = new TokenBucket(LIMITED_FRAMES_PER_SECOND, LIMITED_FRAMES_MAX, nowMs);
    socket.on('message', (data, isBinary) => this.#hear(data as Buffer, isBinary));
    socket.on('close', () => this.#leave());
    // The library closes by itself what broke its rules, an oversize frame among them; nothing else is to be done.
    socket.on('error', () => undefined);
  }

  /** Says why and ends the connection, at the latest when its client does not answer. */
  close(cause: CloseCause): void {
    if (this.#closing) return;
    const { code, reason } = CLOSES[cause];
    this.#parts.metrics.wsClosed.inc({ reason: cause });
    this.#leave();
    this.#socket.close(code, reason);
    setTimeout(() => this.#socket.terminate(), CLOSE_TIMEOUT_MS).unref();
  }

  #leave(): void {
    this.#closing = true;
    for (const { topic } of this.#subscriptions.values()) topic?.remove(this.#outbox);
    this.#subscriptions.clear();
    this.#outbox.close();
    const held = this.#held.take();
    if (held.length > 0) this.#parts.disconnects.release(held, this.#idle());
  }

  /** Resolves when no request is under way. */
  #idle(): Promise<void> {
    if (this.#inFlight === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#onIdle = resolve;
    });
  }

  #hear(data: Buffer, isBinary: boolean): void {
    if (this.#closing) return;
    if (this.#unheard !== undefined) {
      this.#unheard.push({ data, isBinary });
      return;
    }
    let id: FrameId = null;
    try {
      const frame = this.#form.read(data, isBinary);
      id = idOf(frame);
      this.#limit();
      const { method, params = {} } = checkFrame(frame);
      void this.#answer(id, method, params);
    } catch (fault) {
      const error = toApiError(fault);
      this.#refuse(id, error);
      if (error.code === 'BAD_JSON' && ++this.#badFrames > BAD_FRAMES_MAX) this.close('badFrames');
      if (error.code === 'RATE_LIMITED' && !this.#patience.take(performance.now())) this.close('flood');
    }
  }

  #limit(): void {
    if (this.#inFlight < IN_FLIGHT_MAX && this.#bucket.take(performance.now())) return;
    throw new ApiError('RATE_LIMITED', {
      messagesPerSecond: this.#parts.messagesPerSecond,
      inFlightMax: IN_FLIGHT_MAX,
    });
  }

  async #answer(id: FrameId, method: string, params: object | null): Promise<void> {
    this.#inFlight += 1;
    try {
      const result = await this.#run(id, method, params);
      if (result !== undefined) this.#outbox.answer({ id, result }, method);
    } catch (fault) {
      this.#refuse(id, toApiError(fault));
    } finally {
      this.#inFlight -= 1;
      if (this.#inFlight === 0) this.#onIdle?.();
    }
  }

  /** The result, or undefined when it was sent already. */
  #run(id: FrameId, method: string, params: object | null): Promise<object | undefined> | object {
    if (method === 'session.cancelOnDisconnect') return this.#cancelOnDisconnect(params);
    if (params === null) throw new ApiError('BAD_REQUEST', { path: '/params', fault: 'is null' });
    const command = this.#parts.commands.get(method);
    if (command !== undefined) {
      const answer = command.run(params, this.#origin.address);
      if (this.#parts.admission.saturated) this.#stopReading();
      return answer;
    }
    switch (method) {
      case 'subscribe':
        return this.#subscribe(id, checkParams(readSubscription, params));
      case 'unsubscribe':
        return this.#unsubscribe(checkParams(readSubscription, params));
      case 'ping':
        checkParams(checkPing, params);
        return { timeMs: Date.now() };
      case 'session.limits':
        checkParams(checkPing, params);
        return this.#limits();
      default:
        throw new ApiError('METHOD_NOT_FOUND', { method });
    }
  }

  /** What comes from the client waits in the network, and with it the client, until cancels need not wait any more. */
  #stopReading(): void {
    if (this.#unheard !== undefined || this.#closing) return;
    this.#unheard = [];
    this.#socket.pause();
    this.#parts.admission.holdReading(() => this.#readOn());
  }

  #readOn(): void {
    const unheard = this.#unheard ?? [];
    this.#unheard = undefined;
    // Any of them may stop the reading again; the others then wait behind it.
    for (const { data, isBinary } of unheard) this.#hear(data, isBinary);
    if (this.#unheard === undefined && !this.#closing) this.#socket.resume();
  }

  /** Null lets go of all that are held. */
  async #cancelOnDisconnect(params: object | null): Promise<object> {
    if (params === null) {
      this.#held.clear();
      return { armed: false, nonce: null };
    }
    const { clears } = this.#held;
    const body = await this.#parts.disconnects.read(params, this.#origin.address).catch((fault: unknown) => {
      throw underParams(fault);
    });
    // Let go of while it was checked: whoever asked for that later must not be left with it.
    if (this.#held.clears !== clears) return { armed: false, nonce: null };
    // One that ended meanwhile was not told that it is armed.
    if (!this.#closing) this.#held.put(body);
    return { armed: true, nonce: body.nonce };
  }

  #limits(): object {
    const { messagesPerSecond } = this.#parts;
    return {
      subscriptions: { max: SUBSCRIPTIONS_MAX, left: SUBSCRIPTIONS_MAX - this.#subscriptions.size },
      messagesPerSecond: { max: messagesPerSecond, left: this.#bucket.left(performance.now()) },
      inFlight: { max: IN_FLIGHT_MAX, left: IN_FLIGHT_MAX - this.#inFlight },
      connectionsPerAddress: this.#origin.connections(),
      frameBytes: PAYLOAD_BYTES_MAX,
      conflateBytes: CONFLATE_BYTES,
      unreadBytes: UNREAD_BYTES_MAX,
      pingMs: PING_INTERVAL_MS,
    };
  }

  /** The result comes before the first frame, so that a client knows what that is of. */
  async #subscribe(id: FrameId, params: SubscriptionParams): Promise<undefined> {
    const key = subscriptionKey(params);
    if (!this.#subscriptions.has(key) && this.#subscriptions.size >= SUBSCRIPTIONS_MAX)
      throw new ApiError('TOO_MANY_SUBSCRIPTIONS', { subscriptionsMax: SUBSCRIPTIONS_MAX });
    this.#drop(key);
    const subscription: Subscription = { topic: undefined };
    this.#subscriptions.set(key, subscription);
    try {
      await this.#parts.feed.subscribe(params, (topic, missed) => {
        this.#outbox.answer({ id, result: { ...params, resumed: missed !== undefined } }, 'subscribe');
        // Closed, unsubscribed or subscribed once more while it was read.
        if (this.#subscriptions.get(key) !== subscription) return;
        subscription.topic = topic;
        topic.add(this.#outbox, missed);
      });
    } catch (fault) {
      // Only its own place: a later request of the same may have taken it.
      if (this.#subscriptions.get(key) === subscription) this.#subscriptions.delete(key);
      throw underParams(fault);
    }
    return undefined;
  }

  #unsubscribe(params: SubscriptionParams): object {
    this.#drop(subscriptionKey(params));
    return params;
  }

  #drop(key: string): void {
    const topic = this.#subscriptions.get(key)?.topic;
    this.#subscriptions.delete(key);
    if (topic === undefined) return;
    topic.remove(this.#outbox);
    this.#outbox.forget(topic);
  }

  #refuse(id: FrameId, error: ApiError): void {
    if (error.code === 'INTERNAL') this.#parts.log.error({ err: error.cause }, 'WebSocket request failed');
    this.#outbox.answer({ id, error: error.body() });
  }
}

/** The id to answer with, also when the rest of the frame does not fit. One that was rounded is nobody's. */
function idOf(frame: unknown): FrameId {
  const { id } = Object(frame) as { id?: unknown };
  if (typeof id === 'number') return Number.isSafeInteger(id) ? id : null;
  return typeof id === 'string' && id.length <= 64 ? id : null;
}

/** Paths of a fault are those of the frame, not of its params. */
function checkParams<Params>(check: (value: unknown) => Params, params: object): Params {
  try {
    return check(params);
  } catch (fault) {
    throw underParams(fault);
  }
}

function underParams(fault: unknown): unknown {
  if (!(fault instanceof ApiError)) return fault;
  const { path } = fault.details;
  if (typeof path !== 'string' || path.startsWith('/params')) return fault;
  return new ApiError(fault.code, { ...fault.details, path: `/params${path}` });
}
