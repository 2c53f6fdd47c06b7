import type { AccountView, At, Publication, ReadModel } from '@keel/redis';
import type { AccountId, Address } from '@keel/types';

/** Accounts that a flush touched; worked out once for all users. */
const touchedBy = new WeakMap<Publication, ReadonlySet<AccountId>>();

function touchedAccounts(publication: Publication): ReadonlySet<AccountId> {
  const known = touchedBy.get(publication);
  if (known !== undefined) return known;
  const touched = new Set(publication.touchedAccounts);
  touchedBy.set(publication, touched);
  return touched;
}

/** Somebody who is followed: an owner's address, or that of an agent, which leads to its owner's main account. */
export class User {
  readonly address: Address;
  readonly #readModel: ReadModel;
  /** Undefined: nobody has that address, as of the last look. */
  accountId: AccountId | undefined;

  constructor(address: Address, readModel: ReadModel) {
    this.address = address;
    this.#readModel = readModel;
  }

  /** The main account, `account` undefined where there is none. Throws ReadModelUnavailable. */
  async read(): Promise<At<AccountView>> {
    const view = await this.#readModel.account({ address: this.address, subaccount: 0 });
    this.accountId = view.account?.accountId;
    return view;
  }

  /** Whether a flush changed anything of the account, or opened it. */
  isTouchedBy(publication: Publication): boolean {
    this.accountId ??= publication.names.find(
      ([, owner, subaccount]) => owner === this.address && subaccount === 0,
    )?.[0];
    return this.accountId !== undefined && touchedAccounts(publication).has(this.accountId);
  }
}
