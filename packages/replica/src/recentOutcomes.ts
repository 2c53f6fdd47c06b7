import { encodeCommand } from '@keel/codec';
import { type Command, type EventBlock, REJECT_CODES, type RejectCode, type SignedCommand } from '@keel/types';
import { OUTCOMES_KEPT, OUTCOMES_WEIGHT_MAX } from './limits.ts';

/** What a signed command did. */
interface Outcome {
  readonly command: SignedCommand;
  readonly block: EventBlock;
  readonly refused: boolean;
}

/**
 * What the last signed commands did, by signer and nonce: a command whose answer was lost is sent again, and is then
 * answered with what it did. Every node has the same after the same commands; what lies before the snapshot that a node
 * began with is not there. In no state root: it decides nothing.
 *
 * Every command is noted and hardly one is ever asked for, so the index is made when the first is, and dropped when none
 * has been for as many commands as are remembered: noting one is then an entry in an array.
 */
export class RecentOutcomes {
  /** Oldest first from `#oldest` on, round and round. */
  readonly #ring: (Outcome | undefined)[];
  readonly #weightMax: number;
  #index: Map<string, Outcome> | undefined;
  #sinceAsked = 0;
  #oldest = 0;
  #size = 0;
  #weight = 0;

  constructor(kept = OUTCOMES_KEPT, weightMax = OUTCOMES_WEIGHT_MAX) {
    this.#ring = new Array<Outcome | undefined>(kept).fill(undefined);
    this.#weightMax = weightMax;
  }

  /** Commands that are remembered. */
  get size(): number {
    return this.#size;
  }

  /**
   * Remembers what a command did; one without a signature is nobody's to repeat. `refusal` is the code of its refusal, if
   * it was refused. One that was refused for its nonce is not remembered: what counts is what the first of that nonce did.
   */
  note(command: Command, block: EventBlock, refusal: RejectCode | undefined): void {
    if (!('auth' in command)) return;
    if (refusal === REJECT_CODES.NONCE_ALREADY_USED || refusal === REJECT_CODES.NONCE_TOO_OLD) return;
    const outcome = { command, block, refused: refusal !== undefined };
    const weight = weightOf(outcome);
    while (this.#size === this.#ring.length || (this.#size > 0 && this.#weight + weight > this.#weightMax))
      this.#forgetOldest();
    this.#ring[(this.#oldest + this.#size) % this.#ring.length] = outcome;
    this.#size += 1;
    this.#weight += weight;
    if (this.#index === undefined) return;
    enter(this.#index, outcome);
    this.#sinceAsked += 1;
    if (this.#sinceAsked > this.#ring.length) this.#index = undefined;
  }

  /** What this very command did, compared byte by byte; undefined if it is not remembered or was another. */
  find(command: Command): EventBlock | undefined {
    if (!('auth' in command)) return undefined;
    this.#sinceAsked = 0;
    this.#index ??= this.#makeIndex();
    const outcome = this.#index.get(keyOf(command));
    if (outcome === undefined) return undefined;
    return Buffer.compare(encodeCommand(outcome.command), encodeCommand(command)) === 0 ? outcome.block : undefined;
  }

  #makeIndex(): Map<string, Outcome> {
    const index = new Map<string, Outcome>();
    for (let at = 0; at < this.#size; at++)
      enter(index, this.#ring[(this.#oldest + at) % this.#ring.length] as Outcome);
    return index;
  }

  #forgetOldest(): void {
    const outcome = this.#ring[this.#oldest] as Outcome;
    this.#ring[this.#oldest] = undefined;
    this.#oldest = (this.#oldest + 1) % this.#ring.length;
    this.#size -= 1;
    this.#weight -= weightOf(outcome);
    if (this.#index === undefined) return;
    const key = keyOf(outcome.command);
    if (this.#index.get(key) === outcome) this.#index.delete(key);
  }
}

/** A later one of the same nonce counts only if it was taken: the one before it was refused then and left the nonce free. */
function enter(index: Map<string, Outcome>, outcome: Outcome): void {
  const key = keyOf(outcome.command);
  if (!outcome.refused || !index.has(key)) index.set(key, outcome);
}

/** Batches hold up to 50 items; 20,000 of them would be half a gigabyte. */
function weightOf({ command, block }: Outcome): number {
  return 1 + block.events.length + ('orders' in command ? command.orders.length : 0);
}

function keyOf({ auth }: SignedCommand): string {
  return `${auth.nonce} ${auth.signer}`;
}
