import type { HyperliquidAction, ItemPlace, Translation } from '@keel/hyperliquid';
import type { Submitted } from '@keel/intake';
import {
  assert,
  type Event,
  type MarketSpec,
  notionalAtoms,
  type OrderId,
  type OrderName,
  rejectName,
  type SizeLots,
} from '@keel/types';
import { followOrder } from '../../format/followOrder.ts';
import { formatAveragePrice } from '../../format/formatAveragePrice.ts';
import { formatSize } from '../../format/formatMarket.ts';
import type { MarketDirectory } from '../../marketDirectory.ts';
import { cloidOf } from '../format/parts.ts';
import { closedText, errorText } from './errorTexts.ts';

type Refused = { readonly error: string };
type OrderStatus =
  | { readonly resting: { readonly oid: number; readonly cloid?: string } }
  | {
      readonly filled: {
        readonly totalSz: string;
        readonly avgPx: string;
        readonly oid: number;
        readonly cloid?: string;
      };
    }
  | 'waitingForTrigger'
  | 'waitingForFill'
  | Refused;

/** An action that was carried out, item by item; `block` undefined where no item was left to be carried out. */
export function formatDone(
  action: HyperliquidAction,
  { request, places }: Translation,
  block: Submitted | undefined,
  markets: MarketDirectory,
): object {
  switch (action.type) {
    case 'order':
    case 'batchModify': {
      const statuses = orderStatuses(request, places, block, markets);
      return ok({ type: 'order', data: { statuses } });
    }
    case 'modify': {
      const [status] = orderStatuses(request, places, block, markets);
      const refused = typeof status === 'object' && 'error' in status;
      return refused ? err(status.error) : ok({ type: 'default' });
    }
    case 'cancel':
    case 'cancelByCloid':
      return ok({ type: 'cancel', data: { statuses: cancelStatuses(places, block) } });
    default:
      return ok({ type: 'default' });
  }
}

export const ok = (response: object): object => ({ status: 'ok', response });
export const err = (response: string): object => ({ status: 'err', response });

/** Outcomes of the items of a batch, in their order: the event that tells each, and where its own events begin and end. */
interface ItemOutcome {
  readonly told: Extract<Event, { readonly kind: 'batchItem' }>;
  readonly begin: number;
  readonly end: number;
}

function outcomesOf({ events }: Submitted): ItemOutcome[] {
  const outcomes: ItemOutcome[] = [];
  let begin = 0;
  for (const [at, event] of events.entries()) {
    if (event.kind !== 'batchItem') continue;
    outcomes.push({ told: event, begin, end: at });
    begin = at + 1;
  }
  return outcomes;
}

function cancelStatuses(places: readonly ItemPlace[], block: Submitted | undefined): (Refused | 'success')[] {
  const outcomes = block === undefined ? [] : outcomesOf(block);
  return places.map((place) => {
    if (place.kind === 'fault') return { error: errorText(place.fault) };
    const told = place.kind === 'item' ? outcomes[place.index]?.told : undefined;
    assert(told !== undefined, 'a cancel was taken, and nothing said of it');
    return told.code === 0 ? 'success' : refused(told.code);
  });
}

function orderStatuses(
  request: Translation['request'],
  places: readonly ItemPlace[],
  block: Submitted | undefined,
  markets: MarketDirectory,
): OrderStatus[] {
  const done = block === undefined ? [] : doneOf(request, block, markets);
  return places.map((place) => {
    if (place.kind === 'fault') return { error: errorText(place.fault) };
    if (place.kind === 'child') return childStatus(done[0]);
    const status = done[place.index];
    assert(status !== undefined, 'an order was taken, and nothing said of it');
    return status;
  });
}

/** What hangs on an order waits for it to fill, then for its trigger. */
function childStatus(parent: OrderStatus | undefined): OrderStatus {
  if (typeof parent !== 'object' || 'error' in parent) return { error: errorText('PAIR_REFUSED') };
  return 'filled' in parent ? 'waitingForTrigger' : 'waitingForFill';
}

