/** Chance from one number (sfc32): the same seed throws the same. */
export class Chance {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  constructor(seed: number) {
    this.#a = Math.imul(seed, 0x9e3779b1) >>> 0;
    this.#b = (seed ^ 0x85ebca6b) >>> 0;
    this.#c = Math.floor(seed / 2 ** 32) >>> 0;
    // Small seeds begin alike until they are mixed.
    for (let round = 0; round < 16; round += 1) this.#next();
  }

  /** From 0 (included) to 1 (excluded). */
  unit(): number {
    return this.#next() / 2 ** 32;
  }

  /** True with this probability. */
  happens(probability: number): boolean {
    return probability > 0 && this.unit() < probability;
  }

  /** A whole number from `lowest` to `highest`, both included. */
  between(lowest: number, highest: number): number {
    return lowest + Math.floor(this.unit() * (highest - lowest + 1));
  }

  /** Any number from `lowest` to `highest`. */
  within(lowest: number, highest: number): number {
    return lowest + this.unit() * (highest - lowest);
  }

  pick<Choice>(choices: readonly Choice[]): Choice {
    return choices[this.between(0, choices.length - 1)] as Choice;
  }

  /** A source of its own, so that more throws in one place do not change those of another. */
  fork(): Chance {
    return new Chance(this.#next() + this.between(0, 0xfffff) * 2 ** 32);
  }

  #next(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (this.#c << 21) | (this.#c >>> 11);
    this.#c = (this.#c + sum) | 0;
    return sum >>> 0;
  }
}
