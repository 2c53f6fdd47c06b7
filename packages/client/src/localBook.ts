import { BookSide } from './bookSide.ts';
import type { BookChange, Frame } from './channelWire.ts';
import { crc32 } from './crc32.ts';
import type { BookLevel } from './wire.ts';

/** Levels of each side that a checksum covers. */
const CHECKSUM_LEVELS = 10;

/**
 * One market's book kept from frames. Each update names the frame before it, and each frame the checksum of the best levels
 * after it; where one of them does not fit the book is empty until the next snapshot, because a book with a hole in it shows
 * prices nobody offers.
 */
export class LocalBook {
  readonly #bids = new BookSide('bids');
  readonly #asks = new BookSide('asks');
  #sequence: number | undefined;
  /** It is not known whether it still holds: the connection is away. */
  #suspended = false;

  /** Sequence that the book is at; undefined before the first snapshot, after a gap and while the connection is away. */
  get sequence(): number | undefined {
    return this.#suspended ? undefined : this.#sequence;
  }

  /**
   * `waiting`: an update without a snapshot to build on. `gap`: a frame is missing, and `mismatch`: the checksum is another; a new
   * snapshot is needed.
   */
  apply(frame: Frame): 'applied' | 'waiting' | 'gap' | 'mismatch' {
    const { bids, asks, checksum } = frame.data as BookChange;
    this.#suspended = false;
    if (frame.type === 'snapshot') this.clear();
    else if (this.#sequence === undefined) return 'waiting';
    else if (frame.prevSeq !== this.#sequence) {
      this.clear();
      return 'gap';
    }
    for (const level of bids) this.#bids.set(level);
    for (const level of asks) this.#asks.set(level);
    if (checksum !== undefined && checksum !== this.#checksum()) {
      this.clear();
      return 'mismatch';
    }
    this.#sequence = frame.seq;
    return 'applied';
  }

  /** Forgets everything, as after a gap. */
  clear(): void {
    this.#bids.clear();
    this.#asks.clear();
    this.#sequence = undefined;
    this.#suspended = false;
  }

  /** Shows nothing until the next frame, or until `restore`: the connection is away. */
  suspend(): void {
    this.#suspended = true;
  }

  /** Shows what it had: nothing was missed. */
  restore(): void {
    this.#suspended = false;
  }

  /** Highest price first; at most `depth` levels. */
  bids(depth: number = Number.POSITIVE_INFINITY): BookLevel[] {
    return this.#suspended ? [] : this.#bids.top(depth);
  }

  /** Lowest price first; at most `depth` levels. */
  asks(depth: number = Number.POSITIVE_INFINITY): BookLevel[] {
    return this.#suspended ? [] : this.#asks.top(depth);
  }

  /** Of `price:size` with commas between, bids, `|`, asks. */
  #checksum(): number {
    const textOf = (side: BookSide): string =>
      side
        .top(CHECKSUM_LEVELS)
        .map(([price, size]) => `${price}:${size}`)
        .join(',');
    return crc32(`${textOf(this.#bids)}|${textOf(this.#asks)}`);
  }
}
