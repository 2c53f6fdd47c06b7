import type { MarketState } from '../state.ts';

/* The stages of `MarketState.resumeStage`, in their order. What each begins with is told in `resume.ts`. */

export const DONE = 0;
/** Until a price of after the halt is there. */
export const AWAITING_PRICE = 1;
export const CANCEL_ONLY = 2;
export const POST_ONLY = 3;
/** Trading, without close-outs. */
export const GRACE = 4;

/** Whether orders that fire have to wait: in a halt, and on the way back until the market is open. */
export function triggersWait({ tradingStatus, resumeStage }: MarketState): boolean {
  return tradingStatus === 'halted' || (resumeStage >= AWAITING_PRICE && resumeStage <= POST_ONLY);
}

/** Whether the market is on its way back, or in its time of grace. */
export function isOpening({ resumeStage }: MarketState): boolean {
  return resumeStage !== DONE;
}
