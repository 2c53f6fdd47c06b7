import type { Address, Hex } from '@keel/types';

/** What a load process is told, as its only argument. */
export interface OrderPlan {
  readonly kind: 'orders';
  readonly path: OrderPath;
  /** Of the exchange and of the bare server that answers without looking. */
  readonly urls: { readonly exchange: string; readonly bare: string };
  readonly chainId: number;
  readonly settlement: Address;
  readonly keys: readonly Hex[];
  readonly ordersPerKey: number;
  /** Orders that each account keeps unanswered. */
  readonly window: number;
}

/** Ways in. */
export const ORDER_PATHS = ['websocketJson', 'websocketBinary', 'rest'] as const;
export type OrderPath = (typeof ORDER_PATHS)[number];

export interface FeedPlan {
  readonly kind: 'feed';
  /** Of the WebSocket that is subscribed to. */
  readonly url: string;
  /** Book of the exchange, or frames of the bare server. */
  readonly source: 'exchange' | 'bare';
  readonly subscribers: number;
  /** Of them, those that subscribe and then read nothing any more. */
  readonly slow: number;
  /** Changes of the book a second; 0: the next as soon as one is acknowledged. */
  readonly changesPerSecond: number;
  readonly seconds: number;
  readonly chainId: number;
  readonly settlement: Address;
  readonly key: Hex;
}

/** Milliseconds. */
export interface Latency {
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

export interface OrderResult {
  readonly orders: number;
  readonly refused: Readonly<Record<string, number>>;
  readonly seconds: number;
  readonly perSecond: number;
  readonly ackMs: Latency;
}

export interface FeedResult {
  readonly changes: number;
  readonly frames: number;
  readonly deliveries: number;
  readonly deliveriesPerSecond: number;
  /** From sending the order that changed the book to a subscriber having the frame. */
  readonly delayMs: Latency;
  /** From the first subscriber having a frame to another having it. */
  readonly spreadMs: Latency;
  /** What became of those that read nothing: open or a close code. */
  readonly slowEnds: Readonly<Record<string, number>>;
}
