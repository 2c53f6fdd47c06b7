/// <reference types="node" />
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Account, Liquidation, MarginEvent } from '@keel/client';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { launchBrowser } from './browser.ts';
import {
  ACCOUNT,
  ACCOUNT_ADDRESS,
  BARE_STEP,
  BATCHES,
  LIQUIDATION,
  MARKETS,
  ORDER_KINDS,
  OTHER_ADDRESS,
  OWN_LIQUIDATIONS,
  SEQUENCE,
  statusAt,
  TIME_MS,
} from './script.ts';
import { type ScriptedExchange, startScriptedExchange } from './scriptedExchange.ts';

const WIDE = { width: 1440, height: 900 };
const PHONE = { width: 360, height: 800 };
const WAIT = { timeout: 20_000 };

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });
/** Waits until the page says so: a busy machine makes it late, not wrong. */
const poll = <Value>(read: () => Value | Promise<Value>) => expect.poll(read, WAIT);

let folder: string;
let browser: Browser;
let exchange: ScriptedExchange;
let page: Page;
/** Console errors, uncaught exceptions and content policy violations; every test ends with none. */
let faults: string[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keel-terminal-'));
  const root = fileURLToPath(new URL('..', import.meta.url));
  await build({ root, logLevel: 'error', build: { outDir: folder, emptyOutDir: true } });
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser?.close();
  await rm(folder, { recursive: true, force: true });
});

beforeEach(async () => {
  exchange = await startScriptedExchange(folder);
  faults = [];
});

afterEach(async () => {
  await page.close();
  await exchange.close();
  expect(faults).toEqual([]);
});

async function open(hash = '', options: BrowserContextOptions = {}): Promise<void> {
  page = await browser.newPage({ viewport: WIDE, ...options });
  page.on('console', (message) => {
    // The browser itself reports a refused reconnect while the server is away; that is what the test arranged.
    if (message.type() === 'error' && !message.text().includes('WebSocket connection')) faults.push(message.text());
  });
  page.on('pageerror', (error) => faults.push(String(error)));
  await page.goto(`${exchange.url}/${hash}`);
  await page
    .getByTestId('book-bids')
    .locator('tbody tr')
    .first()
    .waitFor({ state: 'attached', ...WAIT });
}

const bestBid = (): Promise<string | null> =>
  page.getByTestId('book-bids').locator('tbody tr').first().locator('td').first().textContent();
const bestAsk = (): Promise<string | null> =>
  page.getByTestId('book-asks').locator('tbody tr').last().locator('td').first().textContent();

const book = (seq: number, prevSeq: number, bids: [string, string][], asks: [string, string][] = []) =>
  ({ channel: 'book', market: 'BTC-USD', type: 'update', seq, prevSeq, ts: TIME_MS, data: { bids, asks } }) as const;

describe('market', () => {
  it('claims that a list is empty only once the exchange has said so', async () => {
    exchange.refuseNext('liquidations');
    exchange.refuseNext('batches');
    await open();
    const panels = ['liquidations', 'batches'];
    const said = () => Promise.all(panels.map((name) => page.getByTestId(`${name}-empty`).allTextContents()));
    expect(await said()).toEqual([['Loading…'], ['Loading…']]);
    await poll(said).toEqual([[], []]);
  });

  it('shows the figures of the first market exactly as given', async () => {
    await open();
    await poll(() => page.getByTestId('mark-price').textContent()).toBe('64010');
    expect(await page.getByTestId('index-price').textContent()).toBe('64012.3');
    expect(await page.getByTestId('last-price').textContent()).toBe('64009.5');
    expect(await page.getByTestId('open-interest').textContent()).toBe('182.40155');
    expect(await page.getByTestId('funding-rate').textContent()).toBe('+0.00125 %');
    expect(await page.getByTestId('funding-countdown').textContent()).toMatch(/^(21:00|20:\d\d)$/);
  });

  it('follows the markets channel row by row', async () => {
    await open();
    const data = { markets: [{ ...MARKETS[0], mark: '63999.9' }] };
    exchange.push({ channel: 'markets', type: 'update', seq: SEQUENCE + 1, ts: TIME_MS, data });
    await poll(() => page.getByTestId('mark-price').textContent()).toBe('63999.9');
    expect(await page.getByTestId('index-price').textContent()).toBe('64012.3');
    expect(await page.getByTestId('last-sequence').textContent()).toBe(String(SEQUENCE + 1));
  });

  it('changes market with the arrow keys and leaves the old channels', async () => {
    await open();
    await page.getByRole('tab', { name: 'BTC-USD' }).focus();
    await page.keyboard.press('ArrowRight');
    await poll(() => page.getByTestId('mark-price').textContent()).toBe('3105.02');
    expect(await page.getByRole('tab', { name: 'ETH-USD' }).getAttribute('aria-selected')).toBe('true');
    expect(new URL(page.url()).hash).toContain('market=ETH-USD');
    await poll(() => exchange.requests).toEqual(
      expect.arrayContaining([
        { method: 'unsubscribe', channel: 'book', market: 'BTC-USD' },
        { method: 'unsubscribe', channel: 'trades', market: 'BTC-USD' },
        { method: 'subscribe', channel: 'book', market: 'ETH-USD' },
        { method: 'subscribe', channel: 'trades', market: 'ETH-USD' },
      ]),
    );
  });
});

