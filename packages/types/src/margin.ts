import { assert } from './assert.ts';
import { type CollateralTerms, collateralValueAtoms } from './collateral.ts';
import { initialAtomsOf, type MarginSpec, maintenanceAtomsOf, openInterestAtoms } from './marginTiers.ts';
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
export function notionalAtoms(
  spec: Pick<MarketSpec, 'atomsPerTickLot'>,
  ticks: PriceTicks,
  lots: SizeLots,
): QuoteAtoms {
  return mulExact(mulExact(ticks, lots), spec.atomsPerTickLot);
}

/** What initial margin needs to know of a market. */
export interface MarginMarket {
  readonly spec: MarginSpec;
  readonly markTicks: PriceTicks;
  /** Follows the mark slowly; 0 = there is none, and the mark stands in. */
  readonly stableTicks: PriceTicks;
  /** All long positions of the market, which are as many as all short ones. */
  readonly openInterestLots: SizeLots;
}

/** A position in one market with all that its account's margin needs to know about that market. */
export interface MarginPosition extends MarginMarket {
  /** Signed: long > 0. */
  readonly sizeLots: SizeLots;
  /** Signed quote atoms paid for it: long > 0. */
  readonly entryNotionalAtoms: QuoteAtoms;
  /** Funding index when the position last settled funding, */
  readonly positionFundingIndex: number;
  /** and the market's now. */
  readonly marketFundingIndex: number;
  /** What the account set in the market; 0 = nothing. */
  readonly leverage: number;
  readonly openOrders: readonly OpenOrderTerms[];
}

