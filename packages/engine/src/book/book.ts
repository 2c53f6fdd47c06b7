import { assert } from '@keel/types';

/** What every operation reads of an order is one record of 32 bytes, seen as 8 Int32 and as 4 Float64. */
const ORDER_INTS = 3;
const ORDER_FLOATS = 2;
/** Neighbours in the queue; stale in the first order's PREVIOUS and in the last one's NEXT. Free slots chain by NEXT. */
const PREVIOUS = 0;
const NEXT = 1;
/** Next order in the same bucket of the id index. */
const CHAIN = 2;
/** Place of its level, page slot * 256 + (ticks & 255); with the sign bit while it has hidden lots. */
const PLACE = 3;
const PLACE_BITS = 0x7fffffff;
const ID = 2;
/** 0 marks a free slot. */
const SHOWN = 3;

/** A level is 4 Int32, the last unused, and its shown lots apart from them; all 0 when it is empty. */
const LEVEL_INTS = 2;
const HEAD = 0;
const TAIL = 1;
const COUNT = 2;

/** A page is 256 levels and 16 Int32: 8 words with a bit per non-empty level, then these. Page slot 0 stays empty. */
const PAGE_TICKS = 8;
const PAGE_INTS = 4;
/** A bit per word that is not 0. */
const WORDS = 8;
/** The page's number, ticks >> 8. Free page slots chain by it. */
const NUMBER = 9;

/**
 * One market's resting orders: price levels with intrusive FIFO queues in flat typed arrays.
 *
 * One ladder serves both sides, because bids lie below asks: the side of an order follows from its price. Prices are
 * kept in pages of 256 ticks from a pool; bitmaps over levels, over pages and over those find the next price.
 *
 * Bytes: 56 per order and 24 per level of a used page, so 6,264 for an order alone on its page; 4 per page up to the
 * highest price ever used, 16 MiB at 2^30, and half a MiB of bitmaps. Arrays double when full and never shrink.
 *
 * Every number is a whole one, and ids rest once: the caller sees to it. Checked are sizes, prices, that a slot rests,
 * that an order does not cross, and that the lots of a level stay a safe integer; after a failed check the book may be
 * half changed.
 */
export class Book {
  /** Ticks of the best prices; 0 when that side is empty. Read only. */
  bestBid = 0;
  bestAsk = 0;
  /** Resting orders. Read only. */
  count = 0;
  /**
   * Prices whose shown lots or count changed since the caller last set changedCount to 0: ticks * 2 + (buys ? 1 : 0).
   * A price may be named more than once: at most four entries per price, or 1,024 in all. A full array is replaced.
   */
  changedLevels = new Uint32Array(1_024);
  changedCount = 0;

  readonly #maxPriceTicks: number;
  #orders = new Int32Array(0);
  #amounts = new Float64Array(0);
  #accounts = new Int32Array(0);
  /** Hidden lots and lots of each later show, by slot; read only where PLACE says so. */
  #hidden = new Float64Array(0);
  /** First order of each bucket of the id index; as many as slots, a power of two. */
  #buckets = new Int32Array(0);
  #bucketShift = 0;
  #freeSlot = 0;
  #levels = new Int32Array(0);
  #levelLots = new Float64Array(0);
  #pages = new Int32Array(0);
  #freePage = 0;
  /** Page number to page slot; 0 where no level is. */
  #pageTable = new Int32Array(64);
  /** Bit p of the first is set when page p has a level, bit i of each other when word i of the one before is not 0. */
  readonly #pageBits: Int32Array[] = [];

  /** @throws AssertionError unless 1 <= maxPriceTicks <= 2^30 */
  constructor(maxPriceTicks: number) {
    assert(Number.isInteger(maxPriceTicks) && maxPriceTicks >= 1 && maxPriceTicks <= 2 ** 30, 'price limit');
    this.#maxPriceTicks = maxPriceTicks;
    this.#growOrders(32);
    this.#growPages(4);
    for (let words = maxPriceTicks >> (PAGE_TICKS + 5); ; words >>= 5) {
      this.#pageBits.push(new Int32Array(words + 2));
      if (words === 0) break;
    }
  }

