import {
  type Event,
  marketInitialMarginAtoms,
  maxLeverage,
  REJECT_CODES,
  type RejectCode,
  type SetLeverage,
} from '@keel/types';
import { findHolding, leverageIn } from '../holdings.ts';
import { marginOf } from '../margin/accountFigures.ts';
import { NO_TOTALS, totalsOf } from '../margin/openTotals.ts';
import { isCount } from '../orders/checkFit.ts';
import { isOfAnother, mayAddRisk } from '../orders/checkNow.ts';
import { type AccountState, type EngineState, findMarket, type MarketState } from '../state.ts';
import { authorize } from './authorize.ts';

/**
 * Sets the account's leverage in a market: its initial margin there is at least 1 / leverage of notional from now on. One
 * that asks for more margin of what is there already needs prices that say what the account is worth, and equity that
 * covers it; any other is taken.
 */
export function setLeverage(
  state: EngineState,
  { auth, marketId, leverage }: SetLeverage,
  events: Event[],
): RejectCode | undefined {
  const account = authorize(state, auth, 'ownerOrAgent');
  if (typeof account === 'number') return account;
  const market = findMarket(state, marketId);
  if (market === undefined) return REJECT_CODES.MARKET_UNKNOWN;
  if (isOfAnother(account, market)) return REJECT_CODES.MARKET_NOT_OF_SUBACCOUNT;
  if (!isCount(leverage, 0, maxLeverage(market.spec))) return REJECT_CODES.LEVERAGE_INVALID;
  const before = leverageIn(account, market);
  if (initialWith(account, market, leverage) > initialWith(account, market, before)) {
    if (!mayAddRisk(state, account, market)) return REJECT_CODES.MARKET_PRICE_UNAVAILABLE;
    changeLeverage(account, market, leverage);
    const { cautiousEquityAtoms, cautiousMarginAtoms } = marginOf(account);
    if (cautiousEquityAtoms < cautiousMarginAtoms) {
      changeLeverage(account, market, before);
      return REJECT_CODES.LEVERAGE_NOT_COVERED;
    }
  }

  changeLeverage(account, market, leverage);
  const { accountId } = account;
  // Orders that were far from what initial margin allows may be near it now.
  state.suspects.add(accountId);
  state.dirty.accounts.add(accountId);
  events.push({ kind: 'leverageSet', accountId, marketId, leverage });
  return undefined;
}

/** IM in the market at mark with this leverage. */
function initialWith(account: AccountState, market: MarketState, leverage: number): number {
  const holding = findHolding(account, market);
  const totals = holding === undefined ? NO_TOTALS : totalsOf(holding, undefined);
  return marketInitialMarginAtoms(market, market.markTicks, holding?.sizeLots ?? 0, leverage, totals);
}

function changeLeverage(account: AccountState, market: MarketState, leverage: number): void {
  const others = account.leverages.filter((setting) => setting.market !== market);
  const settings = leverage === 0 ? others : [...others, { market, leverage }];
  account.leverages = settings.sort((a, b) => a.market.spec.marketId - b.market.spec.marketId);
  const holding = findHolding(account, market);
  if (holding !== undefined) holding.leverage = leverage;
}
