import { type MarketStatus, toMarketId } from '@keel/types';
import { describe, expect, test } from 'vitest';
import { candlePath } from '../src/candlePath.ts';
import { parseOrderMessages } from '../src/parseOrderMessages.ts';
import { playPath } from '../src/playPath.ts';
import { stepTowards } from '../src/stepTowards.ts';

const market: MarketStatus = {
  marketId: toMarketId(1),
  symbol: 'BTC-USD',
  priceDecimals: 1,
  maxPriceTicks: 10_000_000,
  indexJumpPpm: 200_000,
  indexTicks: 0,
};
const candle = (minute: number, openUsd: number, highUsd: number, lowUsd: number, closeUsd: number) => ({
  openTimeMs: minute * 60_000,
  openUsd,
  highUsd,
  lowUsd,
  closeUsd,
});

describe('candlePath', () => {
  test('goes to the nearer extreme first, and every candle takes its own time', () => {
    const path = candlePath([candle(0, 100, 101, 90, 95), candle(1, 95, 110, 94, 100), candle(3, 100, 100, 100, 100)]);
    expect(path.pricesUsd).toEqual([100, 101, 90, 95, 95, 94, 110, 100, 100, 100, 100, 100]);
    expect(path.timesMs.map((timeMs) => timeMs / 1_000)).toEqual([0, 20, 40, 60, 60, 80, 100, 120, 180, 200, 220, 240]);
  });
});

describe('playPath', () => {
  const path = candlePath([candle(0, 100, 101, 90, 95), candle(1, 95, 110, 94, 100)]);
  const play = (speed: number) => playPath(path, market, { source: 'candles', file: 'a.csv', speed });

  test.each([
    ['before it moves', [0], [[1_000]]],
    ['half way to the high', [10_000], [[1_005]]],
    ['the high itself', [20_000], [[1_010]]],
    ['a whole candle in one look', [60_000], [[1_010, 900, 950]]],
    [
      'two looks',
      [30_000, 20_000],
      [
        [1_010, 955],
        [900, 925],
      ],
    ],
    ['past the end, and on', [200_000, 1_000], [[1_010, 900, 950, 940, 1_100, 1_000], [1_000]]],
  ])('%s', (_what, looks, expected) => {
    const source = play(1);
    expect(looks.map((passedMs) => source.advance(passedMs))).toEqual(expected);
  });

  test('speed is recorded time per time, and the end is told', () => {
    const source = play(60);
    expect(source.advance(1_000)).toEqual([1_010, 900, 950]);
    expect(source.progress()).toMatchObject({
      playedPercent: 50,
      ended: false,
      recordedTime: '1970-01-01T00:01:00.000Z',
    });
    source.advance(1_000);
    expect(source.progress()).toMatchObject({ playedPercent: 100, ended: true });
  });

  test('a price that the market cannot have is a fault', () => {
    const high = candlePath([candle(0, 100, 2_000_000, 90, 95)]);
    expect(() => playPath(high, market, { source: 'candles', file: 'a.csv', speed: 1 })).toThrow(
      'a.csv has the price 2000000, which BTC-USD cannot have: it takes prices up to 1000000',
    );
  });
});

describe('parseOrderMessages', () => {
  test('mid of the first two orders until the first execution, then the last execution', () => {
    const text = [
      '34200.1,1,11,10,1000000,1,null',
      '34200.2,1,12,10,1020000,-1,null',
      '34200.3,1,13,10,1010000,1,null',
      '34200.5,4,12,10,1020000,-1,null',
      '34200.6,3,11,10,1000000,1,null',
      '34200.7,7,0,0,-1,-1,null',
      '34200.9,5,0,10,1015000,1',
    ].join('\n');
    expect(parseOrderMessages(text, 'm.csv')).toEqual({
      shape: 'steps',
      timesMs: [34_200_200, 34_200_500, 34_200_900],
      pricesUsd: [101, 102, 101.5],
    });
  });

  test.each([
    ['', 'm.csv line 0: found the end of the file'],
    ['34200.1,3,11,10,1000000,1', 'm.csv line 1: found the end of the file, expected an execution'],
    [
      '34200.1,4,11,10,1000000,1\n34200.0,4,11,10,1000000,1',
      'm.csv line 2: found time 34200, expected a time not before',
    ],
    ['34200.1,9,11,10,1000000,1', 'm.csv line 1: found "34200.1,9,11,10,1000000,1", expected seconds after midnight'],
    ['34200.1,4,11,10,0,1', 'm.csv line 1: found "34200.1,4,11,10,0,1"'],
    ['34200.1,4,11,10', 'm.csv line 1: found "34200.1,4,11,10"'],
    ['open_time,open,high,low,close,volume', 'm.csv line 1: found "open_time,open,high,low,close,volume"'],
  ])('%j', (text, message) => expect(() => parseOrderMessages(text, 'm.csv')).toThrow(message));
});

describe('stepTowards', () => {
  test.each([
    ['no index yet', 0, 221_965, 200_000, 221_965],
    ['inside the bound', 600_000, 610_000, 200_000, 610_000],
    ['far below', 600_000, 221_965, 200_000, 480_600],
    ['far above', 221_965, 600_000, 200_000, 266_136],
    ['one tick at least', 3, 1, 200_000, 2],
    ['there', 5, 5, 200_000, 5],
  ])('%s', (_what, indexTicks, targetTicks, jumpPpm, expected) =>
    expect(stepTowards(indexTicks, targetTicks, jumpPpm)).toBe(expected),
  );
});
