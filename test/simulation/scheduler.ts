import type { Chance } from './chance.ts';

/** Something of a process that will happen; `tie` orders what falls on the same moment. */
interface Happening {
  atMs: number;
  tie: number;
  readonly owner: Process | undefined;
  readonly run: () => void;
  /** Code under test waits for it, so its microtasks have to run before the next one. */
  readonly wakes: boolean;
  calledOff: boolean;
}

/** One run of a program. What waits for it dies with it, and stands still while it is stopped. */
export class Process {
  readonly name: string;
  #alive = true;
  #stopped = false;
  readonly held: Happening[] = [];

  constructor(name: string) {
    this.name = name;
  }

  get alive(): boolean {
    return this.#alive;
  }

  get stopped(): boolean {
    return this.#stopped;
  }

  /** As kill −9: nothing that it waits for happens any more. */
  kill(): void {
    this.#alive = false;
    this.held.length = 0;
  }

  /** As SIGSTOP. */
  stop(): void {
    this.#stopped = true;
  }

  /** As SIGCONT; see `Scheduler.release`. */
  goOn(): void {
    this.#stopped = false;
  }
}

/**
 * Simulated time: one event after the other in the order of (moment, seeded chance). Between two events all microtasks
 * and immediates of the code under test run, so nothing of the real machine has a say in the order.
 */
export class Scheduler {
  #nowMs = 0;
  readonly #heap: Happening[] = [];
  readonly #chance: Chance;
  #events = 0;

  constructor(chance: Chance) {
    this.#chance = chance;
  }

  /** Milliseconds since the simulation began; no node sees it, each has clocks of its own. */
  get nowMs(): number {
    return this.#nowMs;
  }

  get events(): number {
    return this.#events;
  }

  /** Calls something into a process after so long. Returns the way to call it off. */
  after(ms: number, owner: Process, run: () => void): () => void {
    return this.#push(ms, owner, run, true);
  }

  /** The same for the world around the processes; `run` must not settle a promise that code under test waits for. */
  worldAfter(ms: number, run: () => void): () => void {
    return this.#push(ms, undefined, run, false);
  }

  /** A process that was stopped gets all that was held back, in its order, now. */
  release(process: Process): void {
    process.goOn();
    for (const [place, happening] of process.held.splice(0).entries()) {
      happening.atMs = this.#nowMs + place * 1e-6;
      this.#insert(happening);
    }
  }

  /** Runs until nothing is left, `until` has passed, or `done` says so after an event. */
  async run(untilMs: number, done: () => boolean): Promise<void> {
    for (;;) {
      const next = this.#heap[0];
      if (next === undefined || next.atMs > untilMs) {
        this.#nowMs = Math.max(this.#nowMs, Math.min(untilMs, Number.MAX_SAFE_INTEGER));
        return;
      }
      this.#pop();
      if (next.calledOff) continue;
      this.#nowMs = next.atMs;
      const { owner } = next;
      if (owner !== undefined && !owner.alive) continue;
      if (owner?.stopped === true) {
        owner.held.push(next);
        continue;
      }
      this.#events += 1;
      next.run();
      if (next.wakes) await turn();
      if (done()) return;
    }
  }

  #push(ms: number, owner: Process | undefined, run: () => void, wakes: boolean): () => void {
    const atMs = this.#nowMs + Math.max(0, ms);
    const happening: Happening = { atMs, tie: this.#chance.unit(), owner, run, wakes, calledOff: false };
    this.#insert(happening);
    return (): void => {
      happening.calledOff = true;
    };
  }

  #insert(happening: Happening): void {
    const heap = this.#heap;
    let place = heap.length;
    heap.push(happening);
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (!isBefore(happening, heap[parent] as Happening)) break;
      heap[place] = heap[parent] as Happening;
      place = parent;
    }
    heap[place] = happening;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop() as Happening;
    if (heap.length === 0) return;
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1] as Happening, heap[child] as Happening)) child += 1;
      if (!isBefore(heap[child] as Happening, last)) break;
      heap[place] = heap[child] as Happening;
      place = child;
    }
    heap[place] = last;
  }
}

function isBefore(one: Happening, other: Happening): boolean {
  return one.atMs < other.atMs || (one.atMs === other.atMs && one.tie < other.tie);
}

/** Immediates run after all microtasks, and in the order in which they were asked for. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
