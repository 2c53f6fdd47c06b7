import { assert, type Event, type QuoteAtoms } from '@keel/types';
import type { EngineState, Holding } from '../state.ts';

/** The market's insurance fund covers what a bankrupt account lacks. The caller has seen that it has so much. */
export function payFromInsurance(
  state: EngineState,
  { account, market }: Holding,
  amountAtoms: QuoteAtoms,
  events: Event[],
): void {
  const { marketId } = market.spec;
  assert(amountAtoms <= market.insuranceFundAtoms, 'the insurance fund lacks', amountAtoms - market.insuranceFundAtoms);
  account.collateralAtoms += amountAtoms;
  market.insuranceFundAtoms -= amountAtoms;
  state.dirty.markets.add(marketId);
  state.dirty.accounts.add(account.accountId);
  events.push({
    kind: 'insurancePaid',
    liquidationId: account.liquidationId,
    marketId,
    accountId: account.accountId,
    amountAtoms,
    insuranceFundAtoms: market.insuranceFundAtoms,
  });
}

/** The liquidation fee goes to the market's insurance fund. */
export function payFee(state: EngineState, { account, market }: Holding, feeAtoms: QuoteAtoms): void {
  account.collateralAtoms -= feeAtoms;
  market.insuranceFundAtoms += feeAtoms;
  state.dirty.markets.add(market.spec.marketId);
}
