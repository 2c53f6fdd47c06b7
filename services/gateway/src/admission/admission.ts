import type { Address } from '@keel/types';
import { ApiError } from '../errors.ts';
import { ClassQueues } from './classQueues.ts';
import {
  RETRY_AFTER_MS_MAX,
  RETRY_AFTER_MS_MIN,
  TAKEN_NEWEST_PART,
  URGENT_IN_DOOR_MAX,
  URGENT_WAITING_MAX,
} from './limits.ts';
import { type Classified, isUrgent, REQUEST_CLASSES, type RequestClass } from './requestClass.ts';

export interface AdmissionOptions {
  /** Orders of class change, and as many of class open, that may be under way. */
  readonly inDoorMax: number;
  readonly onShed: (requestClass: RequestClass) => void;
}

/** A connection that is not read until there is room again. */
export type ResumeReading = () => void;

/**
 * How much of each class is under way at once. What is not urgent is refused at once when its class is full; what is urgent
 * waits, and whoever sends it is not read any further.
 */
export class Admission {
  readonly #options: AdmissionOptions;
  readonly #inDoor: Record<RequestClass, number> = { cancel: 0, reduce: 0, change: 0, open: 0 };
  readonly #waiting = new ClassQueues<{ readonly items: number; readonly enter: () => void }>();
  /** First come, first read again. */
  #held: ResumeReading[] = [];
  /** Orders under way by class and owner, of signers that are known; no more entries than orders in the door. */
  readonly #ofOwners = new Map<string, number>();
  /** Milliseconds that requests of each class took of late. */
  readonly #takenMs: Record<RequestClass, number> = { cancel: 0, reduce: 0, change: 0, open: 0 };

  constructor(options: AdmissionOptions) {
    this.#options = options;
  }

  /** Orders under way. */
  inDoor(requestClass: RequestClass): number {
    return this.#inDoor[requestClass];
  }

  /** Urgent requests that wait to be let in. */
  waiting(requestClass: RequestClass): number {
    return this.#waiting.lengthOf(requestClass);
  }

  /** Urgent requests wait: whoever sends signed requests is not to be read now. */
  get saturated(): boolean {
    return this.#waiting.length > 0;
  }

  /** Calls `resume` once there is room. Connections get their turn one after the other, so that they do not all come at once. */
  holdReading(resume: ResumeReading): void {
    this.#held.push(resume);
  }

  /**
   * Runs a request in a place of its class. Throws GATEWAY_OVERLOADED, before anything of it was done, when the class is full
   * and not urgent.
   */
  async pass<Result>({ requestClass, items }: Classified, run: () => Promise<Result>): Promise<Result> {
    const beginMs = performance.now();
    if (this.#fits(requestClass, items)) this.#inDoor[requestClass] += items;
    else await this.#wait(requestClass, items);
    try {
      return await run();
    } finally {
      const takenMs = performance.now() - beginMs;
      this.#takenMs[requestClass] += TAKEN_NEWEST_PART * (takenMs - this.#takenMs[requestClass]);
      this.#inDoor[requestClass] -= items;
      this.#letIn();
    }
  }

  /**
   * Runs the rest of a request whose signer may be taken for its owner's: one owner has at most half of the places of a class
   * that is not urgent, so that batches of one cannot shut everybody else out. Throws GATEWAY_OVERLOADED.
   */
  async share<Result>(
    owner: Address,
    { requestClass, items }: Classified,
    run: () => Promise<Result>,
  ): Promise<Result> {
    if (isUrgent(requestClass)) return run();
    const key = `${requestClass} ${owner}`;
    const held = this.#ofOwners.get(key) ?? 0;
    if (held > 0 && held + items > Math.ceil(this.#options.inDoorMax / 2)) throw this.#shed(requestClass, { owner });
    this.#ofOwners.set(key, held + items);
    try {
      return await run();
    } finally {
      const left = (this.#ofOwners.get(key) ?? items) - items;
      if (left > 0) this.#ofOwners.set(key, left);
      else this.#ofOwners.delete(key);
    }
  }

  /** A batch larger than the whole bound gets in when nothing else is there. */
  #fits(requestClass: RequestClass, items: number): boolean {
    const held = this.#inDoor[requestClass];
    const most = isUrgent(requestClass) ? URGENT_IN_DOOR_MAX : this.#options.inDoorMax;
    return (held === 0 || held + items <= most) && this.#waiting.lengthOf(requestClass) === 0;
  }

  #wait(requestClass: RequestClass, items: number): Promise<void> {
    if (!isUrgent(requestClass) || this.#waiting.lengthOf(requestClass) >= URGENT_WAITING_MAX)
      throw this.#shed(requestClass);
    return new Promise((resolve) => this.#waiting.push(requestClass, { items, enter: resolve }));
  }

  #shed(requestClass: RequestClass, facts: { readonly owner?: Address } = {}): ApiError {
    this.#options.onShed(requestClass);
    const retryAfterMs = Math.min(RETRY_AFTER_MS_MAX, Math.max(RETRY_AFTER_MS_MIN, this.#takenMs[requestClass]));
    return new ApiError('GATEWAY_OVERLOADED', { requestClass, ...facts, retryAfterMs: Math.round(retryAfterMs) });
  }

  #letIn(): void {
    for (const requestClass of REQUEST_CLASSES) {
      for (let next = this.#waiting.peek(requestClass); next !== undefined; next = this.#waiting.peek(requestClass)) {
        const held = this.#inDoor[requestClass];
        if (held > 0 && held + next.items > URGENT_IN_DOOR_MAX) break;
        this.#waiting.shift(requestClass);
        this.#inDoor[requestClass] += next.items;
        next.enter();
      }
    }
    // What was let in goes on before anything is read: a connection's next request must not overtake the one that waited.
    if (this.#held.length > 0 && !this.saturated) queueMicrotask(() => this.#readOn());
  }

  #readOn(): void {
    while (!this.saturated) {
      const resume = this.#held.shift();
      if (resume === undefined) return;
      resume();
    }
  }
}
