import type {
  AttachedOrders,
  OpenOrderState,
  OrderAccepted,
  OrderType,
  SelfTradePrevention,
  Side,
  TimeInForce,
  Trigger,
} from '@keel/types';
import { expect } from 'vitest';

export interface AuditedOrder {
  readonly id: number;
  readonly account: number;
  readonly market: number;
  readonly side: Side;
  readonly orderType: OrderType;
  readonly timeInForce: TimeInForce;
  readonly display: number;
  readonly reduceOnly: boolean;
  readonly name: string;
  readonly expiresAtMs: number;
  readonly selfTrade: SelfTradePrevention;
  readonly trigger: Trigger | undefined;
  readonly attached: AttachedOrders | undefined;
  readonly parent: number;
  /** incoming: on its way through the book, or about to be. */
  state: OpenOrderState | 'incoming';
  /** It has a trigger that has not fired. */
  armed: boolean;
  price: number;
  remaining: number;
  shown: number;
  traded: number;
  /** While it works: lots that went against own orders, and whether one of them ended it. */
  against: number;
  ended: boolean;
  /** When it fired: what was open before it was cut to the position. */
  uncut: number;
  /** Counted by the auditor: at one price the lower trades first. */
  place: number;
  linked: number;
  bestMark: number;
  queued: boolean;
  twap: { startMs: number; durationMs: number; slices: number; size: number; tradedBefore: number } | undefined;
}

const NAMES_REMEMBERED = 200;

/** The open orders and the names of those that are over. Every question is answered by looking at all orders. */
export class AuditedOrders {
  readonly #orders = new Map<number, AuditedOrder>();
  /** By account: orders with a name that are over, oldest first. */
  readonly #closedNames = new Map<number, { name: string; id: number }[]>();

  accept(event: OrderAccepted): AuditedOrder {
    const order: AuditedOrder = {
      id: event.orderId,
      account: event.accountId,
      market: event.marketId,
      side: event.side,
      orderType: event.orderType,
      timeInForce: event.timeInForce,
      display: event.displayLots,
      reduceOnly: event.reduceOnly,
      name: event.clientOrderId,
      expiresAtMs: event.expiresAtMs,
      selfTrade: event.selfTrade,
      trigger: event.trigger,
      attached: event.attached,
      parent: event.parentOrderId,
      state: 'incoming',
      armed: event.trigger !== undefined,
      price: event.priceTicks,
      remaining: event.sizeLots,
      shown: 0,
      traded: 0,
      against: 0,
      ended: false,
      uncut: 0,
      place: 0,
      linked: event.linkedOrderId,
      bestMark: 0,
      queued: false,
      twap: undefined,
    };
    this.#orders.set(order.id, order);
    return order;
  }

  /** It is over; its name is remembered. */
  remove({ account, name, id }: AuditedOrder): void {
    this.#orders.delete(id);
    if (name === '') return;
    const names = this.#closedNames.get(account) ?? [];
    names.push({ name, id });
    if (names.length > NAMES_REMEMBERED) names.shift();
    this.#closedNames.set(account, names);
  }

  all(): AuditedOrder[] {
    return [...this.#orders.values()];
  }

  of(account: number): AuditedOrder[] {
    return this.all().filter((order) => order.account === account);
  }

  find(orderId: number): AuditedOrder | undefined {
    return this.#orders.get(orderId);
  }

  get(orderId: number): AuditedOrder {
    const order = this.#orders.get(orderId);
    expect(order, `order ${orderId} is not open`).toBeDefined();
    return order!;
  }

  /** The id of the order of that name, open or over. */
  named(account: number, name: string): number | undefined {
    const open = this.of(account).find((order) => order.name === name);
    return open?.id ?? this.#closedNames.get(account)?.findLast((closed) => closed.name === name)?.id;
  }

  /** The order on its way through the book: the first of a pair before the second. */
  worker(): AuditedOrder | undefined {
    let worker: AuditedOrder | undefined;
    for (const order of this.#orders.values()) {
      if (order.state === 'incoming' && !order.armed && (worker === undefined || order.id < worker.id)) worker = order;
    }
    return worker;
  }

  resting(market: number, side: Side): AuditedOrder[] {
    return this.all().filter((o) => o.state === 'resting' && o.market === market && o.side === side);
  }

  /** The order that trades next. */
  front(market: number, side: Side): AuditedOrder | undefined {
    let front: AuditedOrder | undefined;
    for (const order of this.resting(market, side)) {
      const better = front === undefined ? 1 : side === 'buy' ? order.price - front.price : front.price - order.price;
      if (better > 0 || (better === 0 && order.place < front!.place)) front = order;
    }
    return front;
  }
}

/** Slices of a TWAP order whose time has come, counted one by one. */
export function slicesDue({ twap }: AuditedOrder, timeMs: number): number {
  const { startMs, durationMs, slices } = twap!;
  let due = 0;
  while (due < slices && startMs + Math.floor((durationMs * due) / (slices - 1)) <= timeMs) due += 1;
  return due;
}
