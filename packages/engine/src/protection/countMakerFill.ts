import type { Event, SizeLots } from '@keel/types';
import { closeAll } from '../orders/closeAll.ts';
import type { AccountState, EngineState, Holding, MarketState, Protection } from '../state.ts';

/** The account's protection in a market; undefined without one. */
export function protectionIn({ protections }: AccountState, market: MarketState): Protection | undefined {
  for (const protection of protections) if (protection.market === market) return protection;
  return undefined;
}

/** Whether the account's new orders are refused in a market until it resets its protection. */
export function isFrozen(account: AccountState, market: MarketState): boolean {
  return protectionIn(account, market)?.frozen === true;
}

/**
 * Counts a fill of one of the account's resting orders (`deltaLots` bought > 0) and fires its protection when a bound
 * is passed: its quotes in the market go (resting and waiting orders that are not reduce-only), and it is frozen there.
 */
export function countMakerFill(state: EngineState, holding: Holding, deltaLots: SizeLots, events: Event[]): void {
  const { account, market } = holding;
  const protection = protectionIn(account, market);
  if (protection === undefined || protection.frozen) return;
  if (protection.windowStartMs === 0 || state.timeMs >= protection.windowStartMs + protection.windowMs) {
    clearWindow(protection);
    protection.windowStartMs = state.timeMs;
  }
  // Without a bound on lots they are still counted, for as long as they can be.
  protection.filledLots = Math.min(protection.filledLots + Math.abs(deltaLots), Number.MAX_SAFE_INTEGER);
  protection.netLots += deltaLots;
  protection.fills += 1;
  state.dirty.accounts.add(account.accountId);
  const cause = passedBound(protection);
  if (cause === undefined) return;
  protection.frozen = true;
  const { accountId } = account;
  events.push({ kind: 'marketMakerProtectionFired', accountId, marketId: market.spec.marketId, cause });
  closeAll(
    state,
    holding,
    'marketMakerProtection',
    events,
    ({ reduceOnly, state: as }) => !reduceOnly && as !== 'twap',
  );
}

/** No window is under way. */
export function clearWindow(protection: Protection): void {
  protection.windowStartMs = 0;
  protection.filledLots = 0;
  protection.netLots = 0;
  protection.fills = 0;
}

function passedBound(protection: Protection): 'quantity' | 'delta' | 'count' | undefined {
  const { quantityLots, deltaLots, fillCount, filledLots, netLots, fills } = protection;
  if (quantityLots > 0 && filledLots > quantityLots) return 'quantity';
  if (deltaLots > 0 && Math.abs(netLots) > deltaLots) return 'delta';
  if (fillCount > 0 && fills > fillCount) return 'count';
  return undefined;
}
