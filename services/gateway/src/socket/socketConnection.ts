import type { Logger } from '@keel/runtime';
import type { WebSocket } from 'ws';
import type { Admission } from '../admission/admission.ts';
import type { SignedRequest } from '../commands/createCommands.ts';
import { compileSchema } from '../compileSchema.ts';
import { ApiError } from '../errors.ts';
import type { LiveFeed } from '../feed/liveFeed.ts';
import type { Subscriber, Topic } from '../feed/topic.ts';
import type { GatewayMetrics } from '../gatewayMetrics.ts';
import { toApiError } from '../toApiError.ts';
import { frameBody, pingParams, type SubscriptionParams, subscriptionParams } from '../wire/requests.ts';
import {
  BAD_FRAMES_MAX,
  CLOSE_TIMEOUT_MS,
  CLOSES,
  type CloseCause,
  IN_FLIGHT_MAX,
  LIMITED_FRAMES_MAX,
  LIMITED_FRAMES_PER_SECOND,
  SUBSCRIPTIONS_MAX,
  UNREAD_BYTES_MAX,
} from './limits.ts';
import { TokenBucket } from './tokenBucket.ts';

export interface SocketParts {
  readonly feed: LiveFeed;
  /** Signed requests by their WebSocket method. */
  readonly commands: ReadonlyMap<string, SignedRequest>;
  /** Says when whoever sends signed requests is not to be read. */
  readonly admission: Pick<Admission, 'saturated' | 'holdReading'>;
  readonly metrics: GatewayMetrics;
  readonly log: Logger;
  readonly messagesPerSecond: number;
}

type FrameId = string | number | null;

/** Without a topic as long as its account is read. */
interface Subscription {
  topic: Topic | undefined;
}

const checkFrame = compileSchema(frameBody, 'json');
const checkSubscription = compileSchema(subscriptionParams, 'json');
const checkPing = compileSchema(pingParams, 'json');

/** One client: its requests, its subscriptions, and its limits. */
export class SocketConnection implements Subscriber {
  readonly #socket: WebSocket;
  readonly #parts: SocketParts;
  readonly #bucket: TokenBucket;
  /** What is left of the patience with frames that are refused for their number. */
  readonly #patience: TokenBucket;
  /** By channel, market and account; at most SUBSCRIPTIONS_MAX, those under way included. */
  readonly #subscriptions = new Map<string, Subscription>();
  #inFlight = 0;
  /** Frames that were on their way when reading stopped, at most what one read from the network holds; undefined: it goes on. */
  #unheard: { readonly text: string; readonly isBinary: boolean }[] | undefined;
  #badFrames = 0;
  #closing = false;

