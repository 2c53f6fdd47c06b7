import type { BookChange, BookLevel, Frame } from './wire.ts';

/**
 * One market's book kept from frames. Each update names the frame before it; where the chain breaks the book is
 * empty until the next snapshot, because a book with a hole in it shows prices nobody offers.
 */
export class LocalBook {
  readonly #bids = new Map<string, string>();
  readonly #asks = new Map<string, string>();
  #sequence: number | undefined;

  /** Sequence that the book is at; undefined before the first snapshot and after a gap. */
  get sequence(): number | undefined {
    return this.#sequence;
  }

  /** `waiting`: an update without a snapshot to build on. `gap`: a frame is missing, so a new snapshot is needed. */
  apply(frame: Frame): 'applied' | 'waiting' | 'gap' {
    const change = frame.data as BookChange;
    if (frame.type === 'snapshot') this.clear();
    else if (this.#sequence === undefined) return 'waiting';
    else if (frame.prevSeq !== this.#sequence) {
      this.clear();
      return 'gap';
    }
    setLevels(this.#bids, change.bids);
    setLevels(this.#asks, change.asks);
    this.#sequence = frame.seq;
    return 'applied';
  }

  /** Forgets everything, as after a lost connection. */
  clear(): void {
    this.#bids.clear();
    this.#asks.clear();
    this.#sequence = undefined;
  }

  /** Highest price first; at most `depth` levels. */
  bids(depth: number = Number.POSITIVE_INFINITY): BookLevel[] {
    return sorted(this.#bids, -1).slice(0, depth);
  }

  /** Lowest price first; at most `depth` levels. */
  asks(depth: number = Number.POSITIVE_INFINITY): BookLevel[] {
    return sorted(this.#asks, 1).slice(0, depth);
  }
}

function setLevels(side: Map<string, string>, levels: readonly BookLevel[]): void {
  for (const [price, size] of levels) {
    if (size === '0') side.delete(price);
    else side.set(price, size);
  }
}

/** Prices have at most 16 digits, so their order as numbers is their order. */
function sorted(side: Map<string, string>, direction: 1 | -1): BookLevel[] {
  return [...side].sort(([left], [right]) => direction * (Number(left) - Number(right)));
}
