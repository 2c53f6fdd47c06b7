import { describe, expect, test } from 'vitest';
import { candlePath } from '../src/sources/candlePath.ts';
import { parseOrderMessages } from '../src/sources/parseOrderMessages.ts';
import { playPath } from '../src/sources/playPath.ts';
import { walkFrom } from '../src/sources/walkFrom.ts';

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
  const recording = { source: 'candles', file: 'a.csv', symbol: 'BTC-USD', path } as const;
  const btc = { name: 'BTC-USD', priceDecimals: 1, startUsd: 0 };
  /** Prices of looks at these times of play. */
  const looks = (speed: number, timesMs: readonly number[], startUsd = 0): (readonly number[] | undefined)[] =>
    timesMs.map((toMs, place) => {
      const turn = { nowMs: 1, fromMs: timesMs[place - 1] ?? 0, toMs };
      return playPath({ ...recording, speed }).observe({ ...btc, startUsd }, turn)?.pricesUsd;
    });

  test.each([
    ['before it moves', [0], [[100]]],
    ['half way to the high', [10_000], [[100.5]]],
    ['the high itself', [20_000], [[101]]],
    ['a whole candle in one look', [60_000], [[101, 90, 95]]],
    [
      'two looks',
      [30_000, 50_000],
      [
        [101, 95.5],
        [90, 92.5],
      ],
    ],
    ['past the end, and on', [200_000, 201_000], [[101, 90, 95, 94, 110, 100], [100]]],
  ])('%s', (_what, timesMs, expected) => expect(looks(1, timesMs)).toEqual(expected));

  test('speed is recorded time per time, and the end is told', () => {
    const source = playPath({ ...recording, speed: 60 });
    expect(looks(60, [1_000])).toEqual([[101, 90, 95]]);
    expect(source.progress(btc, { nowMs: 1, fromMs: 0, toMs: 1_000 })).toMatchObject({
      playedPercent: 50,
      ended: false,
      recordedTime: '1970-01-01T00:01:00.000Z',
      targetUsd: 95,
    });
    const end = { nowMs: 1, fromMs: 1_000, toMs: 2_000 };
    expect(source.progress(btc, end)).toMatchObject({ playedPercent: 100, ended: true });
  });

  test('of very many knots in one look the lowest, the highest and the last are told', () => {
    const many = candlePath(
      Array.from({ length: 20 }, (_unused, minute) => candle(minute, 100, 101 + minute, 99 - minute, 100)),
    );
    const source = playPath({ ...recording, path: many, speed: 1 });
    const seen = source.observe(btc, { nowMs: 1, fromMs: 0, toMs: 20 * 60_000 });
    expect(seen?.pricesUsd).toEqual([80, 120, 100]);
  });

  test('says nothing of another market, and is walked to from far away', () => {
    const other = { ...btc, name: 'ETH-USD' };
    expect(playPath({ ...recording, speed: 1 }).observe(other, { nowMs: 1, fromMs: 0, toMs: 1 })).toBeUndefined();
    expect(looks(1, [0], 200)).toEqual([[200]]);
    expect(looks(1, [500], 200)[0]?.at(-1)).toBeCloseTo(200 / 1.04);
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

describe('walkFrom', () => {
  test.each([
    ['no price yet', 0, 22_196.5, 0, 22_196.5],
    ['at once nothing is in reach but the start', 60_000, 61_000, 0, 60_000],
    ['a step down', 60_000, 22_196.5, 500, 60_000 / 1.04],
    ['a step up', 22_196.5, 60_000, 500, 22_196.5 * 1.04],
    ['there', 60_000, 61_000, 500, 61_000],
    ['after a day of play everything is in reach', 60_000, 0.01, 86_400_000, 0.01],
  ])('%s', (_what, startUsd, targetUsd, playedMs, expected) =>
    expect(walkFrom(startUsd, targetUsd, playedMs)).toBe(expected),
  );

  test('two turns of a second at once stay inside a band of 20 %', () => {
    expect(walkFrom(100, 1_000, 4_000) / walkFrom(100, 1_000, 2_000)).toBeLessThan(1.2);
  });
});
