import { expect, test } from 'vitest';
import type { MarketLine } from '../launcher/exchangeStatus.ts';
import { statusBlock } from '../launcher/statusBlock.ts';

const USUAL = { symbol: 'BTC-USD', openInterest: '1.5', mark: '60000', priceQuality: 'fresh', tradingStatus: 'open' };

test.each<[Partial<MarketLine>, string]>([
  [{}, 'BTC-USD 1.5 @ 60000'],
  [{ priceQuality: 'stale5' }, 'BTC-USD 1.5 @ 60000 (price stale5)'],
  [{ tradingStatus: 'halted' }, 'BTC-USD 1.5 @ 60000 (halted)'],
  [{ priceQuality: 'stale30', tradingStatus: 'cancelOnly' }, 'BTC-USD 1.5 @ 60000 (price stale30, cancelOnly)'],
  [{ mark: null, priceQuality: 'noQuorum' }, 'BTC-USD 1.5 no price yet (price noQuorum)'],
])('a market that is %j is shown as %s', (unusual, told) => {
  const status = {
    sequence: 7,
    counters: { orders: 3, trades: 2, liquidations: 1 },
    insuranceFund: '0',
    markets: [{ ...USUAL, ...unusual }],
    lastBatch: null,
  };
  const glance = { url: '', status, ordersPerSecond: 0, firstTradeSeconds: undefined, upSeconds: 5 };
  expect(statusBlock({ ...glance, recordings: undefined })).toContain(`open interest ${told}`);
});
