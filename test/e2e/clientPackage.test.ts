import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { KeelClient } from '@keel/client';
import type { Hex } from '@keel/types';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Door, startDoor } from '../gateway/startDoor.ts';
import { openBrowser } from './openBrowser.ts';
import { waitFor } from './waitFor.ts';

const ROOT = new URL('../..', import.meta.url).pathname;
const TSC = join(ROOT, 'node_modules/.bin/tsc');
const NEXT_NODE = join(ROOT, 'test/node_modules/node-next/bin/node');
const BTC = 1;
const USDC = 1_000_000;
const run = promisify(execFile);

/** What a maker's program does, in a page as in Node: rests a bid, sees it in the book, moves it, takes it away, is refused. */
const TRADE = `
import { KeelClient, KeelError } from '@keel/client';
export async function trade(url, privateKey, binary) {
  const client = new KeelClient({ url, privateKey, binary });
  let book;
  let look = () => undefined;
  client.followBook('BTC-USD', (now) => { book = now; look(); });
  const best = (price) => new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error('no best bid of ' + price)), 10_000);
    look = () => {
      if (book?.bids(1)[0]?.[0] !== price) return;
      clearTimeout(late);
      resolve(book.bids(1)[0]);
    };
    look();
  });
  const bid = { market: 'BTC-USD', side: 'buy', price: '19000', size: '0.02', timeInForce: 'postOnly' };
  const placed = await client.placeOrder(bid, { idempotencyKey: 'binary-' + binary });
  const rests = await best('19000');
  const moved = await client.amendOrder({ order: placed.orderId, market: 'BTC-USD', price: '19100', size: '0.01' }, { over: 'ws' });
  const moves = await best('19100');
  await client.cancelAll('BTC-USD', { over: 'ws' });
  const gone = await best(undefined).then(() => true, () => false);
  const refusal = await client.placeOrder({ ...bid, market: 'DOGE-USD' }).catch((error) => error);
  client.close();
  return {
    placed: placed.state, rests, moved: moved.state, moves, gone,
    refusal: { isKeelError: refusal instanceof KeelError, code: refusal.code, requestId: refusal.requestId },
  };
}
`;
const DONE = {
  placed: 'resting',
  rests: ['19000', '0.02'],
  moved: 'open',
  moves: ['19100', '0.01'],
  gone: true,
  refusal: { isKeelError: true, code: 'MARKET_UNKNOWN', requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) },
};

/** Held to the declarations alone: no types of Node, none of a browser. */
const TYPED = `
import { type Account, KeelClient, KeelError, type Page, type Fill } from '@keel/client';
export async function typed(url: string, privateKey: \`0x\${string}\`): Promise<Account> {
  const client = new KeelClient({ url, privateKey });
  const { orderId } = await client.placeOrder({ market: 'BTC-USD', side: 'buy', price: '1', size: '1' });
  const id: string = orderId;
  const page: Page<Fill> = await client.page('fills', { limit: 2 });
  for await (const { price } of client.each('trades', { market: id })) void price.length;
  // @ts-expect-error: numbers are texts, because the text is what is signed
  await client.placeOrder({ market: 'BTC-USD', side: 'buy', price: 1, size: '1' });
  // @ts-expect-error: trades are those of a market
  await client.page('trades');
  // @ts-expect-error: there is no such list
  await client.page('orders');
  client.followBook('BTC-USD', (book) => { const level: readonly [string, string] | undefined = book.bids(1)[0]; void level; });
  const fault: unknown = page.next;
  if (fault instanceof KeelError && fault.retryable) { const wait: number | undefined = fault.retryAfterMs; void wait; }
  return client.account();
}
`;

