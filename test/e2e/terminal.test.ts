import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { KeelClient } from '@keel/client';
import { type Hex, toMarketId } from '@keel/types';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Exchange, startExchange } from './exchange.ts';
import { openBrowser } from './openBrowser.ts';
import { waitFor } from './waitFor.ts';

const TERMINAL = new URL('../../services/terminal', import.meta.url).pathname;
const USDC = 1_000_000n;
const key = (digit: string): Hex => `0x${digit.repeat(64)}`;

describe('the terminal page shows a live exchange', () => {
  const pageFolder = mkdtempSync(join(tmpdir(), 'keel-terminal-'));
  const complaints: string[] = [];
  let exchange: Exchange;
  let browser: Browser;
  let page: Page;
  let maker: KeelClient;
  let long: KeelClient;

  beforeAll(async () => {
    await promisify(execFile)('pnpm', ['exec', 'vite', 'build', '--outDir', pageFolder, '--emptyOutDir'], {
      cwd: TERMINAL,
    });
    exchange = await startExchange({ env: { KEEL_TERMINAL_DIR: pageFolder } });
    maker = new KeelClient({ url: exchange.gatewayUrl, privateKey: key('5') });
    long = new KeelClient({ url: exchange.gatewayUrl, privateKey: key('6') });
    await exchange.l1.deposit(maker.address, 1_000_000n * USDC);
    await exchange.l1.deposit(long.address, 1_000n * USDC);
    await waitFor('the deposits', async () => (await long.account()).collateral === '1000' || undefined);
    browser = await openBrowser();
    page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('pageerror', (fault) => complaints.push(fault.message));
  });
  afterAll(async () => {
    await browser?.close();
    for (const client of [maker, long]) client?.close();
    await exchange?.stop();
    rmSync(pageFolder, { recursive: true, force: true });
  });

  const index = (usd: number) => exchange.price(toMarketId(1), usd * 10);
  const quote = async (bid: string, ask: string): Promise<void> => {
    await maker.cancelAll();
    await maker.placeOrder({ market: 'BTC-USD', side: 'buy', price: bid, size: '2', timeInForce: 'postOnly' });
    await maker.placeOrder({ market: 'BTC-USD', side: 'sell', price: ask, size: '2', timeInForce: 'postOnly' });
  };

  test('a position with the liquidation price that REST gives', async () => {
    await index(60_000);
    await quote('59990', '60000');
    await long.placeOrder({ market: 'BTC-USD', side: 'buy', price: '60000', size: '0.4', timeInForce: 'ioc' });
    const account = await waitFor('the position', async () => {
      const seen = await long.account();
      return seen.positions.length === 1 ? seen : undefined;
    });
    await page.goto(`${exchange.gatewayUrl}/#market=BTC-USD&account=${long.address}`);
    const shown = page.getByTestId('position-liquidation-price');
    await shown.waitFor();
    expect(digits((await shown.textContent()) ?? '')).toBe(digits(account.positions[0]?.liquidationPrice ?? ''));
    const bestBid = page.getByTestId('book-bids').locator('tbody tr').first();
    expect(digits((await bestBid.textContent()) ?? '')).toContain('59990');
  });

  test('the liquidation, and the batch that carries it to L1', async () => {
    await quote('58480', '58520');
    await index(58_500);
    const row = page.getByTestId('liquidations').locator(`[data-account="${long.address}"]`).first();
    await row.waitFor({ timeout: 20_000 });
    await page.getByRole('tab', { name: 'Liquidations 1' }).waitFor();
    await page.getByTestId('batches').locator('[data-status="committed"], [data-status="finalised"]').first().waitFor();
    expect(await page.getByTestId('connection').getAttribute('data-state')).toBe('connected');
  });

  test('fits a phone, and the console stayed silent', async () => {
    await page.setViewportSize({ width: 360, height: 800 });
    const overflow = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
    expect(overflow).toBe(0);
    expect(complaints).toEqual([]);
  });
});

/** A price without the spaces and separators that make it easy to read. */
function digits(text: string): string {
  return text.replace(/[^0-9.\n]/g, '').replace(/\.0+$/, '');
}
