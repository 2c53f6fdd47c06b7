/// <reference types="node" />
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, afterEach, beforeAll, beforeEach, expect, vi } from 'vitest';
import { launchBrowser } from './browser.ts';
import { type ScriptedExchange, startScriptedExchange } from './scriptedExchange.ts';

export const WIDE = { width: 1440, height: 900 };
export const PHONE = { width: 360, height: 800 };
export const WAIT = { timeout: 20_000 };

/** Waits until the page says so: a busy machine makes it late, not wrong. */
export const poll = <Value>(read: () => Value | Promise<Value>) => expect.poll(read, WAIT);

let folder: string;
let browser: Browser;
export let exchange: ScriptedExchange;
export let page: Page;
/** Console errors, uncaught exceptions and content policy violations; every test ends with none. */
let faults: string[];

/** Keeps only the faults so far that `stays` says; the others were what the test arranged. */
export function forgiveFaults(stays: (fault: string) => boolean): void {
  faults = faults.filter(stays);
}

/** Builds the page once for a file of tests, and gives each test an exchange of its own. */
export function withPage(): void {
  vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });
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
}

export async function open(hash = '', options: BrowserContextOptions = {}): Promise<void> {
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
