import {
  IntakeHandingOver,
  IntakeOutcomeUnknown,
  IntakeOverloaded,
  IntakePaused,
  IntakeUnavailable,
} from '@keel/intake';
import { type Event, REJECT_CODES, type RejectName } from '@keel/types';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ERRORS, type ErrorCode } from '../src/errors.ts';
import { OWNER } from './readModelOf.ts';
import { signed, signedOrder } from './signedOrder.ts';
import { type Exchange, SETTLEMENT, startExchange, until } from './startExchange.ts';

let exchange: Exchange;
beforeAll(async () => {
  exchange = await startExchange();
});
afterAll(() => exchange.stop());
beforeEach(() => {
  exchange.commands.length = 0;
  exchange.onCommand = () => [];
});

const good = () => signedOrder();
const withText = (field: string, json: string) => JSON.stringify({ ...good(), [field]: '@' }).replace('"@"', json);

/** What is sent, the code, and the path of the field at fault. None of these reaches the log. */
const BAD_ORDERS: readonly [what: string, body: () => unknown, code: ErrorCode, path?: string][] = [
  ['malformed JSON', () => '{"market":', 'BAD_JSON'],
  ['no body', () => '', 'BAD_JSON'],
  ['a body that poisons prototypes', () => '{"__proto__":{}}', 'UNKNOWN_FIELD', '/__proto__'],
  [
    'a body that poisons by constructor',
    () => '{"constructor":{"prototype":{"size":"1"}}}',
    'UNKNOWN_FIELD',
    '/constructor',
  ],
  ['NaN, which is not JSON', () => withText('nonce', 'NaN'), 'BAD_JSON'],
  ['a body that is a list', () => '[]', 'BAD_REQUEST', ''],
  ['a body that is null', () => 'null', 'BAD_REQUEST', ''],
  ['price as a number', () => ({ ...good(), price: 60000.5 }), 'BAD_REQUEST', '/price'],
  ['price 10^40 as a number', () => withText('price', '1e40'), 'BAD_REQUEST', '/price'],
  ['nonce as a text', () => ({ ...good(), nonce: '1000' }), 'BAD_REQUEST', '/nonce'],
  ['nonce with a fraction', () => ({ ...good(), nonce: 1.5 }), 'BAD_REQUEST', '/nonce'],
  ['nonce negative', () => ({ ...good(), nonce: -1 }), 'BAD_REQUEST', '/nonce'],
  ['nonce 10^40', () => withText('nonce', '1e40'), 'BAD_REQUEST', '/nonce'],
  ['nonce infinite', () => withText('nonce', '1e999'), 'BAD_REQUEST', '/nonce'],
  ['reduceOnly as a text', () => ({ ...good(), reduceOnly: 'false' }), 'BAD_REQUEST', '/reduceOnly'],
  ['side unknown', () => ({ ...good(), side: 'long' }), 'BAD_REQUEST', '/side'],
  ['market missing', () => ({ ...good(), market: undefined }), 'BAD_REQUEST', '/market'],
  ['signature missing', () => ({ ...good(), signature: undefined }), 'BAD_REQUEST', '/signature'],
  ['account that is no address', () => ({ ...good(), account: '0x12' }), 'BAD_REQUEST', '/account'],
  [
    'clientOrderId of 37 characters',
    () => ({ ...good(), clientOrderId: 'x'.repeat(37) }),
    'BAD_REQUEST',
    '/clientOrderId',
  ],
  [
    'clientOrderId with half a surrogate',
    () => ({ ...good(), clientOrderId: '\ud800' }),
    'BAD_REQUEST',
    '/clientOrderId',
  ],
  ['a field too much', () => ({ ...good(), leverage: 20 }), 'UNKNOWN_FIELD', '/leverage'],
  ['market unknown', () => signedOrder({ market: 'DOGE-USD' }), 'MARKET_UNKNOWN', '/market'],
  ['market named like a property', () => signedOrder({ market: '__proto__' }), 'MARKET_UNKNOWN', '/market'],
  ['price "NaN"', () => signedOrder({ price: 'NaN' }), 'NOT_A_DECIMAL', '/price'],
  ['price "1e5"', () => signedOrder({ price: '1e5' }), 'NOT_A_DECIMAL', '/price'],
  ['price "0x10"', () => signedOrder({ price: '0x10' }), 'NOT_A_DECIMAL', '/price'],
  ['price empty', () => signedOrder({ price: '' }), 'NOT_A_DECIMAL', '/price'],
  ['price with a comma', () => signedOrder({ price: '60,000' }), 'NOT_A_DECIMAL', '/price'],
  ['price with trailing zeros', () => signedOrder({ price: '60000.50' }), 'NOT_CANONICAL_DECIMAL', '/price'],
  ['price with a leading zero', () => signedOrder({ price: '060000' }), 'NOT_CANONICAL_DECIMAL', '/price'],
  ['price off tick', () => signedOrder({ price: '60000.55' }), 'PRICE_OFF_TICK', '/price'],
  ['price zero', () => signedOrder({ price: '0' }), 'PRICE_OUT_OF_RANGE', '/price'],
  ['price negative', () => signedOrder({ price: '-1' }), 'PRICE_OUT_OF_RANGE', '/price'],
  ['price 10^40', () => signedOrder({ price: `1${'0'.repeat(40)}` }), 'PRICE_OUT_OF_RANGE', '/price'],
  ['price of 60,000 digits', () => signedOrder({ price: '9'.repeat(60_000) }), 'PRICE_OUT_OF_RANGE', '/price'],
  ['size off lot', () => signedOrder({ size: '0.000001' }), 'SIZE_OFF_LOT', '/size'],
  ['size zero', () => signedOrder({ size: '0' }), 'SIZE_OUT_OF_RANGE', '/size'],
  ['size negative', () => signedOrder({ size: '-0.001' }), 'SIZE_OUT_OF_RANGE', '/size'],
  ['size 10^40', () => signedOrder({ size: `1${'0'.repeat(40)}` }), 'SIZE_OUT_OF_RANGE', '/size'],
  ['a body above 64 KiB', () => signedOrder({ price: '9'.repeat(70_000) }), 'PAYLOAD_TOO_LARGE'],
  ['signature that is no hex', () => ({ ...good(), signature: 'hello' }), 'BAD_SIGNATURE'],
  ['signature of zeros', () => ({ ...good(), signature: `0x${'00'.repeat(65)}` }), 'BAD_SIGNATURE'],
];