describe('the package that is handed out', () => {
  const folder = mkdtempSync(join(tmpdir(), 'keel-maker-'));
  const installed = join(folder, 'node_modules/@keel/client');
  const manifest = () => JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as Record<string, unknown>;
  let door: Door;
  let feeding: NodeJS.Timeout | undefined;

  beforeAll(async () => {
    const packed = join(folder, 'packed');
    mkdirSync(packed);
    const client = join(ROOT, 'packages/client');
    await run('pnpm', ['pack', '--pack-destination', packed], { cwd: client });
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'maker', private: true, type: 'module' }));
    await run('pnpm', ['add', '--offline', join(packed, 'keel-client-0.1.0.tgz')], { cwd: folder });
    door = await startDoor();
    await door.price(BTC, 200_000);
    feeding = setInterval(() => void door.price(BTC, 200_000).catch(() => undefined), 500);
  });
  afterAll(async () => {
    clearInterval(feeding);
    await door?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function fund(privateKey: Hex): Promise<void> {
    const client = new KeelClient({ url: door.url, privateKey });
    await door.deposit(client.address, 10_000 * USDC);
    await waitFor('the deposit', async () => (await client.account()).collateral === '10000' || undefined);
    client.close();
  }

  test('has its code, its types and its licences, and needs nothing else', () => {
    expect(manifest()).toMatchObject({
      name: '@keel/client',
      type: 'module',
      license: 'Apache-2.0',
      sideEffects: false,
    });
    for (const field of ['dependencies', 'peerDependencies', 'optionalDependencies', 'scripts'])
      expect(manifest()[field], field).toBeUndefined();
    const scripts = readdirSync(installed).filter((file) => file.endsWith('.js'));
    const imported = scripts.flatMap((file) => {
      const code = readFileSync(join(installed, file), 'utf8');
      return [
        ...code.matchAll(/^(?:import|export) .*?['"]([^'"]+)['"];$/gm),
        ...code.matchAll(/\bimport\("([^"]+)"\)/g),
      ];
    });
    for (const [statement, from] of imported) expect(from, statement).toMatch(/^\.\/[\w.-]+\.js$/);
    for (const owner of ['@noble/curves', '@noble/hashes', '@bufbuild/protobuf', 'Copyright 2008 Google Inc.'])
      expect(readFileSync(join(installed, 'licences.md'), 'utf8')).toContain(owner);
    for (const file of ['README.md', 'LICENSE']) expect(readFileSync(join(installed, file), 'utf8')).not.toBe('');
  });

  test.each([
    ['the Node of this repository', process.execPath, '1'],
    ['a later Node', NEXT_NODE, '2'],
  ])('%s trades with it', async (_name, node, digit) => {
    const key: Hex = `0x${digit.repeat(64)}`;
    await fund(key);
    writeFileSync(join(folder, 'trade.js'), TRADE);
    const main = `import { trade } from './trade.js';\nconst [url, key] = process.argv.slice(2);\nconsole.log(JSON.stringify([await trade(url, key, false), await trade(url, key, true)]));\n`;
    writeFileSync(join(folder, 'main.js'), main);
    const { stdout } = await run(node, ['main.js', door.url, key], { cwd: folder, env: {} });
    expect(JSON.parse(stdout)).toEqual([DONE, DONE]);
  });

  test.each([
    ['nodenext', 'nodenext'],
    ['esnext', 'bundler'],
  ])('its types hold by themselves: module %s, resolution %s', async (module, moduleResolution) => {
    writeFileSync(join(folder, 'typed.ts'), TYPED);
    const options = ['--noEmit', '--strict', '--exactOptionalPropertyTypes', '--target', 'es2022', '--lib', 'es2023'];
    const how = [...options, '--types', '', '--module', module, '--moduleResolution', moduleResolution];
    const told = await run(TSC, [...how, 'typed.ts'], { cwd: folder }).catch((fault: { stdout: string }) => fault);
    expect(told.stdout).toBe('');
  });

  test('a page of another origin trades with it', async () => {
    const key: Hex = `0x${'3'.repeat(64)}`;
    await fund(key);
    const imports = { '@keel/client': '/node_modules/@keel/client/index.js' };
    const html = `<!doctype html><title>maker</title><script type="importmap">${JSON.stringify({ imports })}</script>`;
    writeFileSync(join(folder, 'trade.js'), TRADE);
    const pages = createServer((request, response) => {
      const isPage = request.url === '/';
      response.setHeader('content-type', isPage ? 'text/html' : 'text/javascript');
      try {
        response.end(isPage ? html : readFileSync(join(folder, request.url ?? ''), 'utf8'));
      } catch {
        response.writeHead(404).end();
      }
    });
    await new Promise<void>((resolve) => pages.listen(0, '127.0.0.1', resolve));
    const browser = await openBrowser();
    try {
      const page = await browser.newPage();
      const complaints: string[] = [];
      page.on('pageerror', (fault) => complaints.push(fault.message));
      await page.goto(`http://127.0.0.1:${(pages.address() as AddressInfo).port}/`);
      for (const binary of [false, true]) {
        const words = JSON.stringify([door.url, key, binary]);
        const done = await page.evaluate(`import('/trade.js').then(({ trade }) => trade(...${words}))`);
        expect(done, `binary: ${binary}`).toEqual(DONE);
      }
      expect(complaints).toEqual([]);
    } finally {
      await browser.close();
      pages.closeAllConnections();
      await new Promise((resolve) => pages.close(resolve));
    }
  });
});
