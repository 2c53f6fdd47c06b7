import type { MarginEventDoc } from '@keel/redis';
import type { MarketDirectory } from '../marketDirectory.ts';
import type { MarginEventAnswer } from '../wire/riskAnswers.ts';
import { formatQuote, formatSize } from './formatMarket.ts';

export function formatMarginEvent(doc: MarginEventDoc, markets: MarketDirectory): MarginEventAnswer {
  const { event, timeMs, sequence } = doc;
  const answer: MarginEventAnswer = {
    kind: event.kind,
    levelPercent: null,
    equity: formatQuote(event.equityAtoms),
    maintenanceMargin: null,
    initialMargin: null,
    shortage: null,
    suggestedOrder: null,
    closedOrders: null,
    time: timeMs,
    sequence,
  };
  if (event.kind === 'preLiquidation') {
    const { initialMarginAtoms, closedOrders } = event;
    return { ...answer, initialMargin: formatQuote(initialMarginAtoms), closedOrders };
  }
  const spec = event.marketId === 0 ? undefined : markets.spec(event.marketId);
  return {
    ...answer,
    levelPercent: event.levelPercent,
    maintenanceMargin: formatQuote(event.maintenanceMarginAtoms),
    shortage: formatQuote(event.shortageAtoms),
    suggestedOrder:
      spec === undefined
        ? null
        : { market: spec.symbol, side: event.side, size: formatSize(event.sizeLots, spec), reduceOnly: true },
  };
}
