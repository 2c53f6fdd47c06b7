import type { Logger } from '@keel/runtime';
import { BatchRefused, isOurFault } from './settlementFault.ts';

export type Neighbour = 'L1' | 'the sequencer' | 'Redis';

/** What the settler depends on and why each is away, if it is. Logs only when that changes. */
export class Health {
  readonly #log: Logger;
  readonly #away = new Map<Neighbour, string>();
  readonly #onL1Error: () => void;

  constructor(log: Logger, onL1Error: () => void) {
    this.#log = log;
    this.#onL1Error = onL1Error;
  }

  /** One reason for each neighbour that is away; empty = all are there. */
  reasons(): string[] {
    return [...this.#away].map(([neighbour, reason]) => `${neighbour} is away: ${reason}`);
  }

  /** Runs one call to a neighbour and remembers how it went. A refusal is an answer, and our faults are not its own. */
  async watch<Result>(neighbour: Neighbour, call: () => Promise<Result>): Promise<Result> {
    try {
      const result = await call();
      this.#isBack(neighbour);
      return result;
    } catch (fault) {
      if (!isOurFault(fault) && !(fault instanceof BatchRefused)) this.#isAway(neighbour, fault);
      throw fault;
    }
  }

  #isAway(neighbour: Neighbour, fault: unknown): void {
    if (neighbour === 'L1') this.#onL1Error();
    const reason = firstLine(fault);
    if (!this.#away.has(neighbour)) this.#log.warn({ neighbour, reason }, `${neighbour} is away; trying again`);
    this.#away.set(neighbour, reason);
  }

  #isBack(neighbour: Neighbour): void {
    if (this.#away.delete(neighbour)) this.#log.info({ neighbour }, `${neighbour} is back`);
  }
}

function firstLine(fault: unknown): string {
  const text = fault instanceof Error ? fault.message : String(fault);
  return text.split('\n')[0]!;
}
