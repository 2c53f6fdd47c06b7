import { randomUUID } from 'node:crypto';
import { assert } from '@keel/types';
import type { Redis } from 'ioredis';
import { connectRedis } from './connectRedis.ts';
import {
  accountSteps,
  auctionSteps,
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
  revokedAgentSteps,
  type Step,
} from './diffSteps.ts';
import type { ReadModelWriter, WriteOutcome } from './interfaces.ts';
import { EVENTS_MAX, eventsKey, headKey } from './keys.ts';
import { replaceReadModel } from './replaceReadModel.ts';
import { loadScript, runScript, type Script } from './script.ts';
import { type FullReadModel, type Publication, publicationOf, type StateDiff } from './stateDiff.ts';

/** Arguments of one flush. Redis takes 2^20 in one command; a flush is some hundreds, so this is a fault of ours. */
export const FLUSH_ARGUMENTS_MAX = 1_000_000;
/** A flush takes well under a millisecond; a Redis that is silent for so long counts as away. */
const WRITE_TIMEOUT_MS = 10_000;

/** Where the read model is, as far as this writer knows. */
interface Position {
  readonly generation: string;
  readonly sequence: number;
}

class RedisReadModelWriter implements ReadModelWriter {
  readonly #url: string;
  readonly #redis: Redis;
  readonly #script: Script;
  #position: Position | undefined;
  /** Calls run one after the other: each starts from the position that the one before left. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(url: string, redis: Redis) {
    this.#url = url;
    this.#redis = redis;
    this.#script = loadScript('writeStateDiff');
  }

  get connected(): boolean {
    return this.#redis.status === 'ready';
  }

  write(diff: StateDiff): Promise<WriteOutcome> {
    return this.#inTurn(() => this.#write(diff));
  }

  rebuild(full: FullReadModel): Promise<void> {
    return this.#inTurn(() => this.#rebuild(full));
  }

  onConnected(listener: () => void): void {
    this.#redis.on('ready', listener);
  }

  async close(): Promise<void> {
    await this.#last.catch(() => undefined);
    this.#redis.disconnect();
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
    const { keys, args } = encodeDiff(diff, publicationOf(diff, generation, sequence));
    const outcome = await runScript(this.#redis, this.#script, keys, args);
    if (outcome === 'rebuildNeeded') {
      this.#position = undefined;
      return 'rebuildNeeded';
    }
    assert(outcome === 'written', `writeStateDiff.lua answered ${String(outcome)}`);
    this.#position = { generation, sequence: diff.head.sequence };
    return 'written';
  }

  async #rebuild(full: FullReadModel): Promise<void> {
    this.#position = undefined;
    const generation = randomUUID();
    await replaceReadModel(this.#url, this.#script, full, generation);
    this.#position = { generation, sequence: full.head.sequence };
  }
}

/** The steps of a diff. Revoked agents go first: an agent revoked and approved again in one flush stays. */
function stepsOfDiff(diff: StateDiff): Step[] {
  return [
    ...revokedAgentSteps(diff.revokedAgents),
    ...marketSteps(diff.markets),
    ...levelSteps(diff.levels),
    ...accountSteps(diff.accounts),
    ...closedOrderSteps(diff.closedOrders),
    ...orderSteps(diff.orders),
    ...candleSteps(diff.candles),
    ...auctionSteps(diff.auctions),
    ...endedAuctionSteps(diff.endedAuctions),
    ...collateralSteps(diff.collaterals),
    ...priceSteps(diff.prices),
    ...historySteps(diff),
    ...exchangeSteps(diff.exchange),
  ];
}

function encodeDiff(diff: StateDiff, publication: Publication): { keys: string[]; args: (string | number)[] } {
  const { head } = diff;
  const steps = encodeSteps(stepsOfDiff(diff), 2);
  assert(steps.args.length <= FLUSH_ARGUMENTS_MAX, `a flush of ${steps.args.length} arguments`);
  const fixed: (string | number)[] = [
    publication.generation,
    publication.prevSequence,
    head.sequence,
    head.timeMs,
    head.stateRoot,
    head.batchIndex,
    JSON.stringify(publication),
    EVENTS_MAX,
  ];
  return { keys: [headKey, eventsKey, ...steps.keys], args: fixed.concat(steps.args) };
}

/** Throws `RedisUnreachable` if Redis cannot be reached now; later outages are the business of each call. */
export async function openReadModelWriter(url: string): Promise<ReadModelWriter> {
  const redis = await connectRedis(url, {
    name: 'keel-read-model-writer',
    commandTimeoutMs: WRITE_TIMEOUT_MS,
    reconnect: true,
  });
  return new RedisReadModelWriter(url, redis);
}
