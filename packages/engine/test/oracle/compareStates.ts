import { isDeepStrictEqual } from 'node:util';
import type { OpenOrder } from '@keel/types';
import { expect } from 'vitest';
import { type AccountView, type EngineState, listAccounts, listMarkets, listOrders } from '../../src/index.ts';
import type { Model, ModelAccount, ModelOrder } from './model.ts';

/** What the engine's readers show of orders, accounts and markets, against the model: every figure but the marks' own. */
export function compareStates(state: EngineState, model: Model): void {
  mustBeAlike([...listOrders(state)].map(withoutPlace), model.orders.toSorted(byId).map(viewOrder));
  // Places in the queue may be any numbers: what they say is who comes first.
  const engineQueue = [...listOrders(state)].filter((order) => order.state === 'resting').sort(byPlace);
  const modelQueue = model.orders.filter((order) => order.state === 'resting').sort(byPlace);
  mustBeAlike(engineQueue.map(idOf), modelQueue.map(idOf));
  mustBeAlike(
    [...listAccounts(state)].map(ofOrders),
    model.accounts.map((account) => viewAccount(model, account)),
  );
  mustBeAlike(
    [...listMarkets(state)].map((market) => [market.markTicks, market.tradingStatus, market.openInterestLots]),
    model.markets.map(({ spec, markTicks, status }) => [markTicks, status, longLots(model, spec.marketId)]),
  );
}

function mustBeAlike(engine: unknown, oracle: unknown): void {
  if (!isDeepStrictEqual(engine, oracle)) expect(engine).toStrictEqual(oracle);
}

const byId = (a: { orderId: number }, b: { orderId: number }) => a.orderId - b.orderId;
const byPlace = (a: { queuePlace: number }, b: { queuePlace: number }) => a.queuePlace - b.queuePlace;
const idOf = ({ orderId }: { readonly orderId: number }) => orderId;

function withoutPlace({ queuePlace: _place, ...order }: OpenOrder): object {
  return order;
}

function viewOrder(order: ModelOrder): object {
  const {
    queuePlace: _place,
    tradedLots: _traded,
    decrementedLots: _off,
    bestTicks: _best,
    children: _children,
    ...view
  } = order;
  return { ...view, shownLots: order.state === 'resting' ? order.shownLots : 0 };
}

/** What an account shows that orders and their fills change. */
function ofOrders(account: AccountView): object {
  const { owner, collateralAtoms, positions, inLiquidation, openOrders, cancelAllAfterMs, protections } = account;
  return { owner, collateralAtoms, positions, inLiquidation, openOrders, cancelAllAfterMs, protections };
}

function viewAccount(model: Model, account: ModelAccount): object {
  const { accountId, owner, collateralAtoms, inLiquidation, cancelAllAfterMs } = account;
  const byMarket = (a: { marketId: number }, b: { marketId: number }) => a.marketId - b.marketId;
  const positions = account.positions.filter(({ sizeLots }) => sizeLots !== 0).sort(byMarket);
  const orders = model.orders.filter((order) => order.accountId === accountId);
  return {
    owner,
    collateralAtoms,
    positions: positions.map(({ marketId, sizeLots, entryAtoms, fundingIndex }) => ({
      marketId,
      sizeLots,
      entryNotionalAtoms: entryAtoms,
      fundingIndex,
    })),
    inLiquidation,
    openOrders: orders.sort((a, b) => byMarket(a, b) || byId(a, b)).map(idOf),
    cancelAllAfterMs,
    protections: account.protections
      .toSorted(byMarket)
      .map(({ marketId, windowMs, quantityLots, deltaLots, fillCount, frozen }) => {
        return { marketId, windowMs, quantityLots, deltaLots, fillCount, frozen };
      }),
  };
}

function longLots(model: Model, marketId: number): number {
  const positions = model.accounts.flatMap((account) => account.positions);
  const long = positions.filter((position) => position.marketId === marketId && position.sizeLots > 0);
  return long.reduce((lots, { sizeLots }) => lots + sizeLots, 0);
}
