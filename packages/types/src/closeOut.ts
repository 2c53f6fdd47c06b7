import { type MarginSpec, marginalMaintenancePpm } from './marginTiers.ts';
import {
  divCeilBig,
  divFloorBig,
  mulDivFloor,
  mulExact,
  PPM,
  type Ppm,
  type PriceTicks,
  type QuoteAtoms,
  type SizeLots,
  type TimeMs,
} from './units.ts';

/** A position smaller than this is closed whole: 1,000 USDC. */
export const CLOSE_OUT_WHOLE_BELOW_ATOMS = 1_000_000_000;
/** Of a position larger than this, 100,000 USDC, */
export const CLOSE_OUT_LARGE_ABOVE_ATOMS = 100_000_000_000;
/** a step closes at most this part, */
export const CLOSE_OUT_LARGE_PART_PPM = 200_000;
/** and the next step comes no sooner than so long after it. */
export const CLOSE_OUT_LARGE_STEP_MS = 5_000;
/** A close-out restores so much more than maintenance. */
export const CLOSE_OUT_BUFFER_PPM = 100_000;
/** Part of notional that a close-out is expected to lose to slippage. */
export const CLOSE_OUT_SLIPPAGE_PPM = 5_000;
/** An auction's price is at the zero price after this. */
export const AUCTION_MS = 10_000;
/** Time between two turns of an account that is not healthy yet. */
export const AUCTION_STEP_MS = 1_000;

/** How far from mark the fillable price may lie; see `fillableDistance`. */
export interface FillableParameters {
  /** How fast it goes there as the account gets weaker (BA). */
  readonly bankruptcyAdjustmentPpm: Ppm;
  /** The farthest, as a part of the position's maintenance margin (SMMR). */
  readonly spreadToMaintenancePpm: Ppm;
}

export const FILLABLE: FillableParameters = { bankruptcyAdjustmentPpm: PPM, spreadToMaintenancePpm: 1_500_000 };

/** A position that is to be closed, with what its prices follow from. */
export interface CloseOutPosition {
  readonly spec: Pick<MarginSpec, 'atomsPerTickLot' | 'maxPriceTicks'>;
  readonly markTicks: PriceTicks;
  /** Signed: long > 0; not 0. */
  readonly sizeLots: SizeLots;
  /** MM of this position. */
  readonly positionMaintenanceAtoms: QuoteAtoms;
  /** Of the account. */
  readonly equityAtoms: QuoteAtoms;
  readonly maintenanceAtoms: QuoteAtoms;
}

/** The three things a turn may find: enough to go on, too little for the book and auctions, nothing any more. */
export type Weakness = 'partial' | 'backstopDue' | 'bankrupt';

/** How weak an account under maintenance is: EQ below 2/3 of MMR is the backstop's, below 0 is bankrupt. */
export function weaknessOf(equityAtoms: QuoteAtoms, maintenanceAtoms: QuoteAtoms): Weakness {
  if (equityAtoms < 0) return 'bankrupt';
  return BigInt(equityAtoms) * 3n < BigInt(maintenanceAtoms) * 2n ? 'backstopDue' : 'partial';
}

/**
 * Signed quote atoms that the account receives (+) or pays (-) for closing `lots` at mark.
 */
export function markQuoteAtoms({ spec, markTicks, sizeLots }: CloseOutPosition, lots: SizeLots): QuoteAtoms {
  return mulExact(mulExact(markTicks, sizeLots > 0 ? lots : -lots), spec.atomsPerTickLot);
}

/**
 * Quote atoms the account must receive (+) or may pay (-) for closing `lots` of a position so that its ratio of equity
 * to maintenance stays what it is: value at mark - EQ * (MM of these lots) / MMR. Closing everything at it leaves
 * exactly nothing, so for a whole account it is the bankruptcy price. Each lot has an equal share of the margin, so any part
 * of an order that kept to the limit of the whole brings its own zero quote: a fund never owes for a part what it does not owe for
 * the whole. Where tiers make the first lots free more margin than the last, the ratio of a solvent account rises with them, and
 * that of a bankrupt one falls until the rest follows; its debt never grows. Rounded towards +infinity.
 */
