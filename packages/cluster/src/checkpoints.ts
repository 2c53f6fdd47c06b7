import type { Checkpoint } from '@keel/codec';
import type { Exchange } from '@keel/replica';
import { divFloor } from '@keel/types';
import { CHECKPOINT_COMMANDS, CHECKPOINTS_KEPT } from './limits.ts';

/** Two nodes hold the same log and came to other states. */
export class StateDiffers extends Error {
  override readonly name = 'StateDiffers';
}

/**
 * The roots of the state every few thousand commands, at block ends that all nodes agree on. The leader puts its newest
 * into its next block; a follower that has another for the same command must not go on.
 */
export class Checkpoints {
  readonly #kept: Checkpoint[] = [];
  /** Of others, for commands that this node has not reached. */
  #awaited: Checkpoint | undefined;
  #untold: Checkpoint | undefined;
  readonly #everyCommands: number;

  /** All nodes of a cluster must have the same distance. */
  constructor(everyCommands: number = CHECKPOINT_COMMANDS) {
    this.#everyCommands = everyCommands;
  }

  get newest(): Checkpoint | undefined {
    return this.#kept.at(-1);
  }

  /** After a block was applied. Throws StateDiffers. */
  noteBlock(exchange: Exchange, firstSequence: number): void {
    const { sequence } = exchange.state;
    const before = divFloor(firstSequence - 1, this.#everyCommands);
    if (divFloor(sequence, this.#everyCommands) === before) return;
    const checkpoint = { sequence, stateRoot: exchange.stateRoot() };
    this.#kept.push(checkpoint);
    if (this.#kept.length > CHECKPOINTS_KEPT) this.#kept.shift();
    this.#untold = checkpoint;
    if (this.#awaited?.sequence === sequence) this.compare(this.#awaited);
  }

  /** What the next block shall carry, once. */
  takeUntold(): Checkpoint | undefined {
    const untold = this.#untold;
    this.#untold = undefined;
    return untold;
  }

  /** Another node's root. One that this node forgot or never computed is passed over. Throws StateDiffers. */
  compare(other: Checkpoint): void {
    const newest = this.newest?.sequence ?? 0;
    if (other.sequence > newest) {
      this.#awaited = other;
      return;
    }
    const mine = this.#kept.find(({ sequence }) => sequence === other.sequence);
    if (mine === undefined || mine.stateRoot === other.stateRoot) return;
    throw new StateDiffers(
      `the state after command ${other.sequence} has the root ${mine.stateRoot} here and ${other.stateRoot} at the leader`,
    );
  }
}
