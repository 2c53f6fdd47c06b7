import { emptyStateDiff, type FillDoc } from '@keel/redis';
import { type Event, REJECT_CODES, toOrderId, toSequence } from '@keel/types';
import { afterEach, expect, test } from 'vitest';
import { signedExchange } from './hyperliquid/signedExchange.ts';
import { openSocket } from './openSocket.ts';
import { ACCOUNT, BTC, fullAt, headAt, OWNER } from './readModelOf.ts';
import { GUARD, signed, signedOrder } from './signedOrder.ts';
import { type Exchange, startExchange, until } from './startExchange.ts';

/** Bounds and budgets as a client meets them, with a real gateway and its threads. */
let exchange: Exchange;
afterEach(() => exchange.stop());

/** An answer as good as any other: the request was sequenced. */
const refused: Event[] = [{ kind: 'commandRejected', code: REJECT_CODES.ORDER_UNKNOWN, accountId: ACCOUNT }];
const rejected = (code: keyof typeof REJECT_CODES): Event[] => [
  { kind: 'commandRejected', code: REJECT_CODES[code], accountId: ACCOUNT },
];
const cancelAll = () => signed({ primaryType: 'CancelAllOrders', ...GUARD, market: '' });
const cancelFifty = () => {
  const orders = Array.from({ length: 50 }, (_item, at) => ({ orderId: String(toOrderId(at + 1)), clientOrderId: '' }));
  return signed({ primaryType: 'CancelOrders', ...GUARD, orders });
};
async function figure(name: string): Promise<number> {
  const line = (await exchange.get('/metrics')).text.split('\n').find((text) => text.startsWith(name));
  return Number(line?.split(' ').at(-1));
}

/** Answers of the sequencer, held back until they are let go. */
function holdAnswers(): () => void {
  let letGo = (): void => undefined;
  const held = new Promise<readonly Event[]>((resolve) => {
    letGo = () => resolve(refused);
  });
  exchange.onCommand = () => held;
  return () => {
    exchange.onCommand = () => refused;
    letGo();
  };
}

test('ten requests of nobody, whichever way they come, are all that a small allowance bears', async () => {
  exchange = await startExchange({ ratePerMinute: 100 });
  exchange.onCommand = () => rejected('SIGNER_NOT_AUTHORIZED');
  const { socket, ask } = await openSocket(exchange.port);
  const hyperliquid = await signedExchange({ type: 'cancel', cancels: [{ a: 0, o: 7 }] });
  const told: unknown[] = [];
  for (let times = 0; times < 3; times += 1) {
    told.push((await exchange.post('/v1/orders/cancel-all', cancelAll())).status);
    told.push((await ask('order.cancelAll', cancelAll())).error?.code);
    told.push(JSON.stringify((await exchange.post('/exchange', hyperliquid)).body).includes('does not exist'));
  }
  expect(told).toEqual([
    403,
    'SIGNER_NOT_AUTHORIZED',
    true,
    403,
    'SIGNER_NOT_AUTHORIZED',
    true,
    403,
    'SIGNER_NOT_AUTHORIZED',
    true,
  ]);
  const armed = { ...cancelAll(), signature: '0x12' };
  expect((await ask('session.cancelOnDisconnect', { ...armed, nonce: Date.now() + 60_000 })).error?.code).toBe(
    'BAD_SIGNATURE',
  );
  const before = exchange.commands.length;
  expect((await exchange.post('/v1/orders/cancel-all', cancelAll())).status).toBe(429);
  expect((await ask('order.cancelAll', cancelAll())).error?.code).toBe('RATE_LIMITED');
  expect((await exchange.post('/exchange', hyperliquid)).body).toEqual({
    status: 'err',
    response: 'Too many requests.',
  });
  expect(exchange.commands.length).toBe(before);
  socket.terminate();
});

test('orders beyond the half that one owner may have are shed over both transports; a quote, a reduce-only order and a cancel go on', async () => {
  exchange = await startExchange({ ordersInDoor: 4, submitDeadlineMs: 10_000 });
  const letGo = holdAnswers();
  const held = [exchange.post('/v1/orders', signedOrder()), exchange.post('/v1/orders', signedOrder())];
  await until(() => exchange.commands.length === 2);
  const shed = await exchange.post('/v1/orders', signedOrder());
  expect(shed.status).toBe(503);
  expect(shed.text).toContain('GATEWAY_OVERLOADED');
  expect(shed.text).toContain(`"requestClass":"open","owner":"${OWNER}"`);
  const socket = await openSocket(exchange.port);
  const { error } = await socket.ask('order.place', signedOrder());
  expect(error).toMatchObject({ code: 'GATEWAY_OVERLOADED', details: { requestClass: 'open' } });
  expect(await figure('keel_gateway_shed_total{class="open"')).toBe(2);
  expect(await figure('keel_gateway_in_door_orders{class="open"')).toBe(2);
  held.push(exchange.post('/v1/orders', signedOrder({ timeInForce: 'postOnly' })));
  held.push(exchange.post('/v1/orders', signedOrder({ reduceOnly: true })));
  held.push(exchange.post('/v1/orders/cancel-all', cancelAll()));
  await until(() => exchange.commands.length === 5);
  letGo();
  for (const answer of await Promise.all(held)) expect(answer.text).toContain('ORDER_UNKNOWN');
  socket.socket.terminate();
});

