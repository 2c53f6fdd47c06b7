import { HEADER_BYTES, MAGIC, RECORD_BYTES, VERSION } from './flow.ts';
import { SlowBook, TICKS_MAX } from './slowBook.ts';

interface Shape {
  readonly operations: number;
  /** Resting orders that adds and cancels hover around. */
  readonly resting: number;
  /** Shares of all operations that trade on arrival, and that rest while the book is as full as it should be. */
  readonly marketable: number;
  readonly passive: number;
  /** Ticks between a resting order and the best price of its side. */
  readonly distance: (random: Random) => number;
  /** Share of cancels that go to one of the last 1,024 orders. */
  readonly recentCancels: number;
  readonly marketableLots: (random: Random) => number;
  /** Ticks beyond the best price that a marketable order goes. */
  readonly reach: number;
  /** Ids of 32 random bits instead of 1, 2, 3, ... */
  readonly randomIds: boolean;
}

/** balanced: a thick book. cancel: makers that come and go. sweep: orders through many prices. thin: an order a price. */
export const SHAPES = {
  balanced: {
    operations: 3_000_000,
    resting: 50_000,
    marketable: 0.1,
    passive: 0.46,
    distance: (random) => random.belowSkewed(500),
    recentCancels: 0,
    marketableLots: (random) => 1 + random.below(60),
    reach: 3,
    randomIds: false,
  },
  cancel: {
    operations: 4_000_000,
    resting: 8_000,
    marketable: 0.02,
    passive: 0.49,
    distance: (random) => random.halvings(28) * 8 + random.below(8),
    recentCancels: 0.7,
    marketableLots: (random) => 1 + random.below(150),
    reach: 3,
    randomIds: false,
  },
  sweep: {
    operations: 2_000_000,
    resting: 4_000,
    marketable: 0.025,
    passive: 0.86,
    distance: (random) => random.below(500),
    recentCancels: 0,
    marketableLots: (random) => 1_200 + random.below(1_600),
    reach: 200,
    randomIds: false,
  },
  thin: {
    operations: 2_000_000,
    resting: 400,
    marketable: 0.1,
    passive: 0.46,
    distance: (random) => random.below(2_000),
    recentCancels: 0,
    marketableLots: (random) => 1 + random.below(60),
    reach: 20,
    randomIds: true,
  },
} satisfies Record<string, Shape>;

export type FlowName = keyof typeof SHAPES;

const RECENT = 1_024;
const REGIME_OPERATIONS = 50_000;
const CENTRE = 32_768;

/** The bytes of a `.nof` file: the same for the same name, seed and number of operations on every machine. */
export function makeFlow(name: FlowName, seed: number, operations = SHAPES[name].operations): Uint8Array {
  const shape: Shape = SHAPES[name];
  const random = new Random(seed);
  const book = new SlowBook();
  const bytes = new Uint8Array(HEADER_BYTES + operations * RECORD_BYTES);
  const view = new DataView(bytes.buffer);
  const recent = new Float64Array(RECENT);
  let adds = 0;
  let maxId = 0;
  let peak = 0;
  let lowest = TICKS_MAX;
  let highest = 0;
  let regime = 0;
  for (let operation = 0; operation < operations; operation += 1) {
    if (operation % REGIME_OPERATIONS === 0) regime = (random.unit() - 0.5) * 0.3;
    const record = HEADER_BYTES + operation * RECORD_BYTES;
    const kind = drawKind(shape, random, book.live.length, operation);
    if (kind === 'cancel') {
      const order = drawCancel(shape, random, book, recent);
      write(view, record, [1, order.buys ? 0 : 1, 2], order.id, order.ticks, 0);
      book.remove(order);
      continue;
    }
    const { buys, ticks, lots } = drawOrder(shape, random, book, kind === 'marketable', regime);
    let id = adds + 1;
    if (shape.randomIds)
      do id = random.word();
      while (id === 0 || book.find(id) !== undefined);
    write(view, record, [0, buys ? 0 : 1, kind === 'marketable' ? 1 : 0], id, ticks, lots);
    book.add(id, buys, ticks, lots);
    recent[adds % RECENT] = id;
    adds += 1;
    maxId = Math.max(maxId, id);
    lowest = Math.min(lowest, ticks);
    highest = Math.max(highest, ticks);
    peak = Math.max(peak, book.live.length);
  }
  const { trades, filled, h1, h2 } = book.answer;
  const words = [MAGIC, VERSION, operations, maxId, lowest, highest, trades, h1, h2, book.live.length];
  for (const [place, word] of words.entries()) view.setUint32(place * 4, word, true);
  view.setFloat64(40, filled, true);
  for (const [place, word] of [seed, adds, operations - adds, peak].entries())
    view.setUint32(48 + place * 4, word, true);
  return bytes;
}