  /**
   * Puts an order behind all others of its price. `lots` > 0 are shown now, `hiddenLots` wait behind them and come
   * `displayLots` at a time (0 without hidden lots).
   * @param accountId below 2^31
   * @returns its slot, >= 1: stable while the order rests, given to another afterwards
   */
  insert(
    orderId: number,
    buys: boolean,
    ticks: number,
    lots: number,
    hiddenLots: number,
    displayLots: number,
    accountId: number,
  ): number {
    assert(ticks >= 1 && ticks <= this.#maxPriceTicks, 'order outside the ladder');
    assert(buys ? ticks < this.bestAsk || this.bestAsk === 0 : ticks > this.bestBid, 'resting order crosses');
    assert(lots >= 1 && hiddenLots >= 0 && hiddenLots > 0 === displayLots > 0, 'sizes of a resting order');
    if (this.#freeSlot === 0) this.#growOrders(this.#buckets.length << 1);
    const slot = this.#freeSlot;
    const orders = this.#orders;
    const order = slot << ORDER_INTS;
    this.#freeSlot = orders[order | NEXT]!;

    let page = this.#pageOf(ticks >> PAGE_TICKS);
    if (page === 0) page = this.#openPage(ticks >> PAGE_TICKS);
    const place = (page << PAGE_TICKS) | (ticks & 255);
    const level = place << LEVEL_INTS;
    const total = this.#levelLots[place]! + lots;
    assert(total <= Number.MAX_SAFE_INTEGER, 'lots of a level');
    this.#levelLots[place] = total;
    const levels = this.#levels;
    const behind = levels[level | TAIL]!;
    levels[level | TAIL] = slot;
    levels[level | COUNT] = levels[level | COUNT]! + 1;
    if (behind === 0) {
      levels[level | HEAD] = slot;
      this.#pages[(page << PAGE_INTS) | ((ticks >> 5) & 7)]! |= 1 << (ticks & 31);
      this.#pages[(page << PAGE_INTS) | WORDS]! |= 1 << ((ticks >> 5) & 7);
      if (buys) {
        if (ticks > this.bestBid) this.bestBid = ticks;
      } else if (ticks < this.bestAsk || this.bestAsk === 0) this.bestAsk = ticks;
    } else orders[(behind << ORDER_INTS) | NEXT] = slot;

    const bucket = this.#bucketOf(orderId);
    const amounts = this.#amounts;
    const amount = slot << ORDER_FLOATS;
    orders[order | PREVIOUS] = behind;
    orders[order | PLACE] = place;
    orders[order | CHAIN] = this.#buckets[bucket]!;
    amounts[amount | ID] = orderId;
    amounts[amount | SHOWN] = lots;
    if (hiddenLots > 0) this.#hide(slot, hiddenLots, displayLots);
    this.#accounts[slot] = accountId;
    this.#buckets[bucket] = slot;
    this.count += 1;
    this.#note(ticks, buys);
    return slot;
  }

  /** The resting order that a taker of this side limited to `limitTicks` meets next, or 0. */
  front(takerBuys: boolean, limitTicks: number): number {
    const best = takerBuys ? this.bestAsk : this.bestBid;
    if (best === 0 || (takerBuys ? limitTicks < best : limitTicks > best)) return 0;
    return this.headAt(best);
  }

  /**
   * Takes traded lots, 1 to all shown, off the order. When none are shown and some are hidden, it shows anew at the
   * end of its queue, in the same slot; when nothing is left it is removed.
   * @returns whether the order is gone
   */
  fill(slot: number, lots: number): boolean {
    const shown = this.lotsOf(slot);
    assert(lots >= 1 && lots <= shown, 'fill beyond what an order shows');
    const place = this.#orders[(slot << ORDER_INTS) | PLACE]!;
    if (lots < shown) {
      this.#amounts[(slot << ORDER_FLOATS) | SHOWN] = shown - lots;
      this.#takeFromLevel(place & PLACE_BITS, lots);
      return false;
    }
    if (place < 0) this.#showAnew(slot);
    else this.remove(slot);
    return place >= 0;
  }

  /** Takes lots off without a trade, hidden ones first; some must be left. The order keeps its place. */
  shrink(slot: number, lots: number): void {
    const shown = this.lotsOf(slot);
    const hidden = this.hiddenOf(slot);
    assert(shown > 0 && lots >= 1 && lots - hidden < shown, 'shrink to nothing');
    if (hidden > 0) this.#hide(slot, Math.max(hidden - lots, 0), this.displayOf(slot));
    if (lots <= hidden) return;
    this.#amounts[(slot << ORDER_FLOATS) | SHOWN] = shown - (lots - hidden);
    this.#takeFromLevel(this.#placeOf(slot), lots - hidden);
  }

  /** Takes the order out in a fixed number of steps; its slot is free for another. */
  remove(slot: number): void {
    const orders = this.#orders;
    const order = slot << ORDER_INTS;
    const amount = slot << ORDER_FLOATS;
    const shown = this.#amounts[amount | SHOWN]!;
    assert(shown > 0, 'slot without a resting order');
    const place = orders[order | PLACE]! & PLACE_BITS;
    const ticks = this.#ticksAt(place);
    const level = place << LEVEL_INTS;
    this.#note(ticks, ticks <= this.bestBid);
    this.#levelLots[place]! -= shown;
    const levels = this.#levels;
    const left = levels[level | COUNT]! - 1;
    levels[level | COUNT] = left;
    if (left === 0) this.#closeLevel(place, ticks);
    else {
      const previous = orders[order | PREVIOUS]!;
      const next = orders[order | NEXT]!;
      if (levels[level | HEAD] === slot) levels[level | HEAD] = next;
      else if (levels[level | TAIL] === slot) levels[level | TAIL] = previous;
      else {
        orders[(previous << ORDER_INTS) | NEXT] = next;
        orders[(next << ORDER_INTS) | PREVIOUS] = previous;
      }
    }

    const bucket = this.#bucketOf(this.#amounts[amount | ID]!);
    let before = this.#buckets[bucket]!;
    if (before === slot) this.#buckets[bucket] = orders[order | CHAIN]!;
    else {
      while (orders[(before << ORDER_INTS) | CHAIN] !== slot) before = orders[(before << ORDER_INTS) | CHAIN]!;
      orders[(before << ORDER_INTS) | CHAIN] = orders[order | CHAIN]!;
    }
    this.#amounts[amount | SHOWN] = 0;
    orders[order | NEXT] = this.#freeSlot;
    this.#freeSlot = slot;
    this.count -= 1;
  }

  /** Slot of the resting order with this id, or 0. */
  find(orderId: number): number {
    let slot = this.#buckets[this.#bucketOf(orderId)]!;
    while (slot !== 0 && this.#amounts[(slot << ORDER_FLOATS) | ID] !== orderId)
      slot = this.#orders[(slot << ORDER_INTS) | CHAIN]!;
    return slot;
  }

  idOf(slot: number): number {
    return this.#amounts[(slot << ORDER_FLOATS) | ID]!;
  }

  /** Shown lots. */
  lotsOf(slot: number): number {
    return this.#amounts[(slot << ORDER_FLOATS) | SHOWN]!;
  }

  hiddenOf(slot: number): number {
    return this.#orders[(slot << ORDER_INTS) | PLACE]! < 0 ? this.#hidden[slot << 1]! : 0;
  }

  /** Lots of each later show; 0 once nothing is hidden. */
  displayOf(slot: number): number {
    return this.#orders[(slot << ORDER_INTS) | PLACE]! < 0 ? this.#hidden[(slot << 1) + 1]! : 0;
  }

  ticksOf(slot: number): number {
    return this.#ticksAt(this.#placeOf(slot));
  }

  accountOf(slot: number): number {
    return this.#accounts[slot]!;
  }

  buysOf(slot: number): boolean {
    return this.ticksOf(slot) <= this.bestBid;
  }

  /** Shown lots at a price, 0 without orders. */
  lotsAt(ticks: number): number {
    return this.#levelLots[this.#levelAt(ticks)]!;
  }

  countAt(ticks: number): number {
    return this.#levels[(this.#levelAt(ticks) << LEVEL_INTS) | COUNT]!;
  }

  /** Oldest order at a price, 0 without orders. */
  headAt(ticks: number): number {
    return this.#levels[(this.#levelAt(ticks) << LEVEL_INTS) | HEAD]!;
  }

  /** The order behind this one at its price, 0 at the end. */
  nextInQueue(slot: number): number {
    const tail = this.#levels[(this.#placeOf(slot) << LEVEL_INTS) | TAIL];
    return tail === slot ? 0 : this.#orders[(slot << ORDER_INTS) | NEXT]!;
  }

  /** Lowest price with orders strictly above `ticks`, whichever side they are on; 0 if there is none. */
  levelAbove(ticks: number): number {
    const number = ticks >> PAGE_TICKS;
    const page = this.#pageOf(number) << PAGE_INTS;
    const word = (ticks >> 5) & 7;
    const bits = this.#pages[page | word]! & (-2 << (ticks & 31));
    if (bits !== 0) return (ticks & ~31) | edge(bits, true);
    const words = this.#pages[page | WORDS]! & (-2 << word);
    return words !== 0 ? this.#edgeOf(number, words, true) : this.#priceBeyond(number, true);
  }

  /** Highest price with orders strictly below `ticks`, whichever side they are on; 0 if there is none. */
  levelBelow(ticks: number): number {
    const number = ticks >> PAGE_TICKS;
    const page = this.#pageOf(number) << PAGE_INTS;
    const word = (ticks >> 5) & 7;
    const bits = this.#pages[page | word]! & ~(-1 << (ticks & 31));
    if (bits !== 0) return (ticks & ~31) | edge(bits, false);
    const words = this.#pages[page | WORDS]! & ~(-1 << word);
    return words !== 0 ? this.#edgeOf(number, words, false) : this.#priceBeyond(number, false);
  }

  /** Lowest or highest price in the named words of a page. */
  #edgeOf(number: number, words: number, lowest: boolean): number {
    const page = this.#pageTable[number]! << PAGE_INTS;
    const word = edge(this.#pages[page | WORDS]! & words, lowest);
    return (number << PAGE_TICKS) | (word << 5) | edge(this.#pages[page | word]!, lowest);
  }

  /** Like the two above from page to page: up the bitmaps until one names a page, and down to that. */
  #priceBeyond(number: number, above: boolean): number {
    const tree = this.#pageBits;
    let at = Math.min(number, (this.#maxPriceTicks >> PAGE_TICKS) + 1);
    for (let depth = 0; depth < tree.length; depth += 1) {
      const bits = tree[depth]![at >> 5]! & (above ? -2 << (at & 31) : ~(-1 << (at & 31)));
      at >>= 5;
      if (bits === 0) continue;
      at = (at << 5) | edge(bits, above);
      for (let down = depth - 1; down >= 0; down -= 1) at = (at << 5) | edge(tree[down]![at]!, above);
      return this.#edgeOf(at, -1, above);
    }
    return 0;
  }

  /** Ids in order, at equal distances or at random all spread by the golden ratio; what is above 2^32 does not count. */
  #bucketOf(orderId: number): number {
    return Math.imul(orderId, 0x9e3779b1) >>> this.#bucketShift;
  }

  #pageOf(number: number): number {
    return number < this.#pageTable.length ? this.#pageTable[number]! : 0;
  }

  /** Place of the level of a price; one of the empty page where there is none. */
  #levelAt(ticks: number): number {
    return (this.#pageOf(ticks >> PAGE_TICKS) << PAGE_TICKS) | (ticks & 255);
  }

  #placeOf(slot: number): number {
    return this.#orders[(slot << ORDER_INTS) | PLACE]! & PLACE_BITS;
  }

  #ticksAt(place: number): number {
    return (this.#pages[((place >> PAGE_TICKS) << PAGE_INTS) | NUMBER]! << PAGE_TICKS) | (place & 255);
  }

  #takeFromLevel(place: number, lots: number): void {
    this.#levelLots[place]! -= lots;
    const ticks = this.#ticksAt(place);
    this.#note(ticks, ticks <= this.bestBid);
  }

  #hide(slot: number, lots: number, displayLots: number): void {
    this.#orders[(slot << ORDER_INTS) | PLACE] = this.#placeOf(slot) | (lots > 0 ? ~PLACE_BITS : 0);
    this.#hidden[slot << 1] = lots;
    this.#hidden[(slot << 1) + 1] = displayLots;
  }

