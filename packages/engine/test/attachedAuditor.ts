import { expect } from 'vitest';
import type { AuditedOrder, AuditedOrders } from './auditedOrders.ts';

/** Knows what each fill of a parent must bring: attached orders come to life with the first and grow with the others. */
export class AttachedAuditor {
  readonly #orders: AuditedOrders;
  readonly #count: (name: string) => void;
  /** Lots traded by each order that was ever accepted. */
  readonly #traded = new Map<number, number>();
  /** What a fill of a parent must bring before the next fill: how many new orders, or which ones grow. */
  readonly #due = new Map<number, { created: number; grown: number[] }>();

  constructor(orders: AuditedOrders, count: (name: string) => void) {
    this.#orders = orders;
    this.#count = count;
  }

  /** An attached order is as large as what its parent has traded, and on the other side. */
  accept(child: AuditedOrder): void {
    const due = this.#due.get(child.parent);
    expect(due !== undefined && due.created > 0, 'an attached order without a fill').toBe(true);
    due!.created -= 1;
    expect(child.remaining).toBe(this.#traded.get(child.parent));
    expect(child.reduceOnly).toBe(true);
    this.#count('attached order created');
  }

  /** An order traded, and its account then has a position of `positionLots`. */
  trade({ id, traded, side, attached }: AuditedOrder, positionLots: number): void {
    this.#traded.set(id, traded);
    if (attached === undefined) return;
    if (side === 'buy' ? positionLots <= 0 : positionLots >= 0) return;
    const children = this.#orders.all().filter(({ parent }) => parent === id);
    const grown = children.filter(({ state }) => state === 'waiting').map((child) => child.id);
    const { takeProfitTicks, stopLossTicks } = attached;
    const created = children.length > 0 ? 0 : Number(takeProfitTicks > 0) + Number(stopLossTicks > 0);
    this.#due.set(id, { created, grown });
  }

  /** One that must grow has its price, and the size of what its parent has traded. */
  amend({ id, parent, price }: AuditedOrder, priceTicks: number, sizeLots: number): void {
    const grown = this.#due.get(parent)?.grown ?? [];
    if (!grown.includes(id)) return;
    grown.splice(grown.indexOf(id), 1);
    expect([priceTicks, sizeLots]).toEqual([price, this.#traded.get(parent)]);
    this.#count('attached order grown');
  }

  expectNoneDue(): void {
    for (const [parent, { created, grown }] of this.#due) {
      expect([created, grown], `attached orders of ${parent}`).toEqual([0, []]);
    }
    this.#due.clear();
  }
}
