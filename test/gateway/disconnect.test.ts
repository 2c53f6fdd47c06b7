import { once } from 'node:events';
import { KeelClient } from '@keel/client';
import { addressOfKey, keelDomain, type PlaceOrderAction } from '@keel/signing';
import type { Hex } from '@keel/types';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { waitFor } from '../e2e/waitFor.ts';
import { PLAIN_ORDER } from '../plainOrder.ts';
import { signedBody } from '../signedBody.ts';
import { CHAIN_ID, type Door, SETTLEMENT, startDoor } from './startDoor.ts';

/** Signed cancels that wait for their connection to end, with the real engine behind the real gateway. */
const ANN_KEY: Hex = `0x${'a1'.repeat(32)}`;
const ANN = addressOfKey(ANN_KEY);
const BOB_KEY: Hex = `0x${'b0'.repeat(32)}`;
const AGENT_KEY: Hex = `0x${'a9'.repeat(32)}`;
const DAY_MS = 24 * 3_600_000;
const MARKET = 'BTC-USD';

let door: Door;
let ann: KeelClient;
let socket: WebSocket;
beforeAll(async () => {
  door = await startDoor();
  await door.deposit(ANN, 10_000_000_000);
  await door.deposit(addressOfKey(BOB_KEY), 1_000_000_000);
  ann = new KeelClient({ url: door.url, privateKey: ANN_KEY, timeoutMs: 30_000 });
  await waitFor('the account', () => ann.account());
}, 60_000);
afterAll(async () => {
  ann?.close();
  await door?.stop();
});
beforeEach(async () => {
  await door.price(1, 600_000);
  socket = await connect();
});
afterEach(() => socket.terminate());

async function connect(): Promise<WebSocket> {
  const opened = new WebSocket(`${door.url.replace('http', 'ws')}/v1/ws`);
  await once(opened, 'open');
  return opened;
}

interface Reply {
  readonly result?: { readonly armed: boolean; readonly nonce: number | null };
  readonly error?: { readonly code: string; readonly details: Record<string, unknown> };
}
async function ask(params: object | null, on: WebSocket = socket): Promise<Reply> {
  on.send(JSON.stringify({ id: 1, method: 'session.cancelOnDisconnect', params }));
  const [data] = (await once(on, 'message')) as [Buffer];
  return JSON.parse(String(data)) as Reply;
}

let nonces = 0;
function cancelBody(changes: Record<string, unknown> = {}, key: Hex = ANN_KEY) {
  nonces += 1;
  const nonce = Date.now() + DAY_MS / 2 + nonces;
  const fields = { market: '', account: ANN, subaccount: 0, nonce, expiresAfter: 0, ...changes };
  return signedBody(keelDomain(CHAIN_ID, SETTLEMENT), { primaryType: 'CancelAllOrders', ...fields }, key);
}

const openOrders = async (): Promise<number> => (await ann.account()).openOrders.length;
async function rest(): Promise<void> {
  const { sequence } = await ann.placeOrder({ market: MARKET, side: 'buy', size: '0.01', price: '59000' });
  await waitFor('the order', async () => ((await ann.account()).sequence >= sequence ? true : undefined));
  expect(await openOrders()).toBeGreaterThan(0);
}
const gone = () => waitFor('no orders', async () => ((await openOrders()) === 0 ? true : undefined));

test('a connection that vanishes takes its orders with it', async () => {
  await rest();
  const body = cancelBody();
  expect((await ask(body)).result).toEqual({ armed: true, nonce: body.nonce });
  expect(await openOrders()).toBe(1);
  socket.terminate();
  await gone();
});

test('so does one that says goodbye', async () => {
  await rest();
  await ask(cancelBody());
  socket.close(1000);
  await gone();
});

test('orders that were on their way when it ended go, too', async () => {
  await ask(cancelBody());
  const domain = keelDomain(CHAIN_ID, SETTLEMENT);
  const before = (await ann.status()).counters.orders;
  for (let count = 0; count < 20; count += 1) {
    const order: PlaceOrderAction = {
      primaryType: 'PlaceOrder',
      ...PLAIN_ORDER,
      market: MARKET,
      side: 'buy',
      price: '59000',
      size: '0.001',
      account: ANN,
      subaccount: 0,
      nonce: ann.nextNonce(),
      expiresAfter: 0,
    };
    const params = signedBody(domain, order, ANN_KEY);
    socket.send(JSON.stringify({ id: count + 10, method: 'order.place', params }));
  }
  await once(socket, 'message');
  socket.terminate();
  await waitFor('orders', async () => ((await ann.status()).counters.orders > before ? true : undefined));
  await gone();
});