/** The status of each item of the command. */
function doneOf(request: Translation['request'], block: Submitted, markets: MarketDirectory): OrderStatus[] {
  const { events } = block;
  if (request?.kind === 'replaceOrder') return [placedStatus(events, undefined, markets)];
  const outcomes = outcomesOf(block);
  // A linked pair of which one name was used before has no items.
  const duplicated = events.find((event) => event.kind === 'orderDuplicated');
  if (outcomes.length === 0 && duplicated !== undefined && request?.kind === 'placeOrders')
    return request.orders.map(() => duplicateOf(duplicated));
  return outcomes.map(({ told, begin, end }, at) => {
    if (told.code !== 0) return refused(told.code);
    if (request?.kind === 'amendOrders') {
      const own = events.slice(begin, end);
      return amendedStatus(own, { orderId: told.orderId, clientOrderId: '' }, markets);
    }
    const again = events.slice(begin, end).find((event) => event.kind === 'orderDuplicated');
    assert(request?.kind === 'placeOrders' && request.orders[at] !== undefined, 'an item without an order');
    return again !== undefined ? duplicateOf(again) : placedStatus(events, told.orderId, markets);
  });
}

function refused(code: number): Refused {
  return { error: errorText(rejectName(code) ?? 'INTERNAL') };
}

function duplicateOf(event: Event): Refused {
  assert(event.kind === 'orderDuplicated', 'a name that was used before');
  return { error: `Duplicate cloid: order ${event.orderId} has it.` };
}

/** The order of this id, or the one order that the command placed; attached orders come to life in any command. */
function placedStatus(
  events: readonly Event[],
  orderId: OrderId | 0 | undefined,
  markets: MarketDirectory,
): OrderStatus {
  const duplicated = orderId === undefined && events.find((event) => event.kind === 'orderDuplicated');
  if (duplicated) return duplicateOf(duplicated);
  const at = events.findIndex(
    (event) =>
      event.kind === 'orderAccepted' && (orderId === undefined ? event.parentOrderId === 0 : event.orderId === orderId),
  );
  const accepted = events[at];
  assert(accepted?.kind === 'orderAccepted', 'an order was taken, and nothing said of it');
  return statusOf(events.slice(at), accepted.orderId, accepted.clientOrderId, markets.spec(accepted.marketId), false);
}

/** As `placedStatus` of an order that was open before. Attached orders that grow are amended, too, so the last one counts. */
function amendedStatus(events: readonly Event[], { orderId }: OrderName, markets: MarketDirectory): OrderStatus {
  const at = events.findLastIndex((event) => event.kind === 'orderAmended' && event.orderId === orderId);
  const amended = events[at];
  assert(amended?.kind === 'orderAmended', 'an amendment was taken without its terms');
  return statusOf(events.slice(at), amended.orderId, amended.clientOrderId, markets.spec(amended.marketId), true);
}

function statusOf(
  events: readonly Event[],
  orderId: OrderId,
  clientOrderId: string,
  spec: MarketSpec,
  wasOpen: boolean,
): OrderStatus {
  const order = followOrder(events);
  const cloid = cloidOf(clientOrderId);
  const named = { oid: orderId, ...(cloid === undefined ? {} : { cloid }) };
  if (order.state === 'waiting') return 'waitingForTrigger';
  if (order.state === 'resting' || order.state === 'twap' || order.state === undefined) return { resting: named };
  let filledLots: SizeLots = 0;
  // The sum may leave the safe integers.
  let totalAtoms = 0n;
  for (const { priceTicks, sizeLots } of order.fills) {
    filledLots += sizeLots;
    totalAtoms += BigInt(notionalAtoms(spec, priceTicks, sizeLots));
  }
  const avgPx = formatAveragePrice(totalAtoms, filledLots, spec);
  if (avgPx === null) return { error: wasOpen ? errorText('ORDER_UNKNOWN') : closedText(order.closeReason) };
  return { filled: { totalSz: formatSize(filledLots, spec), avgPx, ...named } };
}
