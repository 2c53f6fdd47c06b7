import type { AccountId, MarketId, PriceTicks, QuoteAtoms, Side, SizeLots } from '@keel/types';
import {
  accountOf,
  crosses,
  type Model,
  type ModelAccount,
  type ModelMarket,
  type ModelOrder,
  type ModelPosition,
  marketOf,
  otherSide,
  positionOf,
  restingOrders,
} from './model.ts';

/** Money in whole atoms, in bigint throughout: it shares no arithmetic with the engine. */
const PPM = 1_000_000n;
/** 2^52 atoms: all positions and orders of one account. */
const ACCOUNT_NOTIONAL_ATOMS_MAX = 4_503_599_627_370_496n;
/** |collateral| + |entry| + |cash| of a fill. */
const ACCOUNT_MONEY_ATOMS_MAX = 7_000_000_000_000_000n;

export interface Solvency {
  readonly equity: bigint;
  readonly maintenance: bigint;
}

/** Equity at mark, funding owed counted, against the maintenance requirement. */
export function solvencyOf(model: Model, account: ModelAccount): Solvency {
  let equity = BigInt(account.collateralAtoms);
  let maintenance = 0n;
  for (const position of account.positions) {
    const market = marketOf(model, position.marketId);
    equity += unrealised(market, position);
    maintenance += maintenanceOf(market, position.sizeLots);
  }
  return { equity, maintenance };
}

/** The same after `lots` more (bought > 0) for `cash` (received > 0), fee counted in the cash. */
export function solvencyAfter(
  model: Model,
  account: ModelAccount,
  marketId: MarketId,
  before: Solvency,
  lots: SizeLots,
  cash: bigint,
): Solvency {
  const market = marketOf(model, marketId);
  const { sizeLots } = positionOf(model, account.accountId, marketId);
  return {
    equity: before.equity + valueAt(market, market.markTicks, lots) + cash,
    maintenance: before.maintenance - maintenanceOf(market, sizeLots) + maintenanceOf(market, sizeLots + lots),
  };
}

/** At or above maintenance, or positions no larger and EQ / MMR no lower than before. */
export function staysSolvent(before: Solvency, after: Solvency): boolean {
  if (after.equity >= after.maintenance) return true;
  if (after.equity < 0n || before.equity < 0n) return false;
  if (before.maintenance === 0n || after.maintenance > before.maintenance) return false;
  return after.equity * before.maintenance >= before.equity * after.maintenance;
}

/** Whether a fill of `lots` (bought > 0) at the price, fee included, may happen to the account. */
export function fillIsAllowed(
  model: Model,
  accountId: AccountId,
  marketId: MarketId,
  lots: SizeLots,
  priceTicks: PriceTicks,
  feePpm: number,
): boolean {
  const account = accountOf(model, accountId);
  const market = marketOf(model, marketId);
  const cash = -valueAt(market, priceTicks, lots) - feeOn(market, priceTicks, Math.abs(lots), feePpm);
  const { entryAtoms } = positionOf(model, accountId, marketId);
  const money = absolute(BigInt(account.collateralAtoms)) + absolute(BigInt(entryAtoms)) + absolute(cash);
  if (money > ACCOUNT_MONEY_ATOMS_MAX) return false;
  const before = solvencyOf(model, account);
  return staysSolvent(before, solvencyAfter(model, account, marketId, before, lots, cash));
}

