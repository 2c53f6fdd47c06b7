/**
 * Load process of the order bench: signs its orders before the clock starts, then keeps `window` of them unanswered on
 * each connection. Prints one JSON line. Runs apart from the exchange so that its work is not counted as the exchange's.
 */
import { addressOfKey, keelDomain, type PlaceOrderAction } from '@keel/signing';
import type { Address, Hex } from '@keel/types';
import { build } from 'hdr-histogram-js';
import { WebSocket } from 'ws';
import { PLAIN_ORDER } from '../plainOrder.ts';
import { signedBody } from '../signedBody.ts';

export interface LoadPlan {
  readonly url: string;
  readonly echoUrl: string;
  readonly chainId: number;
  readonly settlement: Address;
  readonly keys: readonly Hex[];
  readonly ordersPerKey: number;
  readonly window: number;
}

export interface LoadResult {
  readonly orders: number;
  readonly refused: Readonly<Record<string, number>>;
  readonly seconds: number;
  readonly ordersPerSecond: number;
  readonly latencyMs: { readonly p50: number; readonly p99: number; readonly p999: number; readonly max: number };
}

const plan = JSON.parse(process.argv[2] ?? '') as LoadPlan;
const domain = keelDomain(plan.chainId, plan.settlement);
const frames = plan.keys.map((key, index) => signedFrames(key, index));
const exchange = await drive(plan.url, frames);
// The same frames against a server that answers without looking: what the socket alone costs here and now.
const echo = await drive(plan.echoUrl, frames);
process.stdout.write(`${JSON.stringify({ exchange, echo })}\n`);
process.exit(0);

/** Every account alternates between joining the bid and the ask at one price, so half of the orders trade. */
function signedFrames(key: Hex, account: number): string[] {
  const owner = addressOfKey(key);
  const firstNonce = Date.now();
  return Array.from({ length: plan.ordersPerKey }, (_item, index) => {
    const action: PlaceOrderAction = {
      primaryType: 'PlaceOrder',
      account: owner,
      subaccount: 0,
      ...PLAIN_ORDER,
      market: 'BTC-USD',
      side: (index + account) % 2 === 0 ? 'buy' : 'sell',
      price: '60000',
      size: '0.001',
      nonce: firstNonce + index,
      expiresAfter: 0,
    };
    return JSON.stringify({ id: index, method: 'order.place', params: signedBody(domain, action, key) });
  });
}

async function drive(url: string, framesByAccount: readonly string[][]): Promise<LoadResult> {
  const histogram = build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: 60_000_000,
    numberOfSignificantValueDigits: 3,
  });
  const refused: Record<string, number> = {};
  const sockets = await Promise.all(framesByAccount.map(() => connect(url)));
  const begin = performance.now();
  await Promise.all(sockets.map((socket, index) => send(socket, framesByAccount[index] ?? [], histogram, refused)));
  const seconds = (performance.now() - begin) / 1_000;
  for (const socket of sockets) socket.terminate();
  const orders = framesByAccount.reduce((sum, list) => sum + list.length, 0);
  const ms = (percentile: number): number => histogram.getValueAtPercentile(percentile) / 1_000;
  return {
    orders,
    refused,
    seconds,
    ordersPerSecond: Math.round(orders / seconds),
    latencyMs: { p50: ms(50), p99: ms(99), p999: ms(99.9), max: histogram.maxValue / 1_000 },
  };
}

async function connect(url: string): Promise<WebSocket> {
  const socket = new WebSocket(url, { perMessageDeflate: false });
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  return socket;
}

/** Resolves when every frame is answered; latency is from handing the frame to the socket to its answer, in µs. */
function send(
  socket: WebSocket,
  list: readonly string[],
  histogram: { recordValue(value: number): void },
  refused: Record<string, number>,
): Promise<void> {
  const sentAt = new Float64Array(list.length);
  let next = 0;
  let answered = 0;
  return new Promise((resolve, reject) => {
    const sendNext = (): void => {
      const frame = list[next];
      if (frame === undefined) return;
      sentAt[next] = performance.now();
      next += 1;
      socket.send(frame);
    };
    socket.on('close', (code, reason) => {
      if (answered < list.length) reject(new Error(`the server closed: ${code} ${reason.toString()}`));
    });
    socket.on('message', (data: Buffer) => {
      const answer = JSON.parse(data.toString()) as { id?: number; error?: { code: string } };
      if (typeof answer.id !== 'number') return;
      histogram.recordValue(Math.max(1, Math.round((performance.now() - (sentAt[answer.id] ?? 0)) * 1_000)));
      if (answer.error) refused[answer.error.code] = (refused[answer.error.code] ?? 0) + 1;
      answered += 1;
      if (answered === list.length) resolve();
      else sendNext();
    });
    for (let index = 0; index < plan.window; index += 1) sendNext();
  });
}
