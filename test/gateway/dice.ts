/** Chance from one number (xorshift): the same seed throws the same. */
export class Dice {
  #state: number;

  constructor(seed: number) {
    // Zero would stay zero, and small seeds would begin alike.
    this.#state = Math.imul(seed + 1, 0x9e3779b1) | 1;
  }

  /** A whole number from `lowest` to `highest`, both included. */
  between(lowest: number, highest: number): number {
    this.#state ^= this.#state << 13;
    this.#state ^= this.#state >>> 17;
    this.#state ^= this.#state << 5;
    return lowest + ((this.#state >>> 0) % (highest - lowest + 1));
  }

  /** True so many times in a hundred. */
  chance(percent: number): boolean {
    return this.between(1, 100) <= percent;
  }

  pick<Choice>(choices: readonly Choice[]): Choice {
    return choices[this.between(0, choices.length - 1)] as Choice;
  }

  /** One of the keys, as often as its weight says. */
  weighed<Key extends string>(weights: Readonly<Record<Key, number>>): Key {
    const keys = Object.keys(weights) as Key[];
    return this.pick(keys.flatMap((key) => Array.from({ length: weights[key] }, () => key)));
  }
}