/** Settles funding and moves lots and money; returns the profit that became collateral. */
export function changePosition(
  model: Model,
  accountId: AccountId,
  marketId: MarketId,
  lots: SizeLots,
  cashAtoms: QuoteAtoms,
): QuoteAtoms {
  settleFunding(model, accountId, marketId);
  const account = accountOf(model, accountId);
  const position = positionOf(model, accountId, marketId);
  const held = BigInt(position.sizeLots);
  const moved = BigInt(lots);
  const cash = BigInt(cashAtoms);
  const against = held !== 0n && held > 0n !== moved > 0n;
  const closed = against ? smaller(absolute(held), absolute(moved)) : 0n;
  const closedCash = against ? floorDiv(cash * closed, absolute(moved)) : 0n;
  const closedEntry = against ? floorDiv(BigInt(position.entryAtoms) * closed, absolute(held)) : 0n;
  position.sizeLots += lots;
  position.entryAtoms = Number(BigInt(position.entryAtoms) - closedEntry - (cash - closedCash));
  const realised = Number(closedCash - closedEntry);
  account.collateralAtoms += realised;
  return realised;
}

export function settleFunding(model: Model, accountId: AccountId, marketId: MarketId): void {
  const position = positionOf(model, accountId, marketId);
  const { fundingIndex } = marketOf(model, marketId);
  const amountAtoms = Number(fundingOwed(marketOf(model, marketId), position));
  position.fundingIndex = fundingIndex;
  if (amountAtoms === 0) return;
  accountOf(model, accountId).collateralAtoms -= amountAtoms;
  model.events.push({ kind: 'fundingPaid', accountId, marketId, amountAtoms });
}

/** An order as it stands before it works: what margin and limits look at. */
export interface WorkingTerms {
  readonly side: Side;
  readonly limitTicks: PriceTicks;
  readonly sizeLots: SizeLots;
  /** Whether what does not trade at once may rest. */
  readonly mayRest: boolean;
}

/**
 * Whether equity less fees covers initial margin with what the order would take from the book at the book's prices and
 * with its rest among the open orders. Own orders are passed over; `without` is an order that counts as gone.
 */
export function orderIsCovered(
  model: Model,
  accountId: AccountId,
  marketId: MarketId,
  terms: WorkingTerms,
  without: ModelOrder | undefined,
): boolean {
  const account = accountOf(model, accountId);
  const market = marketOf(model, marketId);
  const taken: { priceTicks: PriceTicks; lots: SizeLots }[] = [];
  let left = terms.sizeLots;
  for (const maker of restingOrders(model, marketId, otherSide(terms.side))) {
    if (left === 0 || !crosses(terms.side, terms.limitTicks, maker.priceTicks)) break;
    if (maker.accountId === accountId) continue;
    const lots = Math.min(left, maker.remainingLots);
    const level = taken.at(-1);
    if (level?.priceTicks === maker.priceTicks) level.lots += lots;
    else taken.push({ priceTicks: maker.priceTicks, lots });
    left -= lots;
  }
  // One rounding a price: several makers at one price may cost an atom each more.
  let fees = 0n;
  for (const { priceTicks, lots } of taken) fees += feeOn(market, priceTicks, lots, market.spec.takerFeePpm);
  const parts = taken.map(({ priceTicks, lots }) => ({ side: terms.side, priceTicks, lots, reduceOnly: false }));
  if (left > 0 && terms.mayRest) {
    fees += feeOn(market, terms.limitTicks, left, market.spec.makerFeePpm);
    parts.push({ side: terms.side, priceTicks: terms.limitTicks, lots: left, reduceOnly: false });
  }
  const orders = model.orders.filter((o) => o.accountId === accountId && o.state === 'resting' && o !== without);
  if (
    largestNotional(model, account, orders) + valueAt(market, terms.limitTicks, terms.sizeLots) >
    ACCOUNT_NOTIONAL_ATOMS_MAX
  )
    return false;
  let initial = 0n;
  for (const each of model.markets) {
    const own = orders
      .filter((order) => order.marketId === each.spec.marketId)
      .map(({ side, priceTicks, remainingLots, reduceOnly }) => ({
        side,
        priceTicks,
        lots: remainingLots,
        reduceOnly,
      }));
    const { sizeLots } = positionOf(model, accountId, each.spec.marketId);
    initial += initialMargin(each, sizeLots, each === market ? [...own, ...parts] : own);
  }
  return solvencyOf(model, account).equity - fees >= initial;
}

