import type { Address } from '@keel/types';
import type { Funder } from './createFunder.ts';
import type { Tally } from './tally.ts';
import type { AccountView } from './trader.ts';

/** A deposit that is not credited after this long is taken for lost, and another one made. */
const CREDIT_MS_MAX = 120_000;

/** Keeps accounts in funds. */
export interface Keeper {
  /**
   * Deposits up to `targetAtoms` when the account's equity is below `floorAtoms`. True while the account has what it
   * needs; false while a deposit is on its way. Throws when L1 does not answer.
   */
  keep(address: Address, account: AccountView | undefined, floorAtoms: number, targetAtoms: number): Promise<boolean>;
}

/** Remembers deposits on their way, because L1 confirms much later than a bot looks again. */
export function createKeeper(funder: Funder, tally: Tally, now: () => number = () => performance.now()): Keeper {
  const underWay = new Map<Address, { collateralAtoms: number; sinceMs: number }>();
  return {
    keep: async (address, account, floorAtoms, targetAtoms) => {
      const collateralAtoms = account?.collateralAtoms ?? 0;
      const equityAtoms = account?.equityAtoms ?? 0;
      const pending = underWay.get(address);
      const credited = pending !== undefined && collateralAtoms > pending.collateralAtoms;
      if (pending !== undefined && !credited && now() - pending.sinceMs < CREDIT_MS_MAX)
        return equityAtoms >= floorAtoms;
      underWay.delete(address);
      if (equityAtoms >= floorAtoms) return true;
      underWay.set(address, { collateralAtoms, sinceMs: now() });
      try {
        await funder.deposit(address, targetAtoms - Math.max(0, equityAtoms));
        tally.deposits += 1;
      } catch (fault) {
        underWay.delete(address);
        throw fault;
      }
      return false;
    },
  };
}
