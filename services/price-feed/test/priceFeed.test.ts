import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addressOfKey } from '@keel/signing';
import { formatDecimal } from '@keel/types';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { end, type FeedProcess, startCollector, startFeeder, statusOf, until } from './feedProcesses.ts';
import { keyOf, PriceTaker } from './priceTaker.ts';

interface CollectorStatus {
  readonly markets: readonly {
    readonly market: string;
    readonly index: string;
    readonly fault: string | null;
    readonly countedReports: number;
    readonly droppedReports: number;
  }[];
  readonly feeders: readonly { readonly url: string; readonly lastFault: string | null }[];
  readonly quorum: number | null;
}

describe('feeders and their collector', { timeout: 60_000 }, () => {
  let folder: string;
  let taker: PriceTaker;
  let processes: FeedProcess[];
  let closing: (() => unknown)[];

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'keel-price-feed-'));
    taker = new PriceTaker();
    processes = [];
    closing = [];
    await taker.listen();
  });
  afterEach(async () => {
    await Promise.all(processes.map((feed) => end(feed, 'SIGKILL')));
    for (const close of closing) await close();
    await taker.close();
    rmSync(folder, { recursive: true });
  });

  async function feeder(number: number, env: Record<string, string> = {}, port?: number): Promise<FeedProcess> {
    const started = await startFeeder(number, env, port);
    processes.push(started);
    return started;
  }

  async function collector(urls: readonly string[], env: Record<string, string> = {}): Promise<FeedProcess> {
    const started = await startCollector(taker.port, urls, env);
    processes.push(started);
    return started;
  }

  /** Four feeders of the set with the same settings, and their collector. */
  async function startAll(env: Record<string, string> = {}) {
    const feeders = await Promise.all([0, 1, 2, 3].map((number) => feeder(number, env)));
    const gathering = await collector(feeders.map(({ url }) => url));
    return { feeders, gathering };
  }

  const counted = () => taker.taken.at(-1)?.reports.length;
  const more = (feed: string, prices = 10) => {
    const enough = taker.pricesOf(feed).length + prices;
    return until(() => taker.pricesOf(feed).length >= enough);
  };

  test('every market and collateral asset has a price that four signed reports make; all stop cleanly', async () => {
    const { feeders, gathering } = await startAll();
    await more('BTC-USD');
    await until(() => counted() === 4);
    await more('collateral:WETH');
    expect(taker.refused).toEqual([]);
    expect(taker.pricesOf('BTC-USD')[0]).toBeGreaterThan(570_000);
    expect(taker.pricesOf('ETH-USD')[0]).toBeGreaterThan(285_000);
    // The same true path, each a little off: four prices within 0.1 %.
    const ticks = taker.taken.at(-1)?.reports.map((report) => report.priceTicks) ?? [];
    expect(Math.max(...ticks) / Math.min(...ticks)).toBeLessThan(1.001);
    expect((await fetch(`${gathering.url}/readyz`)).status).toBe(200);
    expect(await (await fetch(`${gathering.url}/metrics`)).text()).toMatch(
      /keel_price_feed_accepted_total\{feed="BTC-USD",service="price-feed"\} [0-9]+/,
    );
    expect(await statusOf<CollectorStatus>(gathering)).toMatchObject({ quorum: 3 });
    for (const one of [gathering, ...feeders]) expect(await end(one, 'SIGTERM')).toBe(0);
    const said = [gathering, ...feeders].map(({ output }) => output.stdout + output.stderr).join('');
    for (const number of [0, 1, 2, 3]) expect(said).not.toContain(keyOf(number).slice(2));
  });

  test('one feeder dies: three go on; a second dies: the price stands still; one is back: it goes on', async () => {
    const { feeders, gathering } = await startAll();
    await until(() => counted() === 4);
    await end(feeders[0] as FeedProcess, 'SIGKILL');
    await until(() => counted() === 3);
    await more('BTC-USD');
    await end(feeders[1] as FeedProcess, 'SIGKILL');
    const last = (): number => taker.taken.at(-1)?.timeMs ?? 0;
    await until(() => Date.now() - last() > 1_000);
    const before = taker.taken.length;
    const { markets } = await statusOf<CollectorStatus>(gathering);
    expect(markets[0]).toMatchObject({ market: 'BTC-USD', fault: 'PRICE_QUORUM_MISSING' });
    await until(async () => (await fetch(`${gathering.url}/readyz`)).status === 503);
    expect(await (await fetch(`${gathering.url}/readyz`)).text()).toContain('2 of 4 feeders answer, 3 must agree');
    expect(taker.taken).toHaveLength(before);
    await feeder(1, {}, feeders[1]?.port);
    await more('BTC-USD');
    expect(taker.refused).toEqual([]);
  });

  /** A server on loopback that gives a price to whoever asks. */
  async function serve(answer: (url: URL) => string): Promise<string> {
    const server = createServer((request, response) => response.end(answer(new URL(request.url ?? '', 'http://x'))));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    closing.push(() => {
      server.closeAllConnections();
      server.close();
    });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  test('a feeder whose source is 6 % off is dropped, and the price is that of the others', async () => {
    const venue = await serve((url) => JSON.stringify({ last: url.searchParams.get('px') }));
    const sources = (name: string, px: number): string => {
      const file = join(folder, `${name}.json`);
      const symbols = { 'BTC-USD': 'BTC' };
      writeFileSync(
        file,
        JSON.stringify({
          sources: [{ kind: 'http', url: `${venue}/?px=${px}`, everyMs: 100, symbols, price: 'last' }],
        }),
      );
      return file;
    };
    const honest = { KEEL_PRICE_SOURCES: sources('honest', 60_000) };
    const lying = { KEEL_PRICE_SOURCES: sources('lying', 63_600) };
    const feeders = await Promise.all([0, 1, 2, 3].map((number) => feeder(number, number === 2 ? lying : honest)));
    const gathering = await collector(feeders.map(({ url }) => url));
    await more('BTC-USD');
    expect(new Set(taker.pricesOf('BTC-USD'))).toEqual(new Set([600_000]));
    expect(counted()).toBe(3);
    const { markets } = await statusOf<CollectorStatus>(gathering);
    expect(markets[0]?.droppedReports).toBeGreaterThanOrEqual(5);
    // Nobody covers ETH-USD: it has no price rather than a made-up one.
    expect(taker.pricesOf('ETH-USD')).toEqual([]);
    expect(await (await fetch(`${gathering.url}/readyz`)).text()).toContain('ETH-USD has had no accepted price');
    const liar = feeders[2] as FeedProcess;
    expect(await statusOf(liar)).toMatchObject({
      feeds: [{ feed: 'BTC-USD', price: '63600' }, { feed: 'ETH-USD', fault: 'no source covers ETH-USD' }, {}],
    });
  });

  test('what no feeder has signed is not handed on, whoever says it', async () => {
    const honest = await Promise.all([0, 1, 2].map((number) => feeder(number)));
    const victim = addressOfKey(keyOf(3));
    const forged = {
      price: '1',
      perpPrice: '0',
      publishTime: Date.now(),
      reportSequence: 1,
      signature: `0x${'11'.repeat(64)}1b`,
    };
    const pretends = await serve(() =>
      JSON.stringify({ feeder: victim, feeds: [{ feed: 'BTC-USD', reports: [forged], fault: null, sources: [] }] }),
    );
    const babbles = await serve(() => '{"feeder":"me"}');
    const floods = await serve(() => `"${'x'.repeat(5_000_000)}"`);
    // A fifth key that signs well, of which the exchange knows nothing.
    const stranger = await feeder(4);
    const urls = [...honest.map(({ url }) => url), pretends, babbles, floods, stranger.url];
    const gathering = await collector(urls);
    await more('BTC-USD');
    expect(taker.refused).toEqual([]);
    expect(counted()).toBe(3);
    const { feeders } = await statusOf<CollectorStatus>(gathering);
    const faults = Object.fromEntries(feeders.map(({ url, lastFault }) => [url, lastFault]));
    expect(faults[babbles]).toBe('it answers something that is no reply of a feeder');
    expect(faults[floods]).toBe('it answers with more than 4194304 bytes');
  });

  test('plays candles with every extreme, walks to a far first price in steps the exchange takes, and holds the last', async () => {
    const file = join(folder, 'week.csv');
    const rows = ['1678233600,22000,22100,21900,22050,1', '1678233660,22050,22500,22040,22400,1'];
    writeFileSync(file, ['open_time,open,high,low,close,volume', ...rows].join('\n'));
    taker.ticks.set('BTC-USD', 260_000);
    const { feeders, gathering } = await startAll({ KEEL_REPLAY_FILE: file, KEEL_REPLAY_SPEED: '20' });
    await until(() => feeders.every(({ output }) => output.stdout.includes('the recording is over')));
    await until(() =>
      taker
        .pricesOf('BTC-USD')
        .slice(-5)
        .every((price) => price === 224_000),
    );
    expect(taker.refused).toEqual([]);
    const prices = taker.pricesOf('BTC-USD');
    expect(prices).toContain(225_000);
    for (const [place, price] of prices.entries())
      expect(Math.abs(price / (prices[place - 1] ?? 260_000) - 1), `price ${place}`).toBeLessThan(0.2);
    const { markets } = await statusOf<CollectorStatus>(gathering);
    expect(markets[0]).toMatchObject({
      market: 'BTC-USD',
      source: 'candles',
      ended: true,
      index: '22400',
      target: '22400',
    });
    expect(markets[1]).toMatchObject({ market: 'ETH-USD', source: 'simulation' });
  });

  test('an exchange that was away is joined again, and play time stood still meanwhile', async () => {
    const { gathering } = await startAll();
    await more('BTC-USD');
    await taker.close();
    await until(() => /takes no prices|failed/.test(gathering.output.stdout));
    const before = taker.ticks.get('BTC-USD') ?? 0;
    await new Promise((resolve) => setTimeout(resolve, 500));
    await taker.listen();
    await more('BTC-USD', 5);
    expect(taker.refused).toEqual([]);
    expect(Math.abs((taker.ticks.get('BTC-USD') ?? 0) / before - 1), formatDecimal(before, 1)).toBeLessThan(0.02);
  });

  test('a recording of a market that nobody lists is told', async () => {
    const fine = join(folder, 'fine.csv');
    writeFileSync(fine, 'open_time,open,high,low,close,volume\n1678233600,1,2,1,1,0\n');
    const feeders = [await feeder(0, { KEEL_REPLAY_FILE: fine, KEEL_REPLAY_MARKET: 'DOGE-USD' })];
    await collector(feeders.map(({ url }) => url));
    const ready = async (): Promise<string> => (await fetch(`${feeders[0]?.url}/readyz`)).text().catch(() => '');
    await until(async () =>
      (await ready().catch(() => '')).includes('is meant for DOGE-USD, but the exchange lists BTC-USD, ETH-USD'),
    );
  });

  test.each([
    ['no role', { KEEL_PRICE_ROLE: 'both' }, 'configuration: KEEL_PRICE_ROLE "both" does not fit'],
    ['no token', { KEEL_INTAKE_TOKEN: '' }, 'configuration: KEEL_INTAKE_TOKEN is missing'],
    ['no feeders', { KEEL_FEEDER_URLS: '' }, 'configuration: KEEL_FEEDER_URLS is missing'],
    ['an address that is none', { KEEL_FEEDER_URLS: 'http://a:1,b' }, 'configuration: KEEL_FEEDER_URLS has "b"'],
    [
      'one twice',
      { KEEL_FEEDER_URLS: 'http://a:1,http://a:1' },
      'configuration: KEEL_FEEDER_URLS must be at most 31 different',
    ],
    [
      'another exchange',
      { KEEL_INTAKE_TOKEN: 'cd'.repeat(16) },
      "set KEEL_INTAKE_TOKEN to the same secret as the sequencer's",
    ],
  ])('a collector with %s is one sentence and exit code 1', async (_what, env, sentence) => {
    const failed = await collector(['http://127.0.0.1:1'], env);
    expect(await failed.ended).toBe(1);
    expect(failed.output.stderr).toContain('keel price-feed: ');
    expect(failed.output.stderr).toContain(sentence);
    expect(failed.output.stderr.trim().split('\n')).toHaveLength(1);
  });

  test.each([
    ['no key', { KEEL_FEEDER_KEY: '' }, 'configuration: KEEL_FEEDER_KEY is missing'],
    ['a key that is none', { KEEL_FEEDER_KEY: `0x${'0'.repeat(64)}` }, 'KEEL_FEEDER_KEY is no private key'],
    ['no contract', { KEEL_SETTLEMENT_ADDRESS: '' }, 'configuration: KEEL_SETTLEMENT_ADDRESS is missing'],
    ['no file', { KEEL_REPLAY_FILE: '/nowhere.csv' }, '/nowhere.csv cannot be read: not found'],
    ['no sources', { KEEL_PRICE_SOURCES: '/nowhere.json' }, '/nowhere.json cannot be read: not found'],
    [
      'two files for one market',
      { KEEL_REPLAY_FILE: 'a', KEEL_INDEX_FROM_ORDERS: 'b', KEEL_ORDERS_MARKET: 'BTC-USD' },
      'KEEL_REPLAY_FILE and KEEL_INDEX_FROM_ORDERS both move BTC-USD',
    ],
  ])('a feeder with %s is one sentence and exit code 1', async (_what, env, sentence) => {
    const failed = await feeder(0, env);
    expect(await failed.ended).toBe(1);
    expect(failed.output.stderr).toContain(`keel price-feed: `);
    expect(failed.output.stderr).toContain(sentence);
    expect(failed.output.stderr.trim().split('\n')).toHaveLength(1);
  });

  test('a line that does not fit is named', async () => {
    const broken = join(folder, 'broken.csv');
    writeFileSync(broken, 'open_time,open,high,low,close,volume\n1678233600,1,2,1,1,0\n1678233660,1,x,1,1,0\n');
    const failed = await feeder(0, { KEEL_REPLAY_FILE: broken });
    expect(await failed.ended).toBe(1);
    expect(failed.output.stderr).toBe(
      `keel price-feed: ${broken} line 3: found high "x", expected a price above 0 like 22196.56\n`,
    );
  });
});
