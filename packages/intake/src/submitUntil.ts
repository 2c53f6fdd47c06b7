import type { Command } from '@keel/types';
import {
  IntakeHandingOver,
  IntakeNotAllowed,
  IntakeOutcomeUnknown,
  IntakeOverloaded,
  IntakeUnavailable,
} from './errors.ts';
import type { SubmitOptions, Submitted } from './handler.ts';
import { RETRY_MS_MAX, RETRY_MS_MIN, RETRYING_MAX } from './limits.ts';

/** What hands a command to whoever leads; an IntakeClient is one. */
export interface CommandGate {
  submit(command: Command, options: SubmitOptions): Promise<Submitted>;
  /** Resolves while somebody who leads is connected, or as soon as it is so. */
  ready(): Promise<void>;
}

/** Monotonic milliseconds and a timer; a simulation has its own. */
export interface RetryTime {
  readonly monotonicMs: () => number;
  /** Runs once after so long; returns the way to call it off. */
  readonly after: (ms: number, run: () => void) => () => void;
}

export interface SubmitUntilOptions {
  readonly gate: CommandGate;
  readonly time: RetryTime;
  /** Commands that are being tried at once. */
  readonly inFlightMax?: number;
}

/** What became of a command, and how it got there. */
export interface Outcome {
  readonly submitted: Submitted;
  /** It was sent more than once, and an earlier try may have been sequenced. */
  readonly retried: boolean;
}

/** Hands a command over until it has an outcome or `deadlineMs` (monotonic) has passed. */
export type SubmitUntil = (command: Command, deadlineMs: number) => Promise<Outcome>;

/** One command on its way. */
interface Attempt {
  readonly command: Command;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: Error) => void;
  callOffDeadline: () => void;
  /** An earlier try may have been sequenced. */
  maybeSequenced: boolean;
  /** A try is under way. */
  sent: boolean;
  pauseMs: number;
  over: boolean;
}

/**
 * Tries commands again while nobody leads, while the leader hands over, and when an outcome is unknown; then with `retry`,
 * so that none is sequenced twice. What the exchange says to a command is an outcome and is not tried again; overload,
 * pause and faults of set-up are told at once. At the deadline it rejects with IntakeOutcomeUnknown if the command may be
 * sequenced, else with IntakeUnavailable. More than `inFlightMax` at once are refused with IntakeOverloaded.
 */
export function createSubmitUntil({ gate, time, inFlightMax = RETRYING_MAX }: SubmitUntilOptions): SubmitUntil {
  /** Those that wait for a leader; one question to the gate is enough for all of them. */
  const waiting = new Set<Attempt>();
  let asking = false;
  let inFlight = 0;

  const end = (attempt: Attempt): void => {
    attempt.over = true;
    attempt.callOffDeadline();
    waiting.delete(attempt);
    inFlight -= 1;
  };

  const expire = (attempt: Attempt): void => {
    if (attempt.over) return;
    end(attempt);
    const error =
      attempt.sent || attempt.maybeSequenced
        ? new IntakeOutcomeUnknown('no outcome was known by the deadline')
        : new IntakeUnavailable('nobody who leads was reached by the deadline');
    attempt.reject(error);
  };

  const wakeAll = (): void => {
    asking = false;
    const woken = [...waiting];
    waiting.clear();
    for (const attempt of woken) trySubmit(attempt);
  };

  const ask = (): void => {
    if (asking) return;
    asking = true;
    gate.ready().then(wakeAll, (error: unknown) => {
      asking = false;
      // Nobody will lead for this gate: its token is refused, or it was closed.
      for (const attempt of [...waiting]) fail(attempt, error);
    });
  };

  const fail = (attempt: Attempt, error: unknown): void => {
    if (attempt.over) return;
    end(attempt);
    const known = !attempt.maybeSequenced || error instanceof IntakeNotAllowed;
    attempt.reject(known ? (error as Error) : new IntakeOutcomeUnknown('it was sent, and its outcome stayed unknown'));
  };

  const again = (attempt: Attempt): void => {
    const pauseMs = attempt.pauseMs;
    attempt.pauseMs = Math.min(RETRY_MS_MAX, 2 * pauseMs);
    time.after(pauseMs, () => {
      if (attempt.over) return;
      waiting.add(attempt);
      ask();
    });
  };

  const trySubmit = (attempt: Attempt): void => {
    attempt.sent = true;
    const retry = attempt.maybeSequenced;
    gate.submit(attempt.command, { retry }).then(
      (submitted) => {
        if (attempt.over) return;
        end(attempt);
        attempt.resolve({ submitted, retried: retry });
      },
      (error: unknown) => {
        if (attempt.over) return;
        attempt.sent = false;
        if (error instanceof IntakeOutcomeUnknown) attempt.maybeSequenced = true;
        else if (!(error instanceof IntakeUnavailable || error instanceof IntakeHandingOver)) {
          fail(attempt, error);
          return;
        }
        again(attempt);
      },
    );
  };

  return (command, deadlineMs) =>
    new Promise((resolve, reject) => {
      if (inFlight >= inFlightMax) throw new IntakeOverloaded(`${inFlightMax} commands wait for the sequencer`);
      inFlight += 1;
      const attempt: Attempt = {
        command,
        resolve,
        reject,
        callOffDeadline: () => undefined,
        maybeSequenced: false,
        sent: false,
        pauseMs: RETRY_MS_MIN,
        over: false,
      };
      attempt.callOffDeadline = time.after(deadlineMs - time.monotonicMs(), () => expire(attempt));
      trySubmit(attempt);
    });
}
