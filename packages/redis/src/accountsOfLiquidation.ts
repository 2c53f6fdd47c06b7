import type { AccountId } from '@keel/types';
import type { LiquidationDoc } from './documents.ts';

/** The accounts that a step of a liquidation names: the liquidated one first, then the deleveraged one if there is one. */
export function accountsOfLiquidation({ event }: LiquidationDoc): AccountId[] {
  if (event.kind === 'positionDeleveraged') return [event.bankruptAccountId, event.deleveragedAccountId];
  return [event.accountId];
}
