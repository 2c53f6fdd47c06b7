import type { PriceFeeder, PriceReport, TimeMs } from '@keel/types';
import type { Dice } from '../oracle/dice.ts';

/** The feeders of an exchange in crisis, and what they say. */
export class Reporters {
  feeders: readonly PriceFeeder[] = feedersOf(4);
  readonly #dice: Dice;
  #reports = 0;

  constructor(dice: Dice) {
    this.#dice = dice;
  }

  /** So many feeders from now on. */
  change(count: number): void {
    this.feeders = feedersOf(count);
  }

  /** What those say who are there: near the price, or near a perpetual future of about that price. */
  report(ticks: number, timeMs: TimeMs): PriceReport[] {
    this.#reports += 1;
    const absent = this.#dice.chance(10) ? this.#dice.between(0, this.feeders.length - 1) : -1;
    const perp = this.#dice.chance(50);
    const said = this.feeders.map(({ feeder }) => {
      const priceTicks = ticks + Math.trunc((ticks * this.#dice.between(-30, 30)) / 100_000);
      const perpTicks = perp ? ticks + Math.trunc((ticks * this.#dice.between(-200, 200)) / 100_000) : 0;
      const sent = { publishTimeMs: timeMs, reportSequence: this.#reports, signature: '0x' } as const;
      return { feeder, priceTicks, perpTicks, ...sent };
    });
    return said.filter((_, place) => place !== absent || said.length < 4);
  }

  /** Good reports, of which the first is not good any more, and the second perhaps gone. */
  spoil([first, ...others]: readonly PriceReport[]): PriceReport[] {
    if (first === undefined) return [];
    const spoilt = this.#dice.pick<Partial<PriceReport>>([
      { priceTicks: 0 },
      { feeder: `0x${'01'.repeat(20)}` },
      { priceTicks: Math.trunc(first.priceTicks * 1.3) },
      { publishTimeMs: first.publishTimeMs - 60_000 },
      { reportSequence: 0 },
      ...(others[0] === undefined ? [] : [{ feeder: others[0].feeder }]),
    ]);
    return [{ ...first, ...spoilt }, ...others.slice(this.#dice.between(0, 1))];
  }
}

function feedersOf(count: number): PriceFeeder[] {
  return Array.from({ length: count }, (_, place) => ({
    feeder: `0x${(0xf0 + place).toString(16).repeat(20)}`,
    weight: 1 + (place % 3),
  }));
}
