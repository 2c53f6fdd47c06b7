import { expect, test } from 'vitest';
import { divCeil, divCeilBig, divFloor, divFloorBig, mulDivCeil, mulDivFloor, mulExact } from '../src/index.ts';

test.for([
  [7, 2, 3, 4],
  [-7, 2, -4, -3],
  [8, 2, 4, 4],
  [-8, 2, -4, -4],
  [0, 5, 0, 0],
  [1, 9_007_199_254_740_991, 0, 1],
  [-9_007_199_254_740_991, 2, -4_503_599_627_370_496, -4_503_599_627_370_495],
] as const)('%i / %i is %i rounded down and %i rounded up', ([a, b, floor, ceil]) => {
  expect([divFloor(a, b), divCeil(a, b)]).toEqual([floor, ceil]);
  expect([divFloorBig(BigInt(a), BigInt(b)), divCeilBig(BigInt(a), BigInt(b))]).toEqual([BigInt(floor), BigInt(ceil)]);
});

test.for([
  [10, 3, 4, 7, 8],
  [-10, 3, 4, -8, -7],
  // Products beyond 2^53 are exact too.
  [9_007_199_254_740_991, 999_999, 1_000_000, 9_007_190_247_541_736, 9_007_190_247_541_737],
  [-9_007_199_254_740_991, 999_999, 1_000_000, -9_007_190_247_541_737, -9_007_190_247_541_736],
  [9_007_199_254_740_990, 3, 9, 3_002_399_751_580_330, 3_002_399_751_580_330],
] as const)('%i * %i / %i is %i rounded down and %i rounded up', ([a, b, c, floor, ceil]) => {
  expect([mulDivFloor(a, b, c), mulDivCeil(a, b, c)]).toEqual([floor, ceil]);
});

test('no zero has a sign, so equal numbers have equal bytes', () => {
  for (const zero of [divFloor(-0, 5), divCeil(-1, 5), mulDivCeil(-1, 1, 5), mulExact(-1, 0), mulDivFloor(0, -3, 7)]) {
    expect(Object.is(zero, 0)).toBe(true);
  }
});

test('what does not fit stops the process', () => {
  expect(() => divFloor(1, 0)).toThrow('divisor');
  expect(() => divFloorBig(1n, 0n)).toThrow('divisor');
  expect(() => mulExact(9_007_199_254_740_991, 2)).toThrow('safe');
  expect(() => mulDivFloor(9_007_199_254_740_991, 9, 2)).toThrow('safe');
});
