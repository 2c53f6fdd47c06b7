import { accountMargin, type MarketSpec, mulDivCeil, notionalAtoms, PPM, type QuoteAtoms } from '@keel/types';
import { ACCOUNT_NOTIONAL_ATOMS_MAX } from '../limits.ts';
import { type AccountState, findHolding, type MarketState } from '../state.ts';
import { marginPosition, marginPositions } from './accountFigures.ts';
import { type ExpectedFill, expectedFills, type NewOrder } from './expectedFills.ts';

/**
 * Whether equity covers initial margin with the order's fills done and its rest among the open orders, fees paid. The
 * fills are counted at the prices they will have and not at the limit: a market order's limit lies a whole slippage
 * cap away, and its distance from mark would eat the margin of every leveraged order. What is covered here stays
 * covered when it fills: only prices can take an account below.
 */
export function orderIsCovered(account: AccountState, market: MarketState, order: NewOrder): boolean {
  const { spec, markTicks } = market;
  const fills = expectedFills(account, market, order);
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
          openOrders: fills,
        }
      : marginPosition(holding, [...holding.orders, ...fills]),
  );
  const orderAtoms = notionalAtoms(spec, order.limitTicks, order.sizeLots);
  if (largestNotionalAtoms(account) + orderAtoms > ACCOUNT_NOTIONAL_ATOMS_MAX) return false;
  const margin = accountMargin(account.collateralAtoms, positions);
  return margin.equityAtoms - expectedFeesAtoms(spec, fills) >= margin.initialMarginAtoms;
}

/**
 * Every position with all orders on top of it, both sides. Only compared with a bound: above it the sum may be inexact,
 * far above it nothing else may be computed.
 */
function largestNotionalAtoms(account: AccountState): number {
  let atoms = 0;
  for (const { market, sizeLots, orders } of account.holdings) {
    let tickLots = Math.abs(sizeLots) * market.markTicks;
    for (const { reduceOnly, remainingLots, priceTicks } of orders) {
      if (!reduceOnly) tickLots += remainingLots * Math.max(priceTicks, market.markTicks);
    }
    atoms += tickLots * market.spec.atomsPerTickLot;
  }
  return atoms;
}

/** Rounded up once a price; several makers at one price round up each, so the charge may be an atom per maker more. */
function expectedFeesAtoms(spec: MarketSpec, fills: readonly ExpectedFill[]): QuoteAtoms {
  let atoms = 0;
  for (const { priceTicks, remainingLots, taking } of fills) {
    const feePpm = taking ? spec.takerFeePpm : spec.makerFeePpm;
    atoms += mulDivCeil(notionalAtoms(spec, priceTicks, remainingLots), feePpm, PPM);
  }
  return atoms;
}
