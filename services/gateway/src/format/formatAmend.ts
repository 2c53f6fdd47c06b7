import type { Submitted } from '@keel/intake';
import { assert, type Event, type OrderName } from '@keel/types';
import type { MarketDirectory } from '../marketDirectory.ts';
import type { AmendAnswer, AmendedItem, AmendsAnswer, RefusedItem } from '../wire/answers.ts';
import { type FollowedOrder, followOrder, formatTraded } from './followOrder.ts';
import { formatAck, formatRefused } from './formatAck.ts';
import { formatPriceOrNull, formatSize } from './formatMarket.ts';

/** What became of the amended order within the command; `name` as the command gave it. */
export function formatAmend(block: Submitted, name: OrderName, markets: MarketDirectory): AmendAnswer {
  return { ...formatAck(block), ...formatAmended(block.events, name, markets) };
}

/** The same for each amendment of a batch, or why it was refused. */
export function formatAmends(block: Submitted, markets: MarketDirectory): AmendsAnswer {
  const items: (AmendedItem | RefusedItem)[] = [];
  let begin = 0;
  for (const [at, event] of block.events.entries()) {
    if (event.kind !== 'batchItem') continue;
    const events = block.events.slice(begin, at);
    const name = { orderId: event.orderId, clientOrderId: '' };
    items.push(event.code === 0 ? formatAmended(events, name, markets) : formatRefused(event));
    begin = at + 1;
  }
  return { ...formatAck(block), items };
}

type OrderAmended = Extract<Event, { readonly kind: 'orderAmended' }>;

function formatAmended(events: readonly Event[], name: OrderName, markets: MarketDirectory): AmendedItem {
  const at = events.findLastIndex((event) => isOf(event, name));
  const amended = events[at];
  assert(amended?.kind === 'orderAmended', 'an amendment was taken without its terms');
  const { spec } = markets.byId(amended.marketId);
  const order = followOrder(events.slice(at));
  return {
    orderId: String(amended.orderId),
    state: order.state === 'filled' || order.state === 'closed' ? order.state : 'open',
    closeReason: order.closeReason,
    price: formatPriceOrNull(amended.priceTicks, spec),
    size: formatSize(amended.sizeLots - lostLots(amended, order), spec),
    keptPlace: amended.keptPlace,
    ...formatTraded(order, amended.orderId, spec),
  };
}

/**
 * Lots that are neither open nor traded since the amendment: what went against orders of the same owner, or was cut to
 * the position. An order that ends on its way lost none: its close counts them as never traded.
 */
function lostLots({ remainingLots }: OrderAmended, after: FollowedOrder): number {
  const filledLots = after.fills.reduce((sum, { sizeLots }) => sum + sizeLots, 0);
  return remainingLots - filledLots - after.remainingLots;
}

/**
 * Attached orders that grow with a fill are amended too, anybody's, before and after. They have no client order id, so the
 * one of that name is the one that was asked for; one that was asked for by its id and grows as well has its last terms.
 */
function isOf(event: Event, { orderId, clientOrderId }: OrderName): boolean {
  if (event.kind !== 'orderAmended') return false;
  return orderId === 0 ? event.clientOrderId === clientOrderId : event.orderId === orderId;
}
