import type { Event } from '@keel/types';
import { DELEVERAGES_PER_COMMAND } from '../limits.ts';
import type { Ranking } from './rankOpposing.ts';

/** What the turns of one command share. */
export interface Round {
  readonly events: Event[];
  /** Opposing positions by rank, each side of a market ranked once a command; see `rankOpposing`. */
  readonly rankings: Map<string, Ranking>;
  /** Positions that may still be deleveraged with this command. */
  deleveragesLeft: number;
}

export function createRound(events: Event[]): Round {
  return { events, rankings: new Map(), deleveragesLeft: DELEVERAGES_PER_COMMAND };
}
