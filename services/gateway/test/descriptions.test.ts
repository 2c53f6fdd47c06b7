import { type Diagnostic, Parser } from '@asyncapi/parser';
import { hashAction, keelDomain, type SignableAction } from '@keel/signing';
import { Validator } from '@seriousme/openapi-schema-validator';
import { bytesToHex, hashTypedData } from 'viem';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ERROR_CODES, ERRORS } from '../src/errors.ts';
import { CHANNEL_NAMES } from '../src/wire/channels.ts';
import { openSocket } from './openSocket.ts';
import { CHAIN_ID, type Exchange, SETTLEMENT, startExchange } from './startExchange.ts';

let exchange: Exchange;
beforeAll(async () => {
  exchange = await startExchange();
});
afterAll(() => exchange.stop());

interface AsyncApi {
  readonly asyncapi: string;
  readonly channels: { readonly socket: { readonly address: string; readonly messages: object } };
  readonly operations: Readonly<Record<string, { readonly action: 'send' | 'receive' }>>;
  readonly components: {
    readonly messages: Readonly<
      Record<
        string,
        { readonly payload: { readonly properties: Readonly<Record<string, { readonly const?: string }>> } }
      >
    >;
    readonly schemas: {
      readonly Error: {
        readonly properties: { readonly code: { enum: string[] }; readonly number: { enum: number[] } };
        readonly 'x-errors': object;
      };
    };
  };
}
const readAsyncApi = async () => (await exchange.get('/asyncapi.json')).body as unknown as AsyncApi;

test('the OpenAPI document is one, says another program', async () => {
  const { body } = await exchange.get('/openapi.json');
  const verdict = await new Validator().validate(body as Record<string, unknown>);
  expect(verdict).toMatchObject({ valid: true });
});

describe('the AsyncAPI document', () => {
  test("is one, says AsyncAPI's own parser", async () => {
    const { text } = await exchange.get('/asyncapi.json');
    const { document, diagnostics } = await new Parser().parse(text);
    // 0 is an error; the rest is advice, such as to name a licence.
    expect(diagnostics.filter(({ severity }: Diagnostic) => severity === 0)).toEqual([]);
    expect(document?.version()).toBe('3.0.0');
    expect(document?.channels().all()).toHaveLength(1);
    expect(document?.operations().all().length).toBeGreaterThan(CHANNEL_NAMES.length);
  });

  test('has the errors of the catalogue with their numbers', async () => {
    const { properties, 'x-errors': listed } = (await readAsyncApi()).components.schemas.Error;
    expect(properties.code.enum).toEqual(ERROR_CODES);
    expect(properties.number.enum).toEqual(ERROR_CODES.map((code) => ERRORS[code].number));
    expect(listed).toEqual(ERRORS);
  });

  test('names the methods that the socket has, and a frame of each channel', async () => {
    const { components, operations, channels } = await readAsyncApi();
    expect(channels.socket.address).toBe('/v1/ws');
    const sent = Object.keys(operations).filter((name) => operations[name]?.action === 'send');
    expect(sent).toEqual(CHANNEL_NAMES.map((name) => `${name}Frames`));
    const methods = Object.values(components.messages).flatMap(({ payload }) => payload.properties.method?.const ?? []);
    const client = await openSocket(exchange.port);
    for (const method of new Set(methods)) {
      const { error } = await client.ask(method, { nothing: true });
      // Whatever it thinks of these params, it knows the method.
      expect(error?.code, method).not.toBe('METHOD_NOT_FOUND');
    }
    expect(new Set(methods).size).toBeGreaterThan(18);
    client.socket.close();
  });
});

describe('the interactive page', () => {
  test('loads everything from here, under a policy that lets it ask nobody else', async () => {
    const page = await exchange.get('/docs');
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("connect-src 'self'");
    expect(policy).not.toMatch(/https?:|unsafe-eval|\*/);
    // Scripts stand in files: the policy lets none stand in the page.
    expect(page.text).not.toMatch(/<script(?![^>]*\bsrc=)/);
    const links = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, link = '']) => link);
    expect(links.length).toBeGreaterThan(3);
    for (const link of links) {
      const url = new URL(link, `${exchange.url}/docs`);
      expect(url.origin, link).toBe(exchange.url);
      expect((await fetch(url)).status, link).toBe(200);
    }
  });

  test('shows the document that everybody gets', async () => {
    const { body } = await exchange.get('/docs/json');
    expect(body).toEqual((await exchange.get('/openapi.json')).body);
    const { text } = await exchange.get('/docs/static/swagger-initializer.js');
    expect(text).toContain('"validatorUrl":null');
  });
});

test('every signed request says in OpenAPI and llms.txt what is signed, and viem hashes that as we do', async () => {
  const { text } = await exchange.get('/llms.txt');
  const { paths } = (await exchange.get('/openapi.json')).body as unknown as {
    paths: Record<string, { post?: { tags: string[]; description?: string } }>;
  };
  const signed = Object.entries(paths).filter(
    ([path, { post }]) => post?.tags.includes('signed') && !/debug/.test(path),
  );
  expect(signed.length).toBeGreaterThan(20);
  for (const [path, { post }] of signed) {
    const type = /^Signed as `([^`]+)`/.exec(post?.description ?? '')?.[1] ?? '';
    const [primaryType = ''] = type.split('(');
    const structs = [...type.matchAll(/(\w+)\(([^)]*)\)/g)].map(
      ([, name = '', fields = '']) => [name, fields.split(',').map(asParameter)] as const,
    );
    const types: Types = Object.fromEntries(structs);
    const message = emptyOf(types, primaryType);
    const ours = bytesToHex(hashAction(DOMAIN, { primaryType, ...message } as SignableAction));
    expect(hashTypedData({ domain: DOMAIN, types, primaryType, message }), path).toBe(ours);
    expect(text).toContain(`- \`POST ${path}\``);
    expect(text).toContain(`  \`${type}\`\n`);
  }
});

type Types = Readonly<Record<string, readonly { readonly type: string; readonly name: string }[]>>;
const DOMAIN = keelDomain(CHAIN_ID, SETTLEMENT);

/** A struct of nothing: whether two hash it alike is up to its type alone. */
function emptyOf(types: Types, name: string): Record<string, unknown> {
  const empty = (type: string): unknown => {
    if (type.endsWith('[]')) return [];
    if (type in types) return emptyOf(types, type);
    return { address: `0x${'0'.repeat(40)}`, string: '', bool: false, uint64: 0 }[type];
  };
  return Object.fromEntries((types[name] ?? []).map((field) => [field.name, empty(field.type)]));
}

const asParameter = (field: string) => {
  const [type = '', name = ''] = field.split(' ');
  return { type, name };
};

test('llms.txt names every route, method, channel and error', async () => {
  const { status, text, headers } = await exchange.get('/llms.txt');
  expect([status, headers.get('content-type')]).toEqual([200, 'text/plain; charset=utf-8']);
  const { paths } = (await exchange.get('/openapi.json')).body as unknown as {
    paths: Record<string, Record<string, { tags: string[] }>>;
  };
  for (const [path, methods] of Object.entries(paths)) {
    for (const [method, { tags }] of Object.entries(methods)) {
      if (!tags.includes('operations')) expect(text).toContain(`${method.toUpperCase()} ${path}\``);
    }
  }
  for (const name of CHANNEL_NAMES) expect(text).toContain(`- \`${name}\` (`);
  for (const code of ERROR_CODES)
    expect(text).toContain(`- ${code} (${ERRORS[code].number}, HTTP ${ERRORS[code].status}`);
  expect(text.length).toBeLessThan(32_000);
});
