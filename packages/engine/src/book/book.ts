import { assert } from '@keel/types';

/** What every operation reads of an order is one record of 32 bytes, seen as 8 Int32 and as 4 Float64. */
const ORDER_INTS = 3;
const ORDER_FLOATS = 2;
/** Neighbours in the queue; stale in the first order's PREVIOUS and in the last one's NEXT. Free slots chain by NEXT. */
const PREVIOUS = 0;
const NEXT = 1;
/** Next order in the same bucket of the id index. */
const CHAIN = 2;
/** Place of its level, (page slot << 8) + (ticks & 255); with the sign bit while it has hidden lots. */
const PLACE = 3;
const PLACE_BITS = 0x7fffffff;
const ID = 2;
/** 0 marks a free slot. */
const SHOWN = 3;

/** A level is 32 bytes, seen as 8 Int32 and as 4 Float64. All zero but MARK when it is empty. */
const LEVEL_INTS = 3;
const LEVEL_FLOATS = 2;
const HEAD = 0;
const TAIL = 1;
const COUNT = 2;
const LOTS = 2;

/** A page is 256 levels and 16 Int32: 8 words with a bit per non-empty level, then these. Page slot 0 stays empty. */
const PAGE_TICKS = 8;
const PAGE_INTS = 4;
/** A bit per word that is not 0. */
const WORDS = 8;
/** The page's number, ticks >> 8. Free page slots chain by it. */
const NUMBER = 9;

const MAX_PRICE_TICKS = 2 ** 30;

/**
 * One market's resting orders: price levels with intrusive FIFO queues in flat typed arrays.
 *
 * One ladder serves both sides, because bids lie below asks: the side of an order follows from its price. Prices are
 * kept in pages of 256 ticks from a pool; bitmaps over levels, over pages and over those find the next price.
 *
 * Bytes: 64 per order, 8 for the id index, 32 per level of a used page (8,256 for an order alone on its page) and 4.3
 * per page up to the highest price ever used. Arrays double when they are full and never shrink; nothing else allocates.
 *
 * Checked: sizes, prices, that a slot rests, that an order does not cross, that lots of a level stay safe integers. Not
 * checked: that a new id rests nowhere else, and that lots are whole.
 */
export class Book {
  /** Ticks of the best prices; 0 when that side is empty. Read only. */
  bestBid = 0;
  bestAsk = 0;
  /** Resting orders. Read only. */
  count = 0;
  /**
   * Prices whose shown lots or count changed since the caller last set changedCount to 0: ticks * 2 + (buys ? 1 : 0).
   * A price may be named more than once: at most four entries per price, or 64 in all.
   */
  changedLevels = new Uint32Array(64);
  changedCount = 0;

  readonly #maxPriceTicks: number;
  #orders = new Int32Array(0);
  #amounts = new Float64Array(0);
  #accounts = new Int32Array(0);
  /** Hidden lots and lots of each later show, by slot; read only where PLACE says so. */
  #hidden = new Float64Array(0);
  /** First order of each bucket; a power of two of them, twice the slots. */
  #buckets = new Int32Array(0);
  #bucketShift = 0;
  #freeSlot = 0;
  #levels = new Int32Array(0);
  #levelLots = new Float64Array(0);
  #pages = new Int32Array(0);
  #freePage = 0;
  /** Page number to page slot; 0 where no level is. */
  #pageTable = new Int32Array(0);
  /** Bit p of the first is set when page p has a level, bit i of each other when word i of the one before is not 0. */
  #pageBits: Int32Array[] = [];

  /** @throws AssertionError unless 1 <= maxPriceTicks <= 2^30 */
  constructor(maxPriceTicks: number) {
    assert(Number.isInteger(maxPriceTicks) && maxPriceTicks >= 1 && maxPriceTicks <= MAX_PRICE_TICKS, 'price limit');
    this.#maxPriceTicks = maxPriceTicks;
    this.#growOrders(32);
    this.#growPages(4);
    this.#growTable(0);
  }

