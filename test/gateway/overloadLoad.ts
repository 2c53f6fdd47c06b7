/**
 * Load process of the overload test: sends orders at a steady rate whatever is answered, and cancels what was taken. Prints
 * one JSON line. Orders are signed before the clock starts, cancels just in time.
 */
import { addressOfKey, keelDomain, type PlaceOrderAction, type SignableAction } from '@keel/signing';
import type { Address, Hex } from '@keel/types';
import { WebSocket } from 'ws';
import { PLAIN_ORDER } from '../plainOrder.ts';
import { signedBody } from '../signedBody.ts';

export interface OverloadPlan {
  readonly url: string;
  readonly chainId: number;
  readonly settlement: Address;
  readonly keys: readonly Hex[];
  /** Of all accounts together. */
  readonly ordersPerSecond: number;
  readonly cancelsPerSecond: number;
  readonly seconds: number;
}

export interface OverloadResult {
  readonly sent: number;
  /** Answers by code; ok for those taken. */
  readonly orders: Readonly<Record<string, number>>;
  readonly cancels: Readonly<Record<string, number>>;
  /** Of every shed order what it was told to wait. */
  readonly retryAfterMs: readonly number[];
  /** Of orders that were taken, from handing one to the socket to its answer; */
  readonly orderMs: readonly number[];
  /** the same of cancels. */
  readonly cancelMs: readonly number[];
  /** By account: orders that were acknowledged, without those whose cancel was. */
  readonly standing: Readonly<Record<Address, readonly string[]>>;
  /** Behind the clock at its worst: a generator that did not keep up says nothing of the exchange. */
  readonly lateMs: number;
}

interface Answer {
  readonly id: number;
  readonly result?: { readonly orderId: string };
  readonly error?: { readonly code: string; readonly retryable: boolean; readonly details: { retryAfterMs?: number } };
}

const TICK_MS = 10;

const plan = JSON.parse(process.argv[2] ?? '') as OverloadPlan;
const domain = keelDomain(plan.chainId, plan.settlement);
const perAccount = Math.ceil((plan.ordersPerSecond * plan.seconds) / plan.keys.length);
const firstNonce = Date.now();
const orders: Record<string, number> = {};
const cancels: Record<string, number> = {};
const retryAfterMs: number[] = [];
const orderMs: number[] = [];
const cancelMs: number[] = [];

function frameOf(id: number, method: string, action: SignableAction, key: Hex): string {
  return JSON.stringify({ id, method, params: signedBody(domain, action, key) });
}

/** Bids below each other, so none trades. */
function orderFrames(key: Hex, account: Address): string[] {
  return Array.from({ length: perAccount }, (_item, id) => {
    const action: PlaceOrderAction = {
      primaryType: 'PlaceOrder',
      account,
      subaccount: 0,
      ...PLAIN_ORDER,
      market: 'BTC-USD',
      side: 'buy',
      price: String(59_000 - (id % 1_000)),
      size: '0.001',
      nonce: firstNonce + id,
      expiresAfter: 0,
    };
    return frameOf(id, 'order.place', action, key);
  });
}

/** One account on one connection. */
class Trader {
  readonly account: Address;
  readonly standing = new Set<string>();
  readonly #key: Hex;
  readonly #frames: readonly string[];
  readonly #socket: WebSocket;
  /** Taken and not yet asked to be cancelled, the oldest first. */
  readonly #cancellable: string[] = [];
  readonly #asked = new Map<number, { readonly orderId: string; readonly sentMs: number }>();
  /** By id. */
  readonly #sentMs: number[] = [];
  #sent = 0;
  #cancelIds = 1_000_000;
  unanswered = 0;

  constructor(key: Hex) {
    this.account = addressOfKey(key);
    this.#key = key;
    this.#frames = orderFrames(key, this.account);
    this.#socket = new WebSocket(plan.url, { perMessageDeflate: false });
    this.#socket.on('message', (data) => this.#hear(JSON.parse(String(data)) as Answer));
    this.#socket.on('close', (code, reason) => {
      throw new Error(`the gateway closed: ${code} ${String(reason)}`);
    });
  }

  get sent(): number {
    return this.#sent;
  }

  opened(): Promise<void> {
    return new Promise((resolve) => this.#socket.once('open', () => resolve()));
  }

  placeNext(): void {
    const frame = this.#frames[this.#sent];
    if (frame === undefined) return;
    this.#sentMs.push(performance.now());
    this.#sent += 1;
    this.#send(frame);
  }

  cancelNext(): void {
    const orderId = this.#cancellable.shift();
    if (orderId === undefined) return;
    const id = this.#cancelIds++;
    const guard = { account: this.account, subaccount: 0, nonce: firstNonce + id, expiresAfter: 0 };
    const frame = frameOf(
      id,
      'order.cancel',
      { primaryType: 'CancelOrder', ...guard, orderId, clientOrderId: '' },
      this.#key,
    );
    this.#asked.set(id, { orderId, sentMs: performance.now() });
    this.#send(frame);
  }

  #send(frame: string): void {
    this.unanswered += 1;
    this.#socket.send(frame);
  }

  #hear({ id, result, error }: Answer): void {
    this.unanswered -= 1;
    const code = error?.code ?? 'ok';
    const asked = this.#asked.get(id);
    if (asked !== undefined) {
      cancelMs.push(performance.now() - asked.sentMs);
      cancels[code] = (cancels[code] ?? 0) + 1;
      if (error === undefined) this.standing.delete(asked.orderId);
      return;
    }
    orders[code] = (orders[code] ?? 0) + 1;
    if (error?.retryable === true) retryAfterMs.push(error.details.retryAfterMs ?? -1);
    if (result === undefined) return;
    orderMs.push(performance.now() - (this.#sentMs[id] ?? Number.NaN));
    this.standing.add(result.orderId);
    this.#cancellable.push(result.orderId);
  }
}

const traders = plan.keys.map((key) => new Trader(key));
await Promise.all(traders.map((trader) => trader.opened()));
const begin = performance.now();
let placed = 0;
let cancelled = 0;
let lateMs = 0;
let last = begin;
await new Promise<void>((resolve) => {
  const clock = setInterval(() => {
    const now = performance.now();
    lateMs = Math.max(lateMs, now - last - TICK_MS);
    last = now;
    const seconds = Math.min(plan.seconds, (now - begin) / 1_000);
    for (; placed < seconds * plan.ordersPerSecond; placed += 1) traders[placed % traders.length]?.placeNext();
    for (; cancelled < seconds * plan.cancelsPerSecond; cancelled += 1)
      traders[cancelled % traders.length]?.cancelNext();
    if (seconds < plan.seconds) return;
    if (traders.some(({ unanswered }) => unanswered > 0)) return;
    clearInterval(clock);
    resolve();
  }, TICK_MS);
});
const result: OverloadResult = {
  sent: traders.reduce((sum, { sent }) => sum + sent, 0),
  orders,
  cancels,
  retryAfterMs,
  orderMs,
  cancelMs,
  standing: Object.fromEntries(traders.map(({ account, standing }) => [account, [...standing]])),
  lateMs,
};
process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(0));
