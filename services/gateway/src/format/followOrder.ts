import {
  assert,
  type Event,
  type MarketSpec,
  notionalAtoms,
  type OrderFilled,
  type OrderId,
  type PriceTicks,
  type SizeLots,
} from '@keel/types';
import type { Traded } from '../wire/answers.ts';
import { formatAveragePrice } from './formatAveragePrice.ts';
import { formatPrice, formatQuote, formatSize } from './formatMarket.ts';

/** What became of an order, as the events of a block tell it. */
export interface FollowedOrder {
  /** resting, waiting and twap: it is open, and so. Undefined of one that was amended in place: it is as it was. */
  state: 'resting' | 'waiting' | 'twap' | 'filled' | 'closed' | undefined;
  closeReason: string | null;
  priceTicks: PriceTicks;
  remainingLots: SizeLots;
  shownLots: SizeLots;
  /** Of a waiting order: the mark that fires it as it stands; 0 if it never waited. */
  triggerTicks: PriceTicks;
  readonly fills: OrderFilled[];
}

type FirstEvent = Extract<Event, { readonly kind: 'orderAccepted' | 'orderAmended' }>;

/** Follows an order through `events`, of which the first is the one that accepted or amended it. */
export function followOrder(events: readonly Event[]): FollowedOrder {
  const first = events[0] as FirstEvent | undefined;
  assert(first?.kind === 'orderAccepted' || first?.kind === 'orderAmended', 'an order begins with its terms');
  const accepted = first.kind === 'orderAccepted';
  const order: FollowedOrder = {
    state: undefined,
    closeReason: null,
    priceTicks: first.priceTicks,
    remainingLots: accepted ? first.sizeLots : first.remainingLots,
    shownLots: 0,
    triggerTicks: 0,
    fills: [],
  };
  const displayLots = accepted ? first.displayLots : 0;
  for (const event of events) takeEvent(order, event, first.orderId, displayLots);
  return order;
}

function takeEvent(order: FollowedOrder, event: Event, orderId: OrderId, displayLots: SizeLots): void {
  if (event.kind === 'orderFilled') {
    takeFill(order, event, orderId);
    return;
  }
  if (!('orderId' in event) || event.orderId !== orderId) return;
  switch (event.kind) {
    case 'orderRested': {
      const mostShown =
        order.state === 'resting' ? order.shownLots : displayLots === 0 ? event.remainingLots : displayLots;
      order.state = 'resting';
      order.remainingLots = event.remainingLots;
      order.shownLots = Math.min(mostShown, event.remainingLots);
      return;
    }
    case 'orderReplenished':
      order.shownLots = event.shownLots;
      return;
    case 'orderWaiting':
      order.state = 'waiting';
      order.triggerTicks = event.triggerTicks;
      return;
    case 'twapStarted':
      order.state = 'twap';
      return;
    case 'orderClosed':
      order.state = event.reason === 'filled' ? 'filled' : 'closed';
      order.closeReason = event.reason;
      order.remainingLots = event.remainingLots;
      order.shownLots = 0;
      return;
    // The others change nothing that an answer says.
    default:
      return;
  }
}

/** Its own trades as it came in, and those of a close-out that met it before the command was over. */
function takeFill(order: FollowedOrder, fill: OrderFilled, orderId: OrderId): void {
  const isTaker = fill.takerOrderId === orderId;
  if (!isTaker && fill.makerOrderId !== orderId) return;
  order.fills.push(fill);
  order.remainingLots = isTaker ? order.remainingLots - fill.sizeLots : fill.makerRemainingLots;
  if (!isTaker) order.shownLots -= fill.sizeLots;
}

/** Fills of an order with its side's fees, and what they come to. */
export function formatTraded({ fills, remainingLots }: FollowedOrder, orderId: OrderId, spec: MarketSpec): Traded {
  let filledLots = 0;
  // The sum may leave the safe integers.
  let costAtoms = 0n;
  for (const fill of fills) {
    filledLots += fill.sizeLots;
    costAtoms += BigInt(notionalAtoms(spec, fill.priceTicks, fill.sizeLots));
  }
  return {
    filledSize: formatSize(filledLots, spec),
    averagePrice: formatAveragePrice(costAtoms, filledLots, spec),
    remainingSize: formatSize(remainingLots, spec),
    fills: fills.map((fill) => {
      const isTaker = fill.takerOrderId === orderId;
      return {
        tradeId: String(fill.tradeId),
        price: formatPrice(fill.priceTicks, spec),
        size: formatSize(fill.sizeLots, spec),
        fee: formatQuote(isTaker ? fill.takerFeeAtoms : fill.makerFeeAtoms),
        realisedPnl: formatQuote(isTaker ? fill.takerRealisedPnlAtoms : fill.makerRealisedPnlAtoms),
      };
    }),
  };
}
