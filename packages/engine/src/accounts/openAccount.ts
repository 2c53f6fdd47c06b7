import { type Address, type Event, isolatedMarket, toAccountId, toMarketId } from '@keel/types';
import { type AccountState, type EngineState, findMarket } from '../state.ts';
import { createAccount } from './createAccount.ts';

/** Opens the owner's account of this number. One that isolates a market, only when the market is listed. */
export function openAccount(
  state: EngineState,
  owner: Address,
  subaccount: number,
  events: Event[],
): AccountState | undefined {
  const marketId = toMarketId(isolatedMarket(subaccount));
  const isolatedIn = marketId === 0 ? undefined : findMarket(state, marketId);
  if (marketId !== 0 && isolatedIn === undefined) return undefined;
  const main = subaccount === 0 ? undefined : state.accountByOwner.get(owner);
  const accountId = toAccountId(state.accounts.length + 1);
  addAccount(state, createAccount({ accountId, owner, subaccount, main, isolatedIn, backstopOf: undefined }));
  events.push({ kind: 'accountOpened', accountId, owner, subaccount });
  return state.accounts.at(-1);
}

/** Puts an account that was just made where it is found: by its id, and by its owner. */
export function addAccount(state: EngineState, account: AccountState): void {
  state.accounts.push(account);
  state.dirty.accounts.add(account.accountId);
  if (account.main === account) {
    state.accountByOwner.set(account.owner, account);
    return;
  }
  const { others } = account.main;
  let place = others.length;
  while (place > 0 && others[place - 1]!.subaccount > account.subaccount) place -= 1;
  others.splice(place, 0, account);
}
