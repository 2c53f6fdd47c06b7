import { addressOfKey, hashAction, keelDomain, recoverSigner } from '@keel/signing';
import type { Hex } from '@keel/types';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type ArmedCancel, KeelClient, type KeelError } from '../src/index.ts';
import { type Asked, ExchangeDouble } from './exchangeDouble.ts';

const KEY: Hex = `0x${'a1'.repeat(32)}`;
const ANN = addressOfKey(KEY);
const domain = keelDomain(31_337, `0x${'5e'.repeat(20)}`);
const HOUR_MS = 3_600_000;

let exchange: ExchangeDouble;
let client: KeelClient;
beforeEach(async () => {
  exchange = new ExchangeDouble();
  const url = await exchange.listen();
  client = new KeelClient({ url, privateKey: KEY, domain, reconnect: { minMs: 10, maxMs: 40 } });
});
afterEach(async () => {
  client.close();
  await exchange.close();
});

const arms = (): Asked[] => exchange.asked.filter(({ method }) => method === 'session.cancelOnDisconnect');
const armedWith = ({ params }: Asked) => ({ result: { armed: params !== null, nonce: params?.nonce ?? null } });

test('a cancel is signed for a time that lies ahead, by the key of the client', async () => {
  exchange.onAsk = armedWith;
  const { nonce } = await client.cancelOnDisconnect('BTC-USD', { subaccount: 3 });
  const [{ params }] = arms() as [Asked];
  expect(params).toMatchObject({ account: ANN, subaccount: 3, market: 'BTC-USD', expiresAfter: 0, nonce });
  expect(nonce - Date.now()).toBeGreaterThan(11 * HOUR_MS);
  expect(nonce - Date.now()).toBeLessThan(24 * HOUR_MS);
  const { signature, ...fields } = params;
  const action = { primaryType: 'CancelAllOrders', ...fields } as never;
  expect(recoverSigner(hashAction(domain, action), signature as string)).toBe(ANN);
});

test('kept: armed on each connection, under a new nonce, until it is closed; then it is let go', async () => {
  exchange.onAsk = armedWith;
  const armed: ArmedCancel[] = [];
  const kept = client.keepCancelOnDisconnect({ onArmed: (each) => armed.push(each) });
  await vi.waitFor(() => expect(armed).toHaveLength(1));
  exchange.cut();
  await vi.waitFor(() => expect(armed).toHaveLength(2));
  expect(new Set(armed.map(({ nonce }) => nonce)).size).toBe(2);
  kept.close();
  await vi.waitFor(() => expect(exchange.asked.at(-1)?.params).toBeNull());
  exchange.cut();
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(arms()).toHaveLength(3);
});

test('armed anew long before the time of the nonce comes', async () => {
  // The exchange says that the first one is held for little more than the six hours that are kept in hand.
  exchange.onAsk = ({ params }) => ({
    result: { armed: true, nonce: arms().length === 1 ? Date.now() + 6 * HOUR_MS + 1_200 : params.nonce },
  });
  const armed: ArmedCancel[] = [];
  client.keepCancelOnDisconnect({ onArmed: (each) => armed.push(each) });
  await vi.waitFor(() => expect(armed).toHaveLength(2), { timeout: 5_000 });
});

test.each([
  ['not now', true, 2],
  ['never', false, 1],
])('refused %s', async (message, retryable, times) => {
  exchange.onAsk = () => ({ error: { code: 'X', message, retryable, details: {} } });
  const errors: KeelError[] = [];
  client.keepCancelOnDisconnect({ onError: (error) => errors.push(error) });
  await vi.waitFor(() => expect(errors).toHaveLength(times), { timeout: 5_000 });
  if (!retryable) await new Promise((resolve) => setTimeout(resolve, 1_500));
  expect(errors.length).toBeLessThanOrEqual(times + 1);
  expect(errors[0]).toMatchObject({ code: 'X', retryable });
});
