import { describe, expect, test } from 'vitest';
import { readWalletOptions } from '../wallet/readWalletOptions.ts';

const ACCOUNT = '0xABcdefABcdefABcdefABcdefABcdefABcdefABcd';
const read = (...args: string[]) => readWalletOptions(['--account', ACCOUNT, ...args]);

describe('what deposit and claim are told', () => {
  test.each([
    [['--usdc', '1000'], 'USDC', '1000'],
    [['--asset', 'weth', '--amount', '0.5'], 'WETH', '0.5'],
    [['--asset', 'WETH'], 'WETH', undefined],
    [['--amount', '3'], undefined, '3'],
    [[], undefined, undefined],
  ])('%j is asset %s, amount %s', (args, asset, amount) => {
    expect(read(...args)).toMatchObject({ account: ACCOUNT.toLowerCase(), asset, amount, json: false });
  });

  test('help needs no account', () => {
    expect(readWalletOptions(['--help'])).toBe('help');
  });

  test.each([
    [['--usdc', '5', '--asset', 'USDC'], '--usdc names asset and amount'],
    [['--usdc', '5', '--amount', '5'], '--usdc names asset and amount'],
    [['--colour', 'red'], "Unknown option '--colour'. There is --account"],
    [['WETH'], 'Unexpected argument'],
  ])('%j is refused: %s', (args, sentence) => {
    expect(() => read(...args)).toThrow(sentence);
  });
});