  /** All that was shown is traded: the next lots come out of the hidden ones, behind the others of the price. */
  #showAnew(slot: number): void {
    const place = this.#placeOf(slot);
    const hidden = this.hiddenOf(slot);
    const shown = Math.min(hidden, this.displayOf(slot));
    this.#takeFromLevel(place, this.lotsOf(slot) - shown);
    assert(this.#levelLots[place]! <= Number.MAX_SAFE_INTEGER, 'lots of a level');
    this.#amounts[(slot << ORDER_FLOATS) | SHOWN] = shown;
    this.#hide(slot, hidden - shown, this.displayOf(slot));
    const level = place << LEVEL_INTS;
    const levels = this.#levels;
    const tail = levels[level | TAIL]!;
    if (tail === slot) return;
    const orders = this.#orders;
    const order = slot << ORDER_INTS;
    const next = orders[order | NEXT]!;
    if (levels[level | HEAD] === slot) levels[level | HEAD] = next;
    else {
      orders[(orders[order | PREVIOUS]! << ORDER_INTS) | NEXT] = next;
      orders[(next << ORDER_INTS) | PREVIOUS] = orders[order | PREVIOUS]!;
    }
    orders[(tail << ORDER_INTS) | NEXT] = slot;
    orders[order | PREVIOUS] = tail;
    levels[level | TAIL] = slot;
  }

