import { divFloor, type QuoteAtoms, type TimeMs } from '@keel/types';
import type { EngineState, MarketState } from '../state.ts';

const SECOND_MS = 1_000;

/**
 * Whether a close-out of this notional may go to the book in the present second. The first of a second always may, so that
 * one larger than the budget is not shut out.
 */
export function hasBudget(state: EngineState, market: MarketState, notional: QuoteAtoms): boolean {
  const budgetAtoms = market.spec.liquidationBudgetAtoms;
  if (budgetAtoms === 0) return true;
  const usedAtoms = market.budgetSecondMs === secondOf(state.timeMs) ? market.budgetUsedAtoms : 0;
  return usedAtoms === 0 || usedAtoms + notional <= budgetAtoms;
}

/** Counts what a close-out traded in the book: what nobody took has moved no price. */
export function useBudget(state: EngineState, market: MarketState, notional: QuoteAtoms): void {
  if (market.spec.liquidationBudgetAtoms === 0 || notional === 0) return;
  const second = secondOf(state.timeMs);
  if (market.budgetSecondMs !== second) {
    market.budgetSecondMs = second;
    market.budgetUsedAtoms = 0;
  }
  market.budgetUsedAtoms += notional;
  state.dirty.markets.add(market.spec.marketId);
}

/** When the next second begins. */
export function nextSecondMs({ timeMs }: EngineState): TimeMs {
  return secondOf(timeMs) + SECOND_MS;
}

function secondOf(timeMs: TimeMs): TimeMs {
  return divFloor(timeMs, SECOND_MS) * SECOND_MS;
}
