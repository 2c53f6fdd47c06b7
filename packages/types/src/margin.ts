import { assert } from './assert.ts';
import type { MarketSpec } from './market.ts';
import {
  divCeilBig,
  divFloorBig,
  mulDivCeil,
  mulDivFloor,
  mulExact,
  PPM,
  type PriceTicks,
  type QuoteAtoms,
  type SizeLots,
} from './units.ts';

/** Funding indexes count 10^-6 quote atoms per lot. */
export const FUNDING_INDEX_SCALE = 1_000_000;

/** Quote atoms of `lots` at `ticks`: signed like `lots`, exact. */
export function notionalAtoms(spec: MarketSpec, ticks: PriceTicks, lots: SizeLots): QuoteAtoms {
  return mulExact(mulExact(ticks, lots), spec.atomsPerTickLot);
}

/** A position in one market with all that its account's margin needs to know about that market. */
export interface MarginPosition {
  readonly spec: MarketSpec;
  readonly markTicks: PriceTicks;
  /** Signed: long > 0. */
  readonly sizeLots: SizeLots;
  /** Signed quote atoms paid for it: long > 0. */
  readonly entryNotionalAtoms: QuoteAtoms;
  /** Funding index when the position last settled funding, */
  readonly positionFundingIndex: number;
  /** and the market's now. */
  readonly marketFundingIndex: number;
  readonly openOrders: readonly OpenOrderTerms[];
}

export interface OpenOrderTerms {
  readonly side: 'buy' | 'sell';
  readonly priceTicks: PriceTicks;
  readonly remainingLots: SizeLots;
  readonly reduceOnly?: boolean;
}

/** Quote atoms the position owes (+) or is owed (-) in funding; rounds up, so always against the account. */
export function fundingOwedAtoms(sizeLots: SizeLots, positionIndex: number, marketIndex: number): QuoteAtoms {
  return mulDivCeil(sizeLots, marketIndex - positionIndex, FUNDING_INDEX_SCALE);
}

/** V - E - funding owed: what closing at mark would add to collateral, fees apart. */
export function unrealisedAtoms(position: MarginPosition): QuoteAtoms {
  const value = notionalAtoms(position.spec, position.markTicks, position.sizeLots);
  const funding = fundingOwedAtoms(position.sizeLots, position.positionFundingIndex, position.marketFundingIndex);
  return value - position.entryNotionalAtoms - funding;
}

/** EQ = collateral + sum over positions of (V - E - funding owed). */
export function equityAtoms(collateralAtoms: QuoteAtoms, positions: readonly MarginPosition[]): QuoteAtoms {
  let equity = collateralAtoms;
  for (const position of positions) equity += unrealisedAtoms(position);
  return equity;
}

/** MM of one position: |V| * maintenance rate, rounded up. */
export function maintenanceMarginAtoms(position: MarginPosition): QuoteAtoms {
  const notional = notionalAtoms(position.spec, position.markTicks, Math.abs(position.sizeLots));
  return mulDivCeil(notional, position.spec.maintenanceMarginPpm, PPM);
}

/** What open orders can lead to: lots of each side, and the loss that those priced worse than mark would book at once. */
export interface OpenOrderTotals {
  readonly buyLots: SizeLots;
  readonly sellLots: SizeLots;
  readonly lossAtoms: QuoteAtoms;
}

/**
 * Sums open orders up as initial margin counts them. Reduce-only orders count together for no more than the position, at
 * the worst of their prices: the rest of them closes with it.
 */
export function openOrderTotals(
  spec: MarketSpec,
  markTicks: PriceTicks,
  sizeLots: SizeLots,
  openOrders: readonly OpenOrderTerms[],
): OpenOrderTotals {
  let buyLots = 0;
  let sellLots = 0;
  let reducingLots = 0;
  let reducingWorseTicks = 0;
  let lossAtoms = 0;
  for (const order of openOrders) {
    const buy = order.side === 'buy';
    const worseTicks = buy ? order.priceTicks - markTicks : markTicks - order.priceTicks;
    if (order.reduceOnly) {
      reducingLots += order.remainingLots;
      reducingWorseTicks = Math.max(reducingWorseTicks, worseTicks);
      continue;
    }
    if (buy) buyLots += order.remainingLots;
    else sellLots += order.remainingLots;
    if (worseTicks > 0) lossAtoms += notionalAtoms(spec, worseTicks, order.remainingLots);
  }
  const reducedLots = Math.min(reducingLots, Math.abs(sizeLots));
  if (sizeLots < 0) buyLots += reducedLots;
  else sellLots += reducedLots;
  lossAtoms += notionalAtoms(spec, reducingWorseTicks, reducedLots);
  return { buyLots, sellLots, lossAtoms };
}

/**
 * IM of one market: the initial rate on the worst size that open orders can lead to, max(|s+B|, |s-S|), rounded up,
 * plus the loss they would book.
 */
