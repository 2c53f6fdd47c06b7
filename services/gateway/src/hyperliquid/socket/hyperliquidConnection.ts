import type { Logger } from '@keel/runtime';
import type { WebSocket } from 'ws';
import type { Admission } from '../../admission/admission.ts';
import type { GatewayMetrics } from '../../gatewayMetrics.ts';
import {
  BAD_FRAMES_MAX,
  CLOSE_TIMEOUT_MS,
  LIMITED_FRAMES_MAX,
  LIMITED_FRAMES_PER_SECOND,
  UNREAD_BYTES_MAX,
} from '../../socket/limits.ts';
import { TokenBucket } from '../../socket/tokenBucket.ts';
import type { HyperliquidFeed } from './hyperliquidFeed.ts';
import {
  CLOSES,
  type CloseCause,
  ECHO_MAX,
  IDLE_CHECK_MS,
  IDLE_MS,
  POSTS_MAX,
  SUBSCRIPTION_MAX,
  SUBSCRIPTIONS_MAX,
  UNREAD_DRAINED,
  UNREAD_FRAMES_MAX,
  USERS_MAX,
} from './limits.ts';
import { keyOf, parseSubscription, type Subscription } from './parseSubscription.ts';
import { type PostResponse, refusedAction } from './runPost.ts';
import type { Follower, Stream } from './stream.ts';

export interface HyperliquidConnectionParts {
  readonly channels: Pick<HyperliquidFeed, 'open'>;
  /** Says when whoever sends signed requests is not to be read. */
  readonly admission: Pick<Admission, 'saturated' | 'holdReading'>;
  readonly runPost: (request: unknown) => Promise<PostResponse>;
  readonly metrics: GatewayMetrics;
  readonly log: Logger;
  readonly messagesPerSecond: number;
  /** Shorter in tests. */
  readonly idleMs?: number;
}

interface Subscribed {
  readonly stream: Stream;
  readonly user: string;
}

const PONG = Buffer.from('{"channel":"pong"}');

/** A request that is refused, as its client is told. */
class Refusal extends Error {}

/** One client that speaks Hyperliquid's protocol: what it asks, what it follows, and its limits. */
export class HyperliquidConnection implements Follower {
  readonly #socket: WebSocket;
  readonly #parts: HyperliquidConnectionParts;
  readonly #bucket: TokenBucket;
  /** What is left of the patience with frames that are refused for their number. */
  readonly #patience: TokenBucket;
  /** By key; at most SUBSCRIPTIONS_MAX. */
  readonly #subscribed = new Map<string, Subscribed>();
  /** What each stream was brought to here. */
  readonly #heard = new Map<Stream, number>();
  /** Streams of which something was left out, because too much was unread. */
  readonly #behind = new Set<Stream>();
  readonly #idle: NodeJS.Timeout;
  #saidMs = performance.now();
  #posts = 0;
  /** Frames that were on their way when reading stopped, at most what one read from the network holds; undefined: it goes on. */
  #unheard: { readonly text: string; readonly isBinary: boolean }[] | undefined;
  #badFrames = 0;
  #closing = false;

