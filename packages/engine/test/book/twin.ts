import { assert } from '@keel/types';
import type { Book } from '../../src/book/book.ts';

/** What a book shows to others: its public members. */
export type BookApi = { [Member in keyof Book]: Book[Member] };

interface TwinOrder {
  readonly slot: number;
  readonly orderId: number;
  readonly buys: boolean;
  readonly ticks: number;
  readonly accountId: number;
  lots: number;
  hiddenLots: number;
  displayLots: number;
}

/** The same book as plain objects in one array, oldest first: everything is searched for from end to end. */
export class Twin implements BookApi {
  readonly #maxPriceTicks: number;
  /** In order of arrival, or of the last show. */
  #orders: TwinOrder[] = [];
  readonly #changed = new Set<number>();

  constructor(maxPriceTicks: number) {
    this.#maxPriceTicks = maxPriceTicks;
  }

  get count(): number {
    return this.#orders.length;
  }

  get bestBid(): number {
    return this.#orders.reduce((best, { buys, ticks }) => (buys ? Math.max(best, ticks) : best), 0);
  }

  get bestAsk(): number {
    const best = this.#orders.reduce((low, { buys, ticks }) => (buys ? low : Math.min(low, ticks)), Infinity);
    return best === Infinity ? 0 : best;
  }

  get changedLevels(): Uint32Array<ArrayBuffer> {
    return Uint32Array.from(this.#changed);
  }

  get changedCount(): number {
    return this.#changed.size;
  }

  set changedCount(count: number) {
    assert(count === 0, 'only to take them');
    this.#changed.clear();
  }

  insert(
    orderId: number,
    buys: boolean,
    ticks: number,
    lots: number,
    hiddenLots: number,
    displayLots: number,
    accountId: number,
  ): number {
    assert(ticks >= 1 && ticks <= this.#maxPriceTicks, 'price');
    assert(buys ? this.bestAsk === 0 || ticks < this.bestAsk : ticks > this.bestBid, 'crosses');
    assert(lots > 0 && hiddenLots >= 0, 'lots');
    assert(hiddenLots === 0 ? displayLots === 0 : displayLots > 0, 'display');
    assert(this.lotsAt(ticks) + lots <= Number.MAX_SAFE_INTEGER, 'level');
    let slot = 1;
    while (this.#orders.some((order) => order.slot === slot)) slot += 1;
    const order = { slot, orderId, buys, ticks, lots, hiddenLots, displayLots, accountId };
    this.#orders.push(order);
    this.#note(order);
    return slot;
  }

  front(takerBuys: boolean, limitTicks: number): number {
    const best = takerBuys ? this.bestAsk : this.bestBid;
    if (best === 0 || (takerBuys ? best > limitTicks : best < limitTicks)) return 0;
    return this.headAt(best);
  }

  fill(slot: number, lots: number): boolean {
    const order = this.#at(slot);
    assert(lots > 0 && lots <= order.lots, 'fill');
    this.#note(order);
    order.lots -= lots;
    if (order.lots > 0) return false;
    this.#orders = this.#orders.filter((each) => each !== order);
    if (order.hiddenLots === 0) return true;
    order.lots = Math.min(order.displayLots, order.hiddenLots);
    this.#hide(order, order.hiddenLots - order.lots);
    this.#orders.push(order);
    return false;
  }

  shrink(slot: number, lots: number): void {
    const order = this.#at(slot);
    assert(lots > 0 && BigInt(lots) < BigInt(order.lots) + BigInt(order.hiddenLots), 'shrink');
    const fromHidden = Math.min(lots, order.hiddenLots);
    this.#hide(order, order.hiddenLots - fromHidden);
    order.lots -= lots - fromHidden;
    if (lots > fromHidden) this.#note(order);
  }

  remove(slot: number): void {
    const order = this.#at(slot);
    this.#note(order);
    this.#orders = this.#orders.filter((each) => each !== order);
  }

  find(orderId: number): number {
    return this.#orders.find((order) => order.orderId === orderId)?.slot ?? 0;
  }

  idOf(slot: number): number {
    return this.#at(slot).orderId;
  }

  lotsOf(slot: number): number {
    return this.#at(slot).lots;
  }

  hiddenOf(slot: number): number {
    return this.#at(slot).hiddenLots;
  }

  displayOf(slot: number): number {
    return this.#at(slot).displayLots;
  }

  ticksOf(slot: number): number {
    return this.#at(slot).ticks;
  }

  accountOf(slot: number): number {
    return this.#at(slot).accountId;
  }

  buysOf(slot: number): boolean {
    return this.#at(slot).buys;
  }

  lotsAt(ticks: number): number {
    return this.#queueAt(ticks).reduce((sum, { lots }) => sum + lots, 0);
  }

  countAt(ticks: number): number {
    return this.#queueAt(ticks).length;
  }

  headAt(ticks: number): number {
    return this.#queueAt(ticks)[0]?.slot ?? 0;
  }

  nextInQueue(slot: number): number {
    const queue = this.#queueAt(this.ticksOf(slot));
    return queue[queue.indexOf(this.#at(slot)) + 1]?.slot ?? 0;
  }

  levelAbove(ticks: number): number {
    return this.#prices().find((each) => each > ticks) ?? 0;
  }

  levelBelow(ticks: number): number {
    return this.#prices().findLast((each) => each < ticks) ?? 0;
  }

  #prices(): readonly number[] {
    return this.#orders.map(({ ticks }) => ticks).sort((low, high) => low - high);
  }

  #queueAt(ticks: number): readonly TwinOrder[] {
    return this.#orders.filter((order) => order.ticks === ticks);
  }

  #at(slot: number): TwinOrder {
    const order = this.#orders.find((each) => each.slot === slot);
    assert(order !== undefined, 'slot');
    return order;
  }

  #hide(order: TwinOrder, hiddenLots: number): void {
    order.hiddenLots = hiddenLots;
    if (hiddenLots === 0) order.displayLots = 0;
  }

  #note({ ticks, buys }: TwinOrder): void {
    this.#changed.add(ticks * 2 + (buys ? 1 : 0));
  }
}
