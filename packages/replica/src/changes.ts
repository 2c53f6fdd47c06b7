import type { DirtySet } from '@keel/engine';
import type { AccountId, MarketId, OrderId, PriceTicks, Side } from '@keel/types';
import { type BlockDocs, createBlockDocs } from './recordEvents.ts';

export interface LevelKey {
  readonly marketId: MarketId;
  readonly side: Side;
  readonly priceTicks: PriceTicks;
}

/** A certificate is some times the size of other documents, and counts so. */
const CERTIFICATE_ENTRIES = 10;

/** All that differs from what the read model was last given. Documents are read from the state when it is written. */
export interface Changes {
  readonly accounts: Set<AccountId>;
  readonly orders: Set<OrderId>;
  readonly markets: Set<MarketId>;
  readonly levels: Map<string, LevelKey>;
  readonly docs: BlockDocs;
}

export function createChanges(): Changes {
  return { accounts: new Set(), orders: new Set(), markets: new Set(), levels: new Map(), docs: createBlockDocs() };
}

export function noteDirty(changes: Changes, dirty: DirtySet): void {
  for (const accountId of dirty.accounts) changes.accounts.add(accountId);
  for (const orderId of dirty.orders) changes.orders.add(orderId);
  for (const marketId of dirty.markets) changes.markets.add(marketId);
  for (const level of dirty.levels) changes.levels.set(`${level.marketId}:${level.side}:${level.priceTicks}`, level);
}

/** How much waits: what bounds the memory of a long Redis outage. */
export function entriesOf(changes: Changes): number {
  const { docs } = changes;
  return (
    changes.accounts.size +
    changes.orders.size +
    changes.levels.size +
    docs.trades.length +
    docs.fills.length +
    docs.liquidations.length +
    docs.marginEvents.length +
    docs.certificates.length * CERTIFICATE_ENTRIES +
    docs.auctions.size +
    docs.endedAuctions.length +
    docs.agents.size +
    docs.orderUpdates.length +
    docs.fundingPayments.length +
    docs.fundingRates.length +
    docs.ledger.length +
    docs.candles.size
  );
}