test.each(BAD_ORDERS.map(([what, body, code, path]) => ({ what, body, code, path })))(
  '$what',
  async ({ body, code, path }) => {
    const answer = await exchange.post('/v1/orders', body());
    expect(answer.body).toMatchObject({
      code,
      title: ERRORS[code].message,
      number: ERRORS[code].number,
      status: ERRORS[code].status,
      retryable: ERRORS[code].retryable,
    });
    expect(answer.status).toBe(ERRORS[code].status);
    if (path !== undefined) expect(answer.body.details.path).toBe(path);
    expect(answer.body.requestId).toBe(answer.headers.get('x-request-id'));
    expect(exchange.commands).toEqual([]);
  },
);

test('the detail says where, and which words a field takes', async () => {
  const { body } = await exchange.post('/v1/orders', { ...good(), side: 'long' });
  expect(body).toMatchObject({
    title: 'a field is missing or has the wrong type; see details.path',
    detail: 'a field is missing or has the wrong type (/side): must be one of ["buy","sell"]',
  });
});

test.each([
  ['amount off grid', '1.0000001', OWNER, 'AMOUNT_OFF_GRID'],
  ['amount zero', '0', OWNER, 'AMOUNT_OUT_OF_RANGE'],
  ['amount negative', '-5', OWNER, 'AMOUNT_OUT_OF_RANGE'],
  ['amount "1e5"', '1e5', OWNER, 'NOT_A_DECIMAL'],
  ['to nobody', '5', `0x${'0'.repeat(40)}` as const, 'RECIPIENT_CANNOT_BE_PAID'],
  ['to the settlement contract', '5', SETTLEMENT, 'RECIPIENT_CANNOT_BE_PAID'],
])('withdrawal: %s', async (_, amount, recipient, code) => {
  const action = {
    primaryType: 'Withdraw',
    account: OWNER,
    subaccount: 0,
    recipient,
    asset: 'USDC',
    amount,
    nonce: 5,
    expiresAfter: 0,
  } as const;
  const answer = await exchange.post('/v1/withdrawals', signed(action));
  expect(answer.body.code).toBe(code);
  expect(exchange.commands).toEqual([]);
});

