import type { AccountName } from '@keel/redis';
import type { AccountId } from '@keel/types';

/** Owners and numbers of accounts by id. */
export type AccountNames = ReadonlyMap<AccountId, AccountName>;

/** Of an account that nobody has heard of yet: an answer goes out all the same. */
const UNKNOWN: AccountName = { owner: '0x', subaccount: 0 };

export function nameOf(names: AccountNames, accountId: AccountId): AccountName {
  return names.get(accountId) ?? UNKNOWN;
}
