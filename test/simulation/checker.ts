import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { decodeLogBlock, decodeSequencedCommand, encodeSequencedCommand, type LogBlock } from '@keel/codec';
import type { WatchEvent } from '@keel/etcd';
import { Exchange, emptyParts } from '@keel/replica';
import { type Command, type Event, REJECT_CODES, toSequence } from '@keel/types';

/** What a client was told, as the node that told it sent it. */
interface Acknowledgement {
  readonly machine: string;
  readonly epoch: number;
  readonly sequence: number;
  readonly command: Command;
  readonly events: readonly Event[];
  readonly repeated: boolean;
}

/** A command as a client gave it to a gateway once. */
export interface Request {
  readonly command: Command;
  /** The highest sequence that anybody had been told when it was given. */
  readonly afterSequence: number;
  /** The client gives this very command a second time because the first time ended without an outcome. */
  readonly again: boolean;
}

interface Logged {
  readonly payload: Uint8Array;
  /** Hexadecimal, without 0x. */
  readonly hash: string;
}

/** What a node's own disk holds at the end. */
export interface JournalRecordSeen {
  readonly sequence: number;
  readonly recordHash: Uint8Array;
}

const ZERO_HASH = '0'.repeat(64);

/**
 * Judges a run by what was told to clients, what the store did, and what lies on the disks. It keeps a log of its own
 * from the store's changes and computes the hash chain itself; the exchange is used only to replay that log once more.
 */
export class Checker {
  readonly #logPrefix: string;
  readonly #leaderKey: string;
  readonly #now: () => number;
  readonly violations: string[] = [];
  readonly #log: Logged[] = [];
  readonly #acknowledged: Acknowledgement[] = [];
  readonly #answered: { readonly request: Request; readonly sequence: number; readonly repeated: boolean }[] = [];
  readonly #roots = new Map<number, { readonly machine: string; readonly stateRoot: string }>();
  readonly #lastOf = new Map<number, number>();
  #height = 0;
  #leaderEpoch = 0;
  #blocks = 0;
  #highestTold = 0;

  constructor(logPrefix: string, leaderKey: string, now: () => number) {
    this.#logPrefix = logPrefix;
    this.#leaderKey = leaderKey;
    this.#now = now;
  }

  get blocks(): number {
    return this.#blocks;
  }

  get lastSequence(): number {
    return this.#log.length;
  }

  /** The highest sequence that a client was told. */
  get highestTold(): number {
    return this.#highestTold;
  }

  get acknowledgements(): number {
    return this.#answered.length;
  }

  /** Hexadecimal hash of the log's record, undefined beyond its end. */
  hashAt(sequence: number): string | undefined {
    return sequence === 0 ? ZERO_HASH : this.#log[sequence - 1]?.hash;
  }

