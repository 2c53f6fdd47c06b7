import { type AllocateFees, COLLATERAL_ATOMS_MAX, type Event, REJECT_CODES, type RejectCode } from '@keel/types';
import { fundHasRoom, fundRefusal, putIntoFund } from '../accounts/putIntoFund.ts';
import { isCount } from '../orders/checkFit.ts';
import { type EngineState, findMarket } from '../state.ts';

/** Moves trading fees that the exchange has taken into a market's insurance fund or backstop vault. */
export function allocateFees(state: EngineState, command: AllocateFees, events: Event[]): RejectCode | undefined {
  const { marketId, fund, amountAtoms } = command;
  const market = findMarket(state, marketId);
  if (market === undefined) return REJECT_CODES.MARKET_UNKNOWN;
  const inRange = isCount(amountAtoms, 1, COLLATERAL_ATOMS_MAX);
  if (!inRange || !fundHasRoom(market, fund, amountAtoms)) return REJECT_CODES.WITHDRAWAL_OUT_OF_RANGE;
  const refusal = fundRefusal(market, fund);
  if (refusal !== undefined) return refusal;
  if (BigInt(amountAtoms) > state.feesAtoms) return REJECT_CODES.FEES_INSUFFICIENT;

  state.feesAtoms -= BigInt(amountAtoms);
  putIntoFund(state, market, fund, amountAtoms, undefined, events);
  return undefined;
}
