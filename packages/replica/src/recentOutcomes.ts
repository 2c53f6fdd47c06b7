import { decodeEventBlock, encodeCommand, encodeEventBlock } from '@keel/codec';
import { type Command, type EventBlock, REJECT_CODES, type RejectCode, type SignedCommand } from '@keel/types';
import { OUTCOMES_IN_SNAPSHOT, OUTCOMES_IN_SNAPSHOT_WEIGHT, OUTCOMES_KEPT, OUTCOMES_WEIGHT_MAX } from './limits.ts';

/** What a signed command did, seen by this process. */
interface SeenOutcome {
  readonly command: SignedCommand;
  readonly block: EventBlock;
  readonly refused: boolean;
}

/** The same as a snapshot carries it; hardly one is ever asked for, so it stays as it is until then. */
export interface WrittenOutcome {
  /** Nonce and signer. */
  readonly key: string;
  readonly refused: boolean;
  readonly weight: number;
  /** Bytes of the command and of its event block, in base64. */
  readonly commandBytes: string;
  readonly blockBytes: string;
}

type Outcome = SeenOutcome | WrittenOutcome;

/**
 * What the last signed commands did, by signer and nonce: a command whose answer was lost is sent again, and is then
 * answered with what it did. Every node has the same after the same commands, but a node that began with a snapshot has of
 * those before it only the newest, which the snapshot carried. In no state root: it decides nothing.
 *
 * Every command is noted and hardly one is ever asked for, so the index is made when the first is, and dropped when none
 * has been for as many commands as are remembered: noting one is then an entry in an array.
 */
export class RecentOutcomes {
  /** Oldest first from `#oldest` on, round and round. */
  readonly #ring: (Outcome | undefined)[] = [];
  readonly #kept: number;
  readonly #weightMax: number;
  #index: Map<string, Outcome> | undefined;
  #sinceAsked = 0;
  #oldest = 0;
  #size = 0;
  #weight = 0;

  constructor(kept = OUTCOMES_KEPT, weightMax = OUTCOMES_WEIGHT_MAX) {
    this.#kept = kept;
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
    this.#remember({ command, block, refused: refusal !== undefined });
  }

  /** The newest, oldest first, for a snapshot. */
  write(): WrittenOutcome[] {
    const written: WrittenOutcome[] = [];
    let weight = 0;
    for (let at = this.#size - 1; at >= 0 && written.length < OUTCOMES_IN_SNAPSHOT; at--) {
      const outcome = this.#ring[(this.#oldest + at) % this.#kept] as Outcome;
      weight += weightOf(outcome);
      if (weight > OUTCOMES_IN_SNAPSHOT_WEIGHT) break;
      written.push(writtenOf(outcome));
    }
    return written.reverse();
  }

  /** Remembers what a snapshot carried, before anything else. */
  read(written: readonly WrittenOutcome[]): void {
    for (const outcome of written) this.#remember(outcome);
  }

  #remember(outcome: Outcome): void {
    const weight = weightOf(outcome);
    while (this.#size === this.#kept || (this.#size > 0 && this.#weight + weight > this.#weightMax))
      this.#forgetOldest();
    this.#ring[(this.#oldest + this.#size) % this.#kept] = outcome;
    this.#size += 1;
    this.#weight += weight;
    if (this.#index === undefined) return;
    enter(this.#index, outcome);
    this.#sinceAsked += 1;
    if (this.#sinceAsked > this.#kept) this.#index = undefined;
  }

  /** What this very command did, compared byte by byte; undefined if it is not remembered or was another. */
  find(command: Command): EventBlock | undefined {
    if (!('auth' in command)) return undefined;
    this.#sinceAsked = 0;
    this.#index ??= this.#makeIndex();
    const outcome = this.#index.get(keyOf(command));
    if (outcome === undefined) return undefined;
    return Buffer.compare(commandBytesOf(outcome), encodeCommand(command)) === 0 ? blockOf(outcome) : undefined;
  }

  #makeIndex(): Map<string, Outcome> {
    const index = new Map<string, Outcome>();
    for (let at = 0; at < this.#size; at++) enter(index, this.#ring[(this.#oldest + at) % this.#kept] as Outcome);
    return index;
  }

  #forgetOldest(): void {
    const outcome = this.#ring[this.#oldest] as Outcome;
    this.#ring[this.#oldest] = undefined;
    this.#oldest = (this.#oldest + 1) % this.#kept;
    this.#size -= 1;
    this.#weight -= weightOf(outcome);
    if (this.#index === undefined) return;
    const key = keyOfOutcome(outcome);
    if (this.#index.get(key) === outcome) this.#index.delete(key);
  }
}

/** A later one of the same nonce counts only if it was taken: the one before it was refused then and left the nonce free. */
function enter(index: Map<string, Outcome>, outcome: Outcome): void {
  const key = keyOfOutcome(outcome);
  if (!outcome.refused || !index.has(key)) index.set(key, outcome);
}

/** Batches hold up to 50 items; 20,000 of them would be half a gigabyte. */
function weightOf(outcome: Outcome): number {
  if ('weight' in outcome) return outcome.weight;
  const { command, block } = outcome;
  return 1 + block.events.length + ('orders' in command ? command.orders.length : 0);
}

function writtenOf(outcome: Outcome): WrittenOutcome {
  if ('weight' in outcome) return outcome;
  const { command, block, refused } = outcome;
  const commandBytes = Buffer.from(encodeCommand(command)).toString('base64');
  const blockBytes = Buffer.from(encodeEventBlock(block)).toString('base64');
  return { key: keyOf(command), refused, weight: weightOf(outcome), commandBytes, blockBytes };
}

function commandBytesOf(outcome: Outcome): Uint8Array {
  return 'weight' in outcome ? Buffer.from(outcome.commandBytes, 'base64') : encodeCommand(outcome.command);
}

function blockOf(outcome: Outcome): EventBlock {
  return 'weight' in outcome ? decodeEventBlock(Buffer.from(outcome.blockBytes, 'base64')) : outcome.block;
}

function keyOfOutcome(outcome: Outcome): string {
  return 'weight' in outcome ? outcome.key : keyOf(outcome.command);
}

function keyOf({ auth }: SignedCommand): string {
  return `${auth.nonce} ${auth.signer}`;
}
