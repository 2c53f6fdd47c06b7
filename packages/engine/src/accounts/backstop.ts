import type { Address, Event, MarketId } from '@keel/types';
import type { AccountState, EngineState, MarketState } from '../state.ts';
import { openAccount } from './openAccount.ts';

/** Addresses that nobody has the key of: `0xb5`, zeros, and the market in the last two bytes. */
const VAULT_PREFIX = `0xb5${'0'.repeat(34)}`;

/** In whose name a market's backstop vault stands. */
export function backstopOwner(marketId: MarketId): Address {
  return `${VAULT_PREFIX as '0x'}${marketId.toString(16).padStart(4, '0')}`;
}

/** Whether the address is that of a vault, listed or not. */
export function isBackstopOwner(owner: Address): boolean {
  return owner.startsWith(VAULT_PREFIX);
}

/**
 * The market's backstop vault, opened when it is first asked for. Somebody may have paid a deposit to its address before:
 * then that account, which nobody can trade with, becomes the vault with what it has.
 */
export function openBackstop(state: EngineState, market: MarketState, events: Event[]): AccountState {
  if (market.backstop !== undefined) return market.backstop;
  const owner = backstopOwner(market.spec.marketId);
  const account = state.accountByOwner.get(owner) ?? openAccount(state, owner, 0, events)!;
  account.backstopOf = market;
  market.backstop = account;
  state.dirty.accounts.add(account.accountId);
  return account;
}