test.each([
  ['/v1/markets/DOGE-USD/book', 404, 'MARKET_UNKNOWN', '/symbol'],
  ['/v1/markets/BTC-USD/book?depth=0', 400, 'BAD_REQUEST', '/depth'],
  ['/v1/markets/BTC-USD/book?depth=ten', 400, 'BAD_REQUEST', '/depth'],
  ['/v1/markets/BTC-USD/book?depth=1.5', 400, 'BAD_REQUEST', '/depth'],
  ['/v1/markets/BTC-USD/book?depth=true', 400, 'BAD_REQUEST', '/depth'],
  ['/v1/markets/BTC-USD/book?depth=', 400, 'BAD_REQUEST', '/depth'],
  ['/v1/markets/BTC-USD/book?depth=%205', 400, 'BAD_REQUEST', '/depth'],
  ['/v1/markets/BTC-USD/book?depth=1&depth=2', 400, 'BAD_REQUEST', '/depth'],
  ['/v1/markets/BTC-USD/book?deep=5', 400, 'UNKNOWN_FIELD', '/deep'],
  ['/v1/markets/BTC-USD/candles?interval=7m', 400, 'BAD_REQUEST', '/interval'],
  ['/v1/markets/BTC-USD/trades?limit=1001', 400, 'BAD_REQUEST', '/limit'],
  ['/v1/accounts/0x12', 400, 'BAD_REQUEST', '/address'],
  [`/v1/accounts/0x${'99'.repeat(20)}`, 404, 'ACCOUNT_UNKNOWN', undefined],
  [`/v1/accounts/${OWNER}?subaccount=4`, 404, 'ACCOUNT_UNKNOWN', undefined],
  [`/v1/accounts/${OWNER}?subaccount=-1`, 400, 'BAD_REQUEST', '/subaccount'],
  [`/v1/accounts/${OWNER}?subaccount=32896`, 404, 'ACCOUNT_UNKNOWN', undefined],
  [`/v1/accounts/${OWNER}/fills?subaccount=x`, 400, 'BAD_REQUEST', '/subaccount'],
  [`/v1/accounts/0x${'99'.repeat(20)}/subaccounts`, 404, 'ACCOUNT_UNKNOWN', undefined],
  ['/v1/prices/DOGE-USD', 404, 'MARKET_UNKNOWN', '/feed'],
  ['/v1/prices/collateral:DOGE', 404, 'ASSET_UNKNOWN', '/feed'],
  ['/v1/auctions?limit=1001', 400, 'BAD_REQUEST', '/limit'],
  ['/v1/certificates/9', 404, 'CERTIFICATE_UNKNOWN', undefined],
  ['/v1/certificates/0', 400, 'BAD_REQUEST', '/certificateId'],
  ['/v1/certificates/first', 400, 'BAD_REQUEST', '/certificateId'],
  ['/v1/certificates?limit=101', 400, 'BAD_REQUEST', '/limit'],
  ['/v1/certificates?subaccount=1', 400, 'BAD_REQUEST', '/subaccount'],
  [`/v1/certificates?account=${OWNER}&liquidation=3`, 400, 'BAD_REQUEST', '/liquidation'],
  ['/v1/liquidations?subaccount=0', 400, 'BAD_REQUEST', '/subaccount'],
  ['/v1/nothing', 404, 'NOT_FOUND', '/v1/nothing'],
  ['/v1/%ZZ', 404, 'NOT_FOUND', undefined],
  [`/v1/accounts/${'a'.repeat(500)}`, 404, 'NOT_FOUND', undefined],
])('GET %s is %i %s', async (path, status, code, field) => {
  const answer = await exchange.get(path);
  expect(answer.body.code).toBe(code);
  expect(answer.status).toBe(status);
  if (field !== undefined) expect(answer.body.details.path).toBe(field);
});

test('every refusal of the engine has its code and status', async () => {
  for (const [name, code] of Object.entries(REJECT_CODES) as [RejectName, (typeof REJECT_CODES)[RejectName]][]) {
    exchange.onCommand = () => [{ kind: 'commandRejected', code, accountId: 0 }];
    const answer = await exchange.post('/v1/orders', good());
    expect(answer.body.code).toBe(name);
    expect(answer.status).toBe(ERRORS[name].status);
    expect(answer.body.details.sequence).toBeGreaterThan(1);
  }
});

test('a signature over another text leads to a signer nobody knows, and the answer names it', async () => {
  exchange.onCommand = (command) => {
    if (command.kind !== 'placeOrder' || command.auth.signer === OWNER) return [];
    return [{ kind: 'commandRejected', code: REJECT_CODES.SIGNER_NOT_AUTHORIZED, accountId: 0 }];
  };
  const answer = await exchange.post('/v1/orders', { ...good(), size: '0.002' });
  expect(answer.status).toBe(403);
  expect(answer.body.details.signer).toMatch(/^0x[0-9a-f]{40}$/);
  expect(answer.body.details.signer).not.toBe(OWNER);
});

test('another content type is told to send JSON', async () => {
  const response = await fetch(`${exchange.url}/v1/orders`, {
    method: 'POST',
    body: 'a=1',
    headers: { 'content-type': 'text/xml' },
  });
  expect(((await response.json()) as { code: string }).code).toBe('BAD_JSON');
});

