import { assert, type Event, type EventBlock, type MarketSpec } from '@keel/types';
import type { AmendAnswer, AmendedItem, AmendsAnswer, RefusedItem } from '../wire/answers.ts';
import { followOrder, formatTraded } from './followOrder.ts';
import { formatAck, formatRefused } from './formatAck.ts';
import { formatPrice, formatPriceOrNull, formatSize } from './formatMarket.ts';

/** What was asked for: `orderId` `0` when the order was named by its client order id. */
export interface AskedAmendment {
  readonly orderId: string;
  readonly price: string;
  /** Of the market that it named. */
  readonly spec: MarketSpec;
}

/** What became of an amended order within the command. */
export function formatAmend(block: EventBlock, asked: AskedAmendment): AmendAnswer {
  return { ...formatAck(block), ...formatAmended(block.events, asked) };
}

/** The same for each amendment of a batch, or why it was refused; `asked` in the order of the amendments. */
export function formatAmends(block: EventBlock, asked: readonly AskedAmendment[]): AmendsAnswer {
  const items: (AmendedItem | RefusedItem)[] = [];
  let begin = 0;
  for (const [at, event] of block.events.entries()) {
    if (event.kind !== 'batchItem') continue;
    const amendment = asked[event.item];
    assert(amendment !== undefined, `command ${block.sequence} has no amendment ${event.item}`);
    const events = block.events.slice(begin, at);
    const named = { ...amendment, orderId: String(event.orderId) };
    items.push(event.code === 0 ? formatAmended(events, named) : formatRefused(event));
    begin = at + 1;
  }
  return { ...formatAck(block), items };
}

function formatAmended(events: readonly Event[], asked: AskedAmendment): AmendedItem {
  const { spec } = asked;
  const at = findAmended(events, asked);
  const amended = events[at];
  assert(amended?.kind === 'orderAmended', 'an amendment was taken without its terms');
  const order = followOrder(events.slice(at));
  return {
    orderId: String(amended.orderId),
    state: order.state === 'filled' || order.state === 'closed' ? order.state : 'open',
    closeReason: order.closeReason,
    price: formatPriceOrNull(amended.priceTicks, spec),
    size: formatSize(amended.sizeLots, spec),
    keptPlace: amended.keptPlace,
    ...formatTraded(order, amended.orderId, spec),
  };
}

/** Attached orders that grow with a fill are amended too, before and after: the one asked for has the price asked for. */
function findAmended(events: readonly Event[], { orderId, price, spec }: AskedAmendment): number {
  const isNamed = (event: Event): boolean =>
    event.kind === 'orderAmended' && (orderId === '0' || String(event.orderId) === orderId);
  const exact = events.findIndex(
    (event) => event.kind === 'orderAmended' && isNamed(event) && formatPrice(event.priceTicks, spec) === price,
  );
  // A post-only order that would have traded was moved to another price.
  return exact === -1 ? events.findIndex(isNamed) : exact;
}
