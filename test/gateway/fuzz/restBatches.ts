import type { Dice } from '../dice.ts';
import { type Batch, noteSequence, type Target } from './batch.ts';
import { bend } from './bend.ts';
import { question, SIGNED_PATHS, signedBody, signedWireBody, TRADERS } from './goodRequests.ts';
import { type HttpRequest, pipeHttp } from './httpPipe.ts';
import { mutateJson } from './mutateJson.ts';

const JSON_TYPE = 'Content-Type: application/json';
/** Signing takes longer than everything else here: most cases change a body that was signed before. */
const POOL = new Map<string, Record<string, unknown>>();

function pooled(dice: Dice, path: (typeof SIGNED_PATHS)[number]): Record<string, unknown> {
  const held = POOL.get(path);
  if (held !== undefined && dice.chance(85)) return held;
  const body = signedBody(dice, path);
  POOL.set(path, body);
  return body;
}

interface Case extends HttpRequest {
  /** As OpenAPI has it; undefined where the target may lead anywhere. */
  readonly route?: string;
}

async function ask(cases: readonly Case[], target: Target, complain: Parameters<Batch>[3]): Promise<void> {
  const answers = await pipeHttp(target.port, cases);
  for (const [at, answer] of answers.entries()) {
    const { route, method, target: to, headers, body } = cases[at] as Case;
    try {
      if (to === '/info' || to === '/exchange') target.judge.wire(to, answer);
      else if (method !== 'HEAD') noteSequence(target, target.judge.rest(route, answer));
    } catch (fault) {
      complain(fault, [method, to, headers, String(body)], [answer.status, answer.body]);
    }
  }
}

/** Bodies of signed requests, most of them broken; of those that are whole, most were changed after they were signed. */
export const signedBodies: Batch = async (dice, count, target, complain) => {
  const cases = Array.from({ length: count }, (): Case => {
    const path = dice.pick(SIGNED_PATHS);
    const isBent = dice.chance(12);
    const good = isBent ? signedBody(dice, path, (action) => bend(dice, action)) : pooled(dice, path);
    const text = isBent ? JSON.stringify(good) : mutateJson(dice, good);
    const key = dice.chance(6) ? [`Idempotency-Key: ${dice.pick(['a', 'b', '\u00e9', ' ', 'k'.repeat(200), ''])}`] : [];
    const type = dice.chance(3)
      ? [`Content-Type: ${dice.pick(['text/plain', 'application/xml', ';', ''])}`]
      : [JSON_TYPE];
    return {
      method: 'POST',
      target: path,
      route: `post ${path}`,
      headers: [...type, ...key],
      body: bytesOf(dice, text),
    };
  });
  await ask(cases, target, complain);
};

/** Now and then with a byte that is no UTF-8. */
function bytesOf(dice: Dice, text: string): Buffer {
  const bytes = Buffer.from(text);
  if (bytes.length > 0 && dice.chance(4)) bytes[dice.between(0, bytes.length - 1)] = dice.between(128, 255);
  return bytes;
}

const ODD = [
  ...[
    '',
    '0',
    '-1',
    '1',
    '5.0',
    '01',
    '+5',
    '1e3',
    '99999999999999999999',
    'NaN',
    'true',
    'null',
    '%00',
    '%',
    '%zz',
    '%ff',
  ],
  ...[
    '%ED%A0%80',
    '..',
    '%2e%2e%2f',
    '%2F',
    'a'.repeat(200),
    'BTC-USD',
    'ETH-USD',
    'btc-usd',
    '__proto__',
    'constructor',
  ],
  ...[
    'collateral:WETH',
    'collateral:',
    '0x',
    `0x${'0'.repeat(40)}`,
    TRADERS[0]?.owner ?? '',
    '%F0%9F%92%A5',
    '[]',
    '{}',
    '1m',
    '7m',
  ],
];
const NAMES = [
  ...[
    'limit',
    'depth',
    'before',
    'interval',
    'subaccount',
    'account',
    'orderId',
    'clientOrderId',
    'liquidation',
    'nothing',
  ],
  ...['__proto__', 'constructor', 'toString', 'limit[]', 'limit[a]', '', '%00'],
];