describe('market that is not open', () => {
  it.each([
    ['postOnly', 'would trade at once are refused'],
    ['cancelOnly', 'no new ones are taken'],
    ['halted', 'no liquidations until the market opens again'],
  ])('%s says what that means, until it opens', async (tradingStatus, words) => {
    await open();
    expect(await page.getByTestId('trading-status').count()).toBe(0);
    const frame = { channel: 'markets', type: 'update', ts: TIME_MS } as const;
    exchange.push({ ...frame, seq: SEQUENCE + 1, data: { markets: [{ ...MARKETS[0], tradingStatus }] } });
    await poll(() => page.getByTestId('trading-status').textContent()).toContain(words);
    exchange.push({ ...frame, seq: SEQUENCE + 2, data: { markets: [MARKETS[0]] } });
    await page.getByTestId('trading-status').waitFor({ state: 'detached', ...WAIT });
  });
});

describe('market without a fresh index price', () => {
  it('says what that means', async () => {
    await open();
    expect(await page.getByTestId('market-status').count()).toBe(0);
    await page.getByRole('tab', { name: 'SOL-USD' }).click();
    await poll(() => page.getByTestId('market-status').textContent()).toContain('reduce risk');
  });
});

describe('book', () => {
  it('has the right best prices after a snapshot and a delta', async () => {
    await open();
    expect([await bestBid(), await bestAsk()]).toEqual(['64009.5', '64010']);
    expect(await page.getByTestId('book-bids').locator('tbody tr').count()).toBe(15);
    expect(await page.getByTestId('book-asks').locator('tbody tr').count()).toBe(15);
    exchange.push(book(SEQUENCE + 2, SEQUENCE, [['64009.7', '0.5']], [['64010', '0']]));
    await poll(bestBid).toBe('64009.7');
    expect(await bestAsk()).toBe('64010.2');
    expect(await page.getByTestId('spread-value').textContent()).toBe('0.5');
  });

  it('asks for the book again when a frame is lost', async () => {
    await open();
    const asked = exchange.requests.length;
    exchange.push(book(SEQUENCE + 9, SEQUENCE + 8, [['1', '1']]));
    await poll(() => exchange.requests.slice(asked)).toEqual([
      { method: 'unsubscribe', channel: 'book', market: 'BTC-USD' },
      { method: 'subscribe', channel: 'book', market: 'BTC-USD' },
    ]);
    await poll(() => page.getByTestId('book-state').getAttribute('data-resyncs')).toBe('1');
    exchange.push(book(SEQUENCE + 10, SEQUENCE, [['64009.6', '1']]));
    await poll(bestBid).toBe('64009.6');
  });
});

