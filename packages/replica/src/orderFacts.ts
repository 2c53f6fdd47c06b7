import type { OrderDoc, OrderUpdateDoc } from '@keel/redis';
import type {
  Event,
  EventBlock,
  OpenOrder,
  OrderAccepted,
  PriceTicks,
  QuoteAtoms,
  SizeLots,
  TimeMs,
} from '@keel/types';

type OrderClosed = Extract<Event, { readonly kind: 'orderClosed' }>;

/** The terms of an order that hold as long as it lives. */
type OrderTerms = Omit<OrderAccepted, 'kind' | 'priceTicks' | 'sizeLots' | 'linkedOrderId'>;

/** Of an open order, what the engine's state does not keep, and what its end is told with when that state is gone. */
export interface OrderFacts {
  readonly terms: OrderTerms;
  readonly placedMs: TimeMs;
  /** 0 = it did not fire. */
  firedMs: TimeMs;
  /** What it last was. */
  state: OpenOrder['state'];
  /** It was seen in the book. */
  rested: boolean;
  /** As the engine has it. */
  priceTicks: PriceTicks;
  filledLots: SizeLots;
  filledAtoms: QuoteAtoms;
}

export function factsOf(accepted: OrderAccepted, placedMs: TimeMs): OrderFacts {
  return {
    terms: accepted,
    placedMs,
    firedMs: 0,
    state: accepted.trigger === undefined ? 'resting' : 'waiting',
    rested: false,
    priceTicks: accepted.priceTicks,
    filledLots: 0,
    filledAtoms: 0,
  };
}

/** The same for an order of a snapshot, which holds of it only what the engine's state does not. */
export function factsOfOpen(order: OpenOrder, placedMs: TimeMs, filledAtoms: QuoteAtoms, firedMs: TimeMs): OrderFacts {
  const { state, priceTicks, sizeLots, remainingLots } = order;
  // What has traded is size - remaining.
  const filledLots = sizeLots - remainingLots;
  return { terms: order, placedMs, firedMs, state, rested: state === 'resting', priceTicks, filledLots, filledAtoms };
}

/** An open order as the read model has it. */
export function orderDocOf(order: OpenOrder, { placedMs, firedMs, filledLots, filledAtoms }: OrderFacts): OrderDoc {
  return { ...order, placedMs, firedMs, filledLots, filledAtoms };
}

/** How an order ended. */
export function closedOrderOf(facts: OrderFacts, closed: OrderClosed, block: EventBlock): OrderUpdateDoc {
  const { terms, placedMs, firedMs, state, priceTicks, filledLots, filledAtoms } = facts;
  const { accountId, reason, remainingLots, code } = closed;
  const isFilled = reason === 'filled' || (reason === 'twapEnded' && remainingLots === 0);
  return {
    accountId,
    order: {
      orderId: terms.orderId,
      accountId,
      marketId: terms.marketId,
      state,
      side: terms.side,
      orderType: terms.orderType,
      timeInForce: terms.timeInForce,
      priceTicks,
      sizeLots: filledLots + remainingLots,
      remainingLots,
      shownLots: 0,
      displayLots: terms.displayLots,
      reduceOnly: terms.reduceOnly,
      clientOrderId: terms.clientOrderId,
      expiresAtMs: terms.expiresAtMs,
      selfTrade: terms.selfTrade,
      selfTradeScope: terms.selfTradeScope,
      trigger: terms.trigger,
      attached: terms.attached,
      queuePlace: 0,
      linkedOrderId: 0,
      parentOrderId: terms.parentOrderId,
      twap: undefined,
      placedMs,
      firedMs,
      filledLots,
      filledAtoms,
    },
    state: isFilled ? 'filled' : 'closed',
    closeReason: reason,
    closeCode: code,
    timeMs: block.timeMs,
    sequence: block.sequence,
  };
}
