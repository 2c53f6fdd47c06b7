import type { PriceTicks, Side } from '@keel/types';
import type { Book } from './book.ts';

/** Best price of the side that an order of `side` trades against; 0 when it is empty. */
export function bestOpposite(book: Book, side: Side): PriceTicks {
  return side === 'buy' ? book.bestAsk : book.bestBid;
}

/** Whether an order of `side` limited to `limitTicks` would trade with what rests. */
export function crosses(book: Book, side: Side, limitTicks: PriceTicks): boolean {
  const best = bestOpposite(book, side);
  return best !== 0 && (side === 'buy' ? limitTicks >= best : limitTicks <= best);
}