  /**
   * Puts an order behind all others of its price. `lots` > 0 are shown now, `hiddenLots` wait behind them and come
   * `displayLots` at a time (0 without hidden lots).
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
    if (this.#freeSlot === 0) this.#growOrders(this.#orders.length >> (ORDER_INTS - 1));
    const slot = this.#freeSlot;
    const orders = this.#orders;
    const order = slot << ORDER_INTS;
    this.#freeSlot = orders[order | NEXT]!;

    const pageNumber = ticks >> PAGE_TICKS;
    let page = pageNumber < this.#pageTable.length ? this.#pageTable[pageNumber]! : 0;
    if (page === 0) page = this.#openPage(pageNumber);
    const place = (page << PAGE_TICKS) | (ticks & 255);
    const level = place << LEVEL_INTS;
    const total = this.#levelLots[(place << LEVEL_FLOATS) | LOTS]! + lots;
    assert(total <= Number.MAX_SAFE_INTEGER, 'lots of a level');
    this.#levelLots[(place << LEVEL_FLOATS) | LOTS] = total;
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

    const bucket = Math.imul(orderId, 0x9e3779b1) >>> this.#bucketShift;
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
    const amount = slot << ORDER_FLOATS;
    const amounts = this.#amounts;
    const shown = amounts[amount | SHOWN]!;
    assert(lots >= 1 && lots <= shown, 'fill beyond what an order shows');
    const place = this.#orders[(slot << ORDER_INTS) | PLACE]!;
    if (lots === shown) {
      if (place < 0) {
        this.#showAnew(slot, shown);
        return false;
      }
      this.remove(slot);
      return true;
    }
    amounts[amount | SHOWN] = shown - lots;
    this.#takeFromLevel(place & PLACE_BITS, lots);
    return false;
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
    this.#levelLots[(place << LEVEL_FLOATS) | LOTS]! -= shown;
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

    const bucket = Math.imul(this.#amounts[amount | ID]!, 0x9e3779b1) >>> this.#bucketShift;
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
    let slot = this.#buckets[Math.imul(orderId, 0x9e3779b1) >>> this.#bucketShift]!;
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
    return this.#levelLots[(this.#levelAt(ticks) << LEVEL_FLOATS) | LOTS]!;
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
    const order = slot << ORDER_INTS;
    const tail = this.#levels[(this.#placeOf(slot) << LEVEL_INTS) | TAIL];
    return tail === slot ? 0 : this.#orders[order | NEXT]!;
  }

  /** Lowest price with orders strictly above `ticks`, whichever side they are on; 0 if there is none. */
  levelAbove(ticks: number): number {
    const number = ticks >> PAGE_TICKS;
    const page = this.#pageOf(number) << PAGE_INTS;
    const word = (ticks >> 5) & 7;
    const bits = this.#pages[page | word]! & (-2 << (ticks & 31));
    if (bits !== 0) return (ticks & ~31) | lowestBit(bits);
    const words = this.#pages[page | WORDS]! & (-2 << word);
    if (words !== 0) return lowestOf(this.#pages, page, words, number);
    const above = this.#pageAbove(number);
    if (above < 0) return 0;
    const found = this.#pageTable[above]! << PAGE_INTS;
    return lowestOf(this.#pages, found, this.#pages[found | WORDS]!, above);
  }

  /** Highest price with orders strictly below `ticks`, whichever side they are on; 0 if there is none. */
  levelBelow(ticks: number): number {
    const number = ticks >> PAGE_TICKS;
    const page = this.#pageOf(number) << PAGE_INTS;
    const word = (ticks >> 5) & 7;
    const bits = this.#pages[page | word]! & ~(-1 << (ticks & 31));
    if (bits !== 0) return (ticks & ~31) | highestBit(bits);
    const words = this.#pages[page | WORDS]! & ~(-1 << word);
    if (words !== 0) return highestOf(this.#pages, page, words, number);
    const below = this.#pageBelow(number);
    if (below < 0) return 0;
    const found = this.#pageTable[below]! << PAGE_INTS;
    return highestOf(this.#pages, found, this.#pages[found | WORDS]!, below);
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
    this.#levelLots[(place << LEVEL_FLOATS) | LOTS]! -= lots;
    const ticks = this.#ticksAt(place);
    this.#note(ticks, ticks <= this.bestBid);
  }

  #hide(slot: number, lots: number, displayLots: number): void {
    this.#orders[(slot << ORDER_INTS) | PLACE] = this.#placeOf(slot) | (lots > 0 ? ~PLACE_BITS : 0);
    this.#hidden[slot << 1] = lots;
    this.#hidden[(slot << 1) + 1] = displayLots;
  }

  /** All that was shown is traded: the next lots come out of the hidden ones, behind the others of the price. */
  #showAnew(slot: number, traded: number): void {
    const place = this.#placeOf(slot);
    const hidden = this.hiddenOf(slot);
    const shown = Math.min(hidden, this.displayOf(slot));
    this.#amounts[(slot << ORDER_FLOATS) | SHOWN] = shown;
    this.#hide(slot, hidden - shown, this.displayOf(slot));
    this.#takeFromLevel(place, traded - shown);
    assert(this.#levelLots[(place << LEVEL_FLOATS) | LOTS]! <= Number.MAX_SAFE_INTEGER, 'lots of a level');
    this.#moveToTail(slot, place << LEVEL_INTS);
  }

  #moveToTail(slot: number, level: number): void {
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
    if (number >= this.#pageTable.length) this.#growTable(number);
    if (this.#freePage === 0) this.#growPages(this.#pages.length >> (PAGE_INTS - 1));
    const page = this.#freePage;
    this.#freePage = this.#pages[(page << PAGE_INTS) | NUMBER]!;
    this.#pages[(page << PAGE_INTS) | NUMBER] = number;
    this.#pageTable[number] = page;
    this.#setPageBits(number);
    return page;
  }

  #closePage(page: number): void {
    let at = this.#pages[(page << PAGE_INTS) | NUMBER]!;
    this.#pages[(page << PAGE_INTS) | NUMBER] = this.#freePage;
    this.#freePage = page;
    this.#pageTable[at] = 0;
    for (const words of this.#pageBits) {
      const word = words[at >> 5]! & ~(1 << (at & 31));
      at >>= 5;
      words[at] = word;
      if (word !== 0) return;
    }
  }

  #setPageBits(number: number): void {
    let at = number;
    for (const words of this.#pageBits) {
      words[at >> 5]! |= 1 << (at & 31);
      at >>= 5;
    }
  }

  #pageAbove(number: number): number {
    const tree = this.#pageBits;
    let at = Math.min(number, this.#pageTable.length);
    for (let depth = 0; depth < tree.length; depth += 1) {
      const bits = tree[depth]![at >> 5]! & (-2 << (at & 31));
      at >>= 5;
      if (bits === 0) continue;
      at = (at << 5) | lowestBit(bits);
      for (let down = depth - 1; down >= 0; down -= 1) at = (at << 5) | lowestBit(tree[down]![at]!);
      return at;
    }
    return -1;
  }

  #pageBelow(number: number): number {
    const tree = this.#pageBits;
    let at = Math.min(number, this.#pageTable.length);
    for (let depth = 0; depth < tree.length; depth += 1) {
      const bits = tree[depth]![at >> 5]! & ~(-1 << (at & 31));
      at >>= 5;
      if (bits === 0) continue;
      at = (at << 5) | highestBit(bits);
      for (let down = depth - 1; down >= 0; down -= 1) at = (at << 5) | highestBit(tree[down]![at]!);
      return at;
    }
    return -1;
  }

  /** Names a price among the changed ones unless it is the last of them. */
  #note(ticks: number, buys: boolean): void {
    const entry = ((ticks << 1) | (buys ? 1 : 0)) >>> 0;
    const at = this.changedCount;
    if (at > 0 && this.changedLevels[at - 1] === entry) return;
    if (at === this.changedLevels.length) {
      this.#growChanged(entry);
      return;
    }
    this.changedLevels[at] = entry;
    this.changedCount = at + 1;
  }

  /** Entries that are there twice go before the array grows. */
  #growChanged(entry: number): void {
    const distinct = new Set(this.changedLevels).add(entry);
    const length = this.changedLevels.length;
    if (distinct.size << 1 > length) this.changedLevels = new Uint32Array(length << 1);
    this.changedLevels.set([...distinct]);
    this.changedCount = distinct.size;
  }

