import type { Trade } from '@keel/client';
import { expect, it } from 'vitest';
import { barAfterTrade, type CandleBar, toBar } from '../src/feed/candles.ts';

const BAR: CandleBar = { time: 120, open: 10, high: 12, low: 9, close: 11, volume: 5 };

const tradeAt = (time: number, price: string): Trade => ({
  tradeId: '1',
  price,
  size: '2',
  takerSide: 'buy',
  time,
  liquidation: false,
});

it('reads a minute of the exchange', () => {
  const row = { time: 120_000, open: '10', high: '12', low: '9', close: '11', volume: '5', trades: 3 };
  expect(toBar(row)).toEqual(BAR);
});

it.each([
  ['inside the minute', 179_999, '11.5', { ...BAR, close: 11.5, volume: 7 }],
  ['a new high', 121_000, '13', { ...BAR, high: 13, close: 13, volume: 7 }],
  ['a new low', 121_000, '8', { ...BAR, low: 8, close: 8, volume: 7 }],
  ['the next minute', 180_000, '8', { time: 180, open: 8, high: 8, low: 8, close: 8, volume: 2 }],
  ['an older minute', 119_999, '8', undefined],
])('a trade %s', (_name, time, price, bar) => {
  expect(barAfterTrade(BAR, tradeAt(time, price))).toEqual(bar);
});
