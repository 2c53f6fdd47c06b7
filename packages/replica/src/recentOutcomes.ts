import { encodeCommand } from '@keel/codec';
import { type Command, type EventBlock, REJECT_CODES, type RejectCode, type SignedCommand } from '@keel/types';
import { OUTCOMES_KEPT, OUTCOMES_WEIGHT_MAX } from './limits.ts';

/** What a signed command did. */
interface Outcome {
  readonly key: string;
  readonly command: SignedCommand;
  readonly block: EventBlock;
  readonly weight: number;
}

/**
 * What the last signed commands did, by signer and nonce: a command whose answer was lost is sent again, and is then
 * answered with what it did. Every node has the same after the same commands; what lies before the snapshot that a node
 * began with is not there. In no state root: it decides nothing.
 */
export class RecentOutcomes {
  readonly #byKey = new Map<string, Outcome>();
  /** Oldest first from `#oldest` on, round and round. An outcome that was replaced stays in its place until it goes. */
  readonly #ring: (Outcome | undefined)[];
  readonly #weightMax: number;
  #oldest = 0;
  #size = 0;
  #weight = 0;

  constructor(kept = OUTCOMES_KEPT, weightMax = OUTCOMES_WEIGHT_MAX) {
    this.#ring = new Array<Outcome | undefined>(kept).fill(undefined);
    this.#weightMax = weightMax;
  }

  /** Outcomes that are remembered, replaced ones included. */
  get size(): number {
    return this.#size;
  }

  /**
   * Remembers what a command did; one without a signature is nobody's to repeat. `refusal` is the code of its refusal, if
   * it was refused. Keeps what an earlier command of that nonce did when this one was refused for it.
   */
  note(command: Command, block: EventBlock, refusal: RejectCode | undefined): void {
    if (!('auth' in command)) return;
    if (refusal === REJECT_CODES.NONCE_ALREADY_USED || refusal === REJECT_CODES.NONCE_TOO_OLD) return;
    const key = keyOf(command);
    if (refusal !== undefined && this.#byKey.has(key)) return;
    const weight = 1 + block.events.length + ('orders' in command ? command.orders.length : 0);
    const outcome: Outcome = { key, command, block, weight };
    while (this.#size === this.#ring.length || (this.#size > 0 && this.#weight + weight > this.#weightMax))
      this.#forgetOldest();
    this.#ring[(this.#oldest + this.#size) % this.#ring.length] = outcome;
    this.#size += 1;
    this.#weight += weight;
    this.#byKey.set(key, outcome);
  }

  /** What this very command did, compared byte by byte; undefined if it is not remembered or was another. */
  find(command: Command): EventBlock | undefined {
    if (!('auth' in command)) return undefined;
    const outcome = this.#byKey.get(keyOf(command));
    if (outcome === undefined) return undefined;
    return Buffer.compare(encodeCommand(outcome.command), encodeCommand(command)) === 0 ? outcome.block : undefined;
  }

  #forgetOldest(): void {
    const outcome = this.#ring[this.#oldest] as Outcome;
    this.#ring[this.#oldest] = undefined;
    this.#oldest = (this.#oldest + 1) % this.#ring.length;
    this.#size -= 1;
    this.#weight -= outcome.weight;
    if (this.#byKey.get(outcome.key) === outcome) this.#byKey.delete(outcome.key);
  }
}

function keyOf({ auth }: SignedCommand): string {
  return `${auth.nonce} ${auth.signer}`;
}
