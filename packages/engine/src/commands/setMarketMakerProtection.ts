import {
  type Event,
  PROTECTION_WINDOW_MS_MAX,
  REJECT_CODES,
  type RejectCode,
  type SetMarketMakerProtection,
} from '@keel/types';
import { isCount } from '../orders/checkFit.ts';
import { isOfAnother } from '../orders/checkNow.ts';
import { clearWindow, protectionIn } from '../protection/countMakerFill.ts';
import { type AccountState, type EngineState, findMarket, type MarketState, type Protection } from '../state.ts';
import { authorize } from './authorize.ts';

/**
 * Sets the bounds of an account's protection in one market; a new window begins with the next fill. Nobody unfreezes an
 * account this way, except by taking the protection away.
 */
export function setMarketMakerProtection(
  state: EngineState,
  command: SetMarketMakerProtection,
  events: Event[],
): RejectCode | undefined {
  const { auth, marketId, windowMs, quantityLots, deltaLots, fillCount } = command;
  const account = authorize(state, auth, 'ownerOrAgent');
  if (typeof account === 'number') return account;
  const market = findMarket(state, marketId);
  if (market === undefined) return REJECT_CODES.MARKET_UNKNOWN;
  if (!isSound(command)) return REJECT_CODES.PROTECTION_INVALID;
  if (isOfAnother(account, market)) return REJECT_CODES.MARKET_NOT_OF_SUBACCOUNT;

  if (windowMs === 0) {
    account.protections = account.protections.filter((protection) => protection.market !== market);
  } else {
    const protection = protectionIn(account, market) ?? addProtection(account, market);
    protection.windowMs = windowMs;
    protection.quantityLots = quantityLots;
    protection.deltaLots = deltaLots;
    protection.fillCount = fillCount;
    clearWindow(protection);
  }
  const { accountId } = account;
  state.dirty.accounts.add(accountId);
  events.push({ kind: 'marketMakerProtectionSet', accountId, marketId, windowMs, quantityLots, deltaLots, fillCount });
  return undefined;
}

/** A window has at least one bound; no window has none. */
function isSound({ windowMs, quantityLots, deltaLots, fillCount }: SetMarketMakerProtection): boolean {
  const bounds = [quantityLots, deltaLots, fillCount];
  if (!isCount(windowMs, 0, PROTECTION_WINDOW_MS_MAX)) return false;
  if (!bounds.every((bound) => isCount(bound, 0, Number.MAX_SAFE_INTEGER))) return false;
  return windowMs > 0 === bounds.some((bound) => bound > 0);
}

function addProtection(account: AccountState, market: MarketState): Protection {
  const protection: Protection = {
    market,
    windowMs: 0,
    quantityLots: 0,
    deltaLots: 0,
    fillCount: 0,
    windowStartMs: 0,
    filledLots: 0,
    netLots: 0,
    fills: 0,
    frozen: false,
  };
  const others = account.protections;
  account.protections = [...others, protection].sort((a, b) => a.market.spec.marketId - b.market.spec.marketId);
  return protection;
}