describe('trades', () => {
  it('come newest first, are cut at a limit, and mark liquidations', async () => {
    await open();
    const rows = page.getByTestId('trades-table').locator('tbody tr');
    await poll(() => rows.count()).toBe(60);
    const trade = { tradeId: '9001', price: '64011.1', size: '0.25', takerSide: 'sell', time: TIME_MS + 60_000 };
    exchange.push({
      channel: 'trades',
      market: 'BTC-USD',
      type: 'update',
      seq: SEQUENCE + 1,
      ts: TIME_MS,
      data: { trades: [{ ...trade, liquidation: true }] },
    });
    await poll(() => rows.first().textContent()).toContain('64011.1');
    expect(await rows.first().getAttribute('data-liquidation')).toBe('true');
    expect(await rows.count()).toBe(60);
    await poll(() => page.getByTestId('candle-chart').getAttribute('data-bars')).toBe('241');
  });
});

describe('account', () => {
  it('shows margin, position and liquidation price of the address in the hash', async () => {
    await open(`#account=${ACCOUNT_ADDRESS}`);
    const row = page.getByTestId('positions').locator('tr[data-market="BTC-USD"]');
    await row.waitFor(WAIT);
    expect(await row.getByTestId('position-liquidation-price').textContent()).toBe('61246.5');
    expect(await row.getByTestId('position-liquidation-distance').textContent()).toBe('4.31 %');
    expect(await row.getByTestId('position-entry').textContent()).toBe('64120.5');
    expect(await row.getByTestId('position-pnl').textContent()).toBe('-276.25');
    expect(await page.getByTestId('account-equity').textContent()).toBe('9974.264733');
    expect(await page.getByRole('meter').getAttribute('aria-valuetext')).toContain('32.11 %');
    await page.getByRole('tab', { name: 'Open orders 1' }).click();
    expect(await page.getByTestId('open-orders').textContent()).toContain('64500');
    await page.getByRole('tab', { name: 'Fills 6' }).click();
    expect(await page.getByTestId('fills').locator('tbody tr').count()).toBe(6);
  });

  it.each([WIDE, PHONE])('names every kind of order ($width px)', async (viewport) => {
    exchange.setAccount({ ...ACCOUNT, openOrders: ORDER_KINDS.map(([order]) => order) });
    await open(`#account=${ACCOUNT_ADDRESS}`, { viewport });
    await page.getByRole('tab', { name: `Open orders ${ORDER_KINDS.length}` }).click();
    const table = page.getByTestId('open-orders');
    for (const [order, cells] of ORDER_KINDS) {
      const row = table.locator(`tr[data-order="${order.orderId}"]`);
      const cell = (label: string) => row.locator(`td[data-label="${label}"]`).textContent();
      const shown = await Promise.all(['Type', 'Price', 'Trigger', 'State', 'Attached'].map(cell));
      expect(shown).toEqual(cells);
    }
    const [content, screen] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    expect(content).toBeLessThanOrEqual(screen!);
  });

  it('says where its market-maker protection fired', async () => {
    const protection = { market: 'ETH-USD', windowMs: 1_000, quantity: '5', delta: '0', fillCount: 0, frozen: true };
    exchange.setAccount({ ...ACCOUNT, protections: [{ ...protection, market: 'BTC-USD', frozen: false }, protection] });
    await open(`#account=${ACCOUNT_ADDRESS}`);
    await poll(() => page.getByTestId('protection-fired').allTextContents()).toEqual([
      'Market-maker protection fired in ETH-USD: new orders are refused there until it is reset.',
    ]);
  });

  it('says when its dead-man switch takes the orders', async () => {
    exchange.setAccount({ ...ACCOUNT, cancelAllAfter: TIME_MS + 60_000 });
    await open(`#account=${ACCOUNT_ADDRESS}`);
    await poll(() => page.getByTestId('cancel-all-after').allTextContents()).toEqual([
      'Dead-man switch: orders go at 2026-09-21 14:15:00 unless it is renewed.',
    ]);
  });

  it('follows the account channel', async () => {
    await open(`#account=${ACCOUNT_ADDRESS}`);
    await page.getByTestId('positions').waitFor(WAIT);
    const closed = { ...ACCOUNT, sequence: SEQUENCE + 4, positions: [], inLiquidation: true };
    exchange.setAccount(closed);
    const frame = { channel: 'account', account: ACCOUNT_ADDRESS, type: 'update' } as const;
    exchange.push({
      ...frame,
      seq: SEQUENCE + 4,
      ts: TIME_MS,
      data: { ...closed, fills: [], marginEvents: [], liquidations: [] },
    });
    await page.getByTestId('positions-empty').waitFor(WAIT);
    await page.getByTestId('in-liquidation').waitFor(WAIT);
  });

  it('tells of a margin call, aloud and on the page, and shows who is deleveraged first', async () => {
    await open(`#account=${ACCOUNT_ADDRESS}`);
    const light = page.getByTestId('positions').locator('tr[data-market="BTC-USD"]').getByTestId('position-deleverage');
    await light.waitFor(WAIT);
    expect(await light.getAttribute('aria-label')).toBe('Deleverage rank 5 of 5');
    expect(await page.getByTestId('margin-call').count()).toBe(0);
    const called: Account = {
      ...ACCOUNT,
      sequence: SEQUENCE + 4,
      marginCall: 90,
      subaccount: 129,
      isolatedMarket: 'BTC-USD',
    };
    exchange.setAccount(called);
    const marginCall: MarginEvent = {
      kind: 'marginCall',
      levelPercent: 90,
      equity: '3500',
      maintenanceMargin: '3203.6',
      initialMargin: null,
      shortage: '1076.6',
      suggestedOrder: { market: 'BTC-USD', side: 'sell', size: '0.6', reduceOnly: true },
      closedOrders: null,
      time: TIME_MS,
      sequence: SEQUENCE + 4,
    };
    const frame = { channel: 'account', account: ACCOUNT_ADDRESS, type: 'update' } as const;
    const data = { ...called, fills: [], marginEvents: [marginCall], liquidations: [] };
    exchange.push({ ...frame, seq: SEQUENCE + 4, ts: TIME_MS, data });
    await poll(() => page.getByTestId('margin-call').allTextContents()).toEqual([
      'Margin call: maintenance margin passed 90 % of equity. At 100 % the account is liquidated.',
    ]);
    expect(await page.getByTestId('subaccount').textContent()).toBe('Isolated BTC-USD');
    expect(await page.getByTestId('announcer').textContent()).toBe(
      'Margin call at 90 %: add 1076.6 USDC or sell 0.6 BTC-USD.',
    );
  });

  it('takes an address from the form and keeps it in the hash', async () => {
    await open();
    const entry = page.getByLabel('Account address');
    await entry.fill('0x12');
    await entry.press('Enter');
    await page.getByRole('alert').waitFor(WAIT);
    await entry.fill(` ${ACCOUNT_ADDRESS.toUpperCase().replace('0X', '0x')}`);
    await entry.press('Enter');
    await page.getByTestId('positions').waitFor(WAIT);
    expect(new URL(page.url()).hash).toContain(`account=${ACCOUNT_ADDRESS}`);
  });
});

