import { expect, test } from 'vitest';
import { formatDecimal, parseDecimal } from '../src/index.ts';

test.for([
  ['22196.5', 1, 221_965],
  ['22196', 1, 221_960],
  ['0', 6, 0],
  ['0.000001', 6, 1],
  ['9007199254740991', 0, 9_007_199_254_740_991],
  ['9007199254740992', 0, 'outOfRange'],
  ['1'.repeat(40), 0, 'outOfRange'],
  ['-1', 0, 'outOfRange'],
  ['22196.55', 1, 'offGrid'],
  ['1.0', 1, 'notCanonical'],
  ['01', 0, 'notCanonical'],
  ['-0', 0, 'outOfRange'],
  ['1.', 1, 'notADecimal'],
  ['.5', 1, 'notADecimal'],
  ['+1', 0, 'notADecimal'],
  ['1e3', 0, 'notADecimal'],
  ['', 0, 'notADecimal'],
  ['NaN', 0, 'notADecimal'],
  [' 1', 0, 'notADecimal'],
  ['1\n', 0, 'notADecimal'],
  ['١', 0, 'notADecimal'],
] as const)('%j with %i decimals is %j', ([text, decimals, expected]) => {
  expect(parseDecimal(text, decimals)).toBe(expected);
});

test.for([
  [221_965, 1, '22196.5'],
  [221_960, 1, '22196'],
  [-5, 3, '-0.005'],
  [0, 6, '0'],
  [100, 0, '100'],
  [12_345_678_901_234_567_890n, 6, '12345678901234.56789'],
] as const)('%s units of 10^-%i read %j', ([units, decimals, expected]) => {
  expect(formatDecimal(units, decimals)).toBe(expected);
});