describe('a command that is handed over again', () => {
  const rejected = (code: RejectName): Event[] => [{ kind: 'commandRejected', code: REJECT_CODES[code], accountId: 0 }];
  const unknown = new IntakeOutcomeUnknown('lost');
  /** What the sequencer says to each try, and what the trader is told. */
  const rows: readonly [
    what: string,
    tries: readonly (Error | Event[])[],
    status: number,
    code: ErrorCode | undefined,
  ][] = [
    ['handing over, then taken', [new IntakeHandingOver('x'), []], 200, undefined],
    ['another node leads, then taken', [new IntakeUnavailable('x'), new IntakeUnavailable('x'), []], 200, undefined],
    ['unknown, then taken', [unknown, []], 200, undefined],
    ['paused', [new IntakePaused('x')], 503, 'PAUSED'],
    ['full', [new IntakeOverloaded('x')], 503, 'SEQUENCER_OVERLOADED'],
    ['unknown, then paused', [unknown, new IntakePaused('x')], 503, 'OUTCOME_UNKNOWN'],
    ['refused at once', [rejected('NONCE_ALREADY_USED')], 409, 'NONCE_ALREADY_USED'],
    // The first try was sequenced, and nobody remembers what it did.
    ['unknown, then its nonce is used', [unknown, rejected('NONCE_ALREADY_USED')], 409, 'ALREADY_SEQUENCED'],
    // What is refused before its nonce is looked at may have been taken in time by the first try.
    ['unknown, then too late', [unknown, rejected('COMMAND_EXPIRED')], 503, 'OUTCOME_UNKNOWN'],
    ['unknown, then refused with its nonce free', [unknown, rejected('ORDER_UNKNOWN')], 404, 'ORDER_UNKNOWN'],
  ];
  for (const [what, tries, status, code] of rows) {
    test(what, async () => {
      let at = 0;
      exchange.onCommand = () => {
        const says = tries[at++];
        if (says === undefined) throw new Error('asked more often than the table says');
        if (says instanceof Error) throw says;
        return says;
      };
      const { status: got, body } = await exchange.post('/v1/orders/cancel-all', cancelAll());
      expect([got, body.code, at]).toEqual([status, code, tries.length]);
    });
  }
});

describe('parts that are away', () => {
  test('sequencer gone while an order is under way: outcome unknown; then unavailable; back: works', async () => {
    let asked = false;
    exchange.onCommand = () => {
      asked = true;
      return new Promise(() => undefined);
    };
    const pending = exchange.post('/v1/orders', good());
    await until(() => asked);
    await exchange.stopIntake();
    const lost = await pending;
    expect([lost.status, lost.body.code, lost.body.retryable]).toEqual([503, 'OUTCOME_UNKNOWN', true]);
    const away = await exchange.post('/v1/orders', good());
    expect([away.status, away.body.code, away.body.retryable]).toEqual([503, 'SEQUENCER_UNAVAILABLE', true]);
    expect((await exchange.get('/readyz')).status).toBe(503);
    expect((await exchange.get('/v1/markets')).status).toBe(200);
    exchange.onCommand = () => [];
    await exchange.startIntake();
    await until(async () => (await exchange.post('/v1/orders/cancel-all', cancelAll())).status === 200);
  });

  test('Redis gone: reading is unavailable, orders are taken; back and empty: rebuilt', async () => {
    await exchange.killRedis();
    await until(async () => (await exchange.get('/v1/markets')).status === 503);
    const read = await exchange.get('/v1/markets');
    expect([read.body.code, read.body.retryable]).toEqual(['READ_MODEL_UNAVAILABLE', true]);
    expect((await exchange.post('/v1/orders/cancel-all', cancelAll())).status).toBe(200);
    expect((await exchange.get('/livez')).status).toBe(200);
    await exchange.restartRedis();
    const { fullAt } = await import('./readModelOf.ts');
    await exchange.writer.rebuild(fullAt(50));
    await until(async () => (await exchange.get('/v1/markets')).body.sequence === 50);
  });
});

const cancelAll = () =>
  signed({ primaryType: 'CancelAllOrders', account: OWNER, subaccount: 0, market: '', nonce: 5, expiresAfter: 0 });

test('more requests than the rate: RATE_LIMITED with the time to wait', async () => {
  const small = await startExchange({ ratePerMinute: 3 });
  const answers = [];
  for (let count = 0; count < 5; count += 1) answers.push(await small.get('/v1/markets'));
  expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200, 429, 429]);
  expect(answers[4]?.body.code).toBe('RATE_LIMITED');
  expect(answers[4]?.headers.get('retry-after')).not.toBeNull();
  expect((await small.get('/v1/nothing')).status).toBe(429);
  expect((await small.get('/livez')).status).toBe(200);
  await small.stop();
});