describe('liquidations', () => {
  const update = (seq: number, ...liquidations: Liquidation[]) =>
    ({ channel: 'liquidations', type: 'update', seq, ts: TIME_MS, data: { liquidations } }) as const;
  const row = (address: string) => page.getByTestId('liquidations').locator(`tr[data-account="${address}"]`).first();
  const lines = (address: string) => row(address).locator('[data-step]').allTextContents();

  it('are one row each, with every step in words and the fee', async () => {
    await open();
    await row(OTHER_ADDRESS).waitFor(WAIT);
    expect(await page.getByTestId('liquidations').locator('tbody tr').count()).toBe(3);
    expect(await row(OTHER_ADDRESS).getAttribute('data-stage')).toBe('liquidationEnded');
    expect(await lines(OTHER_ADDRESS)).toEqual([
      'Equity 343.04 fell below maintenance 511.68 at mark 63960',
      'Sold 0.4 BTC-USD at 63950.5 (worst allowed 63102.4)',
      'Left with equity 83.438, maintenance 0',
    ]);
    expect(await row(OTHER_ADDRESS).locator('[data-label=Fee]').textContent()).toBe('255.802');
    const all = (await page.getByTestId('liquidations').textContent()) ?? '';
    expect(all).toContain('Insurance fund paid 18.204417');
    expect(all).toContain('Closed 0.05 BTC-USD against 0x90f7…b906 at 63950.5, the bankruptcy price');
  });

  it('say where a forced trade went: auction, liquidator, backstop, deleveraged account', async () => {
    await open();
    await row(OTHER_ADDRESS).waitFor(WAIT);
    const own = { ...LIQUIDATION, liquidationId: '20', subaccount: 3 } as const;
    const step = (at: number, changes: Partial<Liquidation>): Liquidation => ({
      ...own,
      ...changes,
      time: TIME_MS + at,
    });
    const taken = {
      auctionId: 4,
      closeOutStage: 'auction',
      counterparty: ACCOUNT_ADDRESS,
      counterpartySubaccount: 0,
    } as const;
    const backstop = { ...taken, closeOutStage: 'backstop', auctionId: null } as const;
    const rank = {
      rule: 'waterFilling',
      place: 2,
      candidates: 9,
      score: '1',
      level: '1',
      size: '1',
      hedgedSize: '0',
      notional: '1',
      equity: '1',
      unrealisedPnl: '1',
      neededSize: '1',
    } as const;
    exchange.push(
      update(
        SEQUENCE + 3,
        step(4, {
          ...BARE_STEP,
          stage: 'positionDeleveraged',
          counterparty: ACCOUNT_ADDRESS,
          size: '1',
          market: 'BTC-USD',
          price: '63000',
          rank,
        }),
        step(3, backstop),
        step(2, taken),
        step(1, {
          ...BARE_STEP,
          stage: 'auctionStarted',
          market: 'BTC-USD',
          size: '0.9',
          limitPrice: '63900',
          zeroPrice: '63100',
        }),
      ),
    );
    await poll(() => lines(OTHER_ADDRESS)).toEqual([
      'Auction of 0.9 BTC-USD from 63900 to 63100',
      'Sold 0.4 BTC-USD at 63950.5 (worst allowed 63102.4), in its auction, to 0x7099…79c8',
      'Sold 0.4 BTC-USD at 63950.5 (worst allowed 63102.4, mark 63960), to the backstop vault',
      'Closed 1 BTC-USD against 0x7099…79c8 at 63000, the bankruptcy price; place 2 of 9 in line',
    ]);
    expect(await row(OTHER_ADDRESS).textContent()).toContain('Sub-account 3');
  });

  it('grow with every step, and only those of the shown account are announced', async () => {
    await open(`#account=${ACCOUNT_ADDRESS}`);
    await row(OTHER_ADDRESS).waitFor(WAIT);
    const closeOut = { ...LIQUIDATION, liquidationId: '13', size: '2.5', filledSize: '0', price: null };
    exchange.push(update(SEQUENCE + 3, { ...closeOut, time: TIME_MS + 1 }));
    await poll(() => lines(OTHER_ADDRESS)).toEqual(['Nobody bought 2.5 BTC-USD at 63102.4 or better']);
    expect(await page.getByTestId('announcer').textContent()).toBe('');

    const own = { ...LIQUIDATION, liquidationId: '14', account: ACCOUNT_ADDRESS, price: '61600' } as const;
    const step = { ...own, ...BARE_STEP, equity: '0', maintenanceMargin: '0' };
    exchange.push(update(SEQUENCE + 4, { ...step, stage: 'liquidationStarted', time: TIME_MS + 2 }));
    await poll(() => row(ACCOUNT_ADDRESS).getAttribute('data-stage')).toBe('liquidationStarted');
    expect(await row(ACCOUNT_ADDRESS).getAttribute('data-shown')).toBe('true');
    const ended = { ...step, stage: 'liquidationEnded', time: TIME_MS + 3 } as const;
    exchange.push(update(SEQUENCE + 5, ended, { ...own, time: TIME_MS + 3 }));
    await poll(() => row(ACCOUNT_ADDRESS).getAttribute('data-stage')).toBe('liquidationEnded');
    await poll(() => lines(ACCOUNT_ADDRESS)).toHaveLength(3);
    await poll(() => page.getByTestId('announcer').textContent()).toMatch(/sell 0.4 BTC-USD at 61600.*Ended\.$/);
  });

  it('of the account come from its own list, and are read again when one concerns it', async () => {
    await open(`#account=${ACCOUNT_ADDRESS}`);
    await page.getByRole('tab', { name: 'Liquidations 1' }).click();
    const table = page.getByTestId('account-liquidations');
    await poll(() => table.textContent()).toContain('Closed 1.5 ETH-USD against 0x7099…79c8 at 3290.1');
    const own = { ...LIQUIDATION, liquidationId: '14', account: ACCOUNT_ADDRESS } as const;
    exchange.setAccountLiquidations([own, ...OWN_LIQUIDATIONS]);
    exchange.push(update(SEQUENCE + 3, own));
    await page.getByRole('tab', { name: 'Liquidations 2' }).waitFor(WAIT);
    await poll(() => table.locator('tbody tr').count()).toBe(2);
  });

  it('lead to their account with a click, which says how a devnet opens one that is not there', async () => {
    await open();
    await page
      .getByRole('button', { name: `Show account ${OTHER_ADDRESS}` })
      .first()
      .click();
    await poll(() => new URL(page.url()).hash).toContain(OTHER_ADDRESS);
    await poll(() => page.getByTestId('account-fault').textContent()).toContain(
      `npm run -s deposit -- --account ${OTHER_ADDRESS} --usdc 1000`,
    );
    // The browser logs the 404 of an account that the script does not know.
    faults = faults.filter((fault) => !fault.includes('404'));
  });
});

