import type { Side } from '@keel/types';
import type { Trader } from '../trader.ts';

/** An order of the recording that rests on the exchange. */
export interface KnownOrder {
  /** Its id in the recording. */
  readonly id: string;
  readonly trader: Trader;
  /** Its id on the exchange. */
  readonly orderId: string;
  readonly side: Side;
  readonly priceTicks: number;
  /** Its whole size on the exchange, what has traded there included. */
  sizeLots: number;
  /** What the recording says is left of it. */
  remainingLots: number;
}

/** The recording's own view of the book: what it has placed and not yet cancelled or executed, in order of placing. */
export class KnownOrders {
  readonly #orders = new Map<string, KnownOrder>();
  readonly #openByTrader = new Map<Trader, number>();

  find(id: string): KnownOrder | undefined {
    return this.#orders.get(id);
  }

  add(order: KnownOrder): void {
    this.#orders.set(order.id, order);
    this.#count(order.trader, 1);
  }

  forget(order: KnownOrder): void {
    if (this.#orders.delete(order.id)) this.#count(order.trader, -1);
  }

  /** Orders that trade before this one: of a better price, or of the same price and an earlier place. */
  inFrontOf(order: KnownOrder): KnownOrder[] {
    const inFront: KnownOrder[] = [];
    let passed = false;
    for (const other of this.#orders.values()) {
      if (other === order) passed = true;
      else if (other.side !== order.side) continue;
      else if (isBetter(other, order) || (!passed && other.priceTicks === order.priceTicks)) inFront.push(other);
    }
    return inFront;
  }

  /** Orders that a new order of this side and price would trade with. */
  facing(side: Side, priceTicks: number): KnownOrder[] {
    return [...this.#orders.values()].filter((order) =>
      side === 'buy'
        ? order.side === 'sell' && order.priceTicks <= priceTicks
        : order.side === 'buy' && order.priceTicks >= priceTicks,
    );
  }

  /** Spreads orders so that no account reaches the exchange's limit of open orders. There is at least one trader. */
  leastBusy(traders: readonly Trader[]): Trader {
    const open = (trader: Trader): number => this.#openByTrader.get(trader) ?? 0;
    return traders.reduce((least, trader) => (open(trader) < open(least) ? trader : least));
  }

  #count(trader: Trader, change: 1 | -1): void {
    this.#openByTrader.set(trader, (this.#openByTrader.get(trader) ?? 0) + change);
  }
}

function isBetter(left: KnownOrder, right: KnownOrder): boolean {
  return left.side === 'buy' ? left.priceTicks > right.priceTicks : left.priceTicks < right.priceTicks;
}
