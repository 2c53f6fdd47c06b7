import {
  divFloor,
  mulDivCeil,
  mulDivFloor,
  mulExact,
  PPM,
  type Ppm,
  type PriceTicks,
  type QuoteAtoms,
  type Side,
  type SizeLots,
} from '@keel/types';

/** What an auction offers. */
export interface Offer {
  /** Of whoever takes it. */
  readonly side: Side;
  readonly limitTicks: PriceTicks;
  readonly remainingLots: SizeLots;
}

/** What the market is like. */
export interface Terms {
  readonly markTicks: PriceTicks;
  readonly indexTicks: PriceTicks;
  /** Quote atoms of one tick times one lot. */
  readonly atomsPerTickLot: number;
  readonly takerFeePpm: Ppm;
  /** Margin that a position of the largest allowed size would need, as a part of notional. */
  readonly initialMarginPpm: Ppm;
}

/** Best first: price and what is shown there. */
export type Quote = readonly [ticks: PriceTicks, lots: SizeLots];

/** What the account has. */
export interface Means {
  /** Signed: long > 0. */
  readonly heldLots: SizeLots;
  /** Notional of its positions in all markets, at mark. */
  readonly heldAtoms: QuoteAtoms;
  /** Equity less initial margin. */
  readonly freeAtoms: QuoteAtoms;
}

export interface TakingRules {
  /** What each lot must earn beyond fee and slippage. */
  readonly minEdgePpm: Ppm;
  /** The farthest from mark at which it will unwind. */
  readonly bandPpm: Ppm;
  readonly auctionAtomsMax: QuoteAtoms;
  readonly positionAtomsMax: QuoteAtoms;
  readonly budgetAtoms: QuoteAtoms;
  readonly marginUsePpm: Ppm;
}

/** `edge`: too near to mark. The others name the limit that leaves no room. */
export type SkipReason = 'edge' | 'auctionLimit' | 'positionLimit' | 'budget' | 'margin';

export type Decision =
  | {
      readonly kind: 'take';
      readonly sizeLots: SizeLots;
      /** The worst price at which this size is still worth it; no better for us than the offer. */
      readonly worstTicks: PriceTicks;
      /** Against the reference price, fee and estimated slippage taken off; rounded down. */
      readonly expectedAtoms: QuoteAtoms;
    }
  | { readonly kind: 'skip'; readonly reason: SkipReason };

/**
 * Whether to take an auction, and how much of it. The reference is the worse for us of mark and index; each lot must be
 * better than it by minEdge + taker fee + the slippage of getting rid of it.
 *
 * Slippage is what the untouched side of the book says: the side a close-out hits is eaten down to its limit, and makers
 * quote both alike. A lot costs the distance at which it is shown there, and never more than the band, because beyond it
 * the bot waits with an order of its own instead of selling. So an offer better by the whole band is taken without looking
 * at depth, one that is less good only as far as the book is near enough.
 *
 * Lots that reduce a position need no room. Sizes are rounded down, costs up.
 */
export function decideAuction(
  offer: Offer,
  terms: Terms,
  untouched: readonly Quote[],
  means: Means,
  rules: TakingRules,
): Decision {
  const direction = offer.side === 'buy' ? 1 : -1;
  const { markTicks, indexTicks } = terms;
  const referenceTicks = direction > 0 ? Math.min(markTicks, indexTicks) : Math.max(markTicks, indexTicks);
  const gainTicks = direction * (referenceTicks - offer.limitTicks);
  const sparePpm = mulDivFloor(gainTicks, PPM, referenceTicks) - rules.minEdgePpm - terms.takerFeePpm;
  if (sparePpm < 0) return { kind: 'skip', reason: 'edge' };

  const room = roomLots(offer, direction, terms, means, rules);
  if (typeof room === 'string') return { kind: 'skip', reason: room };

  let sizeLots = 0;
  let slippagePpm = 0;
  let costAtoms = 0;
  const add = (lots: SizeLots, distancePpm: Ppm): void => {
    sizeLots += lots;
    slippagePpm = distancePpm;
    const valueAtoms = mulExact(mulExact(referenceTicks, lots), terms.atomsPerTickLot);
    costAtoms += mulDivCeil(valueAtoms, distancePpm + terms.takerFeePpm, PPM);
  };
  for (const [ticks, lots] of untouched) {
    const distancePpm = mulDivCeil(Math.max(0, direction * (ticks - referenceTicks)), PPM, referenceTicks);
    if (sizeLots === room || distancePpm > Math.min(sparePpm, rules.bandPpm)) break;
    add(Math.min(lots, room - sizeLots), distancePpm);
  }
  if (sizeLots < room && sparePpm >= rules.bandPpm) add(room - sizeLots, rules.bandPpm);
  if (sizeLots === 0) return { kind: 'skip', reason: 'edge' };

  const wantedPpm = rules.minEdgePpm + terms.takerFeePpm + slippagePpm;
  const worstTicks = referenceTicks - direction * mulDivCeil(referenceTicks, wantedPpm, PPM);
  const gainAtoms = mulExact(mulExact(gainTicks, sizeLots), terms.atomsPerTickLot);
  return { kind: 'take', sizeLots, worstTicks, expectedAtoms: gainAtoms - costAtoms };
}

/** Lots, at least one, that all limits allow; else the limit that allows none. */
function roomLots(
  { remainingLots, limitTicks }: Offer,
  direction: 1 | -1,
  { markTicks, atomsPerTickLot, initialMarginPpm }: Terms,
  { heldLots, heldAtoms, freeAtoms }: Means,
  rules: TakingRules,
): SizeLots | SkipReason {
  // The dearer of the two: a limit in USDC holds however it is counted.
  const lotAtoms = Math.max(markTicks, limitTicks) * atomsPerTickLot;
  const worth = (atoms: QuoteAtoms): SizeLots => divFloor(Math.max(0, atoms), lotAtoms);
  const auctionLots = worth(rules.auctionAtomsMax);
  if (auctionLots === 0) return 'auctionLimit';
  const reducingLots = Math.max(0, -direction * heldLots);
  const usableAtoms = mulDivFloor(Math.max(0, freeAtoms), rules.marginUsePpm, PPM);
  // More margin than the budget needs carries no more than the budget.
  const carried = usableAtoms >= mulDivCeil(rules.budgetAtoms, initialMarginPpm, PPM);
  const marginAtoms = carried ? rules.budgetAtoms : mulDivFloor(usableAtoms, PPM, initialMarginPpm);
  const adding: readonly (readonly [SkipReason, SizeLots])[] = [
    ['positionLimit', Math.max(0, worth(rules.positionAtomsMax) - Math.max(0, direction * heldLots))],
    ['budget', worth(rules.budgetAtoms - heldAtoms)],
    ['margin', worth(marginAtoms)],
  ];
  const lots = Math.min(remainingLots, auctionLots, reducingLots + Math.min(...adding.map(([, most]) => most)));
  return lots > 0 ? lots : (adding.find(([, most]) => most === 0)?.[0] ?? 'auctionLimit');
}
