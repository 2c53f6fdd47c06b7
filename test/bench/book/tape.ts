import { type Answer, HASH_START, mix } from './flow.ts';

const RECORDS = 65_536;

/** Where every book writes its trades: a ring, so that none of them is optimised away. Hashing is a run of its own. */
export class Tape {
  readonly #ring = new Int32Array(RECORDS * 4);
  readonly #hashes: boolean;
  /** What the maker's and taker's ids are hashed as; as they are without it. */
  readonly #idOf: Int32Array | undefined;
  #trades = 0;
  #filled = 0;
  #h1 = HASH_START;
  #h2 = HASH_START;

  constructor(hashes: boolean, idOf?: Int32Array) {
    this.#hashes = hashes;
    this.#idOf = idOf;
  }

  trade(maker: number, taker: number, ticks: number, lots: number): void {
    const at = (this.#trades & (RECORDS - 1)) << 2;
    this.#ring[at] = maker;
    this.#ring[at + 1] = taker;
    this.#ring[at + 2] = ticks;
    this.#ring[at + 3] = lots;
    this.#trades += 1;
    this.#filled += lots;
    if (this.#hashes) this.#hash(at);
  }

  get answer(): Answer {
    return { trades: this.#trades, filled: this.#filled, h1: this.#h1 >>> 0, h2: this.#h2 >>> 0 };
  }

  #hash(at: number): void {
    const [maker, taker, ticks, lots] = this.#ring.subarray(at, at + 4) as unknown as [number, number, number, number];
    const [makerId, takerId] = this.#idOf === undefined ? [maker, taker] : [this.#idOf[maker]!, this.#idOf[taker]!];
    this.#h1 = mix(mix(mix(this.#h1, makerId), takerId), lots);
    this.#h2 = mix(this.#h2, ticks);
  }
}