  /** Takes an empty level out of the bitmaps, and its page with the last one. */
  #closeLevel(place: number, ticks: number): void {
    const page = place >> PAGE_TICKS;
    const at = page << PAGE_INTS;
    const word = (ticks >> 5) & 7;
    this.#levels[(place << LEVEL_INTS) | HEAD] = 0;
    this.#levels[(place << LEVEL_INTS) | TAIL] = 0;
    const bits = this.#pages[at | word]! & ~(1 << (ticks & 31));
    this.#pages[at | word] = bits;
    if (bits === 0) {
      const words = this.#pages[at | WORDS]! & ~(1 << word);
      this.#pages[at | WORDS] = words;
      if (words === 0) this.#closePage(page);
    }
    if (ticks === this.bestBid) this.bestBid = this.levelBelow(ticks);
    else if (ticks === this.bestAsk) this.bestAsk = this.levelAbove(ticks);
  }

  #openPage(number: number): number {
    let length = this.#pageTable.length;
    while (length <= number) length <<= 1;
    if (length > this.#pageTable.length) this.#pageTable = longer(this.#pageTable, new Int32Array(length));
    if (this.#freePage === 0) this.#growPages(this.#pages.length >> (PAGE_INTS - 1));
    const page = this.#freePage;
    this.#freePage = this.#pages[(page << PAGE_INTS) | NUMBER]!;
    this.#pages[(page << PAGE_INTS) | NUMBER] = number;
    this.#pageTable[number] = page;
    let at = number;
    for (let depth = 0; depth < this.#pageBits.length; depth += 1, at >>= 5)
      this.#pageBits[depth]![at >> 5]! |= 1 << (at & 31);
    return page;
  }

  #closePage(page: number): void {
    let at = this.#pages[(page << PAGE_INTS) | NUMBER]!;
    this.#pages[(page << PAGE_INTS) | NUMBER] = this.#freePage;
    this.#freePage = page;
    this.#pageTable[at] = 0;
    for (let depth = 0; depth < this.#pageBits.length; depth += 1, at >>= 5) {
      const word = this.#pageBits[depth]![at >> 5]! & ~(1 << (at & 31));
      this.#pageBits[depth]![at >> 5] = word;
      if (word !== 0) return;
    }
  }

  /** Names a price among the changed ones unless it is the last of them. */
  #note(ticks: number, buys: boolean): void {
    const entry = ((ticks << 1) | (buys ? 1 : 0)) >>> 0;
    const at = this.changedCount;
    if (at > 0 && this.changedLevels[at - 1] === entry) return;
    if (at === this.changedLevels.length) this.#growChanged();
    this.changedLevels[this.changedCount] = entry;
    this.changedCount += 1;
  }

  /** Entries that are there twice go before the array grows. */
  #growChanged(): void {
    const distinct = new Set(this.changedLevels);
    const length = this.changedLevels.length;
    if (distinct.size << 1 >= length) this.changedLevels = new Uint32Array(length << 1);
    this.changedLevels.set([...distinct]);
    this.changedCount = distinct.size;
  }

  /** Makes room for so many slots, a power of two; slot 0 is none. Called when every slot known so far is taken. */
  #growOrders(slots: number): void {
    const known = Math.max(this.#buckets.length, 1);
    const bytes = new ArrayBuffer(slots * 2 ** (ORDER_INTS + 2));
    this.#orders = longer(this.#orders, new Int32Array(bytes));
    this.#amounts = new Float64Array(bytes);
    this.#accounts = longer(this.#accounts, new Int32Array(slots));
    this.#hidden = longer(this.#hidden, new Float64Array(slots << 1));
    this.#buckets = new Int32Array(slots);
    this.#bucketShift = Math.clz32(slots - 1);
    for (let slot = 1; slot < known; slot += 1) {
      const bucket = this.#bucketOf(this.idOf(slot));
      this.#orders[(slot << ORDER_INTS) | CHAIN] = this.#buckets[bucket]!;
      this.#buckets[bucket] = slot;
    }
    for (let slot = slots - 1; slot >= known; slot -= 1) {
      this.#orders[(slot << ORDER_INTS) | NEXT] = this.#freeSlot;
      this.#freeSlot = slot;
    }
  }

  /** Makes room for so many page slots; slot 0 is the empty page. */
  #growPages(slots: number): void {
    const known = Math.max(this.#pages.length >> PAGE_INTS, 1);
    this.#levels = longer(this.#levels, new Int32Array(slots * 2 ** (PAGE_TICKS + LEVEL_INTS)));
    this.#levelLots = longer(this.#levelLots, new Float64Array(slots * 2 ** PAGE_TICKS));
    this.#pages = longer(this.#pages, new Int32Array(slots << PAGE_INTS));
    for (let page = slots - 1; page >= known; page -= 1) {
      this.#pages[(page << PAGE_INTS) | NUMBER] = this.#freePage;
      this.#freePage = page;
    }
  }
}

/** Lowest or highest bit that is set. */
function edge(bits: number, lowest: boolean): number {
  return 31 - Math.clz32(lowest ? bits & -bits : bits);
}

/** The longer array with the content of the shorter. */
function longer<Numbers extends Int32Array | Float64Array>(from: Numbers, to: Numbers): Numbers {
  to.set(from);
  return to;
}