interface OpenPart {
  readonly side: Side;
  readonly priceTicks: PriceTicks;
  readonly lots: SizeLots;
  readonly reduceOnly: boolean;
}

/** The initial rate on the worst size that the orders can lead to, plus what they would lose against mark at once. */
function initialMargin(market: ModelMarket, sizeLots: SizeLots, parts: readonly OpenPart[]): bigint {
  const { spec, markTicks } = market;
  const worse = ({ side, priceTicks }: OpenPart) =>
    Math.max(0, side === 'buy' ? priceTicks - markTicks : markTicks - priceTicks);
  const adding = parts.filter((part) => !part.reduceOnly);
  const reducing = parts.filter((part) => part.reduceOnly);
  const lotsOf = (side: Side) => adding.filter((part) => part.side === side).reduce((sum, { lots }) => sum + lots, 0);
  let loss = 0n;
  for (const part of adding) loss += valueAt(market, worse(part), part.lots);
  const reduced = Math.min(
    reducing.reduce((sum, { lots }) => sum + lots, 0),
    Math.abs(sizeLots),
  );
  loss += valueAt(market, Math.max(0, ...reducing.map(worse)), reduced);
  const buys = lotsOf('buy') + (sizeLots < 0 ? reduced : 0);
  const sells = lotsOf('sell') + (sizeLots < 0 ? 0 : reduced);
  const worst = Math.max(Math.abs(sizeLots + buys), Math.abs(sizeLots - sells));
  return ceilDiv(valueAt(market, markTicks, worst) * BigInt(spec.initialMarginPpm), PPM) + loss;
}

function largestNotional(model: Model, account: ModelAccount, orders: readonly ModelOrder[]): bigint {
  let atoms = 0n;
  for (const { marketId, sizeLots } of account.positions) {
    const market = marketOf(model, marketId);
    atoms += valueAt(market, market.markTicks, Math.abs(sizeLots));
  }
  for (const { reduceOnly, remainingLots, priceTicks, marketId } of orders) {
    const market = marketOf(model, marketId);
    if (!reduceOnly) atoms += valueAt(market, Math.max(priceTicks, market.markTicks), remainingLots);
  }
  return atoms;
}

/** Atoms of `lots` at the price, signed like the lots. */
export function valueAt({ spec }: ModelMarket, priceTicks: PriceTicks, lots: SizeLots): bigint {
  return BigInt(priceTicks) * BigInt(lots) * BigInt(spec.atomsPerTickLot);
}

/** Rounded up, against the payer. */
export function feeOn(market: ModelMarket, priceTicks: PriceTicks, lots: SizeLots, feePpm: number): bigint {
  return ceilDiv(valueAt(market, priceTicks, lots) * BigInt(feePpm), PPM);
}

function maintenanceOf(market: ModelMarket, sizeLots: SizeLots): bigint {
  const value = valueAt(market, market.markTicks, Math.abs(sizeLots));
  return ceilDiv(value * BigInt(market.spec.maintenanceMarginPpm), PPM);
}

function unrealised(market: ModelMarket, position: ModelPosition): bigint {
  const value = valueAt(market, market.markTicks, position.sizeLots);
  return value - BigInt(position.entryAtoms) - fundingOwed(market, position);
}

/** Rounded up, against the account. */
export function fundingOwed(market: ModelMarket, position: ModelPosition): bigint {
  return ceilDiv(BigInt(position.sizeLots) * BigInt(market.fundingIndex - position.fundingIndex), PPM);
}

export function floorDiv(a: bigint, b: bigint): bigint {
  return a >= 0n ? a / b : -((-a + b - 1n) / b);
}

export function ceilDiv(a: bigint, b: bigint): bigint {
  return -floorDiv(-a, b);
}

function absolute(value: bigint): bigint {
  return value < 0n ? -value : value;
}

function smaller(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}