  /** Called by the store for each transaction that was done. */
  noteChange(events: readonly WatchEvent[]): void {
    for (const { kind, entry } of events) {
      if (entry.key === this.#leaderKey) this.#leaderEpoch = kind === 'put' ? entry.createRevision : 0;
      else if (kind === 'put' && entry.key.startsWith(this.#logPrefix)) this.#noteBlock(entry.key, entry.value);
    }
  }

  /** A node tells a client that a command is done. */
  noteAcknowledged(acknowledgement: Acknowledgement): void {
    const { machine, epoch, sequence, repeated } = acknowledgement;
    if (this.#leaderEpoch > epoch)
      this.#violate(`${machine} acknowledged ${sequence} in epoch ${epoch} while epoch ${this.#leaderEpoch} leads`);
    if (sequence > this.#log.length)
      this.#violate(`${machine} acknowledged ${sequence}, the log ends at ${this.#log.length}`);
    if (!repeated) {
      const last = this.#lastOf.get(epoch) ?? 0;
      if (sequence <= last) this.#violate(`${machine} acknowledged ${sequence} after ${last}`);
      this.#lastOf.set(epoch, sequence);
    }
    this.#acknowledged.push(acknowledgement);
  }

  /** A client has heard. */
  noteAnswered(request: Request, sequence: number, repeated: boolean): void {
    this.#highestTold = Math.max(this.#highestTold, sequence);
    this.#answered.push({ request, sequence, repeated });
    if (!repeated && !request.again && sequence <= request.afterSequence)
      this.#violate(`command ${sequence} was given after ${request.afterSequence} had been told`);
  }

  noteRoot(machine: string, sequence: number, stateRoot: string): void {
    const known = this.#roots.get(sequence);
    if (known === undefined) this.#roots.set(sequence, { machine, stateRoot });
    else if (known.stateRoot !== stateRoot)
      this.#violate(`${machine} has another state at ${sequence} than ${known.machine}: ${stateRoot}`);
  }

  /** A node has halted, does not come up, or anything else that a healthy cluster does not do. */
  noteFault(text: string): void {
    this.#violate(text);
  }

  /** A journal must be a prefix of the log; returns where it ends. */
  judgeJournal(machine: string, records: Iterable<JournalRecordSeen>): number {
    let last = 0;
    for (const { sequence, recordHash } of records) {
      if (sequence !== last + 1) this.#violate(`the journal of ${machine} goes from ${last} to ${sequence}`);
      last = sequence;
      const hash = Buffer.from(recordHash).toString('hex');
      if (hash === this.hashAt(sequence)) continue;
      this.#violate(`record ${sequence} in the journal of ${machine} is not the log's`);
      break;
    }
    return last;
  }

  /** Replays the log once more and holds everything that was told to it. Returns the root at its end, if it has one. */
  judgeOutcomes(): string | undefined {
    try {
      return this.#judgeOutcomes();
    } catch (fault) {
      this.#violate(`the log cannot be replayed: ${String(fault)}`);
      return undefined;
    }
  }

  #judgeOutcomes(): string {
    const exchange = new Exchange(emptyParts());
    const outcomes: (readonly Event[])[] = [];
    const times: number[] = [];
    const placed = new Map<string, number[]>();
    for (const [index, { payload, hash }] of this.#log.entries()) {
      const sequenced = decodeSequencedCommand(payload);
      if (sequenced.sequence !== index + 1) this.#violate(`record ${index + 1} holds command ${sequenced.sequence}`);
      if (sequenced.timeMs < (times.at(-1) ?? 0)) this.#violate(`time goes back at ${index + 1}`);
      times.push(sequenced.timeMs);
      outcomes.push(exchange.apply(sequenced, `0x${hash}`).events);
      const known = this.#roots.get(index + 1);
      if (known !== undefined && known.stateRoot !== exchange.stateRoot())
        this.#violate(`a replay has another state at ${index + 1} than ${known.machine}`);
      const name = nameOf(sequenced.command);
      if (name !== undefined) placed.set(name, [...(placed.get(name) ?? []), index + 1]);
    }
    this.#judgeDuplicates(placed, outcomes);
    this.#judgeTold(placed, outcomes, times);
    return exchange.stateRoot();
  }

  #judgeDuplicates(placed: ReadonlyMap<string, readonly number[]>, outcomes: readonly (readonly Event[])[]): void {
    for (const [name, sequences] of placed) {
      if (sequences.length < 2) continue;
      const applied = sequences.filter((sequence) => !isNonceUsed(outcomes[sequence - 1] as readonly Event[]));
      if (applied.length > 1) this.#violate(`command ${name} was done twice: ${applied.join(', ')}`);
    }
  }

  #judgeTold(
    placed: ReadonlyMap<string, readonly number[]>,
    outcomes: readonly (readonly Event[])[],
    times: readonly number[],
  ): void {
    for (const { machine, sequence, command, events } of this.#acknowledged) {
      const logged = this.#log[sequence - 1];
      if (logged === undefined) {
        this.#violate(`lost: ${machine} acknowledged ${sequence}, the log ends at ${this.#log.length}`);
        continue;
      }
      const timeMs = times[sequence - 1] as number;
      const payload = encodeSequencedCommand({ sequence: toSequence(sequence), timeMs, command });
      if (Buffer.compare(payload, logged.payload) !== 0)
        this.#violate(`lost: ${machine} acknowledged ${sequence}, the log has another command there`);
      else if (!isDeepStrictEqual(events, outcomes[sequence - 1]))
        this.#violate(`${machine} told another outcome of ${sequence} than a replay gives`);
    }
    for (const { request, sequence, repeated } of this.#answered) {
      const name = nameOf(request.command);
      const first = name === undefined ? undefined : placed.get(name)?.[0];
      if (first === undefined || first === sequence) continue;
      if (request.again && !repeated) continue;
      this.#violate(`command ${name} was done at ${first}, its client was told of ${sequence}`);
    }
  }

  #noteBlock(key: string, value: Uint8Array): void {
    const block: LogBlock = decodeLogBlock(value);
    const { height, epoch, previousHash, firstSequence, payloads } = block;
    this.#blocks += 1;
    if (Number(key.slice(this.#logPrefix.length)) !== height) this.#violate(`block ${height} lies at ${key}`);
    if (height !== this.#height + 1) this.#violate(`block ${height} was written after ${this.#height}`);
    if (epoch !== this.#leaderEpoch) this.#violate(`block ${height} of epoch ${epoch} in epoch ${this.#leaderEpoch}`);
    if (firstSequence !== this.#log.length + 1)
      this.#violate(`block ${height} begins with ${firstSequence}, the log ends at ${this.#log.length}`);
    let hash = Buffer.from(previousHash).toString('hex');
    if (hash !== this.hashAt(this.#log.length)) this.#violate(`block ${height} does not continue the log`);
    this.#height = height;
    for (const payload of payloads) {
      hash = chainHash(hash, this.#log.length + 1, payload);
      this.#log.push({ payload, hash });
    }
  }

  #violate(text: string): void {
    // The first ones tell; what follows from them does not.
    if (this.violations.length < 20) this.violations.push(`${(this.#now() / 1_000).toFixed(3)} s: ${text}`);
  }
}

function chainHash(previous: string, sequence: number, payload: Uint8Array): string {
  const number = Buffer.alloc(8);
  number.writeBigUInt64BE(BigInt(sequence));
  return createHash('sha256').update(Buffer.from(previous, 'hex')).update(number).update(payload).digest('hex');
}

/** Who asked, and which of his commands it is; undefined for what nobody signs. */
function nameOf(command: Command): string | undefined {
  return 'auth' in command ? `${command.auth.signer}/${command.auth.nonce}` : undefined;
}

function isNonceUsed(events: readonly Event[]): boolean {
  return events.some((event) => event.kind === 'commandRejected' && event.code === REJECT_CODES.NONCE_ALREADY_USED);
}