export function zeroQuoteAtoms(position: CloseOutPosition, lots: SizeLots): QuoteAtoms {
  const { equityAtoms, positionMaintenanceAtoms, maintenanceAtoms, sizeLots } = position;
  const share = BigInt(equityAtoms) * BigInt(positionMaintenanceAtoms) * BigInt(lots);
  const whole = BigInt(maintenanceAtoms) * BigInt(Math.abs(sizeLots));
  return markQuoteAtoms(position, lots) - Number(divFloorBig(share, whole));
}

/**
 * Worst whole tick in [1, max] at which closing `lots` still brings `quoteAtoms` (signed as in `zeroQuoteAtoms`).
 * Undefined when no price does: a short that must bring money, a long that must bring more than the highest price.
 */
export function quoteLimitTicks(
  { spec, sizeLots }: Pick<CloseOutPosition, 'spec' | 'sizeLots'>,
  lots: SizeLots,
  quoteAtoms: QuoteAtoms,
): PriceTicks | undefined {
  const perTick = BigInt(lots) * BigInt(spec.atomsPerTickLot);
  const highestTicks = BigInt(spec.maxPriceTicks);
  if (sizeLots > 0) {
    // Receives at least: rounded up.
    const ticks = divCeilBig(BigInt(quoteAtoms), perTick);
    return ticks > highestTicks ? undefined : Number(ticks < 1n ? 1n : ticks);
  }
  // Pays at most: rounded down.
  const ticks = divFloorBig(-BigInt(quoteAtoms), perTick);
  return ticks < 1n ? undefined : Number(ticks > highestTicks ? highestTicks : ticks);
}

/** The zero price of `lots` as a whole tick, rounded in the account's favour; undefined when no tick is as good. */
export function zeroPriceTicks(position: CloseOutPosition, lots: SizeLots): PriceTicks | undefined {
  return quoteLimitTicks(position, lots, zeroQuoteAtoms(position, lots));
}

/**
 * Ticks between mark and the fillable price, rounded down, which favours the account on both sides:
 *   (V - ABR * SMMR * PMMR) / s = mark -+ ABR * SMMR * PMMR / |s|,   ABR = clamp(BA * (1 - EQ / MMR), 0, 1).
 */
export function fillableDistanceTicks(position: CloseOutPosition, parameters: FillableParameters): PriceTicks {
  const { spec, sizeLots, equityAtoms, maintenanceAtoms, positionMaintenanceAtoms } = position;
  // ABR as a fraction of MMR * 10^6.
  const whole = BigInt(maintenanceAtoms) * BigInt(PPM);
  const missing = (BigInt(maintenanceAtoms) - BigInt(equityAtoms)) * BigInt(parameters.bankruptcyAdjustmentPpm);
  const adjustment = missing < 0n ? 0n : missing > whole ? whole : missing;
  const spread = adjustment * BigInt(parameters.spreadToMaintenancePpm) * BigInt(positionMaintenanceAtoms);
  const perTick = BigInt(Math.abs(sizeLots)) * BigInt(spec.atomsPerTickLot);
  return Number(divFloorBig(spread, whole * BigInt(PPM) * perTick));
}

/** The two ends of a close-out's limit: where it begins, and the worst that it may become. */
export interface CloseOutPrices {
  readonly fillableTicks: PriceTicks;
  readonly zeroTicks: PriceTicks;
}

/**
 * Fillable and zero price for closing `lots`, whole ticks in [1, max]. The fillable price is never worse than the zero
 * price. Undefined when no tick is as good as the zero price, which needs a bankrupt account.
 */
