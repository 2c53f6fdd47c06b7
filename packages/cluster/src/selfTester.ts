import type { Say } from './say.ts';
import type { Time } from './time.ts';

const TEST_EVERY_MS = 5_000;
/** A test that takes longer hangs, and says nothing by itself. */
const TEST_MS_MAX = 3_000;

/** Asks now and then whether this machine could lead, and waits for no answer: a disk that hangs must hold up nothing. */
export class SelfTester {
  readonly #test: () => Promise<string | undefined>;
  readonly #time: Time;
  readonly #say: Say;
  readonly #onChanged: () => void;
  readonly #fail: (fault: unknown) => never;
  #fault: string | undefined = 'the self-test has not passed yet';
  #begunMs = Number.NEGATIVE_INFINITY;
  #running = false;

  constructor(
    { selfTest, time, say, fail }: SelfTestOptions,
    /** The answer is another one than before. */
    onChanged: () => void,
  ) {
    this.#test = selfTest;
    this.#time = time;
    this.#say = say;
    this.#fail = fail;
    this.#onChanged = onChanged;
  }

  /** Why this machine could not lead; undefined = it could. */
  get fault(): string | undefined {
    return this.#fault;
  }

  /** Begins a test when one is due. */
  look(): void {
    const sinceMs = this.#time.monotonicMs() - this.#begunMs;
    if (this.#running) {
      if (sinceMs > TEST_MS_MAX) this.#note('the self-test does not end: its disk hangs');
      return;
    }
    if (sinceMs < TEST_EVERY_MS) return;
    this.#begunMs = this.#time.monotonicMs();
    this.#running = true;
    this.#test().then((fault) => {
      this.#running = false;
      this.#note(fault);
    }, this.#fail);
  }

  #note(fault: string | undefined): void {
    if (fault === this.#fault) return;
    if (fault !== undefined) this.#say('warn', 'the self-test failed', { reason: fault });
    this.#fault = fault;
    this.#onChanged();
  }
}

export interface SelfTestOptions {
  readonly selfTest: () => Promise<string | undefined>;
  readonly time: Time;
  readonly say: Say;
  readonly fail: (fault: unknown) => never;
}
