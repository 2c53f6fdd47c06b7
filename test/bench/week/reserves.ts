import { type EngineState, readMarket } from '@keel/engine';
import { divFloor, type QuoteAtoms, type TimeMs } from '@keel/types';
import { MARKET } from './weekTerms.ts';

const DAY_MS = 24 * 3_600_000;

/** What stood behind the market on one day of the recording. */
export interface ReservesOfDay {
  /** From 1. */
  readonly day: number;
  liquidations: number;
  insuranceLowestAtoms: QuoteAtoms;
  insuranceEndAtoms: QuoteAtoms;
  backstopLowestAtoms: QuoteAtoms;
  backstopEndAtoms: QuoteAtoms;
}

/** Insurance fund and equity of the backstop vault, looked at after every command. */
export class Reserves {
  readonly days: ReservesOfDay[] = [];
  readonly #state: EngineState;
  readonly #startMs: TimeMs;

  constructor(state: EngineState, startMs: TimeMs) {
    this.#state = state;
    this.#startMs = startMs;
  }

  look(liquidations: number): void {
    const { insuranceFundAtoms, backstopEquityAtoms } = readMarket(this.#state, MARKET)!;
    const day = divFloor(this.#state.timeMs - this.#startMs, DAY_MS) + 1;
    let today = this.days.at(-1);
    if (today?.day !== day) {
      today = {
        day,
        liquidations: 0,
        insuranceLowestAtoms: insuranceFundAtoms,
        insuranceEndAtoms: insuranceFundAtoms,
        backstopLowestAtoms: backstopEquityAtoms,
        backstopEndAtoms: backstopEquityAtoms,
      };
      this.days.push(today);
    }
    today.liquidations += liquidations;
    today.insuranceEndAtoms = insuranceFundAtoms;
    today.backstopEndAtoms = backstopEquityAtoms;
    today.insuranceLowestAtoms = Math.min(today.insuranceLowestAtoms, insuranceFundAtoms);
    today.backstopLowestAtoms = Math.min(today.backstopLowestAtoms, backstopEquityAtoms);
  }
}
