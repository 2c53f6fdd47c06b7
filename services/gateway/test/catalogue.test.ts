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

/** Pages for people, and what describes itself. */
const UNDESCRIBED = new Set(['GET /', 'GET /docs']);

/** Each route of the table of the README once, without its query. */
function readmeRoutes(): string[] {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const cells = readme.split('\n').flatMap((line) => /^\| (`(?:GET|POST) \/[^|]*)\|/.exec(line)?.[1] ?? []);
  const routes = cells.flatMap((cell) =>
    [...cell.matchAll(/`((?:GET|POST) \/[^`?]*)/g)].map(([, route = '']) => route),
  );
  return [...new Set(routes)];
}

test('the OpenAPI document has every route of the README with the codes of the catalogue', async () => {
  const document = (await exchange.get('/openapi.json')).body as unknown as OpenApi;
  expect(document.openapi).toBe('3.1.0');
  const routes = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(routes.toSorted()).toEqual(
    readmeRoutes()
      .filter((route) => !UNDESCRIBED.has(route))
      .toSorted(),
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