test('a cancel overtakes orders that wait for the sequencer', async () => {
  exchange = await startExchange({ sequencerWindow: 1, submitDeadlineMs: 10_000 });
  const letGo = holdAnswers();
  const orders = Array.from({ length: 20 }, () => exchange.post('/v1/orders', signedOrder()));
  await until(async () => (await figure('keel_gateway_waiting_requests{queue="sequencer",class="open"')) === 19);
  const cancel = exchange.post('/v1/orders/cancel-all', cancelAll());
  await until(() => exchange.commands.length === 2);
  expect(exchange.commands.map(({ kind }) => kind)).toEqual(['placeOrder', 'cancelAllOrders']);
  letGo();
  await Promise.all([...orders, cancel]);
  expect(exchange.commands).toHaveLength(21);
});

test('while cancels wait, who sends signed requests is not read, and nothing is lost', {
  timeout: 30_000,
}, async () => {
  exchange = await startExchange({ submitDeadlineMs: 20_000 });
  const letGo = holdAnswers();
  const [maker, reader] = [await openSocket(exchange.port), await openSocket(exchange.port)];
  // 1,024 cancels are let in: twenty batches of fifty; the next waits, and stops the reading.
  for (let id = 1; id <= 30; id += 1) maker.send({ id, method: 'order.cancelBatch', params: cancelFifty() });
  await until(async () => (await figure('keel_gateway_waiting_requests{queue="door",class="cancel"')) === 1);
  await until(() => exchange.commands.length === 20);
  maker.send({ id: 'later', method: 'ping' });
  expect((await reader.ask('ping')).result).toBeDefined();
  expect(maker.heard).toEqual([]);
  letGo();
  await until(() => maker.heard.length === 31);
  expect(maker.heard.every(({ error, id }) => id === 'later' || error?.code === 'ORDER_UNKNOWN')).toBe(true);
  expect(new Set(maker.heard.map(({ id }) => id)).size).toBe(31);
  expect(exchange.commands).toHaveLength(30);
  for (const { socket } of [maker, reader]) socket.terminate();
});

test('a budget is charged for what was done by who may, not for what others send in a name', async () => {
  exchange = await startExchange();
  const budget = async () => (await exchange.get(`/v1/accounts/${OWNER}/budget`)).body;
  const full = { used: 0, limit: 10_000, remaining: 10_000, urgentLimit: 20_000, urgentRemaining: 20_000 };
  expect(await budget()).toEqual({ address: OWNER, ...full, tradedUsdc: 0, refillPerSecond: 10 });
  exchange.onCommand = () => rejected('SIGNER_NOT_AUTHORIZED');
  for (let count = 0; count < 5; count += 1) await exchange.post('/v1/orders', { ...signedOrder(), size: '0.002' });
  await exchange.post('/v1/orders', { ...signedOrder(), signature: `0x${'00'.repeat(65)}` });
  expect(await budget()).toMatchObject({ used: 0 });
  exchange.onCommand = () => refused;
  await exchange.post('/v1/orders', signedOrder());
  expect(await budget()).toMatchObject({ used: 1, remaining: 9_999 });
  const nobody = await exchange.get(`/v1/accounts/0x${'99'.repeat(20)}/budget`);
  expect([nobody.status, nobody.text.includes('ACCOUNT_UNKNOWN')]).toEqual([404, true]);
});

test('what is traded on the exchange widens the budget of the owner', async () => {
  exchange = await startExchange();
  const budget = async () => (await exchange.get(`/v1/accounts/${OWNER}/budget`)).body;
  const fill: FillDoc = {
    tradeId: 2,
    accountId: ACCOUNT,
    orderId: toOrderId(7),
    clientOrderId: '',
    marketId: BTC,
    side: 'buy',
    role: 'maker',
    priceTicks: 600_000,
    sizeLots: 100_000,
    startLots: 0,
    feeAtoms: 0,
    realisedPnlAtoms: 0,
    timeMs: 5,
    sequence: toSequence(2),
    liquidation: false,
  };
  const [account] = fullAt(2).accounts;
  await exchange.writer.write({ ...emptyStateDiff(headAt(2)), accounts: account ? [account] : [], fills: [fill] });
  // 1 BTC at 60,000.
  await until(async () => (await budget()).tradedUsdc === 60_000);
  expect(await budget()).toMatchObject({ limit: 70_000, urgentLimit: 140_000 });
});
