import { randomUUID } from 'node:crypto';
import { assert } from '@keel/types';
import { connectWriter, type WriterConnection } from './connectWriter.ts';
import {
  accountSteps,
  approvalSteps,
  auctionSteps,
  bookOrderSteps,
  candleSteps,
  closedOrderSteps,
  collateralSteps,
  encodeSteps,
  endedAuctionSteps,
  exchangeSteps,
  historySteps,
  levelSteps,
  marketSteps,
  orderSteps,
  priceSteps,
  type Step,
} from './diffSteps.ts';
import { DocTexts } from './docTexts.ts';
import type { HeadState, ReadModelWriter, RebuildOutcome, WriteOutcome } from './interfaces.ts';
import { EVENTS_MAX, eventsKey, headKey } from './keys.ts';
import { replaceReadModel } from './replaceReadModel.ts';
import { loadScript, runScript, type Script } from './script.ts';
import { type FullReadModel, type Publication, publicationOf, type StateDiff } from './stateDiff.ts';

/** Arguments of one flush. Redis takes 2^20 in one command; a flush is some hundreds, so this is a fault of ours. */
export const FLUSH_ARGUMENTS_MAX = 1_000_000;
/** A flush takes well under a millisecond; a Redis that is silent for so long counts as away. */
const WRITE_TIMEOUT_MS = 5_000;

/** Where the read model is, as far as this writer knows. */
interface Position {
  readonly generation: string;
  readonly sequence: number;
}

class RedisReadModelWriter implements ReadModelWriter {
  readonly epoch: number;
  readonly #url: string;
  readonly #connection: WriterConnection;
  readonly #script: Script;
  #position: Position | undefined;
  /** Calls run one after the other: each starts from the position that the one before left. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(url: string, connection: WriterConnection, epoch: number) {
    this.#url = url;
    this.#connection = connection;
    this.epoch = epoch;
    this.#script = loadScript('writeStateDiff');
  }

  get connected(): boolean {
    return this.#connection.writable;
  }

  write(diff: StateDiff): Promise<WriteOutcome> {
    return this.#inTurn(() => this.#write(diff));
  }

  rebuild(full: FullReadModel): Promise<RebuildOutcome> {
    return this.#inTurn(() => this.#rebuild(full));
  }

  look(): Promise<HeadState> {
    return this.#inTurn(() => this.#look());
  }

  onConnected(listener: () => void): void {
    this.#connection.onWritable(listener);
  }

  onRefused(listener: (sentence: string) => void): void {
    this.#connection.onRefused(listener);
  }

  async close(): Promise<void> {
    await this.#last.catch(() => undefined);
    this.#connection.redis.disconnect();
  }

  #inTurn<Result>(call: () => Promise<Result>): Promise<Result> {
    const result = this.#last.then(call, call);
    this.#last = result;
    return result;
  }

  async #write(diff: StateDiff): Promise<WriteOutcome> {
    if (this.#position === undefined) return 'rebuildNeeded';
    const { generation, sequence } = this.#position;
    assert(diff.head.sequence > sequence, `flush at ${diff.head.sequence} does not follow ${sequence}`);
    this.#connection.assertWritable();
    const { keys, args } = encodeDiff(diff, publicationOf(diff, generation, sequence), this.epoch);
    const outcome = await runScript(this.#connection.redis, this.#script, keys, args);
    if (outcome === 'rebuildNeeded' || outcome === 'fenced') {
      this.#position = undefined;
      return outcome;
    }
    assert(outcome === 'written', `writeStateDiff.lua answered ${String(outcome)}`);
    this.#position = { generation, sequence: diff.head.sequence };
    return 'written';
  }

  async #rebuild(full: FullReadModel): Promise<RebuildOutcome> {
    this.#position = undefined;
    const generation = randomUUID();
    const outcome = await replaceReadModel(this.#url, full, { generation, epoch: this.epoch });
    if (outcome === 'written') this.#position = { generation, sequence: full.head.sequence };
    return outcome;
  }

  async #look(): Promise<HeadState> {
    if (this.#position === undefined) return 'rebuildNeeded';
    this.#connection.assertWritable();
    const [generation, sequence, epoch] = await this.#connection.redis.hmget(
      headKey,
      'generation',
      'sequence',
      'epoch',
    );
    if (this.epoch !== 0 && Number(epoch ?? 0) > this.epoch) return 'fenced';
    const held = generation === this.#position.generation && sequence === String(this.#position.sequence);
    return held ? 'held' : 'rebuildNeeded';
  }
}

function stepsOfDiff(diff: StateDiff, texts: DocTexts): Step[] {
  return [
    ...marketSteps(diff.markets, texts),
    ...levelSteps(diff.levels),
    ...accountSteps(diff.accounts),
    ...approvalSteps(diff.approvals),
    ...closedOrderSteps(diff.closedOrders),
    ...orderSteps(diff.orders, texts),
    ...bookOrderSteps(diff.bookOrders),
    ...candleSteps(diff.candles, texts),
    ...auctionSteps(diff.auctions, texts),
    ...endedAuctionSteps(diff.endedAuctions),
    ...collateralSteps(diff.collaterals, texts),
    ...priceSteps(diff.prices),
    ...historySteps(diff, texts),
    ...exchangeSteps(diff.exchange, texts),
  ];
}

function encodeDiff(
  diff: StateDiff,
  publication: Publication,
  epoch: number,
): { keys: string[]; args: (string | number)[] } {
  const { head } = diff;
  const texts = new DocTexts();
  const steps = encodeSteps(stepsOfDiff(diff, texts), 2);
  assert(steps.args.length <= FLUSH_ARGUMENTS_MAX, `a flush of ${steps.args.length} arguments`);
  const fixed: (string | number)[] = [
    publication.generation,
    publication.prevSequence,
    head.sequence,
    head.timeMs,
    head.stateRoot,
    head.batchIndex,
    texts.ofPublication(publication),
    EVENTS_MAX,
    epoch,
  ];
  return { keys: [headKey, eventsKey, ...steps.keys], args: fixed.concat(steps.args) };
}

export interface WriterOptions {
  /**
   * The epoch of this writer's leadership. A read model of a higher epoch is never touched: the answer is `fenced`. 0, of an
   * exchange of one node: fenced by nobody, whatever the read model says.
   */
  readonly epoch?: number | undefined;
  /** True: a Redis that is away now is waited for in the background. A leader that takes over must not need Redis for it. */
  readonly mayBeAway?: boolean | undefined;
}

/**
 * Throws `RedisUnreachable` if Redis cannot be reached now, unless it `mayBeAway`, and `RedisUnfit` when it refuses the
 * password or may evict keys. Later outages are the business of each call.
 */
export async function openReadModelWriter(url: string, options: WriterOptions = {}): Promise<ReadModelWriter> {
  const epoch = options.epoch ?? 0;
  assert(Number.isSafeInteger(epoch) && epoch >= 0, `epoch ${epoch}`);
  const connection = await connectWriter(url, {
    name: 'keel-read-model-writer',
    commandTimeoutMs: WRITE_TIMEOUT_MS,
    reconnect: true,
    mayBeAway: options.mayBeAway,
  });
  return new RedisReadModelWriter(url, connection, epoch);
}
