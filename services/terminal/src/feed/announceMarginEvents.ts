import type { MarginEvent } from '@keel/client';
import { announcement } from './store.ts';

/** Says aloud what the shown account was told: margin calls with what is missing and what would help, orders that had to go. */
export function announceMarginEvents(events: readonly MarginEvent[]): void {
  const sentences = events.map(sentenceOf);
  if (sentences.length > 0) announcement.value = sentences.join(' ');
}

function sentenceOf({ kind, levelPercent, shortage, suggestedOrder, closedOrders }: MarginEvent): string {
  if (kind === 'preLiquidation')
    return `Equity is below initial margin: ${closedOrders} orders that would have added risk were closed.`;
  if (levelPercent === 0) return 'The margin call is over.';
  const order =
    suggestedOrder === null ? '' : ` or ${suggestedOrder.side} ${suggestedOrder.size} ${suggestedOrder.market}`;
  return `Margin call at ${levelPercent} %: add ${shortage} USDC${order}.`;
}
