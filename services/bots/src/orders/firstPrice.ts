import type { OrderMessage } from './orderMessage.ts';

/**
 * Where the recording begins, in USD times 10^4: the middle between its first buy and its first sell order, rounded
 * down, or whichever of the two there is. Undefined for a file without a new order.
 */
export function firstPrice(messages: readonly OrderMessage[]): number | undefined {
  const first = (side: 'buy' | 'sell') =>
    messages.find((message) => message.kind === 'newOrder' && message.side === side)?.price;
  const buy = first('buy');
  const sell = first('sell');
  if (buy === undefined || sell === undefined) return buy ?? sell;
  return Math.floor((buy + sell) / 2);
}
