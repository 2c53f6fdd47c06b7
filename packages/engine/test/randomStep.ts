import fc from 'fast-check';

/** One random step; the same numbers mean the same step, so a failing run shrinks to few steps. */
export interface Step {
  readonly action: number;
  readonly who: number;
  /** Which of the trader's accounts: 0 to 6 the main one, 7 and 8 another, 9 one that isolates the market. */
  readonly account: number;
  readonly market: number;
  readonly buys: boolean;
  readonly flavour: number;
  readonly offset: number;
  readonly size: number;
  /** What is special about an order; 0 = nothing. */
  readonly twist: number;
  /** Names, rules, distances and times of what is special. */
  readonly figure: number;
}

export const steps = (length: number): fc.Arbitrary<Step[]> =>
  fc.array(
    fc.record({
      action: fc.integer({ min: 0, max: 109 }),
      who: fc.integer({ min: 0, max: 7 }),
      account: fc.integer({ min: 0, max: 9 }),
      market: fc.integer({ min: 1, max: 2 }),
      buys: fc.boolean(),
      flavour: fc.integer({ min: 0, max: 19 }),
      offset: fc.integer({ min: -100, max: 100 }),
      size: fc.integer({ min: 1, max: 100 }),
      twist: fc.integer({ min: 0, max: 99 }),
      figure: fc.integer({ min: 0, max: 999 }),
    }),
    { minLength: length >> 1, maxLength: length, size: 'max' },
  );
