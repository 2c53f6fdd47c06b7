import type { FillDoc, LiquidationDoc, PositionDoc } from '@keel/redis';
import type { AccountId, MarketId, SizeLots } from '@keel/types';

/** A change of a position outside the book. */
interface Step {
  readonly sequence: number;
  readonly marketId: MarketId;
  readonly lots: SizeLots;
}

/**
 * The position before each of the account's fills: from `positions`, which hold after all of them, back through the fills
 * and what the account was closed out or took over outside the book. All newest first and without a gap; the answer is as
 * long as `fills`.
 */
export function startPositions(
  accountId: AccountId,
  positions: readonly PositionDoc[],
  fills: readonly FillDoc[],
  liquidations: readonly LiquidationDoc[],
): SizeLots[] {
  const held = new Map<MarketId, SizeLots>(positions.map(({ marketId, sizeLots }) => [marketId, sizeLots]));
  const takeBack = (marketId: MarketId, lots: SizeLots): SizeLots => {
    const before = (held.get(marketId) ?? 0) - lots;
    held.set(marketId, before);
    return before;
  };
  const steps = liquidations.flatMap((doc) => stepOf(doc, accountId));
  let at = 0;
  return fills.map((fill) => {
    // What happened outside the book in the fill's own command came after what the book took.
    for (let step = steps[at]; step !== undefined && step.sequence >= fill.sequence; step = steps[at]) {
      takeBack(step.marketId, step.lots);
      at += 1;
    }
    return takeBack(fill.marketId, fill.side === 'buy' ? fill.sizeLots : -fill.sizeLots);
  });
}

function stepOf({ sequence, event }: LiquidationDoc, accountId: AccountId): Step[] {
  if (event.kind === 'positionCloseOut' && event.counterpartyId !== 0) {
    const lots = event.side === 'buy' ? event.filledLots : -event.filledLots;
    return [{ sequence, marketId: event.marketId, lots: event.accountId === accountId ? lots : -lots }];
  }
  if (event.kind === 'positionDeleveraged') {
    // Whoever pays buys: the deleveraged account, when it was short.
    const lots = event.quoteAtoms > 0 ? event.sizeLots : -event.sizeLots;
    return [{ sequence, marketId: event.marketId, lots: event.deleveragedAccountId === accountId ? lots : -lots }];
  }
  return [];
}
