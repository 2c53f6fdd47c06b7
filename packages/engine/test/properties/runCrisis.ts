import { type Event, type SequencedCommand, toSequence } from '@keel/types';
import { apply, createState, takeDirty } from '../../src/index.ts';
import { Dice } from '../oracle/dice.ts';
import { Books } from './books.ts';
import { Crisis } from './crisis.ts';
import { Judge } from './judge.ts';

/** Commands between two looks at everybody, about. */
const LOOK_EVERY = 25;
const ASK_ENGINE_EVERY = 2_000;

/**
 * One market in crisis from its listing on, judged after every command. Returns how often each thing was seen.
 * @throws Error that names the seed, the command and what must not be.
 */
export function runCrisis(seed: number, commands: number): ReadonlyMap<string, number> {
  const state = createState();
  const books = new Books();
  const crisis = new Crisis(seed, books, state);
  const judge = new Judge(books, state);
  const dice = new Dice(seed ^ 0x5eed);
  for (let sequence = 1; sequence <= commands; sequence += 1) {
    const sequenced: SequencedCommand = { sequence: toSequence(sequence), ...crisis.next() };
    try {
      const events: Event[] = apply(state, sequenced);
      judge.judge(sequenced, events);
      takeDirty(state);
      if (dice.between(1, LOOK_EVERY) === 1) judge.lookAtAll();
      if (sequence % ASK_ENGINE_EVERY === 0 || sequence === commands) judge.askEngine();
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      throw new Error(`seed ${seed}, command ${sequence} (${sequenced.command.kind}): ${text}`, { cause: error });
    }
  }
  return judge.seen;
}
