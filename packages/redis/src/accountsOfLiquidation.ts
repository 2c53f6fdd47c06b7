import type { AccountId } from '@keel/types';
import type { LiquidationDoc } from './documents.ts';

/**
 * The accounts that a step of a liquidation names: the liquidated one first, then the other side if it is one account (a
 * liquidator, the backstop vault, a deleveraged one).
 */
export function accountsOfLiquidation({ event }: LiquidationDoc): AccountId[] {
  if (event.kind === 'positionDeleveraged') return [event.bankruptAccountId, event.deleveragedAccountId];
  if (event.kind === 'positionCloseOut' && event.counterpartyId !== 0) return [event.accountId, event.counterpartyId];
  return [event.accountId];
}
