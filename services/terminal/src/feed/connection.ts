import type { Channel, Frame } from '@keel/client';
import type { WireError } from './wireError.ts';

export type LinkState = 'connecting' | 'connected' | 'reconnecting';

export interface Connection {
  subscribe(subscription: Channel): void;
  unsubscribe(subscription: Channel): void;
  /** Asks for a new snapshot of a channel that lost a frame. */
  resubscribe(subscription: Channel): void;
}

export interface ConnectionOptions {
  readonly url: string;
  readonly onFrame: (frame: Frame) => void;
  readonly onLink: (state: LinkState) => void;
  readonly onRefused: (subscription: Channel, error: WireError) => void;
  readonly onRoundTrip: (milliseconds: number) => void;
}

const BACKOFF_FIRST_MS = 250;
const BACKOFF_MAX_MS = 5_000;
const PING_EVERY_MS = 5_000;
/** A refused channel may be there later: the read model comes back, an account is opened. */
const ASK_AGAIN_MS = 2_000;
/** A socket that said nothing for this long, pings included, is dead even if the browser has not noticed. */
const SILENCE_MAX_MS = 12_000;

interface Reply {
  readonly id: number;
  readonly error?: WireError;
}

const keyOf = (subscription: {
  readonly channel: string;
  readonly market?: string;
  readonly account?: string;
}): string => `${subscription.channel}|${subscription.market ?? ''}|${subscription.account ?? ''}`;

/**
 * One socket to the gateway that never gives up: it reconnects with doubling, jittered pauses (250 ms to 5 s) and
 * subscribes again to everything that is wanted, so that each channel starts from a fresh snapshot.
 */
export function openConnection(options: ConnectionOptions): Connection {
  const wanted = new Map<string, Channel>();
  /** Requests without an answer yet; emptied with each socket. */
  const pending = new Map<number, { subscription: Channel | undefined; sentAtMs: number }>();
  let socket: WebSocket | undefined;
  let nextId = 1;
  let failures = 0;
  let heardAtMs = 0;
  let retryTimer: ReturnType<typeof setTimeout> | undefined;

  function send(method: string, subscription?: Channel): void {
    if (socket?.readyState !== WebSocket.OPEN) return;
    const id = nextId++;
    pending.set(id, { subscription: method === 'subscribe' ? subscription : undefined, sentAtMs: performance.now() });
    socket.send(JSON.stringify({ id, method, params: subscription ?? {} }));
  }

  function receive(text: string): void {
    heardAtMs = performance.now();
    const message = JSON.parse(text) as Frame | Reply;
    if ('channel' in message) {
      options.onFrame(message);
      return;
    }
    const request = pending.get(message.id);
    pending.delete(message.id);
    if (request === undefined) return;
    if (request.subscription === undefined) options.onRoundTrip(performance.now() - request.sentAtMs);
    else if (message.error !== undefined) askAgainLater(request.subscription, message.error);
  }

  function askAgainLater(subscription: Channel, error: WireError): void {
    options.onRefused(subscription, error);
    const asked = socket;
    setTimeout(() => {
      if (socket === asked && wanted.has(keyOf(subscription))) send('subscribe', subscription);
    }, ASK_AGAIN_MS);
  }

  function connect(): void {
    clearTimeout(retryTimer);
    const opening = new WebSocket(options.url);
    socket = opening;
    opening.onopen = () => {
      failures = 0;
      heardAtMs = performance.now();
      options.onLink('connected');
      for (const subscription of wanted.values()) send('subscribe', subscription);
      send('ping');
    };
    opening.onmessage = (event: MessageEvent<string>) => receive(event.data);
    opening.onclose = () => {
      if (socket === opening) retryLater();
    };
  }

  function retryLater(): void {
    socket = undefined;
    pending.clear();
    options.onLink('reconnecting');
    const pauseMs = Math.min(BACKOFF_MAX_MS, BACKOFF_FIRST_MS * 2 ** Math.min(failures, 6));
    failures += 1;
    // Jitter keeps a thousand pages from coming back in the same millisecond after a restart.
    retryTimer = setTimeout(connect, pauseMs * (0.5 + Math.random() / 2));
  }

  setInterval(() => {
    if (socket?.readyState !== WebSocket.OPEN) return;
    if (performance.now() - heardAtMs <= SILENCE_MAX_MS) {
      send('ping');
      return;
    }
    const dead = socket;
    retryLater();
    dead.close();
  }, PING_EVERY_MS);
  addEventListener('online', () => {
    if (socket === undefined) connect();
  });
  connect();

  return {
    subscribe(subscription) {
      wanted.set(keyOf(subscription), subscription);
      send('subscribe', subscription);
    },
    unsubscribe(subscription) {
      if (wanted.delete(keyOf(subscription))) send('unsubscribe', subscription);
    },
    resubscribe(subscription) {
      send('unsubscribe', subscription);
      send('subscribe', subscription);
    },
  };
}
