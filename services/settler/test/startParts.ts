import { setTimeout as sleep } from 'node:timers/promises';
import { IntakeClient, IntakeServer } from '@keel/intake';
import { type BatchDoc, openSettlementWriter, type WithdrawalDoc } from '@keel/redis';
import { createLogger, createMetrics } from '@keel/runtime';
import type { OwnRedis } from '@keel/test-servers';
import type { Address, Hex } from '@keel/types';
import { onTestFinished } from 'vitest';
import type { L1Config } from '../src/config.ts';
import { startSettler } from '../src/settler.ts';
import type { Bookkeeper } from './bookkeeper.ts';
import { type Anvil, OPERATOR_KEY } from './startAnvil.ts';

export const TOKEN = 'a1'.repeat(32);
export const log = createLogger({ service: 'settler', level: 'silent' });

export function l1Config(anvil: Anvil, changes: Partial<L1Config> = {}): L1Config {
  return {
    url: anvil.url,
    chainId: 31_337,
    settlement: anvil.settlement,
    operatorKey: OPERATOR_KEY,
    confirmations: 1,
    startBlock: 0,
    logBlocks: 7,
    pollMs: 50,
    resendMs: 20_000,
    ...changes,
  };
}

/** A real intake in front of the bookkeeper. */
export async function startIntake(bookkeeper: Bookkeeper, port = 0): Promise<{ port: number; close(): Promise<void> }> {
  const server = new IntakeServer({ host: '127.0.0.1', port, token: TOKEN, handler: bookkeeper });
  return { port: await server.listen(), close: () => server.close() };
}

/** A whole settler; stopped when the test ends. `faults` is what would have ended the process. */
export async function startWhole(options: {
  readonly anvil: Anvil;
  readonly redisUrl: string;
  /** Of the one intake, or of all. */
  readonly intakePort: number | readonly number[];
  readonly batchSeconds?: number;
  readonly batchCommands?: number;
  readonly l1?: Partial<L1Config>;
}) {
  const url = [options.intakePort].flat().map((port) => `ws://127.0.0.1:${port}`);
  const gate = new IntakeClient({ url, token: TOKEN, role: 'settler' });
  const writer = await openSettlementWriter(options.redisUrl);
  const faults: unknown[] = [];
  const metrics = createMetrics('settler');
  const settler = await startSettler({
    config: {
      intakeUrls: [],
      intakeToken: TOKEN,
      redisUrl: options.redisUrl,
      batchSeconds: options.batchSeconds ?? 1,
      batchCommands: options.batchCommands ?? 2_000,
      l1: l1Config(options.anvil, options.l1),
    },
    gate,
    writer,
    metrics,
    log,
    fail: (fault) => faults.push(fault),
  });
  let stopped = false;
  const stop = async (): Promise<void> => {
    if (stopped) return;
    stopped = true;
    await settler.stop();
    await gate.close();
    await writer.close();
  };
  onTestFinished(stop);
  return { settler, faults, metrics, stop };
}

export async function batchDocs(redis: OwnRedis): Promise<BatchDoc[]> {
  const texts = Object.values(await redis.client.hgetall('keel:batches'));
  return texts.map((text) => JSON.parse(text) as BatchDoc).sort((a, b) => a.batchIndex - b.batchIndex);
}

export async function withdrawalDocs(redis: OwnRedis, recipient: Address): Promise<WithdrawalDoc[]> {
  const texts = Object.values(await redis.client.hgetall(`keel:withdrawals:${recipient}`));
  return texts.map((text) => JSON.parse(text) as WithdrawalDoc).sort((a, b) => a.withdrawalIndex - b.withdrawalIndex);
}

/** Waits until `condition` holds; the test's own time limit ends a wait that never does. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await sleep(20);
}

export const hashOfByte = (byte: string): Hex => `0x${byte.repeat(32)}`;
