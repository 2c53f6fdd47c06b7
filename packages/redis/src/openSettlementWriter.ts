import type { Redis } from 'ioredis';
import { connectRedis } from './connectRedis.ts';
import { encodeSteps, STEPS_ONLY, settlementSteps } from './diffSteps.ts';
import type { BatchDoc, WithdrawalDoc } from './documents.ts';
import type { SettlementEvent, SettlementWriter } from './interfaces.ts';
import { batchesKey, eventsKey, headKey } from './keys.ts';
import { loadScript, runScript } from './script.ts';

const WRITE_TIMEOUT_MS = 10_000;

class RedisSettlementWriter implements SettlementWriter {
  readonly #redis: Redis;
  readonly #script = loadScript('writeStateDiff');

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  async putBatch(batch: BatchDoc, withdrawals: readonly WithdrawalDoc[]): Promise<void> {
    await this.#put([{ kind: 'batch', batch }, ...withdrawals.map(asEvent)]);
  }

  async putWithdrawals(withdrawals: readonly WithdrawalDoc[]): Promise<void> {
    if (withdrawals.length > 0) await this.#put(withdrawals.map(asEvent));
  }

  async batchCount(): Promise<number> {
    return await this.#redis.hlen(batchesKey);
  }

  async batch(batchIndex: number): Promise<BatchDoc | undefined> {
    const text = await this.#redis.hget(batchesKey, String(batchIndex));
    return text === null ? undefined : (JSON.parse(text) as BatchDoc);
  }

  async close(): Promise<void> {
    this.#redis.disconnect();
  }

  async #put(events: readonly SettlementEvent[]): Promise<void> {
    const { keys, args } = encodeSteps(settlementSteps(events), 2);
    await runScript(this.#redis, this.#script, [headKey, eventsKey, ...keys], [...STEPS_ONLY, ...args]);
  }
}

function asEvent(withdrawal: WithdrawalDoc): SettlementEvent {
  return { kind: 'withdrawal', withdrawal };
}

/** Throws `RedisUnreachable` if Redis cannot be reached now. */
export async function openSettlementWriter(url: string): Promise<SettlementWriter> {
  const redis = await connectRedis(url, {
    name: 'keel-settlement-writer',
    commandTimeoutMs: WRITE_TIMEOUT_MS,
    reconnect: true,
  });
  return new RedisSettlementWriter(redis);
}
