import { describe, expect, it } from 'vitest';
import {
  addDecimals,
  compareDecimals,
  distanceOf,
  missingZeros,
  percentOf,
  signOf,
  subtractDecimals,
  toPercent,
} from '../src/decimal.ts';

describe('exact decimals', () => {
  it.each([
    ['0.1', '0.2', '0.3', '-0.1'],
    ['9007199254740993', '0.000001', '9007199254740993.000001', '9007199254740992.999999'],
    ['-1.5', '1.5', '0', '-3'],
    ['100', '0.25', '100.25', '99.75'],
  ])('%s and %s add up to %s and differ by %s', (a, b, sum, difference) => {
    expect(addDecimals(a, b)).toBe(sum);
    expect(subtractDecimals(a, b)).toBe(difference);
  });

  it.each([
    ['9', '10', -1],
    ['10.10', '10.1', 0],
    ['-2', '-3', 1],
    ['0.0000001', '0', 1],
  ])('%s against %s compares as %i', (a, b, order) => {
    expect(compareDecimals(a, b)).toBe(order);
  });

  it.each([
    ['2369.4', '64010', 2, '3.70'],
    ['1', '3', 2, '33.33'],
    ['2', '3', 2, '66.66'],
    ['-1', '3', 2, '-33.33'],
    ['0.5', '64010', 4, '0.0007'],
    ['1', '0', 2, undefined],
  ])('%s of %s is %s %% with the rest cut off', (part, whole, digits, percent) => {
    expect(percentOf(part, whole, digits)).toBe(percent);
  });

  it.each([
    ['0.0000125', '0.00125'],
    ['-0.04', '-4'],
    ['0', '0'],
  ])('the rate %s is %s %%', (rate, percent) => {
    expect(toPercent(rate)).toBe(percent);
  });

  it('finds the distance whichever is larger', () => {
    expect(distanceOf('1.5', '2')).toBe('0.5');
    expect(distanceOf('2', '1.5')).toBe('0.5');
  });

  it.each([
    ['64010', 1, '.0'],
    ['64010.5', 1, ''],
    ['1.2', 5, '0000'],
  ])('%s lacks %i decimals: %s', (text, decimals, zeros) => {
    expect(missingZeros(text, decimals)).toBe(zeros);
  });

  it.each([
    ['-0.00', 0],
    ['0', 0],
    ['-0.01', -1],
    ['5', 1],
  ])('the sign of %s is %i', (text, sign) => {
    expect(signOf(text)).toBe(sign);
  });
});