export function marketInitialMarginAtoms(
  spec: MarketSpec,
  markTicks: PriceTicks,
  sizeLots: SizeLots,
  { buyLots, sellLots, lossAtoms }: OpenOrderTotals,
): QuoteAtoms {
  const worstLots = Math.max(Math.abs(sizeLots + buyLots), Math.abs(sizeLots - sellLots));
  return mulDivCeil(notionalAtoms(spec, markTicks, worstLots), spec.initialMarginPpm, PPM) + lossAtoms;
}

/** IM of one position with its open orders. */
export function initialMarginAtoms(position: MarginPosition): QuoteAtoms {
  const { spec, markTicks, sizeLots, openOrders } = position;
  return marketInitialMarginAtoms(spec, markTicks, sizeLots, openOrderTotals(spec, markTicks, sizeLots, openOrders));
}

/** The three figures that decide everything about an account. */
export interface AccountMargin {
  readonly equityAtoms: QuoteAtoms;
  /** Held at the largest safe integer when marks ran far beyond where the orders were accepted; more than any equity. */
  readonly initialMarginAtoms: QuoteAtoms;
  readonly maintenanceMarginAtoms: QuoteAtoms;
  /** Sum of |V|. */
  readonly totalNotionalAtoms: QuoteAtoms;
}

export function accountMargin(collateralAtoms: QuoteAtoms, positions: readonly MarginPosition[]): AccountMargin {
  let initial = 0;
  let maintenance = 0;
  let notional = 0;
  for (const position of positions) {
    initial += initialMarginAtoms(position);
    maintenance += maintenanceMarginAtoms(position);
    notional += notionalAtoms(position.spec, position.markTicks, Math.abs(position.sizeLots));
  }
  return {
    equityAtoms: equityAtoms(collateralAtoms, positions),
    initialMarginAtoms: Math.min(initial, Number.MAX_SAFE_INTEGER),
    maintenanceMarginAtoms: maintenance,
    totalNotionalAtoms: notional,
  };
}

/**
 * What may leave the account: EQ - max(IMR, 10 % of total notional), but never more than collateral that is not a
 * paper gain, and never below 0.
 */
export function withdrawableAtoms(collateralAtoms: QuoteAtoms, positions: readonly MarginPosition[]): QuoteAtoms {
  const margin = accountMargin(collateralAtoms, positions);
  const kept = Math.max(margin.initialMarginAtoms, mulDivCeil(margin.totalNotionalAtoms, 100_000, PPM));
  return Math.max(0, Math.min(collateralAtoms, margin.equityAtoms - kept));
}

/**
 * The price of this position's market at which EQ = MM of the account, other markets unchanged, or undefined if no
 * price in (0, maxPriceTicks] does it. With rate m, size s, other terms c:
 *   c + s*p*A - E - f = |s|*p*A*m + MM_others   =>   p = (MM_others + E + f - c) / (A * (s - |s|*m)).
 * Rounded towards the mark (up for a long, down for a short), so that the figure shown is never too kind.
 */
export function liquidationPriceTicks(
  collateralAtoms: QuoteAtoms,
  positions: readonly MarginPosition[],
  marketId: number,
): PriceTicks | undefined {
  const position = positions.find((candidate) => candidate.spec.marketId === marketId);
  assert(position !== undefined && position.sizeLots !== 0, `no position in market ${marketId}`);
  let restAtoms = collateralAtoms;
  let otherMaintenanceAtoms = 0;
  for (const other of positions) {
    if (other === position) continue;
    restAtoms += unrealisedAtoms(other);
    otherMaintenanceAtoms += maintenanceMarginAtoms(other);
  }
  const { sizeLots, spec } = position;
  const fundingAtoms = fundingOwedAtoms(sizeLots, position.positionFundingIndex, position.marketFundingIndex);
  const neededAtoms = otherMaintenanceAtoms + position.entryNotionalAtoms + fundingAtoms - restAtoms;
  const long = sizeLots > 0;
  const ratePpm = long ? PPM - spec.maintenanceMarginPpm : PPM + spec.maintenanceMarginPpm;
  const perTickAtoms = mulExact(Math.abs(sizeLots), spec.atomsPerTickLot);
  // p = needed * 10^6 / (perTick * rate), for a short with both signs turned.
  const scaled = BigInt(long ? neededAtoms : -neededAtoms) * BigInt(PPM);
  const divisor = BigInt(perTickAtoms) * BigInt(ratePpm);
  if (scaled <= 0n) return undefined;
  const ticks = Number(long ? divCeilBig(scaled, divisor) : divFloorBig(scaled, divisor));
  return ticks > 0 && ticks <= spec.maxPriceTicks ? ticks : undefined;
}

/** Average entry price, rounded towards zero to whole ticks; the exact figure is entryNotionalAtoms. */
export function entryPriceTicks(spec: MarketSpec, sizeLots: SizeLots, entryNotionalAtoms: QuoteAtoms): PriceTicks {
  const perTick = mulExact(Math.abs(sizeLots), spec.atomsPerTickLot);
  return perTick === 0 ? 0 : mulDivFloor(Math.abs(entryNotionalAtoms), 1, perTick);
}
