import { readFileSync } from 'node:fs';
import { REJECT_CODES } from '@keel/types';
import { Compile } from 'typebox/compile';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ERROR_CODES, ERRORS, type ErrorCode } from '../src/errors.ts';
import { orderAnswer, withdrawalsAnswer } from '../src/wire/answers.ts';
import { liquidationsAnswer } from '../src/wire/riskAnswers.ts';
import { type Exchange, startExchange } from './startExchange.ts';

let exchange: Exchange;
beforeAll(async () => {
  exchange = await startExchange();
});
afterAll(() => exchange.stop());

interface OpenApi {
  readonly openapi: string;
  readonly paths: Record<
    string,
    Record<string, { readonly responses: Record<string, { content: Record<string, { schema: object }> }> }>
  >;
  readonly components: { readonly schemas: { readonly Problem: ProblemSchema } };
}
interface ProblemSchema {
  readonly properties: {
    readonly code: { readonly enum: readonly string[] };
    readonly number: { readonly enum: readonly number[] };
  };
  readonly 'x-errors': object;
}

test('the README lists the catalogue, line for line', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const lines = readme.split('\n').map((line) => line.replaceAll(/ +/g, ' '));
  const rows = lines.filter((line) => /^\| `[A-Z_]+` \| \d+ \| \d{3} \|/.test(line));
  const expected = ERROR_CODES.map((code) => {
    const { number, status, retryable, message } = ERRORS[code];
    return `| \`${code}\` | ${number} | ${status} | ${retryable ? 'yes' : 'no'} | ${message} |`;
  });
  expect(rows).toEqual(expected);
});

test('the example answers of the README are what the schemas say, with every field and no other', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const examples = [...readme.matchAll(/^```json\n([^`]+)^```/gm)].map(([, text]) => JSON.parse(text ?? '') as object);
  const schemas = [orderAnswer, withdrawalsAnswer, liquidationsAnswer];
  expect(examples).toHaveLength(schemas.length);
  for (const [at, schema] of schemas.entries()) {
    expect(Compile(schema).Errors(examples[at])).toEqual([]);
    expect(Object.keys(examples[at]!)).toEqual(Object.keys(schema.properties));
  }
  const [, { withdrawals }, { liquidations }] = examples as [
    object,
    { withdrawals: object[] },
    { liquidations: object[] },
  ];
  expect(Object.keys(withdrawals[0]!)).toEqual(Object.keys(withdrawalsAnswer.properties.withdrawals.items.properties));
  expect(Object.keys(liquidations[0]!)).toEqual(
    Object.keys(liquidationsAnswer.properties.liquidations.items.properties),
  );
});

test('the catalogue has every refusal of the engine under its number in the log, and no number twice', () => {
  const numbers = ERROR_CODES.map((code) => ERRORS[code].number);
  expect(new Set(numbers).size).toBe(numbers.length);
  for (const [name, code] of Object.entries(REJECT_CODES)) expect(ERRORS[name as ErrorCode].number, name).toBe(code);
  for (const code of ERROR_CODES) expect(ERRORS[code].number >= 1_000, code).toBe(!(code in REJECT_CODES));
});

test('the OpenAPI document has every route of the README with the codes of the catalogue', async () => {
  const document = (await exchange.get('/openapi.json')).body as unknown as OpenApi;
  expect(document.openapi).toBe('3.1.0');
  const routes = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(routes.toSorted()).toEqual(
    [
      'GET /v1/status',
      'GET /v1/markets',
      'GET /v1/markets/{symbol}/book',
      'GET /v1/markets/{symbol}/trades',
      'GET /v1/markets/{symbol}/candles',
      'GET /v1/liquidations',
      'GET /v1/auctions',
      'GET /v1/certificates',
      'GET /v1/certificates/{certificateId}',
      'GET /v1/collaterals',
      'GET /v1/prices/{feed}',
      'GET /v1/batches',
      'GET /v1/accounts/{address}',
      'GET /v1/accounts/{address}/subaccounts',
      'GET /v1/accounts/{address}/budget',
      'GET /v1/accounts/{address}/margin-events',
      'GET /v1/accounts/{address}/positions',
      'GET /v1/accounts/{address}/orders',
      'GET /v1/accounts/{address}/fills',
      'GET /v1/accounts/{address}/withdrawals',
      'POST /v1/orders',
      'POST /v1/orders/batch',
      'POST /v1/orders/scale',
      'POST /v1/orders/twap',
      'POST /v1/orders/amend',
      'POST /v1/orders/amend-batch',
      'POST /v1/orders/replace',
      'POST /v1/orders/cancel',
      'POST /v1/orders/cancel-batch',
      'POST /v1/orders/cancel-all',
      'POST /v1/orders/cancel-all-after',
      'POST /v1/market-maker-protection',
      'POST /v1/market-maker-protection/reset',
      'POST /v1/agents',
      'POST /v1/agents/revoke',
      'POST /v1/withdrawals',
      'POST /v1/transfers',
      'POST /v1/leverage',
      'POST /v1/safety-funds',
      'POST /v1/liquidators',
      'POST /v1/auctions/take',
      'POST /v1/faucet',
      'GET /livez',
      'GET /readyz',
      'GET /metrics',
      'GET /openapi.json',
    ].toSorted(),
  );
  const { properties, 'x-errors': listed } = document.components.schemas.Problem;
  expect(properties.code.enum).toEqual(ERROR_CODES);
  expect(properties.number.enum).toEqual(ERROR_CODES.map((code) => ERRORS[code].number));
  expect(listed).toEqual(ERRORS);
  for (const [path, methods] of Object.entries(document.paths)) {
    if (!path.startsWith('/v1/')) continue;
    for (const { responses } of Object.values(methods)) {
      const refused = responses.default?.content;
      expect(refused).toEqual({ 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } });
      expect(responses['200']?.content['application/json']?.schema).toBeDefined();
    }
  }
});
