import type {
  Account,
  Batch,
  BookChange,
  Fill,
  Frame,
  Liquidation,
  MarginEvent,
  Market,
  Status,
  Trade,
} from '@keel/client';
import { acceptStatus } from './acceptStatus.ts';
import { announceLiquidations, concernsAccount } from './announceLiquidations.ts';
import { announceMarginEvents } from './announceMarginEvents.ts';
import { applyBookFrame } from './book.ts';
import { acceptAccount, acceptFills, accountLiquidationsChanged } from './followAccount.ts';
import { extendCandles, restartCandles } from './followCandles.ts';
import { markHeard } from './markHeard.ts';
import { mergeNewest } from './mergeNewest.ts';
import {
  accountAddress,
  batches,
  book,
  bookResyncs,
  LIMITS,
  lastSequence,
  liquidations,
  markets,
  selectedSymbol,
  shownOwner,
  trades,
} from './store.ts';

/** Data of a channel that brings rows: `{trades: […]}`. */
type Listed<Name extends string, Row> = Readonly<Record<Name, readonly Row[]>>;

/** A frame is the whole account, and what happened to it since the frame before. */
interface AccountFrame extends Account {
  readonly fills: readonly Fill[];
  readonly marginEvents: readonly MarginEvent[];
}

export interface RouteOptions {
  /** The shown book lost a frame: its channel has to be asked for again. */
  readonly onBookGap: (market: string) => void;
}

/** Takes one frame into the signals. Frames of a market or an account no longer shown are late and change nothing. */
export function routeFrame(frame: Frame, options: RouteOptions): void {
  if (frame.seq > (lastSequence.peek() ?? -1)) lastSequence.value = frame.seq;
  switch (frame.channel) {
    case 'book':
      if (frame.market === selectedSymbol.peek()) routeBook(frame, options);
      return;
    case 'trades':
      if (frame.market === selectedSymbol.peek()) routeTrades(frame);
      return;
    case 'markets':
      routeMarkets((frame.data as Listed<'markets', Market>).markets);
      return;
    case 'account':
      if (frame.account?.toLowerCase() === accountAddress.peek()) {
        routeAccount(frame.data as AccountFrame);
      }
      return;
    case 'liquidations':
      routeLiquidations(frame);
      return;
    case 'batches':
      routeBatches((frame.data as Listed<'batches', Batch>).batches);
      return;
    case 'status':
      acceptStatus(frame.data as Status);
      return;
    // For bots, liquidators and auditors; the terminal does not ask for them.
    case 'bbo':
    case 'bookOrders':
    case 'candles':
    case 'ticker':
    case 'auctions':
    case 'certificates':
  }
}

/** The steps of its liquidations come on their own channel, too. */
function routeAccount({ fills, marginEvents, ...document }: AccountFrame): void {
  acceptAccount(document);
  announceMarginEvents(marginEvents);
  if (fills.length > 0) acceptFills(fills);
}

function routeBook(frame: Frame, options: RouteOptions): void {
  const { book: shown, revision } = book.peek();
  const step = applyBookFrame(shown, frame, frame.data as BookChange);
  if (step === 'ignored') return;
  if (step === 'gap') {
    bookResyncs.value += 1;
    options.onBookGap(frame.market!);
  }
  book.value = { book: shown, revision: revision + 1 };
}

const newerTrade = (a: Trade, b: Trade): number => Number(b.tradeId) - Number(a.tradeId);

function routeTrades(frame: Frame): void {
  const rows = (frame.data as Listed<'trades', Trade>).trades;
  const kept = frame.type === 'snapshot' ? [] : trades.peek();
  trades.value = mergeNewest(kept, rows, (row) => String(row.tradeId), newerTrade, LIMITS.trades);
  markHeard('trades');
  if (frame.type === 'snapshot') restartCandles(frame.market!, frame.seq);
  else extendCandles(frame.market!, frame.seq, rows.toReversed());
}

/** An update brings the markets that changed; a market never leaves the list. */
function routeMarkets(rows: readonly Market[]): void {
  const bySymbol = new Map(markets.peek().map((row) => [row.symbol, row]));
  for (const row of rows) bySymbol.set(row.symbol, row);
  markets.value = [...bySymbol.values()];
}

/** Sequence of the feed's last snapshot: it already holds every step up to there. */
let liquidationsSeq = -1;

function routeLiquidations(frame: Frame): void {
  if (frame.type === 'update' && frame.seq <= liquidationsSeq) return;
  const rows = (frame.data as Listed<'liquidations', Liquidation>).liquidations;
  const listed = rows.toSorted((a, b) => b.time - a.time);
  markHeard('liquidations');
  if (frame.type === 'snapshot') {
    liquidationsSeq = frame.seq;
    liquidations.value = listed.slice(0, LIMITS.liquidations);
    accountLiquidationsChanged();
    return;
  }
  liquidations.value = [...listed, ...liquidations.peek()].slice(0, LIMITS.liquidations);
  if (rows.some((row) => concernsAccount(row, shownOwner.peek()))) accountLiquidationsChanged();
  announceLiquidations(rows);
}

/** A batch comes again each time its L1 state moves; the newest word wins. */
function routeBatches(rows: readonly Batch[]): void {
  markHeard('batches');
  batches.value = mergeNewest(
    batches.peek(),
    rows,
    (row) => String(row.batchIndex),
    (a, b) => b.batchIndex - a.batchIndex,
    LIMITS.batches,
  );
}
