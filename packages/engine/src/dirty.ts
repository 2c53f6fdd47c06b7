import type { AccountId, MarketId, OrderId, PriceTicks, Side } from '@keel/types';
import type { BookSide } from './book/orderBook.ts';
import type { EngineState } from './state.ts';

/** What changed since it was last taken. Price levels are noted in the book itself. */
export interface Dirty {
  readonly accounts: Set<AccountId>;
  readonly orders: Set<OrderId>;
  readonly markets: Set<MarketId>;
}

export interface DirtyLevel {
  readonly marketId: MarketId;
  readonly side: Side;
  readonly priceTicks: PriceTicks;
}

/** Ascending lists of all that changed; the globals leaf is taken to change with every command. */
export interface DirtySet {
  readonly accounts: readonly AccountId[];
  /** Orders that came, changed or went; a gone one has no leaf. */
  readonly orders: readonly OrderId[];
  readonly markets: readonly MarketId[];
  readonly levels: readonly DirtyLevel[];
}

/** Hands over what changed since the last call, and forgets it. */
export function takeDirty(state: EngineState): DirtySet {
  const { dirty } = state;
  const levels: DirtyLevel[] = [];
  for (const { spec, book } of state.markets) {
    for (const side of [book.bids, book.asks]) {
      for (const priceTicks of takeTicks(side)) levels.push({ marketId: spec.marketId, side: side.side, priceTicks });
    }
  }
  const taken = { accounts: take(dirty.accounts), orders: take(dirty.orders), markets: take(dirty.markets), levels };
  return taken;
}

function takeTicks(side: BookSide): number[] {
  return take(side.dirtyTicks);
}

function take<Id extends number>(ids: Set<Id>): Id[] {
  const sorted = [...ids].sort((a, b) => a - b);
  ids.clear();
  return sorted;
}
