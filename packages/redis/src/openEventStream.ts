import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { connectRedis } from './connectRedis.ts';
import { HeadGuard } from './headGuard.ts';
import type { EventListener, SettlementEvent } from './interfaces.ts';
import { eventsKey, headKey, settlementEventsKey } from './keys.ts';
import type { Publication } from './stateDiff.ts';

/** How long one read waits for an entry; in silence the head is looked at this often. */
const BLOCK_MS = 1_000;
/** Entries of one read: bounds what a reader holds at once. */
const ENTRIES_MAX = 200;
/** Pause after a failed read, so that an outage does not become a busy loop. */
const PAUSE_MS = 100;

export interface EventStream {
  /** Between a resync and the next outage. */
  readonly live: boolean;
  close(): Promise<void>;
}

interface ChainEnd {
  readonly generation: string;
  readonly sequence: number;
}

type StreamReply = [key: string, entries: [id: string, fields: string[]][]][];

class RedisEventStream implements EventStream {
  readonly #redis: Redis;
  readonly #listener: EventListener;
  readonly #guard = new HeadGuard();
  #closed = false;
  /** Where the chain is; undefined while it is broken. */
  #at: ChainEnd | undefined;
  #toldUnavailable = false;
  #lastEventId = '0';
  #lastSettlementId = '0';
  readonly #running: Promise<void>;

  constructor(redis: Redis, listener: EventListener) {
    this.#redis = redis;
    this.#listener = listener;
    // Behind the next connection may be another server: its stream is not the one that was followed.
    redis.on('close', () => {
      this.#guard.connectionLost();
      this.#at = undefined;
    });
    this.#running = this.#run();
  }

  get live(): boolean {
    return this.#at !== undefined;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#redis.disconnect();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#closed) {
      if (this.#at === undefined) await this.#resync();
      else await this.#readOn(this.#at);
    }
  }

  /** The answer, or undefined when Redis has none. A fault of the listener is not caught here: it is ours. */
  async #ask<Answer>(ask: () => Promise<Answer>): Promise<Answer | undefined> {
    try {
      return await ask();
    } catch {
      if (!this.#closed) this.#unavailable();
      await sleep(PAUSE_MS);
      return undefined;
    }
  }

  async #readOn(at: ChainEnd): Promise<void> {
    const reply = await this.#ask(
      () =>
        this.#redis.xread(
          'COUNT',
          ENTRIES_MAX,
          'BLOCK',
          BLOCK_MS,
          'STREAMS',
          eventsKey,
          settlementEventsKey,
          this.#lastEventId,
          this.#lastSettlementId,
        ) as Promise<StreamReply | null>,
    );
    if (reply === null) await this.#checkHead(at);
    else if (reply !== undefined) this.#take(reply);
  }

  /** Starts the chain at the head, which belongs to the last entry of the stream: both are read in one step. */
  async #resync(): Promise<void> {
    const found = await this.#ask(async () => {
      const results = await this.#redis
        .multi()
        .hgetall(headKey)
        .xrevrange(eventsKey, '+', '-', 'COUNT', 1)
        .xrevrange(settlementEventsKey, '+', '-', 'COUNT', 1)
        .exec();
      const [head, events, settlement] = (results ?? []).map(([fault, value]) => {
        if (fault !== null) throw fault;
        return value;
      });
      return { head: this.#guard.accept(head), lastEventId: lastId(events), lastSettlementId: lastId(settlement) };
    });
    if (found === undefined) return;
    this.#lastEventId = found.lastEventId;
    this.#lastSettlementId = found.lastSettlementId;
    this.#at = { generation: found.head.generation, sequence: found.head.sequence };
    this.#toldUnavailable = false;
    this.#listener.onResync(found.head);
  }

  /** Silence may be an emptied Redis, whose stream starts anew, or one that was put back to an older state. */
  async #checkHead(at: ChainEnd): Promise<void> {
    const found = await this.#ask(() => this.#redis.hmget(headKey, 'generation', 'sequence'));
    if (found === undefined || this.#at !== at) return;
    const [generation, sequence] = found;
    if (generation === at.generation && Number(sequence) >= at.sequence) return;
    this.#at = undefined;
    if (generation === null) this.#unavailable();
  }

  #take(reply: StreamReply): void {
    for (const [key, entries] of reply)
      for (const [id, [field, text]] of entries) {
        if (key === settlementEventsKey) {
          this.#lastSettlementId = id;
          this.#listener.onSettlement(JSON.parse(text as string) as SettlementEvent);
        } else if (!this.#takeEntry(id, field as string, text as string)) return;
      }
  }

  /** False when the chain broke: what follows is part of the next snapshot. */
  #takeEntry(id: string, field: string, text: string): boolean {
    this.#lastEventId = id;
    const publication = field === 'publication' ? (JSON.parse(text) as Publication) : undefined;
    const follows =
      publication?.generation === this.#at?.generation && publication?.prevSequence === this.#at?.sequence;
    if (publication === undefined || !follows) {
      this.#at = undefined;
      return false;
    }
    this.#at = { generation: publication.generation, sequence: publication.head.sequence };
    this.#guard.follow(publication.head);
    this.#listener.onPublication(publication);
    return true;
  }

  #unavailable(): void {
    this.#at = undefined;
    if (this.#toldUnavailable) return;
    this.#toldUnavailable = true;
    this.#listener.onUnavailable();
  }
}

function lastId(entries: unknown): string {
  return (entries as [string, string[]][])[0]?.[0] ?? '0';
}

/**
 * Follows the event stream on a connection of its own (blocking reads would hold up others). First calls `onResync`,
 * then `onPublication` for each flush after it, gapless; a broken chain is another `onResync`. Throws
 * `RedisUnreachable` if Redis cannot be reached now; later outages are `onUnavailable`, then `onResync`.
 */
export async function openEventStream(url: string, listener: EventListener): Promise<EventStream> {
  const redis = await connectRedis(url, {
    name: 'keel-event-stream',
    commandTimeoutMs: BLOCK_MS * 5,
    reconnect: true,
  });
  return new RedisEventStream(redis, listener);
}
