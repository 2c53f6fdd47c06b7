import { mulDivFloor, PPM, type Ppm, type PriceTicks, type Side, type SizeLots, type TimeMs } from '@keel/types';

export interface UnwindRules {
  /** The farthest from mark. */
  readonly bandPpm: Ppm;
  /** From then on it may be worse than the entry price. */
  readonly holdMs: TimeMs;
}

/** A position that is to go. */
export interface Held {
  /** Signed: long > 0; not 0. */
  readonly lots: SizeLots;
  /** As the exchange shows it, a whole tick. */
  readonly entryTicks: PriceTicks;
  /** Since lots were last added to it. */
  readonly heldMs: TimeMs;
}

/** A reduce-only limit order. */
export interface UnwindOrder {
  readonly side: Side;
  readonly priceTicks: PriceTicks;
  readonly sizeLots: SizeLots;
}

/**
 * The order that a position is unwound with at this moment: its limit begins at mark, where it earns a maker's price, and
 * walks to the edge of the band in the hold time; until that is over it is never worse than the entry. Rounded in
 * favour of the position, at least one tick.
 */
export function unwindOrder(
  { lots, entryTicks, heldMs }: Held,
  markTicks: PriceTicks,
  rules: UnwindRules,
): UnwindOrder {
  const waitedMs = Math.min(Math.max(heldMs, 0), rules.holdMs);
  const walkedPpm = mulDivFloor(rules.bandPpm, waitedMs, rules.holdMs);
  const walkedTicks = mulDivFloor(markTicks, walkedPpm, PPM);
  const waits = heldMs < rules.holdMs;
  if (lots > 0) {
    const ticks = Math.max(1, markTicks - walkedTicks);
    return { side: 'sell', priceTicks: waits ? Math.max(ticks, entryTicks) : ticks, sizeLots: lots };
  }
  const ticks = markTicks + walkedTicks;
  return { side: 'buy', priceTicks: waits ? Math.max(1, Math.min(ticks, entryTicks)) : ticks, sizeLots: -lots };
}
