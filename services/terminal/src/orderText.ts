import type { OpenOrder } from '@keel/client';
import { dateText } from './views/clockText.ts';

const TRIGGER_NAMES = { stop: 'Stop', takeProfit: 'Take profit', trailingStop: 'Trailing stop' } as const;

/** What kind of order it is, as a trader calls it: `Stop market, reduce only`, `Iceberg`, `TWAP`. */
export function orderTypeText(order: OpenOrder): string {
  return `${kindText(order)}${order.reduceOnly ? ', reduce only' : ''}`;
}

function kindText({ state, orderType, triggerKind, displaySize }: OpenOrder): string {
  if (state === 'twap') return 'TWAP';
  if (triggerKind !== null) return `${TRIGGER_NAMES[triggerKind]} ${orderType}`;
  if (displaySize !== null) return 'Iceberg';
  return orderType === 'limit' ? 'Limit' : 'Market';
}

/**
 * The mark price it waits for and from which side: `≤ 58000`; of a trailing stop the distance it trails. Null of an order
 * without a trigger. A stop fires where the price gets worse for its position, a take-profit where it gets better.
 */
export function triggerText({ triggerKind, triggerPrice, trail, side }: OpenOrder): string | null {
  if (triggerKind === null) return null;
  if (triggerKind === 'trailingStop') return `${trail} ${side === 'sell' ? 'below high' : 'above low'}`;
  const firesAbove = (triggerKind === 'stop') === (side === 'buy');
  return `${firesAbove ? '≥' : '≤'} ${triggerPrice}`;
}

/** What it does just now: `Resting, 0.002 shown`, `Waiting, or order 812`, `Slice 3 of 12`. */
export function orderStateText(order: OpenOrder): string {
  const other = order.linkedOrderId === null ? '' : `, or order ${order.linkedOrderId}`;
  if (order.twap !== null) return `Slice ${order.twap.slicesDone} of ${order.twap.slices}`;
  if (order.state === 'waiting') return `Waiting${other}`;
  const shown = order.displaySize === null ? '' : `, ${order.shownSize} shown`;
  const until = order.expiresAt === 0 ? '' : `, until ${dateText(order.expiresAt)}`;
  return `Resting${shown}${until}${other}`;
}

/** What comes to life with its fills: `TP 66000, SL 57000`; null where nothing does. */
export function attachedText({ takeProfitTrigger, stopLossTrigger }: OpenOrder): string | null {
  const parts = [
    takeProfitTrigger === null ? '' : `TP ${takeProfitTrigger}`,
    stopLossTrigger === null ? '' : `SL ${stopLossTrigger}`,
  ].filter((part) => part !== '');
  return parts.length === 0 ? null : parts.join(', ');
}