/** Paths and queries of every route that is read. */
export const queries: Batch = async (dice, count, target, complain) => {
  const routes = Object.entries(target.judge.paths).flatMap(([path, methods]) => ('get' in methods ? [path] : []));
  // What it says is long and always the same.
  const read = routes.filter((path) => path.startsWith('/v1/') || dice.chance(2));
  const cases = Array.from({ length: count }, (): Case => {
    const route = dice.pick(read);
    const path = route.replaceAll(/\{([^}]+)\}/g, (_whole, name: string) => {
      if (dice.chance(40)) return dice.pick(ODD);
      return name === 'address' ? dice.pick(TRADERS).owner : name === 'certificateId' ? '1' : 'BTC-USD';
    });
    const pairs = Array.from({ length: dice.between(0, 3) }, () => `${dice.pick(NAMES)}=${dice.pick(ODD)}`);
    const method = dice.weighed({ GET: 90, HEAD: 4, DELETE: 2, PUT: 2, OPTIONS: 2 });
    const asked = { method, target: `${path}${pairs.length === 0 ? '' : `?${pairs.join('&')}`}` };
    const isOfRoute = !path.includes('..') && !path.endsWith('/') && path.split('/').length === route.split('/').length;
    return method === 'GET' && isOfRoute ? { ...asked, route: `get ${route}` } : asked;
  });
  await ask(cases, target, complain);
};

/** Clients of this surface send every type of content, or none. */
const typeOf = (dice: Dice): string[] =>
  dice.chance(80) ? [JSON_TYPE] : dice.pick([[], ['Content-Type: text/plain'], ['Content-Type: a/b;']]);

export const questions: Batch = async (dice, count, target, complain) => {
  const cases = Array.from({ length: count }, (): Case => {
    const body = bytesOf(dice, mutateJson(dice, question(dice)));
    return { method: 'POST', target: '/info', headers: typeOf(dice), body };
  });
  await ask(cases, target, complain);
};

const WIRE_POOL: Record<string, unknown>[] = [];

/** A body of `/exchange`: fresh and bent before it was signed, or one signed before and broken. */
export async function wireText(dice: Dice): Promise<string> {
  if (dice.chance(8)) return JSON.stringify(await signedWireBody(dice, (action) => bend(dice, action)));
  if (WIRE_POOL.length < 60 || dice.chance(5)) WIRE_POOL.push(await signedWireBody(dice));
  if (WIRE_POOL.length > 60) WIRE_POOL.shift();
  return mutateJson(dice, dice.pick(WIRE_POOL));
}

export const wireActions: Batch = async (dice, count, target, complain) => {
  const cases: Case[] = [];
  while (cases.length < count)
    cases.push({
      method: 'POST',
      target: '/exchange',
      headers: typeOf(dice),
      body: bytesOf(dice, await wireText(dice)),
    });
  await ask(cases, target, complain);
};

/** Bodies that are not signed, or only looked at; an address may have little of both a minute. */
export const otherBodies: Batch = async (dice, count, target, complain) => {
  const cases: Case[] = [];
  while (cases.length < count) {
    const path = dice.chance(80) ? '/v1/debug/verify' : '/v1/faucet';
    const native = { primaryType: 'PlaceOrder', ...signedBody(dice, '/v1/orders') };
    const asked = dice.chance(50)
      ? native
      : { hyperliquid: await signedWireBody(dice), expectedSigner: TRADERS[0]?.agent };
    const good = path === '/v1/faucet' ? { address: TRADERS[0]?.owner } : asked;
    const body = bytesOf(dice, mutateJson(dice, good));
    cases.push({ method: 'POST', target: path, route: `post ${path}`, headers: [JSON_TYPE], body });
  }
  await ask(cases, target, complain);
};
