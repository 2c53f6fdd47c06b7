import type { Hex } from '@keel/types';
import type { HeadDoc, ReadHead } from './documents.ts';
import { ReadModelUnavailable } from './redisFaults.ts';

interface SeenHead extends ReadHead {
  readonly epoch: number;
}

/**
 * What one reader has seen, so that it is never told an older state after a fail-over: a replica that was behind and became
 * the primary holds one until the leader notices and writes the whole read model anew. Within one connection Redis goes
 * forward only; so heads of a new connection are held to what was seen on those before.
 */
export class HeadGuard {
  #seen: SeenHead | undefined;
  #floor: SeenHead | undefined;

  /** What comes now is another server's word, for all that is known. */
  connectionLost(): void {
    this.#floor = this.#seen;
  }

  /** The event stream went on from the head that was last accepted to this one, of the same generation. */
  follow(head: HeadDoc): void {
    if (this.#seen !== undefined) this.#seen = { ...this.#seen, ...head };
  }

  /**
   * A head from HGETALL, as an object or as field, value, ... Throws `ReadModelUnavailable` when there is none, or an older
   * one than this reader has seen: the same generation at a lower sequence, or another one of a lower epoch. An exchange of
   * one node has epoch 0 and may follow any other.
   */
  accept(reply: unknown): ReadHead {
    const { epoch, ...head } = decode(reply);
    const floor = this.#floor;
    if (floor !== undefined && isOlder({ ...head, epoch }, floor))
      throw new ReadModelUnavailable('Redis fell back to an older state; it is being rebuilt');
    if (this.#seen === undefined || !isOlder({ ...head, epoch }, this.#seen)) this.#seen = { ...head, epoch };
    return head;
  }
}

function isOlder(head: SeenHead, than: SeenHead): boolean {
  if (head.generation === than.generation) return head.sequence < than.sequence;
  return head.epoch !== 0 && head.epoch < than.epoch;
}

function decode(reply: unknown): SeenHead {
  const fields = Array.isArray(reply) ? fieldsOf(reply) : (reply as Record<string, string>);
  const { sequence, timeMs, generation, stateRoot, batchIndex, epoch } = fields;
  if (sequence === undefined || generation === undefined)
    throw new ReadModelUnavailable('the read model is empty; it is being rebuilt');
  return {
    sequence: Number(sequence) as ReadHead['sequence'],
    timeMs: Number(timeMs),
    generation,
    stateRoot: stateRoot as Hex,
    batchIndex: Number(batchIndex),
    epoch: Number(epoch ?? 0),
  };
}

function fieldsOf(reply: readonly string[]): Record<string, string> {
  const fields: Record<string, string> = {};
  for (let at = 0; at + 1 < reply.length; at += 2) fields[reply[at] as string] = reply[at + 1] as string;
  return fields;
}
