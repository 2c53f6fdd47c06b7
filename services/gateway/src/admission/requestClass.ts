import type { OrderTerms, SignableAction } from '@keel/signing';

/**
 * What a signed request is to the exchange under load, the first served first: taking risk away, making positions smaller,
 * changing or adding quotes that cannot take, everything else.
 */
export const REQUEST_CLASSES = ['cancel', 'reduce', 'change', 'open'] as const;
export type RequestClass = (typeof REQUEST_CLASSES)[number];

/** Never shed: who sends one waits instead. */
export function isUrgent(requestClass: RequestClass): boolean {
  return requestClass === 'cancel' || requestClass === 'reduce';
}

export interface Classified {
  readonly requestClass: RequestClass;
  /** Orders it is about, at least 1: what a batch costs to hash, to check and to apply grows with them. */
  readonly items: number;
}

/** By the body alone, before anything that costs. A batch is what its least urgent order is. */
export function classify(action: SignableAction): Classified {
  switch (action.primaryType) {
    case 'CancelOrder':
    case 'CancelAllOrders':
    case 'CancelAllAfter':
    // Whoever takes a stolen key back needs it most when that key floods the exchange.
    case 'RevokeAgent':
      return { requestClass: 'cancel', items: 1 };
    case 'CancelOrders':
      return { requestClass: 'cancel', items: action.orders.length };
    case 'PlaceOrder':
      return { requestClass: classOfOrder(action), items: 1 };
    case 'PlaceOrders':
      return { requestClass: leastUrgent(action.orders.map(classOfOrder)), items: action.orders.length };
    case 'PlaceScale':
      return { requestClass: classOfOrder(action.order), items: Math.max(1, action.orderCount) };
    case 'PlaceTwap':
      return { requestClass: action.reduceOnly ? 'reduce' : 'open', items: 1 };
    case 'ReplaceOrder':
      return { requestClass: action.order.reduceOnly ? 'reduce' : 'change', items: 1 };
    case 'AmendOrder':
      return { requestClass: 'change', items: 1 };
    case 'AmendOrders':
      return { requestClass: 'change', items: action.amendments.length };
    default:
      return { requestClass: 'open', items: 1 };
  }
}

function classOfOrder({ reduceOnly, timeInForce }: Pick<OrderTerms, 'reduceOnly' | 'timeInForce'>): RequestClass {
  if (reduceOnly) return 'reduce';
  return timeInForce === 'postOnly' || timeInForce === 'postOnlySlide' ? 'change' : 'open';
}

function leastUrgent(classes: readonly RequestClass[]): RequestClass {
  return REQUEST_CLASSES[Math.max(...classes.map((one) => REQUEST_CLASSES.indexOf(one)))] ?? 'open';
}
