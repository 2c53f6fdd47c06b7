import { acceptStatus } from './acceptStatus.ts';
import { announceLiquidations } from './announceLiquidations.ts';
import { applyBookFrame } from './book.ts';
import { acceptAccount } from './followAccount.ts';
import { extendCandles } from './followCandles.ts';
import { mergeNewest, rowsOf } from './rows.ts';
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
  trades,
} from './store.ts';
import type {
  AccountDocument,
  BatchRow,
  BookData,
  Frame,
  LiquidationRow,
  MarketRow,
  StatusDocument,
  TradeRow,
} from './wire.ts';

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
      routeMarkets(rowsOf<MarketRow>(frame.data, 'markets'));
      return;
    case 'account':
      if (frame.account?.toLowerCase() === accountAddress.peek()) {
        acceptAccount({ ...(frame.data as AccountDocument), sequence: frame.seq });
      }
      return;
    case 'liquidations':
      routeLiquidations(frame);
      return;
    case 'batches':
      routeBatches(rowsOf<BatchRow>(frame.data, 'batches'));
      return;
    case 'status':
      acceptStatus(frame.data as StatusDocument);
  }
}

function routeBook(frame: Frame, options: RouteOptions): void {
  const { book: shown, revision } = book.peek();
  const step = applyBookFrame(shown, frame, frame.data as BookData);
  if (step === 'ignored') return;
  if (step === 'gap') {
    bookResyncs.value += 1;
    options.onBookGap(frame.market!);
  }
  book.value = { book: shown, revision: revision + 1 };
}

const newerTrade = (a: TradeRow, b: TradeRow): number => Number(b.tradeId) - Number(a.tradeId);

function routeTrades(frame: Frame): void {
  const rows = rowsOf<TradeRow>(frame.data, 'trades');
  const kept = frame.type === 'snapshot' ? [] : trades.peek();
  trades.value = mergeNewest(kept, rows, (row) => String(row.tradeId), newerTrade, LIMITS.trades);
  if (frame.type === 'update')
    extendCandles(
      frame.market!,
      frame.seq,
      rows.toSorted((a, b) => -newerTrade(a, b)),
    );
}

/** Rows may carry only what changed; a market never leaves the list. */
function routeMarkets(rows: readonly Partial<MarketRow>[]): void {
  const bySymbol = new Map(markets.peek().map((row) => [row.symbol, row]));
  for (const row of rows) {
    if (row.symbol !== undefined) bySymbol.set(row.symbol, { ...bySymbol.get(row.symbol), ...row } as MarketRow);
  }
  markets.value = [...bySymbol.values()];
}

/** Sequence of the feed's last snapshot: it already holds every step up to there. */
let liquidationsSeq = -1;
let liquidationsListed = 0;

function routeLiquidations(frame: Frame): void {
  if (frame.type === 'update' && frame.seq <= liquidationsSeq) return;
  const rows = rowsOf<LiquidationRow>(frame.data, 'liquidations');
  const listed = rows.toSorted((a, b) => b.time - a.time).map((row) => ({ ...row, listedAs: ++liquidationsListed }));
  if (frame.type === 'snapshot') {
    liquidationsSeq = frame.seq;
    liquidations.value = listed.slice(0, LIMITS.liquidations);
    return;
  }
  liquidations.value = [...listed, ...liquidations.peek()].slice(0, LIMITS.liquidations);
  announceLiquidations(rows);
}

/** A batch comes again each time its L1 state moves; the newest word wins. */
function routeBatches(rows: readonly BatchRow[]): void {
  batches.value = mergeNewest(
    batches.peek(),
    rows,
    (row) => String(row.batchIndex),
    (a, b) => b.batchIndex - a.batchIndex,
    LIMITS.batches,
  );
}
