import type { Dice } from '../oracle/dice.ts';
import { MARKETS, OPENING_ASSET_TICKS, OPENING_TICKS } from './crisisMarkets.ts';

/** What the prices do for a while. */
type Mood = 'calm' | 'swing' | 'crash' | 'gap' | 'meltdown' | 'squeeze' | 'depeg' | 'thin';

/** The true prices of markets and assets in a crisis, which walk, crash, gap and lose their peg as the mood is. */
export class MovingPrices {
  readonly ticks: number[] = [...OPENING_TICKS];
  readonly assetTicks: number[] = [...OPENING_ASSET_TICKS];
  mood: Mood = 'calm';
  readonly #dice: Dice;
  #left = 400;
  #market = 0;
  #move = 0;

  constructor(dice: Dice) {
    this.#dice = dice;
  }

  /** Asked once a command. */
  isMoodOver(): boolean {
    this.#left -= 1;
    return this.#left <= 0;
  }

  changeMood(): void {
    const dice = this.#dice;
    this.mood = dice.weighed({ calm: 5, swing: 4, crash: 3, gap: 3, meltdown: 1, squeeze: 2, depeg: 2, thin: 2 });
    this.#left = dice.between(60, 900);
    this.#market = dice.between(0, MARKETS - 1);
    this.#move = dice.between(20, 120);
  }

  /** What a new mood does at once: the markets that have jumped, one after the other. */
  *jump(): Iterable<number> {
    const { ticks } = this;
    const dice = this.#dice;
    if (this.mood === 'meltdown') {
      // All at once, and mostly inside the bands: far more turns are due than one command has.
      const sign = dice.chance(70) ? -1 : 1;
      for (let market = 0; market < MARKETS; market += 1) {
        const perMille = dice.between(60, [240, 99, 450, 390][market]!);
        ticks[market]! += sign * Math.trunc((ticks[market]! * perMille) / 1_000);
        yield market;
      }
    }
    if (this.mood === 'gap') {
      // Sometimes inside the circuit band, sometimes far beyond it; by and by the new level is believed.
      const market = this.#market;
      const move = dice.between(-350, 350);
      ticks[market] = Math.max(40, ticks[market]! + Math.trunc((ticks[market]! * move) / 1_000));
      yield market;
    }
  }

  /** Moves the price of a market, and returns which. */
  moveMarket(): number {
    const dice = this.#dice;
    const troubled = this.mood === 'crash' || this.mood === 'squeeze' || this.mood === 'swing';
    const market = troubled && dice.chance(50) ? this.#market : dice.between(0, MARKETS - 1);
    const ticks = this.ticks[market]!;
    // In parts of 100,000.
    let move = dice.between(-40, 40) + Math.trunc(((OPENING_TICKS[market]! - ticks) * 100) / ticks);
    if (market === this.#market) {
      if (this.mood === 'crash') move = dice.between(-12 * this.#move, 4 * this.#move);
      if (this.mood === 'squeeze') move = dice.between(-4 * this.#move, 12 * this.#move);
      if (this.mood === 'swing') move = dice.between(-8 * this.#move, 8 * this.#move);
    }
    const next = ticks + Math.trunc((ticks * move) / 100_000);
    this.ticks[market] = Math.min(Math.max(next, Math.trunc(OPENING_TICKS[market]! / 8)), OPENING_TICKS[market]! * 6);
    return market;
  }

  /** Moves the price of other collateral, and returns its place. */
  moveAsset(): number {
    const asset = this.#dice.between(0, 1);
    const ticks = this.assetTicks[asset]!;
    const opening = OPENING_ASSET_TICKS[asset]!;
    let move = this.#dice.between(-30, 30) + Math.trunc(((opening - ticks) * 200) / ticks);
    if (this.mood === 'depeg') move = this.#dice.between(-25 * this.#move, 10 * this.#move);
    this.assetTicks[asset] = Math.min(Math.max(ticks + Math.trunc((ticks * move) / 100_000), 500), opening * 3);
    return asset;
  }
}
