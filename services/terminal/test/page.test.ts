import { describe, expect, it } from 'vitest';
import { exchange, forgiveFaults, open, PHONE, page, poll, WAIT, WIDE, withPage } from './openPage.ts';
import { ACCOUNT, ACCOUNT_ADDRESS, BATCHES, MARKETS, OTHER_ADDRESS, statusAt } from './script.ts';
import { ORDER_KINDS } from './scriptOrders.ts';
import { SEQUENCE, TIME_MS } from './scriptTime.ts';

withPage();

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
    forgiveFaults((fault) => !fault.includes('404'));
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