export function closeOutPrices(
  position: CloseOutPosition,
  lots: SizeLots,
  parameters: FillableParameters = FILLABLE,
): CloseOutPrices | undefined {
  const zeroTicks = zeroPriceTicks(position, lots);
  if (zeroTicks === undefined) return undefined;
  const { spec, markTicks, sizeLots } = position;
  const distance = fillableDistanceTicks(position, parameters);
  const fillableTicks =
    sizeLots > 0
      ? Math.max(1, markTicks - distance, zeroTicks)
      : Math.min(spec.maxPriceTicks, markTicks + distance, zeroTicks);
  return { fillableTicks, zeroTicks };
}

/** Limit of an auction that began so long ago: from the fillable to the zero price in AUCTION_MS, rounded towards the fillable. */
export function auctionLimitTicks({ fillableTicks, zeroTicks }: CloseOutPrices, elapsedMs: TimeMs): PriceTicks {
  const elapsed = Math.min(Math.max(elapsedMs, 0), AUCTION_MS);
  const distance = mulDivFloor(Math.abs(zeroTicks - fillableTicks), elapsed, AUCTION_MS);
  return zeroTicks < fillableTicks ? fillableTicks - distance : fillableTicks + distance;
}

/**
 * Lots to close so that the account ends 10 % above maintenance, expected fee and slippage counted:
 *   q = ceil((1.1 * MMR - EQ) / (p * (1.1 * m - f - s))), at most the whole position; m is the rate of its tier.
 * A bankrupt account, a position under 1,000 USDC, and one that costs more to close than it frees (divisor <= 0) close
 * whole. Of a position above 100,000 USDC never more than a fifth, rounded down, and at least a lot.
 */
export function closeOutLots(
  spec: MarginSpec & { readonly liquidationFeePpm: Ppm },
  markTicks: PriceTicks,
  wholeLots: SizeLots,
  equityAtoms: QuoteAtoms,
  maintenanceAtoms: QuoteAtoms,
): SizeLots {
  const notional = mulExact(mulExact(markTicks, wholeLots), spec.atomsPerTickLot);
  if (equityAtoms < 0 || notional < CLOSE_OUT_WHOLE_BELOW_ATOMS) return wholeLots;
  const mostLots = isLargePosition(notional)
    ? Math.max(1, mulDivFloor(wholeLots, CLOSE_OUT_LARGE_PART_PPM, PPM))
    : wholeLots;
  const keptPpm = BigInt(PPM + CLOSE_OUT_BUFFER_PPM);
  // In 10^-12: the buffer and the rates are parts of 10^6 each.
  const freed =
    keptPpm * BigInt(marginalMaintenancePpm(spec, notional)) -
    BigInt(PPM) * BigInt(spec.liquidationFeePpm + CLOSE_OUT_SLIPPAGE_PPM);
  if (freed <= 0n) return mostLots;
  const missing = (keptPpm * BigInt(maintenanceAtoms) - BigInt(PPM) * BigInt(equityAtoms)) * BigInt(PPM);
  const freedPerLot = BigInt(mulExact(markTicks, spec.atomsPerTickLot)) * freed;
  const lots = divCeilBig(missing, freedPerLot);
  return lots >= BigInt(mostLots) ? mostLots : Number(lots);
}

/** Whether a position of this notional is closed step by step. */
export function isLargePosition(notional: QuoteAtoms): boolean {
  return notional > CLOSE_OUT_LARGE_ABOVE_ATOMS;
}

/** min(fee rate of the notional, surplus over the zero quote), rounded down, never below 0. */
export function liquidationFeeAtoms(liquidationFeePpm: Ppm, quoteAtoms: QuoteAtoms, zeroAtoms: QuoteAtoms): QuoteAtoms {
  return Math.max(0, Math.min(mulDivFloor(Math.abs(quoteAtoms), liquidationFeePpm, PPM), quoteAtoms - zeroAtoms));
}
