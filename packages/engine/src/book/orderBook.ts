import { assert, type PriceTicks, type Side, type SizeLots } from '@keel/types';
import type { BookOrder } from '../state.ts';

/** All orders at one price, oldest first: an intrusive queue, so that any order leaves it in one step. */
export interface PriceLevel {
  readonly priceTicks: PriceTicks;
  totalLots: SizeLots;
  head: BookOrder | undefined;
  tail: BookOrder | undefined;
}

export interface BookSide {
  readonly side: Side;
  /** Worst price first, so that the best is the last and leaves without moving the others. No empty levels. */
  readonly levels: PriceLevel[];
  /** Prices whose lots changed since the dirty set was taken. */
  readonly dirtyTicks: Set<PriceTicks>;
}

export interface OrderBook {
  readonly bids: BookSide;
  readonly asks: BookSide;
}

export function createBook(): OrderBook {
  return {
    bids: { side: 'buy', levels: [], dirtyTicks: new Set() },
    asks: { side: 'sell', levels: [], dirtyTicks: new Set() },
  };
}

export function bookSide(book: OrderBook, side: Side): BookSide {
  return side === 'buy' ? book.bids : book.asks;
}

/** The level that trades next, or undefined for an empty side. */
export function bestLevel(side: BookSide): PriceLevel | undefined {
  return side.levels[side.levels.length - 1];
}

/** Best price, 0 for an empty side. */
export function bestTicks(side: BookSide): PriceTicks {
  return bestLevel(side)?.priceTicks ?? 0;
}

/** Whether an order of `side` limited to `limitTicks` would trade with the other side's `restingTicks`. */
export function crosses(side: Side, limitTicks: PriceTicks, restingTicks: PriceTicks): boolean {
  return side === 'buy' ? limitTicks >= restingTicks : limitTicks <= restingTicks;
}

/** Lots at one price, 0 if there is no such level. */
export function lotsAt(side: BookSide, priceTicks: PriceTicks): SizeLots {
  const level = side.levels[placeOf(side, priceTicks)];
  return level !== undefined && level.priceTicks === priceTicks ? level.totalLots : 0;
}

/** Puts the order behind all others of its price. */
export function insertOrder(side: BookSide, order: BookOrder): void {
  const place = placeOf(side, order.priceTicks);
  let level = side.levels[place];
  if (level === undefined || level.priceTicks !== order.priceTicks) {
    level = { priceTicks: order.priceTicks, totalLots: 0, head: undefined, tail: undefined };
    side.levels.splice(place, 0, level);
  }
  order.level = level;
  order.previous = level.tail;
  if (level.tail === undefined) level.head = order;
  else level.tail.next = order;
  level.tail = order;
  level.totalLots += order.remainingLots;
  side.dirtyTicks.add(order.priceTicks);
}

/** Takes the order out of its queue, and the level out of the book when it was the last. */
export function removeOrder(side: BookSide, order: BookOrder): void {
  const { level, previous, next } = order;
  assert(level !== undefined, `order ${order.orderId} is not in the book`);
  if (previous === undefined) level.head = next;
  else previous.next = next;
  if (next === undefined) level.tail = previous;
  else next.previous = previous;
  level.totalLots -= order.remainingLots;
  order.level = undefined;
  order.previous = undefined;
  order.next = undefined;
  side.dirtyTicks.add(level.priceTicks);
  if (level.head !== undefined) return;
  const place = placeOf(side, level.priceTicks);
  assert(side.levels[place] === level, `level ${level.priceTicks} is not in the book`);
  side.levels.splice(place, 1);
}

/** Takes lots off an order that keeps its place. */
export function shrinkOrder(side: BookSide, order: BookOrder, lots: SizeLots): void {
  assert(order.level !== undefined && lots <= order.remainingLots, `order ${order.orderId} cannot shrink by ${lots}`);
  order.remainingLots -= lots;
  order.level.totalLots -= lots;
  side.dirtyTicks.add(order.priceTicks);
}

/** Index of the level with this price, or where it would be put. */
function placeOf(side: BookSide, priceTicks: PriceTicks): number {
  const { levels } = side;
  const bids = side.side === 'buy';
  let low = 0;
  let high = levels.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const ticks = levels[middle]!.priceTicks;
    if (bids ? ticks < priceTicks : ticks > priceTicks) low = middle + 1;
    else high = middle;
  }
  return low;
}
