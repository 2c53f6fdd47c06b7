import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { KeelClient } from '@keel/client';
import { addressOfKey } from '@keel/signing';
import type { Hex } from '@keel/types';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { waitFor } from '../e2e/waitFor.ts';
import type { OverloadPlan, OverloadResult } from './overloadLoad.ts';
import { CHAIN_ID, type Door, SETTLEMENT, startDoor } from './startDoor.ts';
import { Tap } from './tap.ts';

/** 8 commands at a time to a sequencer that is 2 * 40 ms away: 100 orders a second, and ten times as many are sent. */
const DELAY_MS = 40;
const WINDOW = 8;
const CAPACITY = (WINDOW * 1_000) / (2 * DELAY_MS);
const TIMES = 10;
const SECONDS = 5;
/** Orders let in: one of them waits for two seconds until all before it are done, and a cancel behind them would, too. */
const IN_DOOR = 200;
const ORDER_P50_MS_MIN = 1_000;
/** A cancel's way there and back are 80 ms; the rest is what a busy machine of two cores is given. */
const CANCEL_P99_MS = 750;
const GROWTH_BYTES_MAX = 128 * 1024 * 1024;

const keys = Array.from({ length: 8 }, (_item, at): Hex => `0x${String(at + 1).padStart(64, 'a')}`);
const tap = new Tap(DELAY_MS);
let door: Door;
beforeAll(async () => {
  door = await startDoor({
    through: (port) => tap.open(port),
    gateway: { KEEL_SEQUENCER_WINDOW: String(WINDOW), KEEL_ORDERS_IN_DOOR: String(IN_DOOR) },
  });
  for (const key of keys) await door.deposit(addressOfKey(key), 10_000_000_000);
  await door.price(1, 600_000);
}, 60_000);
afterAll(async () => {
  await door.stop();
  tap.close();
});

/** The sum of a metric's samples whose line begins so. */
async function figure(begin: string): Promise<number> {
  const text = await (await fetch(`${door.url}/metrics`)).text();
  const lines = text.split('\n').filter((line) => line.startsWith(begin));
  return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}

function percentile(values: readonly number[], part: number): number {
  return values.toSorted((a, b) => a - b)[Math.ceil(values.length * part) - 1] ?? Number.NaN;
}

async function standingOf(key: Hex): Promise<string[]> {
  const client = new KeelClient({ url: door.url, privateKey: key, timeoutMs: 30_000 });
  const { openOrders } = await client.account();
  client.close();
  return openOrders.map(({ orderId }) => orderId).toSorted();
}

test('ten times the capacity: cancels in time, the rest shed clearly, nothing acknowledged lost, memory bounded', {
  timeout: 120_000,
}, async () => {
  const plan: OverloadPlan = {
    url: `${door.url.replace('http', 'ws')}/v1/ws`,
    chainId: CHAIN_ID,
    settlement: SETTLEMENT,
    keys,
    ordersPerSecond: TIMES * CAPACITY,
    cancelsPerSecond: 40,
    seconds: SECONDS,
  };
  const residentBefore = await figure('process_resident_memory_bytes');
  const inDoor: number[] = [];
  const price = setInterval(() => void door.price(1, 600_000), 1_000);
  const watch = setInterval(() => {
    void figure('keel_gateway_in_door_orders{class="open"').then((count) => inDoor.push(count));
  }, 200);
  const script = new URL('overloadLoad.ts', import.meta.url).pathname;
  const child = promisify(execFile)(process.execPath, [script, JSON.stringify(plan)], { maxBuffer: 1 << 24 });
  const result = JSON.parse((await child).stdout) as OverloadResult;
  clearInterval(watch);
  clearInterval(price);
  const { sent, orders, cancels, retryAfterMs, orderMs, cancelMs, standing, lateMs } = result;
  const { ok = 0, GATEWAY_OVERLOADED: shed = 0, ...others } = orders;
  const p99 = percentile(cancelMs, 0.99);
  const waited = { order: percentile(orderMs, 0.5), cancel: percentile(cancelMs, 0.5) };
  process.stdout.write(`${JSON.stringify({ sent, ok, shed, cancelled: cancelMs.length, p50: waited, p99, lateMs })}\n`);

  expect([sent, others, ok + shed]).toEqual([TIMES * CAPACITY * SECONDS, {}, sent]);
  // As much is taken as the exchange can, about; the rest was told so, with a time to wait that says something.
  expect(ok).toBeGreaterThan((CAPACITY * SECONDS) / 2);
  expect(ok).toBeLessThan(CAPACITY * SECONDS * 1.5 + IN_DOOR);
  expect(retryAfterMs).toHaveLength(shed);
  for (const waitMs of [Math.min(...retryAfterMs), Math.max(...retryAfterMs)]) {
    expect(waitMs).toBeGreaterThanOrEqual(20);
    expect(waitMs).toBeLessThanOrEqual(2_000);
  }
  expect(cancels).toEqual({ ok: cancelMs.length });
  expect(cancelMs.length).toBeGreaterThan(100);
  expect(p99).toBeLessThan(CANCEL_P99_MS);
  // It was an overload: orders did wait for each other.
  expect(waited.order).toBeGreaterThan(ORDER_P50_MS_MIN);
  expect(Math.max(...inDoor)).toBeLessThanOrEqual(IN_DOOR);
  expect((await figure('process_resident_memory_bytes')) - residentBefore).toBeLessThan(GROWTH_BYTES_MAX);
  expect(await figure('keel_gateway_shed_total')).toBe(shed);

  // The sequencer dies; what it acknowledged is there when it is back, and nothing else.
  await door.child('sequencer').stop('SIGKILL');
  await door.startSequencer();
  for (const key of keys) {
    const expected = (standing[addressOfKey(key)] ?? []).toSorted();
    await waitFor('the orders', async () => ((await standingOf(key)).length === expected.length ? true : undefined));
    expect(await standingOf(key)).toEqual(expected);
  }
});
