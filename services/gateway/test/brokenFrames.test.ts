import { afterAll, beforeAll, expect, test } from 'vitest';
import { FRAGMENTS_MAX } from '../src/socket/limits.ts';
import { openHyperliquidSocket } from './hyperliquid/openHyperliquidSocket.ts';
import { openSocket } from './openSocket.ts';
import { type Exchange, startExchange, until } from './startExchange.ts';

let exchange: Exchange;
beforeAll(async () => {
  exchange = await startExchange();
});
afterAll(() => exchange.stop());

const PING = JSON.stringify({ id: 7, method: 'ping' });

test('a message may come in pieces, at most so many', async () => {
  const client = await openSocket(exchange.port);
  const inPieces = (text: string, count: number): void => {
    const padded = text.padEnd(count);
    for (let at = 0; at < count - 1; at += 1) client.socket.send(padded[at] ?? '', { fin: false });
    client.socket.send(padded.slice(count - 1), { fin: true });
  };
  inPieces(PING, FRAGMENTS_MAX);
  await until(() => client.heard.length === 1);
  expect(client.heard[0]).toMatchObject({ id: 7, result: {} });
  inPieces(PING, FRAGMENTS_MAX + 1);
  await until(() => client.closed !== undefined);
  expect(client.closed?.code).toBe(1008);
  expect(client.heard).toHaveLength(1);
});

test.each([
  ['an object without a text', { toString: 1, valueOf: 1 }],
  ['a list', ['meta']],
  ['nothing', null],
])('a question over /ws whose type is %s is refused', async (_what, type) => {
  const client = await openHyperliquidSocket(exchange.port);
  const response = await client.post(1, { type: 'info', payload: { type } });
  expect(response).toEqual({
    type: 'error',
    payload: 'Failed to deserialize the JSON body into the target type: unknown type',
  });
  client.socket.close();
});

test.each([
  ['that fits', { type: 'allMids', more: '@' }],
  ['that does not', { type: 'nothing', more: '@' }],
])('a subscription over /ws %s and is nested too deep is refused, not a fault', async (_what, subscription) => {
  const client = await openHyperliquidSocket(exchange.port);
  const deep = '['.repeat(20_000) + ']'.repeat(20_000);
  client.send(JSON.stringify({ method: 'subscribe', subscription }).replace('"@"', deep));
  expect(await client.data('error', 1)).toEqual(['Invalid subscription: too long']);
  client.socket.close();
});

test('a body that is nested too deep is refused for its field, with an Idempotency-Key too', async () => {
  const deep = '['.repeat(20_000) + ']'.repeat(20_000);
  const body = `{"account":"0x${'11'.repeat(20)}","nonce":1,"signature":"0x","market":${deep}}`;
  const { status, body: answer } = await exchange.post('/v1/orders/cancel-all', body, { 'idempotency-key': 'deep' });
  expect([status, answer.code]).toEqual([400, 'BAD_REQUEST']);
});

test('a QUERY without a type of content is no fault of ours', async () => {
  const response = await fetch(`http://127.0.0.1:${exchange.port}/v1/status`, { method: 'QUERY' });
  expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([400, 'BAD_REQUEST']);
});
