import type { BookLevel } from '@keel/client';
import { addDecimals, fractionDigits, percentOf, subtractDecimals } from '../decimal.ts';
import { book, bookResyncs, selectedMarket } from '../feed/store.ts';
import { NumberText } from './numberText.tsx';

const LEVELS_SHOWN = 15;

interface BookRow {
  readonly price: string;
  readonly size: string;
  /** Sum of sizes from the best level to this one. */
  readonly total: string;
}

function withTotals(levels: readonly BookLevel[]): readonly BookRow[] {
  let total = '0';
  return levels.slice(0, LEVELS_SHOWN).map(([price, size]) => {
    total = addDecimals(total, size);
    return { price, size, total };
  });
}

interface SideProps {
  readonly label: 'Asks' | 'Bids';
  readonly rows: readonly BookRow[];
  /** The longest bar's total; lengths are drawing, so floating point will do. */
  readonly widest: number;
  readonly decimals: { readonly price: number; readonly size: number };
}

function BookSide({ label, rows, widest, decimals }: SideProps) {
  const side = label === 'Asks' ? 'asks' : 'bids';
  return (
    <div class={`book-side book-${side}`}>
      <table class="book-table" aria-label={label} data-testid={`book-${side}`}>
        <thead class="sr-only">
          <tr>
            <th scope="col">Price</th>
            <th scope="col">Size</th>
            <th scope="col">Total</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.price} style={{ '--depth': widest === 0 ? '0' : String(Number(row.total) / widest) }}>
              <td class="book-price">
                <NumberText value={row.price} decimals={decimals.price} />
              </td>
              <td>
                <NumberText value={row.size} decimals={decimals.size} />
              </td>
              <td>
                <NumberText value={row.total} decimals={decimals.size} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Fifteen levels a side, the best ones meeting at the spread. */
export function OrderBook() {
  const { book: shown } = book.value;
  const market = selectedMarket.value;
  const bids = withTotals(shown.bids);
  const asks = withTotals(shown.asks);
  const decimals = {
    price: fractionDigits(market?.tickSize ?? ''),
    size: fractionDigits(market?.lotSize ?? ''),
  };
  const widest = Math.max(Number(bids.at(-1)?.total ?? 0), Number(asks.at(-1)?.total ?? 0));
  return (
    <section class="panel panel-book" aria-labelledby="book-title" data-panel="book" data-testid="order-book">
      <header class="panel-header">
        <h2 id="book-title">Order book</h2>
        <span class="quiet" data-testid="book-state" data-seq={shown.seq} data-resyncs={bookResyncs.value}>
          {shown.seq === -1 ? 'Loading…' : bookResyncs.value > 0 ? `${bookResyncs.value} resynced` : ''}
        </span>
      </header>
      <div class="book-head" aria-hidden="true">
        <span>Price</span>
        <span>Size</span>
        <span>Total</span>
      </div>
      <BookSide label="Asks" rows={asks.toReversed()} widest={widest} decimals={decimals} />
      {shown.seq !== -1 && <Spread bid={bids[0]?.price} ask={asks[0]?.price} />}
      <BookSide label="Bids" rows={bids} widest={widest} decimals={decimals} />
    </section>
  );
}

function Spread({ bid, ask }: { readonly bid: string | undefined; readonly ask: string | undefined }) {
  if (bid === undefined || ask === undefined) {
    return <p class="book-spread quiet">{bid === undefined && ask === undefined ? 'No orders' : 'One side only'}</p>;
  }
  const spread = subtractDecimals(ask, bid);
  return (
    <p class="book-spread" data-testid="spread">
      <span class="quiet">Spread</span> <NumberText value={spread} testId="spread-value" />{' '}
      <span class="quiet num">{percentOf(spread, ask, 4)} %</span>
    </p>
  );
}