/** A book that is not yet as full as it should be only gets orders; later their share leans against the difference. */
function drawKind(
  shape: Shape,
  random: Random,
  resting: number,
  operation: number,
): 'passive' | 'marketable' | 'cancel' {
  const chance = random.unit();
  if (resting < 200 || (operation < shape.resting * 1.2 && resting < shape.resting)) return 'passive';
  if (chance < shape.marketable) return 'marketable';
  const lean = ((0.06 * (shape.resting - resting)) / shape.resting) * 10;
  const passive = shape.passive + Math.max(-0.3, Math.min(0.3, lean));
  return chance < shape.marketable + passive ? 'passive' : 'cancel';
}

function drawCancel(shape: Shape, random: Random, book: SlowBook, recent: Float64Array) {
  if (shape.recentCancels > 0 && random.unit() < shape.recentCancels) {
    for (let attempt = 0; attempt < 4; attempt += 1) {
      const order = book.find(recent[random.below(RECENT)]!);
      if (order !== undefined) return order;
    }
  }
  return book.live[random.below(book.live.length)]!;
}

/** Marketable orders sell the more often the higher the price is, so that prices stay on the ladder. */
function drawOrder(shape: Shape, random: Random, book: SlowBook, marketable: boolean, regime: number) {
  let buys = random.word() < 2 ** 31;
  const noAsk = book.bestAsk > TICKS_MAX;
  const ask = noAsk ? (book.bestBid || CENTRE - 2) + 2 : book.bestAsk;
  const bid = book.bestBid || ask - 2;
  let ticks: number;
  let lots: number;
  if (marketable) {
    const drift = (((bid + ask) >> 1) - CENTRE) / 60_000;
    buys = random.unit() >= 0.5 + (drift + regime);
    ticks = buys ? ask + shape.reach : bid - shape.reach;
    lots = shape.marketableLots(random);
  } else {
    const distance = shape.distance(random);
    ticks = buys ? ask - 1 - distance : bid + 1 + distance;
    lots = 1 + random.below(100);
  }
  return { buys, ticks: Math.max(1, Math.min(TICKS_MAX - 1, ticks)), lots };
}

function write(
  view: DataView,
  at: number,
  bytes: [number, number, number],
  id: number,
  ticks: number,
  lots: number,
): void {
  const [kind, side, kindOfOrder] = bytes;
  view.setUint8(at, kind);
  view.setUint8(at + 1, side);
  view.setUint8(at + 3, kindOfOrder);
  view.setUint32(at + 4, id, true);
  view.setUint32(at + 8, ticks, true);
  view.setUint32(at + 12, lots, true);
}

/** Marsaglia's xorshift128: four words, the same on every machine. */
class Random {
  readonly #state: Uint32Array;

  constructor(seed: number) {
    this.#state = Uint32Array.of((seed ^ 0x9e3779b9) >>> 0 || 1, 362_436_069, 521_288_629, 88_675_123);
    for (let warm = 0; warm < 64; warm += 1) this.word();
  }

  /** 32 bits. */
  word(): number {
    const state = this.#state;
    const shifted = state[0]! ^ (state[0]! << 11);
    state.copyWithin(0, 1);
    state[3] = state[3]! ^ (state[3]! >>> 19) ^ shifted ^ (shifted >>> 8);
    return state[3]!;
  }

  /** A number from 0 to below 1. */
  unit(): number {
    return this.word() / 2 ** 32;
  }

  /** A whole number from 0 to below `bound`. */
  below(bound: number): number {
    return Math.floor(this.unit() * bound);
  }

  /** As below(), small numbers more often. */
  belowSkewed(bound: number): number {
    const chance = this.unit();
    return Math.floor(bound * chance * chance);
  }

  /** How often a coin falls on one side before it falls on the other, at most `most`. */
  halvings(most: number): number {
    const bits = this.word() | (1 << most);
    return 31 - Math.clz32(bits & -bits);
  }
}
