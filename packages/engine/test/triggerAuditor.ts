import { expect } from 'vitest';
import type { AuditedOrder, AuditedOrders } from './auditedOrders.ts';

/** What the auditor of triggers is told by those of money and orders. */
export interface TriggerFacts {
  markOf(marketId: number): number;
  maxPriceTicksOf(marketId: number): number;
  isHalted(marketId: number): boolean;
  count(name: string): void;
}

/** As many fired orders may be carried out in one step. */
const FIRED_PER_STEP = 64;

/** Looks at every waiting order at every mark, and says which one must fire next. */
export class TriggerAuditor {
  readonly #orders: AuditedOrders;
  readonly #facts: TriggerFacts;
  /** Orders whose trigger was met, in the order in which they must fire. */
  #fireQueue: number[] = [];
  /** Of these, the ones that a whole command has passed by. */
  #overdue: number[] = [];
  #firedNow = 0;

  constructor(orders: AuditedOrders, facts: TriggerFacts) {
    this.#orders = orders;
    this.#facts = facts;
  }

  begin(): void {
    this.#firedNow = 0;
  }

  /** Only an attached order may begin to wait for a mark that is there already. */
  wait(order: AuditedOrder, triggerTicks: number): void {
    expect(order.armed && order.state === 'incoming').toBe(true);
    order.state = 'waiting';
    order.bestMark = this.#facts.markOf(order.market);
    expect(triggerTicks).toBe(this.#firesAt(order));
    if (!this.#isMet(order)) return;
    expect(order.parent, 'a trigger that was met when it was asked for').not.toBe(0);
    this.#facts.count('attached order met at once');
    this.#queue(order);
  }

  followMark(marketId: number): void {
    const mark = this.#facts.markOf(marketId);
    const waiting = this.#orders.all().filter((o) => o.market === marketId && o.state === 'waiting');
    for (const order of waiting.sort((a, b) => a.id - b.id)) {
      order.bestMark = order.side === 'sell' ? Math.max(order.bestMark, mark) : Math.min(order.bestMark, mark);
      if (!order.queued && this.#isMet(order)) this.#queue(order);
    }
  }

  /** First met, first fired, but for those of halted markets. */
  fire(order: AuditedOrder, markTicks: number): void {
    expect(order.id, 'the order whose turn it is to fire').toBe(this.#runnable()[0]);
    this.#fireQueue.splice(this.#fireQueue.indexOf(order.id), 1);
    this.#firedNow += 1;
    expect(markTicks).toBe(this.#facts.markOf(order.market));
    this.#facts.count(`fired ${order.trigger!.kind}`);
    order.state = 'incoming';
    order.armed = false;
  }

  /** The order is over, whether it has fired or not. */
  forget(order: AuditedOrder): void {
    if (order.queued) this.#fireQueue = this.#fireQueue.filter((id) => id !== order.id);
  }

  /** After the command: what waited through a whole one has fired, unless as many others did as may. */
  end(): void {
    const waiting = this.#runnable();
    if (this.#firedNow < FIRED_PER_STEP) {
      for (const id of this.#overdue) expect(waiting, 'an order that should have fired').not.toContain(id);
    }
    this.#overdue = waiting;
  }

  #queue(order: AuditedOrder): void {
    order.queued = true;
    this.#fireQueue.push(order.id);
  }

  #runnable(): number[] {
    return this.#fireQueue.filter((id) => !this.#facts.isHalted(this.#orders.get(id).market));
  }

  #firesAt({ side, trigger, bestMark, market }: AuditedOrder): number {
    if (trigger!.kind !== 'trailingStop') return trigger!.triggerTicks;
    const ticks = side === 'sell' ? bestMark - trigger!.trailTicks : bestMark + trigger!.trailTicks;
    return Math.min(Math.max(ticks, 1), this.#facts.maxPriceTicksOf(market));
  }

  #isMet(order: AuditedOrder): boolean {
    const mark = this.#facts.markOf(order.market);
    const ticks = this.#firesAt(order);
    const risesTo = order.trigger!.kind === 'takeProfit' ? order.side === 'sell' : order.side === 'buy';
    return risesTo ? mark >= ticks : mark <= ticks;
  }
}
