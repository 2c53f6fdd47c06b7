import type { Account, Liquidation, MarginEvent } from '@keel/client';
import { describe, expect, it } from 'vitest';
import { exchange, forgiveFaults, open, page, poll, WAIT, withPage } from './openPage.ts';
import { ACCOUNT, ACCOUNT_ADDRESS, BARE_STEP, LIQUIDATION, OTHER_ADDRESS, OWN_LIQUIDATIONS } from './script.ts';
import { SEQUENCE, TIME_MS } from './scriptTime.ts';

withPage();

describe('an account that is warned', () => {
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
    forgiveFaults((fault) => !fault.includes('404'));
  });
});
