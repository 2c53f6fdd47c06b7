/** What a read model says of where it is. */
export interface ReadModelHead {
  readonly epoch: number;
  readonly sequence: number;
  readonly recordHash: string;
}

const EMPTY: ReadModelHead = { epoch: 0, sequence: 0, recordHash: '' };

/**
 * The read model's store as far as its fence goes: who writes with a lower epoch than was written before is refused.
 * It may be emptied, and a replica that is behind may take its place.
 */
export class SimRedis {
  /** Off only for the proof that the checker can fail. */
  fenced = true;
  away = false;
  /** Called after each write that was done. */
  onWrite: () => void = () => undefined;
  refusals = 0;
  rebuilds = 0;
  #head: ReadModelHead = EMPTY;
  #replica: ReadModelHead = EMPTY;
  #writes = 0;

  get head(): ReadModelHead {
    return this.#head;
  }

  /** A change that follows what is there, or the whole read model. */
  write(next: ReadModelHead, previousSequence: number | 'whole'): 'written' | 'fenced' | 'rebuildNeeded' {
    if (this.fenced && next.epoch < this.#head.epoch) {
      this.refusals += 1;
      return 'fenced';
    }
    if (previousSequence !== 'whole' && (this.#head.sequence !== previousSequence || this.#head.epoch !== next.epoch))
      return 'rebuildNeeded';
    if (previousSequence === 'whole') this.rebuilds += 1;
    this.#head = next;
    this.#writes += 1;
    // The replica hears of things a little later.
    if (this.#writes % 5 === 0) this.#replica = next;
    this.onWrite();
    return 'written';
  }

  empty(): void {
    this.#head = EMPTY;
    this.#replica = EMPTY;
  }

  failOver(): void {
    this.#head = this.#replica;
  }
}