describe('batches', () => {
  it('move through their L1 states', async () => {
    await open();
    const row = page.getByTestId('batches').locator('tr[data-batch="41"]');
    await row.waitFor(WAIT);
    expect(await row.getByTestId('batch-status').getAttribute('data-status')).toBe('sealed');
    const l1 = { status: 'committed', l1TxHash: `0x${'cd'.repeat(32)}`, l1BlockNumber: 311 };
    exchange.push({
      channel: 'batches',
      type: 'update',
      seq: SEQUENCE + 1,
      ts: TIME_MS,
      data: { batches: [{ ...BATCHES[0], ...l1 }] },
    });
    await poll(() => row.getByTestId('batch-status').getAttribute('data-status')).toBe('committed');
    expect(await row.getByRole('button', { name: 'Copy L1 transaction of batch 41' }).count()).toBe(1);
    expect(await page.getByTestId('batches').locator('tr[data-batch="41"]').count()).toBe(1);
  });
});

describe('connection', () => {
  it('says when the figures are old, and clears when frames come again', async () => {
    await open();
    await page.getByTestId('stale-veil').waitFor(WAIT);
    expect(await page.getByTestId('connection').getAttribute('data-state')).toBe('stale');
    const data = statusAt(SEQUENCE + 1, TIME_MS + 1, 41_000);
    exchange.push({ channel: 'status', type: 'update', seq: SEQUENCE + 1, ts: TIME_MS, data });
    await page.getByTestId('stale-veil').waitFor({ state: 'detached', ...WAIT });
    expect(await page.getByTestId('connection').getAttribute('data-state')).toBe('connected');
  });

  it('asks again for a channel that was refused', async () => {
    exchange.refuseNext('batches');
    await open();
    expect(await page.getByTestId('batches').count()).toBe(0);
    await page.getByTestId('batches').waitFor(WAIT);
    expect(exchange.requests.filter(({ channel }) => channel === 'batches').length).toBe(2);
  });

  it('comes back by itself and subscribes to everything again', async () => {
    await open(`#account=${ACCOUNT_ADDRESS}`);
    const before = exchange.requests.length;
    exchange.dropSockets();
    await poll(() =>
      exchange.requests
        .slice(before)
        .map((request) => request.channel)
        .sort(),
    ).toEqual(['account', 'batches', 'book', 'liquidations', 'markets', 'status', 'trades']);
    await poll(() => page.getByTestId('connection').getAttribute('data-state')).toBe('connected');
    exchange.push(book(SEQUENCE + 1, SEQUENCE, [['64009.8', '1']]));
    await poll(bestBid).toBe('64009.8');
  });
});

