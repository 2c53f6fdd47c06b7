import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { OWNER } from '../readModelOf.ts';
import { type Answer, type Exchange, startExchange, until } from '../startExchange.ts';
import { infoFlush } from './infoData.ts';

let exchange: Exchange;
beforeAll(async () => {
  exchange = await startExchange();
  expect(await exchange.writer.write(infoFlush())).toBe('written');
  // A coin that came with the flush has a book once the gateway has heard of it.
  await until(async () => (await post({ type: 'l2Book', coin: 'ETH' })).text !== 'null');
});
afterAll(() => exchange?.stop());

const post = (body: unknown): Promise<Answer> => exchange.post('/info', body);

describe('what is refused', () => {
  test.each([
    ['no JSON', '{"type":'],
    ['nothing', ''],
    ['no object', 'null'],
    ['a list', '[]'],
    ['no type', '{}'],
    ['a type that there is not', { type: 'noSuch' }],
    ['a type of every object', { type: '__proto__' }],
    ['no user', { type: 'clearinghouseState' }],
    ['a user that is no address', { type: 'clearinghouseState', user: '0x12' }],
    ['an exchange of builders', { type: 'meta', dex: 'xyz' }],
    ['a coin that is not listed', { type: 'recentTrades', coin: 'DOGE' }],
    ['a mantissa alone', { type: 'l2Book', coin: 'BTC', mantissa: 2 }],
    ['six digits', { type: 'l2Book', coin: 'BTC', nSigFigs: 6 }],
    ['candles that there are not', { type: 'candleSnapshot', req: { coin: 'BTC', interval: '7m', startTime: 0 } }],
    ['a time before 1970', { type: 'fundingHistory', coin: 'BTC', startTime: -1 }],
    ['an order that is no number', { type: 'orderStatus', user: OWNER, oid: 1.5 }],
  ])('%s: 422 with a sentence', async (_name, body) => {
    const { status, headers, text } = await post(body);
    expect(status).toBe(422);
    expect(headers.get('content-type')).toMatch(/^text\/plain/);
    expect(headers.get('access-control-allow-origin')).toBe('*');
    expect(text).not.toBe('');
  });

  const TYPES = [
    ...['meta', 'metaAndAssetCtxs', 'allPerpMetas', 'perpDexs', 'marginTable', 'perpsAtOpenInterestCap', 'spotMeta'],
    ...['spotMetaAndAssetCtxs', 'outcomeMeta', 'exchangeStatus', 'allMids', 'l2Book', 'recentTrades', 'candleSnapshot'],
    ...['fundingHistory', 'userAbstraction', 'clearinghouseState', 'spotClearinghouseState', 'openOrders'],
    ...['frontendOpenOrders', 'orderStatus', 'historicalOrders', 'userFills', 'userFillsByTime', 'userFunding'],
    ...['userNonFundingLedgerUpdates', 'userFees', 'userRateLimit', 'extraAgents', 'userRole', 'subAccounts'],
    ...['maxBuilderFee', 'webData2', 'activeAssetData'],
  ];
  const GOOD = {
    user: OWNER,
    builder: OWNER,
    coin: 'BTC',
    startTime: 0,
    oid: 1,
    id: 1_001,
    req: { coin: 'BTC', interval: '1m', startTime: 0 },
  };
  const ODD = [null, -1, 0.5, 1e308, 2 ** 53, '', '0x', 'BTC\u0000', '__proto__', [], {}, [[]], true, 'é'.repeat(40)];

  test.each(TYPES)('%s: whatever a field holds is answered or refused, and never a fault of ours', async (type) => {
    expect((await post({ type, ...GOOD })).status).toBe(200);
    const asked = Object.keys(GOOD).concat('dex', 'endTime', 'nSigFigs', 'mantissa', 'aggregateByTime', 'reversed');
    const bodies = asked.flatMap((field) => ODD.map((odd) => ({ type, ...GOOD, [field]: odd })));
    const answers = await Promise.all(bodies.map(async (body) => [(await post(body)).status, JSON.stringify(body)]));
    expect(answers.filter(([status]) => status !== 200 && status !== 422)).toEqual([]);
  });

  test('a question of more than 4 KiB', async () => {
    expect((await post({ type: 'meta', more: 'x'.repeat(5_000) })).status).toBe(413);
  });
});

test('pages of every origin may ask', async () => {
  const preflight = await fetch(`${exchange.url}/info`, {
    method: 'OPTIONS',
    headers: { origin: 'https://example.org', 'access-control-request-method': 'POST' },
  });
  expect(preflight.status).toBe(204);
  expect(preflight.headers.get('access-control-allow-origin')).toBe('*');
  expect(preflight.headers.get('access-control-allow-headers')).toBe('content-type');
  expect((await post({ type: 'meta' })).headers.get('access-control-allow-origin')).toBe('*');
});

test('while the read model is away the answer says so', async () => {
  await exchange.killRedis();
  const { status, text } = await post({ type: 'clearinghouseState', user: OWNER });
  expect([status, text]).toEqual([503, 'the read model is away or being rebuilt; orders are taken meanwhile']);
});
