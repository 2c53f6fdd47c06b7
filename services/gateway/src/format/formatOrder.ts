import type { Submitted } from '@keel/intake';
import { assert, type Event, type EventBlock, type OrderAccepted, type OrderId } from '@keel/types';
import type { MarketDirectory } from '../marketDirectory.ts';
import type { OrderAnswer, OrdersAnswer, PlacedItem, RefusedItem, ReplaceAnswer } from '../wire/answers.ts';
import { followOrder, formatTraded } from './followOrder.ts';
import { formatAck, formatRefused } from './formatAck.ts';
import { formatPriceOrNull, formatSize } from './formatMarket.ts';

type OrderDuplicated = Extract<Event, { readonly kind: 'orderDuplicated' }>;

/** What became of an order within its own command. Later fills arrive on the account's channel. */
export function formatOrder(block: Submitted, markets: MarketDirectory): OrderAnswer {
  return { ...formatAck(block), ...formatPlaced(block, undefined, markets) };
}

/** The same for each order of a batch, or why it was refused. */
export function formatOrders(block: Submitted, markets: MarketDirectory): OrdersAnswer {
  const items: (PlacedItem | RefusedItem)[] = [];
  let duplicated: OrderDuplicated | undefined;
  for (const event of block.events) {
    if (event.kind === 'orderDuplicated') duplicated = event;
    if (event.kind !== 'batchItem') continue;
    if (event.code !== 0) items.push(formatRefused(event));
    else if (duplicated !== undefined) items.push(formatDuplicate(duplicated));
    else items.push(formatPlaced(block, event.orderId, markets));
    duplicated = undefined;
  }
  // A linked pair of which one name was used before has no items of its own.
  if (duplicated !== undefined) items.push(formatDuplicate(duplicated));
  return { ...formatAck(block), items };
}

export function formatReplace(block: Submitted, markets: MarketDirectory): ReplaceAnswer {
  const replaced = block.events.find((event) => event.kind === 'orderClosed' && event.reason === 'replaced');
  const replacedOrderId = replaced?.kind === 'orderClosed' ? String(replaced.orderId) : null;
  return { ...formatAck(block), replacedOrderId, ...formatPlaced(block, undefined, markets) };
}

/** The order of this id, or the one order that the command placed. */
function formatPlaced(block: EventBlock, orderId: OrderId | 0 | undefined, markets: MarketDirectory): PlacedItem {
  const { events } = block;
  const duplicated = orderId === undefined && events.find((event) => event.kind === 'orderDuplicated');
  if (duplicated && duplicated.kind === 'orderDuplicated') return formatDuplicate(duplicated);
  // Attached orders come to life in any command, before its own order too.
  const at = events.findIndex(
    (event) =>
      event.kind === 'orderAccepted' && (orderId === undefined ? event.parentOrderId === 0 : event.orderId === orderId),
  );
  assert(at !== -1, `command ${block.sequence} was taken without an order`);
  const accepted = events[at] as OrderAccepted;
  const order = followOrder(events.slice(at));
  const { spec } = markets.byId(accepted.marketId);
  assert(order.state !== undefined, `order ${accepted.orderId} was accepted, and nothing said of it`);
  return {
    duplicate: false,
    orderId: String(accepted.orderId),
    clientOrderId: accepted.clientOrderId,
    state: order.state,
    closeReason: order.closeReason,
    price: formatPriceOrNull(order.priceTicks, spec),
    triggerPrice: order.triggerTicks === 0 ? null : formatPriceOrNull(order.triggerTicks, spec),
    expiresAt: accepted.expiresAtMs,
    shownSize: formatSize(order.shownLots, spec),
    ...formatTraded(order, accepted.orderId, spec),
  };
}

/** What the first order of that name is by now is not in these events; its id leads to it. */
function formatDuplicate({ orderId, clientOrderId }: OrderDuplicated): PlacedItem {
  return {
    duplicate: true,
    orderId: String(orderId),
    clientOrderId,
    state: null,
    closeReason: null,
    price: null,
    triggerPrice: null,
    expiresAt: 0,
    shownSize: '0',
    filledSize: '0',
    averagePrice: null,
    remainingSize: '0',
    fills: [],
  };
}
