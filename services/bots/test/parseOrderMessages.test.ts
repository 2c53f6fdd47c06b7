import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { StartupFault } from '@keel/runtime';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { firstPrice } from '../src/orders/firstPrice.ts';
import { assertFitsMarket, fewestLots, nearestTicks, ticksOf } from '../src/orders/fitToMarket.ts';
import { parseOrderMessages } from '../src/orders/parseOrderMessages.ts';
import { readOrderFile } from '../src/orders/readOrderFile.ts';
import { SOL } from './markets.ts';

const parse = (...lines: string[]) => parseOrderMessages(lines.join('\n'), 'm.csv');
/** The sentence that the line is refused with. */
function faultOf(...lines: string[]): string {
  try {
    parse(...lines);
  } catch (fault) {
    expect(fault).toBeInstanceOf(StartupFault);
    return (fault as StartupFault).message;
  }
  return 'no fault';
}

test('the seven types of message, with and without the last column, with either line end', () => {
  const messages = parse(
    '34200.000376608,1,71,10,33578400,1,null',
    '34200.5,2,71,4,33578400,1,null\r',
    '34201,3,71,6,33578400,1',
    '34201,4,72,6,33578500,-1,null',
    '34201,5,0,10,33578400,1,null',
    '34201.1,6,-1,45725,33552100,-1,null',
    '34202,7,0,0,-1,-1,null',
    '',
  );
  expect(messages.map(({ kind }) => kind)).toEqual([
    'newOrder',
    'partialCancel',
    'cancel',
    'execution',
    'hiddenExecution',
    'cross',
    'halt',
  ]);
  expect(messages[0]).toEqual({
    lineNumber: 1,
    timeMs: 34_200_000.376608,
    kind: 'newOrder',
    orderId: '71',
    shares: 10,
    price: 33_578_400,
    side: 'buy',
  });
  expect(messages[3]).toMatchObject({ lineNumber: 4, kind: 'execution', side: 'sell' });
});

describe('a line that does not fit is named, with what was expected there', () => {
  const good = '34200.5,1,71,10,33578400,1,null';
  test.each([
    ['an empty file', [''], 'line 1', '6 or 7 columns'],
    ['a header', ['Time,Type,OrderID,Size,Price,Direction'], 'line 1', 'seconds after midnight'],
    ['a candle file', ['2023-03-08,22196,22200,22190,22195'], 'line 1', '6 or 7 columns'],
    ['too many columns', [good, `${good},x`], 'line 2', '6 or 7 columns'],
    ['an empty line in the middle', [good, '', good], 'line 2', '6 or 7 columns'],
    ['a time with an exponent', ['3.4e4,1,71,10,33578400,1'], 'line 1', 'seconds after midnight'],
    ['a time after midnight', ['86400,1,71,10,33578400,1'], 'line 1', 'seconds after midnight'],
    ['time running backwards', [good, '34200.4,3,71,10,33578400,1'], 'line 2', 'not before the time of the line above'],
    ['type 8', ['34200,8,71,10,33578400,1'], 'line 1', 'message type from 1 to 7'],
    ['an order id in words', ['34200,1,abc,10,33578400,1'], 'line 1', 'order id'],
    ['no shares', ['34200,1,71,0,33578400,1'], 'line 1', 'number of shares'],
    ['negative shares', ['34200,1,71,-5,33578400,1'], 'line 1', 'number of shares'],
    ['a price with a point', ['34200,1,71,10,3357.84,1'], 'line 1', 'price in USD times 10000'],
    ['a price of 0', ['34200,1,71,10,0,1'], 'line 1', 'price in USD times 10000'],
    ['a price of 10^40', [`34200,1,71,10,1${'0'.repeat(40)},1`], 'line 1', 'price in USD times 10000'],
    ['direction 0', ['34200,1,71,10,33578400,0'], 'line 1', 'direction 1 (buy) or -1 (sell)'],
  ])('%s', (_, lines, where, expected) => {
    const sentence = faultOf(...lines);
    expect(sentence).toContain(`m.csv ${where}: found "`);
    expect(sentence).toContain(expected);
    expect(sentence).not.toContain('\n');
  });
});

test('any text is messages or one sentence', () => {
  const cell = fc.oneof(fc.constantFrom('34200', '1', '4', '71', '-1', '10', '33578400', 'null', ''), fc.string());
  const line = fc.array(cell, { minLength: 5, maxLength: 8 }).map((cells) => cells.join(','));
  fc.assert(
    fc.property(fc.array(line, { maxLength: 4 }), (lines) => {
      try {
        parse(...lines);
      } catch (fault) {
        expect(fault).toBeInstanceOf(StartupFault);
      }
    }),
  );
});

describe('prices', () => {
  test.each([
    [33_578_400, 335_784],
    [33_578_450, undefined],
    [100, 1],
    [1, undefined],
  ])('%i of the file are %s ticks of 0.01', (price, ticks) => {
    expect(ticksOf(SOL, price)).toBe(ticks);
  });

  test.each([
    [SOL, 335_784, 1],
    // One lot of ETH, 0.0001, is worth 0.34 USD: 100 of them are 33.6 USD.
    [{ ...SOL, sizeDecimals: 4, atomsPerTickLot: 1 }, 335_784, 100],
    [SOL, 1, 1_000_000],
  ])('a share is worth an order: %o at %i', (market, ticks, lots) => {
    expect(fewestLots(market, ticks)).toBe(lots);
  });

  test.each([
    [33_575_050, 335_751],
    [33_575_000, 335_750],
    [1, 1],
  ])('%i of the file is nearest to %i ticks', (price, ticks) => {
    expect(nearestTicks(SOL, price)).toBe(ticks);
  });

  test('a market with more decimals than the file', () => {
    expect(ticksOf({ ...SOL, priceDecimals: 5 }, 33_578_401)).toBe(335_784_010);
  });

  test('a new order between two ticks is named; a hidden execution there is not played and may stand', () => {
    const hidden = parse('34200,5,0,10,33578450,1');
    expect(() => assertFitsMarket(hidden, SOL, 'm.csv')).not.toThrow();
    const stray = parse('34200,1,70,10,33578400,1', '34200,1,71,10,33578450,1');
    expect(() => assertFitsMarket(stray, SOL, 'm.csv')).toThrow(
      'm.csv line 2: found "33578450", expected a price that is a multiple of SOL-USD\'s tick, 0.01 USD',
    );
  });

  test.each([
    [['34200,1,70,10,33570000,1', '34200,1,71,10,33580000,-1', '34200,1,72,10,99,1'], 33_575_000],
    [['34200,1,70,10,33570000,1'], 33_570_000],
    [['34200,5,0,10,33570000,1'], undefined],
  ])('the first price of %o', (lines, price) => {
    expect(firstPrice(parse(...lines))).toBe(price);
  });
});

describe('files', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'keel-bots-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test('plain and packed', () => {
    const text = '34200,1,70,10,33570000,1\n';
    writeFileSync(join(folder, 'm.csv'), text);
    writeFileSync(join(folder, 'm.csv.gz'), gzipSync(text));
    expect(readOrderFile(join(folder, 'm.csv'))).toEqual(readOrderFile(join(folder, 'm.csv.gz')));
  });

  test('none there, and not packed as its name says', () => {
    writeFileSync(join(folder, 'm.csv.gz'), 'plain');
    expect(() => readOrderFile(join(folder, 'x.csv'))).toThrow(/x\.csv cannot be read: not found/);
    expect(() => readOrderFile(join(folder, 'm.csv.gz'))).toThrow(/m\.csv\.gz cannot be read/);
  });
});