describe('every reader', () => {
  it.each(['light', 'dark'] as const)('at 360 px nothing scrolls sideways (%s)', async (colorScheme) => {
    await open(`#account=${ACCOUNT_ADDRESS}`, { viewport: PHONE, colorScheme });
    const panels = await page.getByTestId('panel-nav').getByRole('button').all();
    expect(panels.length).toBe(6);
    for (const panel of panels) {
      await panel.click();
      const [content, screen] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
      expect(content).toBeLessThanOrEqual(screen!);
    }
  });

  it.each([WIDE, { width: 1024, height: 700 }])('nothing comes after the footer ($width px)', async (viewport) => {
    await open(`#account=${ACCOUNT_ADDRESS}`, { viewport });
    await page.getByTestId('positions').waitFor(WAIT);
    // More rows than the panel shows: what is in them must not reach out of it.
    const older = Array.from({ length: 30 }, (_, batchIndex) => ({ ...BATCHES[11]!, batchIndex }));
    const frame = { channel: 'batches', type: 'update', seq: SEQUENCE + 1, ts: TIME_MS } as const;
    await page.getByTestId('batches').waitFor(WAIT);
    exchange.push({ ...frame, data: { batches: older } });
    await poll(() => page.getByTestId('batches').locator('tbody tr').count()).toBe(42);
    const [height, footerEnd] = await page.evaluate(() => [
      document.documentElement.scrollHeight,
      document.querySelector('footer')!.getBoundingClientRect().bottom + scrollY,
    ]);
    expect(height).toBeLessThanOrEqual(footerEnd! + 2);
  });

  it('on a phone lands on the account that the address or a liquidation names', async () => {
    await open(`#account=${ACCOUNT_ADDRESS}`, { viewport: PHONE });
    await page.getByTestId('positions').waitFor(WAIT);
    const nav = page.getByTestId('panel-nav');
    await nav.getByRole('button', { name: 'Liquidations' }).click();
    await poll(() => page.getByTestId('account').isVisible()).toBe(false);
    await page
      .getByRole('button', { name: `Show account ${OTHER_ADDRESS}` })
      .first()
      .click();
    await page.getByTestId('account-fault').waitFor(WAIT);
    expect(await nav.getByRole('button', { name: 'Account' }).getAttribute('aria-current')).toBe('true');
    faults = faults.filter((fault) => !fault.includes('404'));
  });

  it('finds landmarks, names and tables', async () => {
    await open(`#account=${ACCOUNT_ADDRESS}`);
    await page.getByTestId('positions').waitFor(WAIT);
    const tree = await page.locator('body').ariaSnapshot();
    for (const part of [
      '- banner:',
      '- main:',
      '- contentinfo:',
      'tablist "Markets"',
      'tab "BTC-USD" [selected]',
      'region "Order book"',
      'table "Asks"',
      'table "Bids"',
      'table "Trades, newest first"',
      'table "Positions"',
      'table "Liquidations, newest first"',
      'table "Batches, newest first"',
      'meter "Maintenance margin as a part of equity"',
      'columnheader "Liquidation"',
    ]) {
      expect(tree).toContain(part);
    }
    expect(tree, 'a button without a name').not.toMatch(/- button(:|$)/m);
  });

  it('reaches everything with the Tab key', async () => {
    await open(`#account=${ACCOUNT_ADDRESS}`);
    await page.getByTestId('positions').waitFor(WAIT);
    const reached: string[] = [];
    for (let step = 0; step < 60; step++) {
      await page.keyboard.press('Tab');
      reached.push(
        await page.evaluate(
          () => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? '',
        ),
      );
    }
    for (const name of ['BTC-USD', 'Trades, scrollable', 'Close', 'Positions 2', 'Batches, newest first, scrollable']) {
      expect(reached).toContain(name);
    }
  });
});