  constructor(socket: WebSocket, parts: HyperliquidConnectionParts) {
    this.#socket = socket;
    this.#parts = parts;
    const nowMs = performance.now();
    this.#bucket = new TokenBucket(parts.messagesPerSecond, parts.messagesPerSecond, nowMs);
    this.#patience = new TokenBucket(LIMITED_FRAMES_PER_SECOND, LIMITED_FRAMES_MAX, nowMs);
    const { idleMs = IDLE_MS } = parts;
    this.#idle = setInterval(
      () => {
        if (this.#unheard === undefined && performance.now() - this.#saidMs > idleMs) this.close('idle');
      },
      Math.min(IDLE_CHECK_MS, idleMs),
    ).unref();
    socket.on('message', (data, isBinary) => this.#take(String(data), isBinary));
    socket.on('close', () => this.#leave());
    // The library closes by itself what broke its rules, an oversize frame among them; nothing else is to be done.
    socket.on('error', () => undefined);
  }

  hear(stream: Stream, frames: readonly Buffer[], sequence: number): void {
    if (this.#closing || this.#behind.has(stream)) return;
    if (frames.length > 0 && this.#socket.bufferedAmount > UNREAD_FRAMES_MAX) {
      this.#behind.add(stream);
      return;
    }
    this.#heard.set(stream, sequence);
    for (const frame of frames) this.#send(frame);
  }

  lose(): void {
    this.close('slowReader');
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
    clearInterval(this.#idle);
    for (const { stream } of this.#subscribed.values()) stream.remove(this);
    this.#subscribed.clear();
    this.#behind.clear();
    this.#heard.clear();
  }

  #send(frame: Buffer): void {
    if (this.#closing) return;
    this.#saidMs = performance.now();
    this.#socket.send(frame, { binary: false }, () => this.#catchUp());
    this.#parts.metrics.wsFrames.inc();
    if (this.#socket.bufferedAmount > UNREAD_BYTES_MAX) this.close('slowReader');
  }

  #reply(channel: string, data: unknown): void {
    this.#send(Buffer.from(JSON.stringify({ channel, data })));
  }

  /** Called whenever something has left; when nearly all has, the streams that were left out go on where they ended. */
  #catchUp(): void {
    if (this.#behind.size === 0 || this.#socket.bufferedAmount > UNREAD_DRAINED || this.#closing) return;
    const behind = [...this.#behind];
    this.#behind.clear();
    for (const stream of behind) stream.greet(this, this.#heard.get(stream) ?? -1);
  }

  #take(text: string, isBinary: boolean): void {
    if (this.#closing) return;
    this.#saidMs = performance.now();
    if (this.#unheard !== undefined) {
      this.#unheard.push({ text, isBinary });
      return;
    }
    const frame = isBinary ? undefined : parseFrame(text);
    if (frame === undefined) {
      this.#reply('error', `Error parsing JSON into valid websocket request${echoOf(text)}`);
      if (++this.#badFrames > BAD_FRAMES_MAX) this.close('badFrames');
      return;
    }
    const { method, id } = frame;
    try {
      this.#limit();
      this.#run(method, frame, text);
    } catch (fault) {
      const refusal = this.#textOf(fault);
      if (method === 'post' && isPostId(id)) this.#reply('post', { id, response: refusedPost(frame, refusal) });
      else this.#reply('error', refusal);
    }
  }

  #textOf(fault: unknown): string {
    if (fault instanceof Refusal) return fault.message;
    this.#parts.log.error({ err: fault }, 'Hyperliquid request failed');
    return 'Internal error';
  }

  #limit(): void {
    if (this.#bucket.take(performance.now())) return;
    if (!this.#patience.take(performance.now())) this.close('flood');
    throw new Refusal(`Too many messages: more than ${this.#parts.messagesPerSecond} per second`);
  }

  #run(method: unknown, frame: Readonly<Record<string, unknown>>, text: string): void {
    const subscribes = method === 'subscribe' || method === 'unsubscribe';
    if (subscribes && text.length > SUBSCRIPTION_MAX) throw new Refusal('Invalid subscription: too long');
    if (method === 'ping') this.#send(PONG);
    else if (method === 'subscribe') this.#subscribe(frame.subscription);
    else if (method === 'unsubscribe') this.#unsubscribe(frame.subscription);
    else if (method === 'post') this.#post(frame.id, frame.request);
    else throw new Refusal(`Error parsing JSON into valid websocket request${echoOf(text)}`);
  }

  #subscribe(sent: unknown): void {
    const subscription = parsed(sent);
    const key = keyOf(subscription);
    if (this.#subscribed.has(key)) throw new Refusal(`Already subscribed${echoOf(JSON.stringify(sent))}`);
    if (this.#subscribed.size >= SUBSCRIPTIONS_MAX)
      throw new Refusal(`Cannot subscribe to more than ${SUBSCRIPTIONS_MAX} channels.`);
    const { user } = subscription;
    const users = new Set([...this.#subscribed.values()].map((other) => other.user).filter((other) => other !== ''));
    if (user !== '' && !users.has(user) && users.size >= USERS_MAX)
      throw new Refusal(`Cannot track more than ${USERS_MAX} total users.`);
    const stream = this.#parts.channels.open(subscription);
    if (typeof stream === 'string') throw invalid(sent, stream);
    this.#subscribed.set(key, { stream, user });
    this.#reply('subscriptionResponse', { method: 'subscribe', subscription: sent });
    stream.add(this);
  }

  #unsubscribe(sent: unknown): void {
    const key = keyOf(parsed(sent));
    const subscribed = this.#subscribed.get(key);
    if (subscribed === undefined) throw new Refusal(`Already unsubscribed${echoOf(JSON.stringify(sent))}`);
    this.#subscribed.delete(key);
    this.#behind.delete(subscribed.stream);
    this.#heard.delete(subscribed.stream);
    subscribed.stream.remove(this);
    this.#reply('subscriptionResponse', { method: 'unsubscribe', subscription: sent });
  }

  #post(id: unknown, request: unknown): void {
    if (!isPostId(id)) throw new Refusal('A post needs an id, a whole number');
    if (this.#posts >= POSTS_MAX) throw new Refusal(`too many pending post requests id=${id}`);
    this.#posts += 1;
    void this.#parts
      .runPost(request)
      .then((response) => this.#reply('post', { id, response }))
      .finally(() => {
        this.#posts -= 1;
      });
    if (this.#parts.admission.saturated) this.#stopReading();
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
    // Whoever was held has not been silent of its own will.
    this.#saidMs = performance.now();
    // Any of them may stop the reading again; the others then wait behind it.
    for (const { text, isBinary } of unheard) this.#take(text, isBinary);
    if (this.#unheard === undefined && !this.#closing) this.#socket.resume();
  }
}

function parseFrame(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const frame: unknown = JSON.parse(text);
    return typeof frame === 'object' && frame !== null && !Array.isArray(frame)
      ? (frame as Readonly<Record<string, unknown>>)
      : undefined;
  } catch {
    // Not JSON: the caller says so.
    return undefined;
  }
}

/** Clients tell their requests apart by them and parse what stands between braces: an echo is whole and JSON, or there is none. */
function echoOf(text: string | undefined): string {
  if (text === undefined || text.length > ECHO_MAX || parseFrame(text) === undefined) return '';
  return `: ${JSON.stringify(JSON.parse(text))}`;
}

function parsed(sent: unknown): Subscription {
  const subscription = parseSubscription(sent);
  if (typeof subscription === 'string') throw invalid(sent, subscription);
  return subscription;
}

function invalid(sent: unknown, why: string): Refusal {
  const echo = echoOf(JSON.stringify(sent));
  return new Refusal(`Invalid subscription${echo.replace(':', '')}: ${why}`);
}

const isPostId = (id: unknown): id is number => Number.isSafeInteger(id);

function refusedPost(frame: Readonly<Record<string, unknown>>, text: string): PostResponse {
  const { type } = Object(frame.request) as { readonly type?: unknown };
  return type === 'action' ? refusedAction(text) : { type: 'error', payload: text };
}
