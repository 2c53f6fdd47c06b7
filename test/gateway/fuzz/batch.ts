import type { Dice } from '../dice.ts';
import type { Judge } from './judge.ts';

/** What a batch of cases is run against. */
export interface Target {
  readonly port: number;
  readonly judge: Judge;
  /** Sequences at which signed requests were told to be done. */
  readonly acknowledged: Set<number>;
}

/** Sends so many cases made with these dice, and says what was wrong with an answer. */
export type Batch = (dice: Dice, cases: number, target: Target, complain: Complain) => Promise<void>;

/** `sent` and `heard` are shown as far as they fit. */
export type Complain = (what: unknown, sent: unknown, heard: unknown) => void;

/** That something was done at a sequence of the log, if an answer says so; what is read has a sequence, too. */
export function noteSequence({ acknowledged }: Target, answer: unknown): void {
  const { sequence, durability } = Object(answer) as { readonly sequence?: unknown; readonly durability?: unknown };
  if (typeof sequence === 'number' && durability !== undefined) acknowledged.add(sequence);
}
