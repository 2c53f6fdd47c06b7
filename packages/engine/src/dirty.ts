import type { AccountId, MarketId, OrderId, PriceTicks, Side } from '@keel/types';
import type { EngineState, MarketState } from './state.ts';

/** What changed since it was last taken. Price levels are noted in the books themselves. */
export interface Dirty {
  readonly accounts: Set<AccountId>;
  readonly orders: Set<OrderId>;
  readonly markets: Set<MarketId>;
}

export function createDirty(): Dirty {
  return { accounts: new Set(), orders: new Set(), markets: new Set() };
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
  /** By market, bids before asks, then by price. */
  readonly levels: readonly DirtyLevel[];
}

/** Hands over what changed since the last call, and forgets it. */
export function takeDirty(state: EngineState): DirtySet {
  const { dirty } = state;
  const levels: DirtyLevel[] = [];
  for (const market of state.markets) takeLevels(market, levels);
  return { accounts: take(dirty.accounts), orders: take(dirty.orders), markets: take(dirty.markets), levels };
}

function takeLevels({ spec, book }: MarketState, levels: DirtyLevel[]): void {
  if (book.changedCount === 0) return;
  const changed = [...new Set(book.changedLevels.subarray(0, book.changedCount))].sort((a, b) => a - b);
  book.changedCount = 0;
  for (const side of ['buy', 'sell'] as const) {
    for (const level of changed) {
      if (level % 2 === (side === 'buy' ? 1 : 0)) {
        levels.push({ marketId: spec.marketId, side, priceTicks: level >>> 1 });
      }
    }
  }
}

function take<Id extends number>(ids: Set<Id>): Id[] {
  const sorted = [...ids].sort((a, b) => a - b);
  ids.clear();
  return sorted;
}
