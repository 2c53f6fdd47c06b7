import { IntakeUnavailable, type Outcome } from '@keel/intake';
import type { SignedCommand } from '@keel/types';
import { ClassQueues } from './classQueues.ts';
import { URGENT_WINDOW } from './limits.ts';
import { isUrgent, type RequestClass } from './requestClass.ts';

export interface SubmitQueueOptions {
  /** Hands one command to whoever leads, until the deadline in monotonic milliseconds. */
  readonly submit: (command: SignedCommand, deadlineMs: number) => Promise<Outcome>;
  /** Commands that are not urgent and that the sequencer may have from here without having answered them. */
  readonly window: number;
}

interface Waiting {
  readonly command: SignedCommand;
  readonly deadlineMs: number;
  readonly resolve: (outcome: Promise<Outcome>) => void;
  readonly reject: (fault: Error) => void;
}

/**
 * The sequencer takes what it gets in the order in which it comes, so whatever it has stands before a cancel. Here it gets
 * a bounded number at a time; the rest waits in the door, where a cancel goes first.
 */
export class SubmitQueue {
  readonly #options: SubmitQueueOptions;
  readonly #queues = new ClassQueues<Waiting>();
  #inFlight = 0;

  constructor(options: SubmitQueueOptions) {
    this.#options = options;
  }

  /** Commands that the sequencer has. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** Commands that wait for their turn. */
  waiting(requestClass: RequestClass): number {
    return this.#queues.lengthOf(requestClass);
  }

  /** Rejects as `submit` of the options; with IntakeUnavailable when its turn did not come by the deadline. */
  submit(command: SignedCommand, requestClass: RequestClass, deadlineMs: number): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      this.#queues.push(requestClass, { command, deadlineMs, resolve, reject });
      this.#send();
    });
  }

  #send(): void {
    for (let next = this.#queues.next(); next !== undefined; next = this.#queues.next()) {
      const most = this.#options.window + (isUrgent(next) ? URGENT_WINDOW : 0);
      if (this.#inFlight >= most) return;
      const waiting = this.#queues.shift(next);
      if (waiting !== undefined) this.#sendOne(waiting);
    }
  }

  #sendOne({ command, deadlineMs, resolve, reject }: Waiting): void {
    if (performance.now() >= deadlineMs) {
      reject(new IntakeUnavailable('others before it were not answered by the deadline'));
      return;
    }
    this.#inFlight += 1;
    const outcome = this.#options.submit(command, deadlineMs);
    const end = (): void => {
      this.#inFlight -= 1;
      this.#send();
    };
    outcome.then(end, end);
    resolve(outcome);
  }
}
