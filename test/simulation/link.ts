import type { Chance } from './chance.ts';

/** What a way through the network does to messages, as a run changes it. */
export interface LinkMood {
  /** Delay of one message, milliseconds. */
  fromMs: number;
  toMs: number;
  /** Probability that a message is late by up to `lateMs`. */
  late: number;
  lateMs: number;
  /** Probability that a message is lost. */
  lost: number;
  /** Probability that a message comes twice. */
  twice: number;
  /** Nothing goes from the near end to the far one, or back. */
  cutThere: boolean;
  cutBack: boolean;
}

const WELL: LinkMood = {
  fromMs: 0.1,
  toMs: 0.6,
  late: 0,
  lateMs: 0,
  lost: 0,
  twice: 0,
  cutThere: false,
  cutBack: false,
};

/** A way through the network with two directions: a message that leaves now arrives after so long, or never. */
export class Link {
  readonly mood: LinkMood = { ...WELL };
  readonly #chance: Chance;

  constructor(chance: Chance) {
    this.#chance = chance;
  }

  get cut(): boolean {
    return this.mood.cutThere || this.mood.cutBack;
  }

  /** Milliseconds to the far end; undefined = it does not get there. */
  send(): number | undefined {
    return this.mood.cutThere ? undefined : this.#way();
  }

  /** Milliseconds back. */
  receive(): number | undefined {
    return this.mood.cutBack ? undefined : this.#way();
  }

  /** Whether the message just sent comes a second time. */
  twice(): boolean {
    return this.#chance.happens(this.mood.twice);
  }

  heal(): void {
    Object.assign(this.mood, WELL);
  }

  #way(): number | undefined {
    const { fromMs, toMs, late, lateMs, lost } = this.mood;
    const chance = this.#chance;
    if (chance.happens(lost)) return undefined;
    return chance.within(fromMs, toMs) + (chance.happens(late) ? chance.within(0, lateMs) : 0);
  }
}