  constructor(socket: WebSocket, parts: SocketParts) {
    this.#socket = socket;
    this.#parts = parts;
    const nowMs = performance.now();
    this.#bucket = new TokenBucket(parts.messagesPerSecond, parts.messagesPerSecond, nowMs);
    this.#patience = new TokenBucket(LIMITED_FRAMES_PER_SECOND, LIMITED_FRAMES_MAX, nowMs);
    socket.on('message', (data, isBinary) => this.#hear(String(data), isBinary));
    socket.on('close', () => this.#leave());
    // The library closes by itself what broke its rules, an oversize frame among them; nothing else is to be done.
    socket.on('error', () => undefined);
  }

  deliver(frame: Buffer): void {
    if (this.#closing) return;
    this.#socket.send(frame, { binary: false });
    this.#parts.metrics.wsFrames.inc();
    if (this.#socket.bufferedAmount > UNREAD_BYTES_MAX) this.close('slowReader');
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
    for (const { topic } of this.#subscriptions.values()) topic?.remove(this);
    this.#subscriptions.clear();
  }

  #hear(text: string, isBinary: boolean): void {
    if (this.#closing) return;
    if (this.#unheard !== undefined) {
      this.#unheard.push({ text, isBinary });
      return;
    }
    let id: FrameId = null;
    try {
      const frame = parseFrame(text, isBinary);
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

  async #answer(id: FrameId, method: string, params: object): Promise<void> {
    this.#inFlight += 1;
    try {
      const result = await this.#run(id, method, params);
      if (result !== undefined) this.#reply({ id, result });
    } catch (fault) {
      this.#refuse(id, toApiError(fault));
    } finally {
      this.#inFlight -= 1;
    }
  }

  /** The result, or undefined when it was sent already. */
  #run(id: FrameId, method: string, params: object): Promise<object | undefined> | object {
    const command = this.#parts.commands.get(method);
    if (command !== undefined) {
      const answer = command.run(params);
      if (this.#parts.admission.saturated) this.#stopReading();
      return answer;
    }
    switch (method) {
      case 'subscribe':
        return this.#subscribe(id, checkParams(checkSubscription, params));
      case 'unsubscribe':
        return this.#unsubscribe(checkParams(checkSubscription, params));
      case 'ping':
        checkParams(checkPing, params);
        return { timeMs: Date.now() };
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
    for (const { text, isBinary } of unheard) this.#hear(text, isBinary);
    if (this.#unheard === undefined && !this.#closing) this.#socket.resume();
  }

  /** The result comes before the snapshot, so that a client knows what the snapshot is of. */
  async #subscribe(id: FrameId, params: SubscriptionParams): Promise<undefined> {
    refuseWrongField(params);
    const key = keyOf(params);
    if (!this.#subscriptions.has(key) && this.#subscriptions.size >= SUBSCRIPTIONS_MAX)
      throw new ApiError('TOO_MANY_SUBSCRIPTIONS', { subscriptionsMax: SUBSCRIPTIONS_MAX });
    this.#subscriptions.get(key)?.topic?.remove(this);
    const subscription: Subscription = { topic: undefined };
    this.#subscriptions.set(key, subscription);
    try {
      await this.#parts.feed.subscribe(params, (topic) => {
        this.#reply({ id, result: params });
        // Closed, unsubscribed or subscribed once more while the account was read.
        if (this.#subscriptions.get(key) !== subscription) return;
        subscription.topic = topic;
        topic.add(this);
      });
    } catch (fault) {
      // Only its own place: a later request of the same may have taken it.
      if (this.#subscriptions.get(key) === subscription) this.#subscriptions.delete(key);
      throw fault;
    }
    return undefined;
  }

  #unsubscribe(params: SubscriptionParams): object {
    refuseWrongField(params);
    const key = keyOf(params);
    this.#subscriptions.get(key)?.topic?.remove(this);
    this.#subscriptions.delete(key);
    return params;
  }

  #refuse(id: FrameId, error: ApiError): void {
    if (error.code === 'INTERNAL') this.#parts.log.error({ err: error.cause }, 'WebSocket request failed');
    this.#reply({ id, error: error.body() });
  }

  #reply(answer: object): void {
    this.deliver(Buffer.from(JSON.stringify(answer)));
  }
}

function parseFrame(text: string, isBinary: boolean): unknown {
  if (isBinary) throw new ApiError('BAD_JSON', { fault: 'a frame is a text' });
  try {
    return JSON.parse(text) as unknown;
  } catch (fault) {
    throw new ApiError('BAD_JSON', {}, { cause: fault });
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
    const { code, details } = toApiError(fault);
    throw new ApiError(code, { ...details, path: `/params${String(details.path ?? '')}` });
  }
}

function refuseWrongField(params: SubscriptionParams): void {
  const { channel, market, account, subaccount } = params;
  const hasMarket = channel === 'book' || channel === 'trades';
  if (market !== undefined && !hasMarket) throw new ApiError('UNKNOWN_FIELD', { path: '/params/market' });
  if (account !== undefined && channel !== 'account') throw new ApiError('UNKNOWN_FIELD', { path: '/params/account' });
  if (subaccount !== undefined && channel !== 'account')
    throw new ApiError('UNKNOWN_FIELD', { path: '/params/subaccount' });
}

function keyOf({ channel, market, account, subaccount = 0 }: SubscriptionParams): string {
  return `${channel} ${market ?? ''} ${account?.toLowerCase() ?? ''} ${subaccount}`;
}
