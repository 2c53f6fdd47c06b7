import type { MarketId } from './ids.ts';
import { MARKETS_MAX, SUBACCOUNTS_MAX } from './limits.ts';
import { divFloor } from './units.ts';

const ISOLATED_PER_PARENT = MARKETS_MAX + 1;

/** The number of the account that isolates a position of cross account `parent` (0 to 127) in a market. */
export function isolatedSubaccount(parent: number, marketId: MarketId): number {
  return SUBACCOUNTS_MAX + parent * ISOLATED_PER_PARENT + marketId;
}

/** The one market that an account of this number may trade in; 0 = all. */
export function isolatedMarket(subaccount: number): number {
  return subaccount < SUBACCOUNTS_MAX ? 0 : (subaccount - SUBACCOUNTS_MAX) % ISOLATED_PER_PARENT;
}

/** The cross account that an isolated one belongs to; a cross account is its own. */
export function parentSubaccount(subaccount: number): number {
  return subaccount < SUBACCOUNTS_MAX ? subaccount : divFloor(subaccount - SUBACCOUNTS_MAX, ISOLATED_PER_PARENT);
}

/** Whether an account may have this number: a cross one, or isolated in a market from 1 to MARKETS_MAX. */
export function isSubaccount(value: number): boolean {
  if (!Number.isSafeInteger(value) || value < 0) return false;
  return value < SUBACCOUNTS_MAX || (parentSubaccount(value) < SUBACCOUNTS_MAX && isolatedMarket(value) !== 0);
}
