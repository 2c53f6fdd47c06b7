import { toSequence } from '@keel/types';
import { expect, it } from 'vitest';
import {
  createSubmitUntil,
  IntakeHandingOver,
  IntakeNotAllowed,
  IntakeOutcomeUnknown,
  IntakeOverloaded,
  IntakePaused,
  IntakeSignatureInvalid,
  IntakeUnavailable,
  IntakeVersionUnknown,
  type Submitted,
} from '../src/index.ts';
import { COMMANDS } from './commands.ts';

const ORDER = COMMANDS.placeOrder;
const DONE: Submitted = { sequence: toSequence(7), timeMs: 1, events: [] };
const REPEATED: Submitted = { ...DONE, repeated: true };

/** A clock that stands still until nothing else is to be done, then goes to its next timer. */
function createTime() {
  let nowMs = 0;
  const timers = new Set<{ readonly atMs: number; readonly run: () => void }>();
  const after = (ms: number, run: () => void) => {
    const timer = { atMs: nowMs + ms, run };
    timers.add(timer);
    return () => void timers.delete(timer);
  };
  /** Lets time pass until there is no timer left. */
  const runOut = async () => {
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      const next = [...timers].sort((a, b) => a.atMs - b.atMs)[0];
      if (next === undefined) return;
      timers.delete(next);
      nowMs = next.atMs;
      next.run();
    }
  };
  return { monotonicMs: () => nowMs, after, runOut };
}

type Answer = Submitted | Error | 'never';

/** A gate that gives these answers one after the other, the last one for ever. */
function gateOf(answers: readonly Answer[], ready: () => Promise<void> = () => Promise.resolve()) {
  const retries: boolean[] = [];
  return {
    retries,
    submit: (_command: unknown, { retry }: { readonly retry: boolean }): Promise<Submitted> => {
      const answer = answers[Math.min(retries.length, answers.length - 1)] as Answer;
      retries.push(retry);
      if (answer === 'never') return new Promise(() => {});
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
    ready,
  };
}

const unavailable = new IntakeUnavailable('x');
const handingOver = new IntakeHandingOver('x');
const unknown = new IntakeOutcomeUnknown('x');

it('ends as the table says', async () => {
  const rows: readonly {
    readonly answers: readonly Answer[];
    /** The retry mark of each try; undefined: as many as fit before the deadline. */
    readonly retries?: readonly boolean[];
    readonly ends: string;
  }[] = [
    { answers: [DONE], retries: [false], ends: 'done' },
    { answers: [unavailable, DONE], retries: [false, false], ends: 'done' },
    { answers: [handingOver, unavailable, DONE], retries: [false, false, false], ends: 'done' },
    { answers: [unknown, REPEATED], retries: [false, true], ends: 'done repeated retried' },
    { answers: [unknown, unavailable, DONE], retries: [false, true, true], ends: 'done retried' },
    { answers: [new IntakePaused('x')], retries: [false], ends: 'INTAKE_PAUSED' },
    { answers: [new IntakeOverloaded('x')], retries: [false], ends: 'INTAKE_OVERLOADED' },
    { answers: [new IntakeSignatureInvalid('x')], retries: [false], ends: 'INTAKE_SIGNATURE_INVALID' },
    { answers: [new IntakeVersionUnknown('x')], retries: [false], ends: 'INTAKE_VERSION_UNKNOWN' },
    { answers: [new IntakeNotAllowed('x')], retries: [false], ends: 'INTAKE_NOT_ALLOWED' },
    // What may be sequenced is never told as if it were not.
    { answers: [unknown, new IntakePaused('x')], retries: [false, true], ends: 'INTAKE_OUTCOME_UNKNOWN' },
    { answers: [unknown, new IntakeOverloaded('x')], retries: [false, true], ends: 'INTAKE_OUTCOME_UNKNOWN' },
    { answers: [unavailable], ends: 'INTAKE_UNAVAILABLE' },
    { answers: [unknown, unavailable], ends: 'INTAKE_OUTCOME_UNKNOWN' },
    { answers: ['never'], retries: [false], ends: 'INTAKE_OUTCOME_UNKNOWN' },
    { answers: [unavailable, 'never'], retries: [false, false], ends: 'INTAKE_OUTCOME_UNKNOWN' },
  ];
  for (const { answers, retries, ends } of rows) {
    const time = createTime();
    const gate = gateOf(answers);
    const outcome = createSubmitUntil({ gate, time })(ORDER, 5_000).then(
      ({ submitted, retried }) =>
        ['done', submitted.repeated && 'repeated', retried && 'retried'].filter((word) => word).join(' '),
      (error: { readonly code: string }) => error.code,
    );
    await time.runOut();
    expect(await outcome).toBe(ends);
    if (retries === undefined) expect(time.monotonicMs()).toBeGreaterThanOrEqual(5_000);
    else expect(gate.retries).toEqual(retries);
  }
});

it('waits for a leader without asking all the time, and not beyond the deadline', async () => {
  const time = createTime();
  let asked = 0;
  const gate = gateOf([unavailable], () => {
    asked += 1;
    return new Promise(() => {});
  });
  const submitUntil = createSubmitUntil({ gate, time });
  const ends = Promise.allSettled(Array.from({ length: 50 }, () => submitUntil(ORDER, 5_000)));
  await time.runOut();
  for (const end of await ends) expect(end).toMatchObject({ reason: { code: 'INTAKE_UNAVAILABLE' } });
  expect(asked).toBe(1);
  expect(gate.retries).toHaveLength(50);
});

it('pauses longer and longer, so that a node that only refuses is not flooded', async () => {
  const time = createTime();
  const gate = gateOf([handingOver]);
  const end = createSubmitUntil({ gate, time })(ORDER, 5_000).catch(() => 'over');
  await time.runOut();
  expect(await end).toBe('over');
  // 5, 10, 20, 40, 80, 160 ms and then 200 ms each.
  expect(gate.retries).toHaveLength(30);
});

it('takes no more than its bound, and room comes back', async () => {
  const time = createTime();
  const gate = gateOf(['never', 'never', DONE]);
  const submitUntil = createSubmitUntil({ gate, time, inFlightMax: 2 });
  const held = Promise.allSettled([submitUntil(ORDER, 100), submitUntil(ORDER, 100)]);
  await expect(submitUntil(ORDER, 100)).rejects.toBeInstanceOf(IntakeOverloaded);
  await time.runOut();
  expect((await held).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(await submitUntil(ORDER, 200)).toEqual({ submitted: DONE, retried: false });
});
