import {
  accountMargin,
  mulDivCeil,
  notionalAtoms,
  type OpenOrderTerms,
  PPM,
  type PriceTicks,
  type Side,
  type SizeLots,
} from '@keel/types';
import { ACCOUNT_NOTIONAL_ATOMS_MAX } from '../limits.ts';
import { type AccountState, findHolding, type MarketState } from '../state.ts';
import { marginPosition, marginPositions } from './accountFigures.ts';

/** The order as the margin arithmetic sees it, with whether it can take. */
export interface NewOrder {
  readonly side: Side;
  readonly limitTicks: PriceTicks;
  readonly sizeLots: SizeLots;
  readonly timeInForce: 'gtc' | 'ioc' | 'postOnly';
}

/**
 * Whether equity covers initial margin with the new order among the open ones, after the fee of its worst fill. What
 * is covered here stays covered when it fills at its price: only prices can take an account below.
 */
export function orderIsCovered(account: AccountState, market: MarketState, order: NewOrder): boolean {
  const { spec, markTicks } = market;
  const terms: OpenOrderTerms = { side: order.side, priceTicks: order.limitTicks, remainingLots: order.sizeLots };
  const holding = findHolding(account, market);
  const positions = marginPositions(account).filter((position) => position.spec !== spec);
  positions.push(
    holding === undefined
      ? {
          spec,
          markTicks,
          sizeLots: 0,
          entryNotionalAtoms: 0,
          positionFundingIndex: market.fundingIndex,
          marketFundingIndex: market.fundingIndex,
          openOrders: [terms],
        }
      : marginPosition(holding, [...holding.orders, terms]),
  );
  const feePpm = order.timeInForce === 'postOnly' ? spec.makerFeePpm : spec.takerFeePpm;
  const notional = notionalAtoms(spec, order.limitTicks, order.sizeLots);
  const margin = accountMargin(account.collateralAtoms, positions);
  if (margin.totalNotionalAtoms + notional > ACCOUNT_NOTIONAL_ATOMS_MAX) return false;
  return margin.equityAtoms - mulDivCeil(notional, feePpm, PPM) >= margin.initialMarginAtoms;
}
