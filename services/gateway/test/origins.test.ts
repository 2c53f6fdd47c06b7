import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Exchange, startExchange } from './startExchange.ts';

const origin = 'http://maker.example';
let exchange: Exchange;
beforeAll(async () => {
  exchange = await startExchange();
});
afterAll(() => exchange.stop());

test('a browser is told that a page of any origin may post a signed request, with its key', async () => {
  const headers = {
    origin,
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'content-type,idempotency-key',
  };
  const answer = await fetch(`${exchange.url}/v1/orders`, { method: 'OPTIONS', headers });
  expect(answer.status).toBe(204);
  expect(await answer.text()).toBe('');
  expect(answer.headers.get('access-control-allow-origin')).toBe('*');
  expect(answer.headers.get('access-control-allow-methods')).toBe('GET, POST, OPTIONS');
  expect(answer.headers.get('access-control-allow-headers')).toBe('content-type, idempotency-key');
});

const REQUESTS: readonly (readonly [what: string, path: string, init: RequestInit, status: number])[] = [
  ['an answer', '/v1/time', {}, 200],
  ['a refusal by a route', '/v1/orders', { method: 'POST', body: '{}' }, 400],
  ['a path that is not there', '/v1/nothing', {}, 404],
];
test.each(REQUESTS)('%s can be read by a page of any origin, its headers too', async (_what, path, init, status) => {
  const headers = { origin, ...(init.body ? { 'content-type': 'application/json' } : {}) };
  const answer = await fetch(exchange.url + path, { ...init, headers });
  expect(answer.status).toBe(status);
  expect(answer.headers.get('access-control-allow-origin')).toBe('*');
  expect(answer.headers.get('access-control-expose-headers')).toContain('x-request-id');
  // Nothing is authorised by what a browser adds by itself.
  expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
});

test('who is no browser is told nothing of it', async () => {
  const answer = await fetch(`${exchange.url}/v1/time`);
  expect(answer.headers.get('access-control-allow-origin')).toBeNull();
});
