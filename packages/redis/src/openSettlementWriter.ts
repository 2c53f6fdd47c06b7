import { randomUUID } from 'node:crypto';
import { connectWriter, type WriterConnection } from './connectWriter.ts';
import { encodeSteps, STEPS_ONLY, type Step, settlementSteps } from './diffSteps.ts';
import type { SettlementEvent, SettlementWriter } from './interfaces.ts';
import { batchesKey, eventsKey, headKey, settlementMarkKey } from './keys.ts';
import { loadScript, runScript } from './script.ts';
import type { BatchDoc, WithdrawalDoc } from './settlementDocuments.ts';

const WRITE_TIMEOUT_MS = 5_000;

class RedisSettlementWriter implements SettlementWriter {
  readonly #connection: WriterConnection;
  readonly #script = loadScript('writeStateDiff');
  /** Of this process: what another one wrote is no mark of ours. */
  readonly #name = randomUUID();
  /** Puts that were sent, and the last that Redis has answered. */
  #puts = 0;
  #answered = 0;

  constructor(connection: WriterConnection) {
    this.#connection = connection;
  }

  async putBatch(batch: BatchDoc, withdrawals: readonly WithdrawalDoc[]): Promise<void> {
    await this.#put([{ kind: 'batch', batch }, ...withdrawals.map(asEvent)]);
  }

  async putWithdrawals(withdrawals: readonly WithdrawalDoc[]): Promise<void> {
    if (withdrawals.length > 0) await this.#put(withdrawals.map(asEvent));
  }

  async batchCount(): Promise<number> {
    const results = await this.#connection.redis
      .multi()
      .hlen(batchesKey)
      .hmget(settlementMarkKey, 'writer', 'puts')
      .exec();
    const [count, mark] = (results ?? []).map(([fault, value]) => {
      if (fault !== null) throw fault;
      return value;
    });
    const [writer, puts] = mark as [string | null, string | null];
    // A put without an answer may be there or not; one with an answer must be.
    const kept = this.#answered === 0 || (writer === this.#name && Number(puts) >= this.#answered);
    return kept ? Number(count) : 0;
  }

  async batch(batchIndex: number): Promise<BatchDoc | undefined> {
    const text = await this.#connection.redis.hget(batchesKey, String(batchIndex));
    return text === null ? undefined : (JSON.parse(text) as BatchDoc);
  }

  async close(): Promise<void> {
    this.#connection.redis.disconnect();
  }

  async #put(events: readonly SettlementEvent[]): Promise<void> {
    this.#connection.assertWritable();
    this.#puts += 1;
    const put = this.#puts;
    const mark: Step = { name: 'setFields', key: settlementMarkKey, args: ['writer', this.#name, 'puts', put] };
    const { keys, args } = encodeSteps([...settlementSteps(events), mark], 2);
    await runScript(this.#connection.redis, this.#script, [headKey, eventsKey, ...keys], [...STEPS_ONLY, ...args]);
    this.#answered = Math.max(this.#answered, put);
  }
}

function asEvent(withdrawal: WithdrawalDoc): SettlementEvent {
  return { kind: 'withdrawal', withdrawal };
}

/** Throws `RedisUnreachable` if Redis cannot be reached now, `RedisUnfit` when it refuses the password or may evict keys. */
export async function openSettlementWriter(url: string): Promise<SettlementWriter> {
  const connection = await connectWriter(url, {
    name: 'keel-settlement-writer',
    commandTimeoutMs: WRITE_TIMEOUT_MS,
    reconnect: true,
  });
  return new RedisSettlementWriter(connection);
}
