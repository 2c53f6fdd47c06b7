import { PRICE_TICKS_MAX } from './limits.ts';
import type { AccountState, EngineState, Holding, MarketState } from './state.ts';

export function findHolding(account: AccountState, market: MarketState): Holding | undefined {
  for (const holding of account.holdings) if (holding.market === market) return holding;
  return undefined;
}

/** `sellsDownToTicks` without a sell: above every price, and small enough to be kept in place. */
export const NO_SELLS = PRICE_TICKS_MAX + 1;

/** What an account without position or orders has in a market. Not among its holdings yet. */
export function createHolding(account: AccountState, market: MarketState): Holding {
  return {
    market,
    sizeLots: 0,
    entryNotionalAtoms: 0,
    fundingIndex: market.fundingIndex,
    restingBuyLots: 0,
    restingSellLots: 0,
    restingReduceOnly: 0,
    buysUpToTicks: 0,
    sellsDownToTicks: NO_SELLS,
    watched: false,
    watchedAt: 0,
    ordersWatchedFrom: 0,
    ordersWatchedTo: 0,
    leverage: leverageIn(account, market),
    account,
    resting: [],
    waiting: [],
    holderPlace: -1,
  };
}

/** What the account has set in the market; 0 = nothing. */
export function leverageIn(account: AccountState, market: MarketState): number {
  for (const setting of account.leverages) if (setting.market === market) return setting.leverage;
  return 0;
}

/** One that was dropped is used again: an order in a market where its account has nothing else costs no allocation. */
function takeHolding(state: EngineState, account: AccountState, market: MarketState): Holding {
  const holding = state.freeHoldings.pop();
  if (holding === undefined) return createHolding(account, market);
  holding.account = account;
  holding.market = market;
  holding.entryNotionalAtoms = 0;
  holding.fundingIndex = market.fundingIndex;
  holding.watched = false;
  holding.watchedAt = 0;
  holding.ordersWatchedFrom = 0;
  holding.ordersWatchedTo = 0;
  holding.leverage = leverageIn(account, market);
  return holding;
}

/** The account's holding, made empty if there was none. Dropped again when the command ends with nothing in it. */
export function openHolding(state: EngineState, account: AccountState, market: MarketState): Holding {
  const found = findHolding(account, market);
  if (found !== undefined) return found;
  const holding = takeHolding(state, account, market);
  const { holdings } = account;
  let place = holdings.length;
  while (place > 0 && holdings[place - 1]!.market.spec.marketId > market.spec.marketId) place -= 1;
  holdings.splice(place, 0, holding);
  state.emptied.push(holding);
  return holding;
}

/** Neither position nor order. */
export function isEmpty({ sizeLots, resting, waiting }: Holding): boolean {
  return sizeLots === 0 && resting.length === 0 && waiting.length === 0;
}

/** Drops holdings that were left with neither position nor order, so that equal states have equal bytes. */
export function dropEmptyHoldings(state: EngineState): void {
  for (const holding of state.emptied) {
    if (!isEmpty(holding)) continue;
    const { holdings } = holding.account;
    const place = holdings.indexOf(holding);
    if (place < 0) continue;
    holdings.splice(place, 1);
    state.freeHoldings.push(holding);
  }
  state.emptied.length = 0;
}
