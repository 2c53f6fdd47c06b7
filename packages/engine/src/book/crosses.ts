import type { PriceTicks, Side } from '@keel/types';
import type { OrderRecord } from '../orders/orderRecord.ts';
import type { Book } from './book.ts';

/** Best price of the side that an order of `side` trades against; 0 when it is empty. */
export function bestOpposite(book: Book, side: Side): PriceTicks {
  return side === 'buy' ? book.bestAsk : book.bestBid;
}

/** Whether an order of `side` limited to `limitTicks` would trade with what rests. */
export function crosses(book: Book, side: Side, limitTicks: PriceTicks): boolean {
  return meets(side, limitTicks, bestOpposite(book, side));
}

/** As `bestOpposite`, as if `instead` did not rest any more: an order that goes when another comes. */
export function bestOppositeWithout(book: Book, side: Side, instead: OrderRecord | undefined): PriceTicks {
  const best = bestOpposite(book, side);
  if (instead === undefined || instead.slot === 0 || instead.holding.market.book !== book) return best;
  if (instead.side === side || instead.priceTicks !== best || book.countAt(best) > 1) return best;
  return side === 'buy' ? book.levelAbove(best) : book.levelBelow(best);
}

/** Whether an order of `side` limited to `limitTicks` meets `restingTicks`; 0 is nothing to meet. */
export function meets(side: Side, limitTicks: PriceTicks, restingTicks: PriceTicks): boolean {
  return restingTicks !== 0 && (side === 'buy' ? limitTicks >= restingTicks : limitTicks <= restingTicks);
}
