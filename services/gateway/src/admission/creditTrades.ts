import { notionalAtoms } from '@keel/types';
import type { FeedWatcher } from '../feed/feedWatcher.ts';
import type { LiveFeed } from '../feed/liveFeed.ts';
import type { MarketDirectory } from '../marketDirectory.ts';
import type { Budgets } from './budgets.ts';

/**
 * Tells the budgets what was traded on the whole exchange, through whichever gateway. Each trade is counted once: a flush up
 * to a sequence that was heard already is passed over.
 */
export function creditTrades(
  feed: Pick<LiveFeed, 'nameOf' | 'watch'>,
  markets: MarketDirectory,
  budgets: Budgets,
): void {
  let heard = 0;
  const watcher: FeedWatcher = {
    // Trades of a gap are nobody's: their flushes are lost, and an owner has a little less for it.
    onLoaded: ({ sequence }) => {
      heard = Math.max(heard, sequence);
    },
    onApplied: ({ head, fills }) => {
      if (head.sequence <= heard) return;
      heard = head.sequence;
      for (const { accountId, marketId, priceTicks, sizeLots } of fills) {
        const name = feed.nameOf(accountId);
        if (name === undefined) continue;
        budgets.addTraded(name.owner, notionalAtoms(markets.byId(marketId).spec, priceTicks, sizeLots));
      }
    },
  };
  feed.watch(watcher);
}
