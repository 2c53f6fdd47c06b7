import type { OrderId, Side } from '@keel/types';

/** An order of the recording that rests by what the recording says. */
export interface RecordedOrder {
  readonly number: number;
  readonly side: Side;
  readonly cents: number;
  /** Account and order on the exchange. */
  readonly account: number;
  readonly orderId: OrderId;
  /** Size as placed, less what was cancelled of it. */
  sizeLots: number;
  leftLots: number;
}

/** The recording's own view of the book, made without the engine: by price, then in the order of placing. */
export class RecordedBook {
  readonly #orders = new Map<number, RecordedOrder>();
  readonly #levels: Readonly<Record<Side, Map<number, Set<RecordedOrder>>>> = { buy: new Map(), sell: new Map() };

  get size(): number {
    return this.#orders.size;
  }

  find(number: number): RecordedOrder | undefined {
    return this.#orders.get(number);
  }

  add(order: RecordedOrder): void {
    this.#orders.set(order.number, order);
    const levels = this.#levels[order.side];
    const level = levels.get(order.cents);
    if (level === undefined) levels.set(order.cents, new Set([order]));
    else level.add(order);
  }

  remove(order: RecordedOrder): void {
    this.#orders.delete(order.number);
    const levels = this.#levels[order.side];
    const level = levels.get(order.cents);
    level?.delete(order);
    if (level?.size === 0) levels.delete(order.cents);
  }

  /** Orders that would trade before this one: of a better price, or of its price and placed earlier. */
  inFrontOf(order: RecordedOrder): RecordedOrder[] {
    const better = this.#reachedBy(order.side, order.cents).filter((other) => other.cents !== order.cents);
    const level = [...(this.#levels[order.side].get(order.cents) ?? [])];
    return [...better, ...level.slice(0, level.indexOf(order))];
  }

  /** Orders that a new order of this side and price would trade with. */
  facing(side: Side, cents: number): RecordedOrder[] {
    return this.#reachedBy(side === 'buy' ? 'sell' : 'buy', cents);
  }

  /** Orders of a side at a price or a better one. */
  #reachedBy(side: Side, cents: number): RecordedOrder[] {
    const prices = [...this.#levels[side].keys()];
    const reached = prices.filter((price) => (side === 'buy' ? price >= cents : price <= cents));
    return reached.flatMap((price) => [...(this.#levels[side].get(price) ?? [])]);
  }
}
