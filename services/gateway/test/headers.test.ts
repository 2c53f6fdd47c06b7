import { REJECT_CODES } from '@keel/types';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { OWNER } from './readModelOf.ts';
import { signedOrder } from './signedOrder.ts';
import { type Answer, type Exchange, startExchange } from './startExchange.ts';

/** Every answer says who it was, how much may still be asked, and where the exchange is; refusals no less than others. */
let exchange: Exchange;
beforeAll(async () => {
  exchange = await startExchange({ ratePerMinute: 40 });
});
afterAll(() => exchange.stop());
beforeEach(() => {
  exchange.onCommand = () => [];
});

const refuse = () => {
  exchange.onCommand = () => [{ kind: 'commandRejected', code: REJECT_CODES.MARKET_HALTED, accountId: 0 }];
  return exchange.post('/v1/orders', signedOrder());
};
const ROWS: readonly [what: string, ask: () => Promise<Answer>, status: number, sequence: RegExp | null][] = [
  ['a reading', () => exchange.get('/v1/markets'), 200, /^\d+$/],
  ['a signed request', () => exchange.post('/v1/orders/cancel-all', {}), 400, null],
  ['a refusal of the engine', refuse, 422, /^\d+$/],
  ['what is not JSON', () => exchange.post('/v1/orders', '{'), 400, null],
  ['a body too large', () => exchange.post('/v1/orders', 'x'.repeat(70_000)), 413, null],
  ['an unknown path', () => exchange.get('/v1/nothing'), 404, null],
  ['an account that is not there', () => exchange.get(`/v1/accounts/0x${'99'.repeat(20)}`), 404, null],
  ['a number that is none', () => exchange.get(`/v1/accounts/${OWNER}/fills?limit=x`), 400, null],
];

test.each(ROWS)('%s', async (_, ask, status, sequence) => {
  const { headers, ...answer } = await ask();
  expect(answer.status).toBe(status);
  expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  expect(headers.get('ratelimit-limit')).toBe('40');
  expect(Number(headers.get('ratelimit-remaining'))).toBeLessThan(40);
  expect(Number(headers.get('ratelimit-reset'))).toBeLessThanOrEqual(60);
  if (sequence === null) expect(headers.get('x-seq')).toBeNull();
  else expect(headers.get('x-seq')).toMatch(sequence);
  if (status >= 400) {
    expect(headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(answer.body).toMatchObject({ status, requestId: headers.get('x-request-id') });
    expect(answer.body.type).toBe(`urn:keel:error:${answer.body.code}`);
  }
});

test('one request too many says when to come back, in the header and in the body', async () => {
  let answer = await exchange.get('/v1/time');
  for (let count = 0; count < 60 && answer.status === 200; count += 1) answer = await exchange.get('/v1/time');
  const { headers, body, status } = answer;
  expect([status, body.code, headers.get('ratelimit-remaining')]).toEqual([429, 'RATE_LIMITED', '0']);
  expect(Number(headers.get('retry-after'))).toBe(Math.ceil(Number(body.details.retryAfterMs) / 1_000));
});
