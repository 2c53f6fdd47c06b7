import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { observeFeed } from '../src/feeder/observeFeed.ts';
import { followWebSocket } from '../src/sources/followWebSocket.ts';
import { parseJsonPath, readJsonPath } from '../src/sources/jsonPath.ts';
import { pollHttp } from '../src/sources/pollHttp.ts';
import { mapPrice } from '../src/sources/priceMapping.ts';
import type { Observation, PriceSource } from '../src/sources/priceSource.ts';
import { readSourcesFile } from '../src/sources/readSourcesFile.ts';

const BTC = { name: 'BTC-USD', priceDecimals: 1, startUsd: 0 };
const ETH = { name: 'ETH-USD', priceDecimals: 2, startUsd: 0 };
const now = () => ({ nowMs: Date.now(), fromMs: 0, toMs: 0 });

let folder: string;
let closing: (() => unknown)[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'keel-sources-'));
  closing = [];
});
afterEach(async () => {
  for (const close of closing.reverse()) await close();
  rmSync(folder, { recursive: true });
});

function sourcesFile(content: unknown): string {
  const file = join(folder, 'sources.json');
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

/** The one source of such a file, begun. */
function open(source: object): PriceSource {
  const [config] = readSourcesFile(sourcesFile({ sources: [source] })).sources;
  if (config === undefined) throw new Error('no source');
  const opened = config.kind === 'http' ? pollHttp(config) : followWebSocket(config);
  closing.push(() => opened.close());
  return opened;
}

async function seen(source: PriceSource, feed: typeof BTC, priceUsd: number): Promise<Observation> {
  for (;;) {
    const observation = source.observe(feed, now());
    if (observation?.pricesUsd[0] === priceUsd) return observation;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

describe('jsonPath', () => {
  const venue = { result: { XXBTZUSD: { c: ['60000.1', '0.5'] } }, 'a.b': 7, list: [{ p: 1 }, { p: 2 }] };
  test.each([
    ['result.{symbol}.c[0]', '60000.1'],
    ['list[1].p', 2],
    ['["a.b"]', 7],
    ['list[2].p', undefined],
    ['result.nothing.c', undefined],
    ['result.constructor', undefined],
  ])('%s', (text, expected) => {
    const path = parseJsonPath(text);
    expect(path && readJsonPath(venue, path, 'XXBTZUSD')).toBe(expected);
  });

  test.each(['', 'a..b', 'a.', '[x]', 'a[', '7up'])('%j is no path', (text) => {
    expect(parseJsonPath(text)).toBeUndefined();
  });
});

describe('mapPrice', () => {
  const mapping = { price: ['p'], perp: ['f'], time: ['t'], timeUnit: 's', scale: 0.01 } as const;
  test.each([
    ['a number', { p: 6_000_010, t: 1_700_000_000 }, { priceUsd: 60_000.1, perpUsd: 0, timeMs: 1_700_000_000_000 }],
    ['a decimal text', { p: '6000010', f: '6000110', t: '1700000000.5' }, { priceUsd: 60_000.1, perpUsd: 60_001.1 }],
    ['a clock that is fast', { p: 100, t: 1_800_000_000 }, { priceUsd: 1, timeMs: 1_700_000_001_000 }],
    ['zero', { p: 0, t: 1 }, { fault: 'no price for X where it was expected' }],
    ['less', { p: -5, t: 1 }, { fault: 'no price for X where it was expected' }],
    ['a word', { p: 'NaN', t: 1 }, { fault: 'no price for X where it was expected' }],
    ['no time', { p: 5 }, { fault: 'no time for X where it was expected' }],
    ['nothing', null, { fault: 'no price for X where it was expected' }],
  ])('%s', (_what, document, expected) =>
    expect(mapPrice(mapping, document, 'X', 1_700_000_001_000)).toMatchObject(expected),
  );
});

describe('a sources file', () => {
  const http = { kind: 'http', url: 'http://127.0.0.1:1/', symbols: { 'BTC-USD': 'B' }, price: 'p' };
  test.each([
    ['no JSON', '{', /is not JSON/],
    ['no sources', { sources: [] }, 'sources must be at least one source, found []'],
    [
      'a kind that is none',
      { sources: [{ ...http, kind: 'ftp' }] },
      'sources[0].kind must be one of http, ws, found "ftp"',
    ],
    [
      'another scheme',
      { sources: [{ ...http, url: 'ws://x' }] },
      'sources[0].url must be an address beginning with http://',
    ],
    ['no symbols', { sources: [{ ...http, symbols: {} }] }, 'sources[0].symbols must be an object like'],
    ['no path', { sources: [{ ...http, price: 'a..b' }] }, 'sources[0].price must be a path like'],
    [
      'a slip of spelling',
      { sources: [{ ...http, pirce: 'p' }] },
      'sources[0].pirce must be left out; there is kind, name',
    ],
    ['scale 0', { sources: [{ ...http, scale: 0 }] }, 'sources[0].scale must be a number from'],
    [
      'more than there are',
      { minimumSources: 2, sources: [http] },
      'minimumSources must be a number from 1 to 1, found 2',
    ],
    [
      'a socket that does not say which symbol',
      { sources: [{ ...http, kind: 'ws', url: 'ws://x', symbols: { 'BTC-USD': 'B', 'ETH-USD': 'E' } }] },
      'sources[0].symbol must be the path at which a message names its symbol',
    ],
  ])('%s is one sentence', (_what, content, sentence) => {
    expect(() => readSourcesFile(sourcesFile(content))).toThrow(sentence);
  });
});

describe('an HTTP source', () => {
  let server: Server;
  let prices: Record<string, string>;
  let url: string;
  const asked: string[] = [];

  beforeEach(async () => {
    prices = { XBTUSD: '60000.1', ETHUSD: '3000.25' };
    server = createServer((request, response) => {
      const symbol = new URL(request.url ?? '', 'http://x').searchParams.get('pair') ?? '';
      asked.push(symbol);
      if (prices[symbol] === undefined) response.writeHead(503).end('down');
      else response.end(JSON.stringify({ result: { [symbol]: { c: [prices[symbol]] } }, time: Date.now() }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/ticker?pair={symbol}`;
    closing.push(() => {
      server.closeAllConnections();
      server.close();
    });
  });

  const venue = () => ({
    kind: 'http',
    name: 'venue',
    url,
    everyMs: 100,
    symbols: { 'BTC-USD': 'XBTUSD', 'ETH-USD': 'ETHUSD' },
    price: 'result.{symbol}.c[0]',
    time: 'time',
  });

  test('is asked again and again for each of its symbols', async () => {
    const source = open(venue());
    await seen(source, BTC, 60_000.1);
    await seen(source, ETH, 3_000.25);
    prices.XBTUSD = '60010';
    const { timeMs } = await seen(source, BTC, 60_010);
    expect(Date.now() - timeMs).toBeLessThan(2_000);
    expect(new Set(asked)).toEqual(new Set(['XBTUSD', 'ETHUSD']));
    expect(source.observe({ ...BTC, name: 'SOL-USD' }, now())).toBeUndefined();
  });

  test('that fails keeps its last price, which grows old, and says why', async () => {
    const source = open(venue());
    await seen(source, BTC, 60_000.1);
    prices = {};
    await expect.poll(() => source.progress(BTC, now())).toMatchObject({ source: 'http', fault: 'it answers 503' });
    const before = source.observe(BTC, now())?.timeMs;
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(source.observe(BTC, now())?.timeMs).toBe(before);
    prices = { XBTUSD: '1', ETHUSD: '2' };
    await seen(source, BTC, 1);
    expect(source.progress(BTC, now())).toMatchObject({ fault: null });
  });
});

describe('a WebSocket source', () => {
  test('is told what to send, is mapped and scaled, and is joined again when it is lost', async () => {
    const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
    await once(server, 'listening');
    closing.push(() => server.close());
    const heard: unknown[] = [];
    let price = 6_000_010;
    server.on('connection', (socket) => {
      socket.on('error', () => undefined);
      socket.on('message', (data) => {
        const message = JSON.parse(String(data)) as { args: string[] };
        heard.push(message);
        socket.send('pong');
        socket.send(JSON.stringify({ event: 'subscribed', ...message }));
        for (const symbol of message.args) socket.send(JSON.stringify({ data: { s: symbol, p: price } }));
        socket.send(JSON.stringify({ data: { s: 'DOGE', p: 1 } }));
      });
    });
    const { port } = server.address() as AddressInfo;
    const source = open({
      kind: 'ws',
      url: `ws://127.0.0.1:${port}`,
      subscribe: [{ op: 'subscribe', args: ['{symbol}'] }],
      symbols: { 'BTC-USD': 'BTC', 'collateral:WBTC': 'BTC', 'ETH-USD': 'ETH' },
      symbol: 'data.s',
      price: 'data.p',
      scale: 0.01,
    });
    await seen(source, BTC, 60_000.1);
    await seen(source, { ...BTC, name: 'collateral:WBTC' }, 60_000.1);
    expect(heard).toEqual([
      { op: 'subscribe', args: ['BTC'] },
      { op: 'subscribe', args: ['ETH'] },
    ]);
    price = 7_000_000;
    for (const socket of server.clients) socket.terminate();
    await seen(source, BTC, 70_000);
    expect(source.progress(BTC, now())).toMatchObject({ source: 'ws', name: `127.0.0.1:${port}`, fault: null });
  });
});

describe('what a feeder sees', () => {
  /** A live source that says this, so many milliseconds ago; nothing when undefined. */
  const says = (priceUsd: number | undefined, ageMs = 0, perpUsd = 0): PriceSource => ({
    name: 'said',
    observe: (_feed, { nowMs }) =>
      priceUsd === undefined ? undefined : { pricesUsd: [priceUsd], perpUsd, timeMs: nowMs - ageMs },
    progress: () => ({ source: 'http', name: 'said', ageMs, fault: null }),
    close: () => undefined,
  });
  const see = (live: PriceSource[], minimumSources = 1, others: object = {}) =>
    observeFeed({ recordings: [], live, simulation: undefined, staleMs: 5_000, minimumSources, ...others }, BTC, {
      nowMs: 100_000,
      fromMs: 0,
      toMs: 0,
    }).observation;

  test.each([
    ['one source', [says(100)], { pricesUsd: [100], timeMs: 100_000 }],
    [
      'the middle of three, as old as the oldest',
      [says(100), says(900, 4_000), says(101)],
      { pricesUsd: [101], timeMs: 96_000 },
    ],
    ['the middle of two', [says(100), says(101)], { pricesUsd: [100.5] }],
    ['a stale one does not count', [says(100), says(900, 5_001)], { pricesUsd: [100], timeMs: 100_000 }],
    ['perps are a median of their own', [says(100, 0, 102), says(100), says(100, 0, 104)], { perpUsd: 103 }],
    ['all are stale', [says(100, 6_000), says(undefined)], { fault: '0 of 2 sources are fresh, 1 are needed' }],
  ])('%s', (_what, live, expected) => expect(see(live)).toMatchObject(expected));

  test('with too few fresh sources it says nothing', () => {
    expect(see([says(100), says(101, 9_000)], 2)).toEqual({ fault: '1 of 2 sources are fresh, 2 are needed' });
    expect(see([])).toEqual({ fault: 'no source covers BTC-USD' });
  });

  test('a recording goes before live sources, and these before the simulation', () => {
    expect(see([says(100)], 1, { recordings: [says(7)] })).toMatchObject({ pricesUsd: [7] });
    expect(see([says(100)], 1, { simulation: says(8) })).toMatchObject({ pricesUsd: [100] });
    expect(see([], 1, { simulation: says(8) })).toMatchObject({ pricesUsd: [8] });
  });
});