  /** Makes room for so many slots, a power of two; slot 0 is none. */
  #growOrders(slots: number): void {
    const bytes = new ArrayBuffer(slots << (ORDER_INTS + 2));
    const orders = new Int32Array(bytes);
    const amounts = new Float64Array(bytes);
    orders.set(this.#orders);
    const known = Math.max(this.#orders.length >> ORDER_INTS, 1);
    for (let slot = slots - 1; slot >= known; slot -= 1) {
      orders[(slot << ORDER_INTS) | NEXT] = this.#freeSlot;
      this.#freeSlot = slot;
    }
    const buckets = new Int32Array(slots);
    this.#bucketShift = Math.clz32(slots - 1);
    for (let slot = 1; slot < known; slot += 1) {
      const bucket = Math.imul(amounts[(slot << ORDER_FLOATS) | ID]!, 0x9e3779b1) >>> this.#bucketShift;
      orders[(slot << ORDER_INTS) | CHAIN] = buckets[bucket]!;
      buckets[bucket] = slot;
    }
    this.#orders = orders;
    this.#amounts = amounts;
    this.#accounts = longer(this.#accounts, new Int32Array(slots));
    this.#hidden = longer(this.#hidden, new Float64Array(slots << 1));
    this.#buckets = buckets;
  }

  /** Makes room for so many page slots; slot 0 is the empty page. */
  #growPages(slots: number): void {
    const bytes = new ArrayBuffer(slots << (PAGE_TICKS + LEVEL_INTS + 2));
    const levels = new Int32Array(bytes);
    levels.set(this.#levels);
    const pages = new Int32Array(slots << PAGE_INTS);
    pages.set(this.#pages);
    for (let page = slots - 1; page >= Math.max(this.#pages.length >> PAGE_INTS, 1); page -= 1) {
      pages[(page << PAGE_INTS) | NUMBER] = this.#freePage;
      this.#freePage = page;
    }
    this.#levels = levels;
    this.#levelLots = new Float64Array(bytes);
    this.#pages = pages;
  }

  /** Makes the page table long enough for a page number; the bitmaps over it have one bit more. */
  #growTable(number: number): void {
    let length = Math.max(this.#pageTable.length, 64);
    while (length <= number) length <<= 1;
    const table = new Int32Array(length);
    table.set(this.#pageTable);
    this.#pageTable = table;
    this.#pageBits = [];
    for (let last = length >> 5; ; last >>= 5) {
      this.#pageBits.push(new Int32Array(last + 1));
      if (last === 0) break;
    }
    for (const [each, page] of table.entries()) if (page !== 0) this.#setPageBits(each);
  }
}

function lowestBit(bits: number): number {
  return 31 - Math.clz32(bits & -bits);
}

function highestBit(bits: number): number {
  return 31 - Math.clz32(bits);
}

/** Lowest price of a page within the words named. */
function lowestOf(pages: Int32Array, page: number, words: number, number: number): number {
  const word = lowestBit(words);
  return (number << PAGE_TICKS) | (word << 5) | lowestBit(pages[page | word]!);
}

function highestOf(pages: Int32Array, page: number, words: number, number: number): number {
  const word = highestBit(words);
  return (number << PAGE_TICKS) | (word << 5) | highestBit(pages[page | word]!);
}

/** The longer array with the content of the shorter. */
function longer<Numbers extends Int32Array | Float64Array>(from: Numbers, to: Numbers): Numbers {
  to.set(from);
  return to;
}
