import type { Account, Batch, Fill, Liquidation, Market, Position, Status, Trade } from '@keel/client';
import type { Address } from '@keel/types';
import { computed, signal } from '@preact/signals';
import { type Book, emptyBook } from './book.ts';
import type { CandleBar } from './candles.ts';
import type { LinkState } from './connection.ts';
import type { WireError } from './wireError.ts';

/** Lists are cut to these lengths, so that a page left open for a week stays as small as a fresh one. */
export const LIMITS = {
  trades: 60,
  liquidations: 100,
  accountLiquidations: 200,
  batches: 50,
  fills: 100,
  candles: 1_500,
  graphPoints: 240,
} as const;

/** One point of a graph over time. */
export interface GraphPoint {
  /** Seconds since 1970. */
  readonly time: number;
  readonly value: number;
}

export interface CandleChange {
  readonly market: string;
  /** `reset` draws all bars anew; `last` only the newest. */
  readonly kind: 'reset' | 'last';
  readonly bars: readonly CandleBar[];
}

/** The panel that a phone shows; a wide screen shows all of them. */
export const shownPanel = signal('chart');

export const link = signal<LinkState>('connecting');
export const roundTripMs = signal<number | undefined>(undefined);
export const lastSequence = signal<number | undefined>(undefined);
/** Milliseconds since the last frame, in whole seconds of patience; drives the veil. */
export const silentForMs = signal(0);
/** The exchange's clock in whole seconds: time of the last frame plus what passed here since; 0 before the first. */
export const exchangeNowMs = signal(0);

/** What fills a list of its own; the book tells by its sequence. */
export type HeardSource = 'trades' | 'candles' | 'liquidations' | 'batches';
/** Those whose first answer has come, of the shown market where it is one market's. */
export const heard = signal<ReadonlySet<HeardSource>>(new Set());

export const markets = signal<readonly Market[]>([]);
export const marketsFault = signal<string | undefined>(undefined);
export const selectedSymbol = signal<string | undefined>(undefined);
export const selectedMarket = computed(() => markets.value.find((row) => row.symbol === selectedSymbol.value));

/** Changed in place; `revision` tells the views. */
export const book = signal<{ readonly book: Book; readonly revision: number }>({ book: emptyBook(), revision: 0 });
export const bookResyncs = signal(0);
export const trades = signal<readonly Trade[]>([]);
export const candles = signal<CandleChange>({ market: '', kind: 'reset', bars: [] });
export const candlesFault = signal<string | undefined>(undefined);

/** Steps of everybody's liquidations, newest first. */
export const liquidations = signal<readonly Liquidation[]>([]);
export const batches = signal<readonly Batch[]>([]);
export const status = signal<Status | undefined>(undefined);
export const ordersPerSecond = signal<readonly GraphPoint[]>([]);

export const accountAddress = signal<Address | undefined>(undefined);
export const account = signal<Account | undefined>(undefined);
/** Whose account is shown: an agent's address leads to the account of its owner. */
export const shownOwner = computed(() => account.value?.address ?? accountAddress.value);
/** Why the account cannot be shown, with the gateway's code for it. */
export const accountFault = signal<WireError | undefined>(undefined);
/** Steps that liquidated or deleveraged the shown account, newest first. */
export const accountLiquidations = signal<readonly Liquidation[]>([]);
export const fills = signal<readonly Fill[]>([]);
export const equityHistory = signal<readonly GraphPoint[]>([]);
/** Read out by screen readers: liquidations of the shown account. */
export const announcement = signal('');

export const selectedPosition = computed<Position | undefined>(() =>
  account.value?.positions.find((position) => position.market === selectedSymbol.value),
);
