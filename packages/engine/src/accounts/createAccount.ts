import type { AccountId, Address } from '@keel/types';
import type { AccountState, MarketState } from '../state.ts';

/** What an account is from its first moment: whose it is, and what it may be used for. */
export interface AccountOrigin {
  readonly accountId: AccountId;
  readonly owner: Address;
  readonly subaccount: number;
  /** Undefined: it is a main account. */
  readonly main: AccountState | undefined;
  readonly isolatedIn: MarketState | undefined;
  readonly backstopOf: MarketState | undefined;
}

export function createAccount(origin: AccountOrigin): AccountState {
  // What every command looks at stands first, in one or two lines of the processor's caches.
  const account = {
    accountId: origin.accountId,
    collateralAtoms: 0,
    holdings: [],
    balances: [],
    leverages: [],
    ownNonces: undefined,
    openOrders: 0,
    liquidationId: 0,
    warnedPercent: 0 as const,
    warnedDueMs: 0,
    protections: [],
    orderNames: undefined,
    turnKey: 0,
    isolatedIn: origin.isolatedIn,
    backstopOf: origin.backstopOf,
    owner: origin.owner,
    subaccount: origin.subaccount,
    main: origin.main as AccountState,
    others: [],
    liquidator: false,
    auction: undefined,
    nextStepMs: 0,
    agents: [],
    cancelAllAfterMs: 0,
    closedNames: [],
  };
  if (origin.main === undefined) account.main = account;
  return account;
}