/** What an account has of a collateral asset other than USDC. */
export interface MarginBalance {
  readonly spec: CollateralTerms;
  /** 0 = no price yet, and it counts nothing. */
  readonly priceTicks: PriceTicks;
  readonly amountAtoms: number;
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

/** What other collateral counts: each asset's value less its haircut, rounded down. */
export function balancesAtoms(balances: readonly MarginBalance[]): QuoteAtoms {
  let atoms = 0;
  for (const { spec, priceTicks, amountAtoms } of balances)
    atoms += collateralValueAtoms(spec, priceTicks, amountAtoms);
  return atoms;
}

/** EQ = collateral + value of the balances + sum over positions of (V - E - funding owed). */
export function equityAtoms(
  collateralAtoms: QuoteAtoms,
  positions: readonly MarginPosition[],
  balances: readonly MarginBalance[] = [],
): QuoteAtoms {
  let equity = collateralAtoms + balancesAtoms(balances);
  for (const position of positions) equity += unrealisedAtoms(position);
  return equity;
}

/** MM of one position at mark, by its tier, rounded up. */
export function maintenanceMarginAtoms({ spec, markTicks, sizeLots }: MarginPosition): QuoteAtoms {
  return maintenanceAtomsOf(spec, notionalAtoms(spec, markTicks, Math.abs(sizeLots)));
}

/**
 * The part of a position's value that only the mark shows and not the stable price: what a long gains by a mark above
 * it, and what a short gains by one below. New risk and withdrawals do not count it as equity. Never below 0.
 */
export function unstableAtoms({ spec, markTicks, stableTicks }: MarginMarket, sizeLots: SizeLots): QuoteAtoms {
  if (stableTicks === 0 || stableTicks === markTicks) return 0;
  return Math.max(0, notionalAtoms(spec, markTicks - stableTicks, sizeLots));
}

/** The price at which initial margin counts sizes for new risk and withdrawals: the higher of mark and stable price. */
export function cautiousTicks({ markTicks, stableTicks }: MarginMarket): PriceTicks {
  return Math.max(markTicks, stableTicks);
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
  spec: MarginSpec,
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
 * IM of one market: that of the worst size that open orders can lead to, max(|s+B|, |s-S|), at `priceTicks`, rounded up,
 * plus the loss the orders would book. `priceTicks` is the mark, or `cautiousTicks` for new risk and withdrawals; open
 * interest counts at mark.
 */
export function marketInitialMarginAtoms(
  { spec, markTicks, openInterestLots }: MarginMarket,
  priceTicks: PriceTicks,
  sizeLots: SizeLots,
  leverage: number,
  { buyLots, sellLots, lossAtoms }: OpenOrderTotals,
): QuoteAtoms {
  const worstLots = Math.max(Math.abs(sizeLots + buyLots), Math.abs(sizeLots - sellLots));
  const notional = notionalAtoms(spec, priceTicks, worstLots);
  return initialAtomsOf(spec, openInterestAtoms(spec, markTicks, openInterestLots), leverage, notional) + lossAtoms;
}

/** IM of one position with its open orders, at mark. */
export function initialMarginAtoms(position: MarginPosition): QuoteAtoms {
  const { spec, markTicks, sizeLots, leverage, openOrders } = position;
  const totals = openOrderTotals(spec, markTicks, sizeLots, openOrders);
  return marketInitialMarginAtoms(position, markTicks, sizeLots, leverage, totals);
}

/** The figures that decide everything about an account. */
export interface AccountMargin {
  readonly equityAtoms: QuoteAtoms;
  /** At mark. Held at the largest safe integer when marks ran far beyond where the orders were accepted; more than any equity. */
  readonly initialMarginAtoms: QuoteAtoms;
  readonly maintenanceMarginAtoms: QuoteAtoms;
  /** Sum of |V|. */
  readonly totalNotionalAtoms: QuoteAtoms;
  /** Equity and initial margin for new risk and withdrawals: without gains that only the mark shows, and */
  readonly cautiousEquityAtoms: QuoteAtoms;
  /** with sizes at the higher of mark and stable price; held as the one at mark. */
  readonly cautiousMarginAtoms: QuoteAtoms;
}

export function accountMargin(
  collateralAtoms: QuoteAtoms,
  positions: readonly MarginPosition[],
  balances: readonly MarginBalance[] = [],
): AccountMargin {
  let initial = 0;
  let cautious = 0;
  let unstable = 0;
  let maintenance = 0;
  let notional = 0;
  for (const position of positions) {
    const { spec, markTicks, sizeLots, leverage, openOrders } = position;
    const totals = openOrderTotals(spec, markTicks, sizeLots, openOrders);
    initial += marketInitialMarginAtoms(position, markTicks, sizeLots, leverage, totals);
    cautious += marketInitialMarginAtoms(position, cautiousTicks(position), sizeLots, leverage, totals);
    unstable += unstableAtoms(position, sizeLots);
    maintenance += maintenanceMarginAtoms(position);
    notional += notionalAtoms(spec, markTicks, Math.abs(sizeLots));
  }
  const equity = equityAtoms(collateralAtoms, positions, balances);
  return {
    equityAtoms: equity,
    initialMarginAtoms: Math.min(initial, Number.MAX_SAFE_INTEGER),
    maintenanceMarginAtoms: maintenance,
    totalNotionalAtoms: notional,
    cautiousEquityAtoms: equity - unstable,
    cautiousMarginAtoms: Math.min(cautious, Number.MAX_SAFE_INTEGER),
  };
}

/**
 * Equity that margin does not need: EQ - max(IMR, 10 % of total notional), both counted with care for the stable price.
 * Below 0 when there is too little already. Nothing may leave the account that makes it negative.
 */
export function freeAtoms(
  collateralAtoms: QuoteAtoms,
  positions: readonly MarginPosition[],
  balances: readonly MarginBalance[] = [],
): QuoteAtoms {
  const margin = accountMargin(collateralAtoms, positions, balances);
  const kept = Math.max(margin.cautiousMarginAtoms, mulDivCeil(margin.totalNotionalAtoms, 100_000, PPM));
  return margin.cautiousEquityAtoms - kept;
}

/** USDC that may leave the account: what is free, but never more than collateral that is not a paper gain, nor below 0. */
export function withdrawableAtoms(
  collateralAtoms: QuoteAtoms,
  positions: readonly MarginPosition[],
  balances: readonly MarginBalance[] = [],
): QuoteAtoms {
  return Math.max(0, Math.min(collateralAtoms, freeAtoms(collateralAtoms, positions, balances)));
}

/**
 * The price of this position's market at which EQ = MM of the account, other markets and other collateral unchanged, or
 * undefined if no price in (0, maxPriceTicks] does it. With rate m and deduction d of a tier, size s, other terms c:
 *   c + s*p*A - E - f = |s|*p*A*m - d + MM_others   =>   p = (MM_others + E + f - c - d) / (A * (s - |s|*m)).
 * Rates never fall from tier to tier, so MM is the most that any tier gives, and the price at which the account is
 * healthy by all of them is the worst of theirs: the highest for a long, the lowest for a short. Exact: the last whole
 * tick at which EQ >= MM, so that the figure shown is never too kind.
 */
export function liquidationPriceTicks(
  collateralAtoms: QuoteAtoms,
  positions: readonly MarginPosition[],
  marketId: number,
  balances: readonly MarginBalance[] = [],
): PriceTicks | undefined {
  const position = positions.find((candidate) => candidate.spec.marketId === marketId);
  assert(position !== undefined && position.sizeLots !== 0, `no position in market ${marketId}`);
  let restAtoms = collateralAtoms + balancesAtoms(balances);
  let otherMaintenanceAtoms = 0;
  for (const other of positions) {
    if (other === position) continue;
    restAtoms += unrealisedAtoms(other);
    otherMaintenanceAtoms += maintenanceMarginAtoms(other);
  }
  const { sizeLots, spec } = position;
  const fundingAtoms = fundingOwedAtoms(sizeLots, position.positionFundingIndex, position.marketFundingIndex);
  const neededAtoms = otherMaintenanceAtoms + position.entryNotionalAtoms + fundingAtoms - restAtoms;
  let ppm = spec.maintenanceMarginPpm;
  let deductedAtoms = 0n;
  let ticks = healthyTicks(spec, sizeLots, neededAtoms, ppm, deductedAtoms);
  for (const tier of spec.marginTiers) {
    deductedAtoms += divFloorBig(
      BigInt(tier.floorNotionalAtoms) * BigInt(tier.maintenanceMarginPpm - ppm),
      BigInt(PPM),
    );
    ppm = tier.maintenanceMarginPpm;
    const tierTicks = healthyTicks(spec, sizeLots, neededAtoms, ppm, deductedAtoms);
    if (sizeLots > 0 ? tierTicks > ticks : tierTicks < ticks) ticks = tierTicks;
  }
  return ticks > 0n && ticks <= BigInt(spec.maxPriceTicks) ? Number(ticks) : undefined;
}

/** The last whole tick, from the healthy side, at which EQ >= MM by the rate and deduction of one tier. */
function healthyTicks(
  spec: MarginSpec,
  sizeLots: SizeLots,
  neededAtoms: QuoteAtoms,
  ppm: number,
  deductedAtoms: bigint,
): bigint {
  const perTick = BigInt(Math.abs(sizeLots)) * BigInt(spec.atomsPerTickLot);
  const scaled = (BigInt(neededAtoms) - deductedAtoms) * BigInt(PPM);
  // For a short both signs are turned.
  return sizeLots > 0
    ? divCeilBig(scaled, perTick * BigInt(PPM - ppm))
    : divFloorBig(-scaled, perTick * BigInt(PPM + ppm));
}

/** Average entry price, rounded towards zero to whole ticks; the exact figure is entryNotionalAtoms. */
export function entryPriceTicks(spec: MarginSpec, sizeLots: SizeLots, entryNotionalAtoms: QuoteAtoms): PriceTicks {
  const perTick = mulExact(Math.abs(sizeLots), spec.atomsPerTickLot);
  return perTick === 0 ? 0 : mulDivFloor(Math.abs(entryNotionalAtoms), 1, perTick);
}