test('disarmed, nothing happens; only of one market, the others stay', async () => {
  await rest();
  await ask(cancelBody());
  expect((await ask(null)).result).toEqual({ armed: false, nonce: null });
  socket.close();
  const other = await connect();
  await ask(cancelBody({ market: 'ETH-USD' }), other);
  other.terminate();
  const third = await connect();
  await ask(cancelBody(), third);
  expect(await openOrders()).toBe(1);
  third.terminate();
  await gone();
});

test('let go of while it is still checked, it is not held', async () => {
  await rest();
  let replies = 0;
  socket.on('message', () => {
    replies += 1;
  });
  // Of so many some are still under way when the last one lets go of all.
  for (const params of [...Array.from({ length: 50 }, () => cancelBody()), null])
    socket.send(JSON.stringify({ id: 1, method: 'session.cancelOnDisconnect', params }));
  await waitFor('all answers', async () => (replies === 51 ? true : undefined));
  socket.terminate();
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(await openOrders()).toBe(1);
  await ann.cancelAll();
});

test('an agent of the account may arm it; anybody else, and the past, may not', async () => {
  const agent = addressOfKey(AGENT_KEY);
  expect((await ask(cancelBody({}, AGENT_KEY))).error).toMatchObject({
    code: 'SIGNER_NOT_AUTHORIZED',
    details: { signer: agent },
  });
  const { sequence } = await ann.approveAgent({ agent, agentName: 'bot' });
  await waitFor('the agent', async () => ((await ann.account()).sequence >= sequence ? true : undefined));
  await rest();
  expect((await ask(cancelBody({}, AGENT_KEY))).result).toMatchObject({ armed: true });
  const cases = [
    ['SIGNER_NOT_AUTHORIZED', cancelBody({}, BOB_KEY)],
    ['BAD_SIGNATURE', { ...cancelBody(), signature: `0x${'00'.repeat(65)}` }],
    ['NONCE_TOO_OLD', cancelBody({ nonce: Date.now() - 1 })],
    ['NONCE_TOO_NEW', cancelBody({ nonce: Date.now() + DAY_MS + 60_000 })],
    ['COMMAND_EXPIRED', cancelBody({ expiresAfter: Date.now() + 1_000 })],
    ['MARKET_UNKNOWN', cancelBody({ market: 'X' })],
    ['ACCOUNT_UNKNOWN', cancelBody({ account: agent }, AGENT_KEY)],
    ['ACCOUNT_UNKNOWN', cancelBody({ subaccount: 9 })],
    ['UNKNOWN_FIELD', { ...cancelBody(), now: true }],
  ] as const;
  for (const [code, body] of cases) expect([code, (await ask(body)).error?.code]).toEqual([code, code]);
  // What was armed before the refusals still is.
  socket.terminate();
  await gone();
});

test('a client keeps it armed over lost connections', async () => {
  await rest();
  const bot = new KeelClient({
    url: door.url,
    privateKey: AGENT_KEY,
    account: ANN,
    reconnect: { minMs: 20, maxMs: 50 },
  });
  let armed = 0;
  const kept = bot.keepCancelOnDisconnect({
    onArmed: () => {
      armed += 1;
    },
  });
  await waitFor('armed', () => (armed === 1 ? true : undefined));
  kept.close();
  await bot.connectionLimits();
  bot.close();
  expect(await openOrders()).toBe(1);
  const other = new KeelClient({ url: door.url, privateKey: AGENT_KEY, account: ANN });
  await other.cancelOnDisconnect();
  other.close();
  await gone();
});

test('a gateway that stops hands over what its connections left', { timeout: 60_000 }, async () => {
  await rest();
  await ask(cancelBody());
  await door.child('gateway').stop('SIGTERM');
  const status = async () =>
    (await (await fetch(`http://127.0.0.1:${door.env.KEEL_ADMIN_PORT}/status`)).json()) as { openOrders: number };
  await waitFor('no orders', async () => ((await status()).openOrders === 0 ? true : undefined));
});
