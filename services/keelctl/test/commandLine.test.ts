import { describe, expect, test } from 'vitest';
import { readCommandLine, type SimulateCommand } from '../src/commandLine.ts';
import { CommandLineFault } from '../src/commandLineFault.ts';

const read = (line: string) => readCommandLine(line.split(' ').filter(Boolean), '/data');
const CONTRACT = `0x${'aB'.repeat(20)}`;

test.each([
  ['-5%..-50%', [5, 10, 20, 30, 40, 50]],
  ['-50..-5', [5, 10, 20, 30, 40, 50]],
  ['-12%..-35%', [12, 20, 30, 35]],
  ['-20%', [20]],
  ['-40%,-8%,-8%', [8, 40]],
] as const)('--shock %s', (text, shocks) => {
  expect((read(`simulate --shock ${text}`) as SimulateCommand).shocks).toEqual(shocks);
  expect((read(`simulate --shock=${text}`) as SimulateCommand).shocks).toEqual(shocks);
});

test('what is left out', () => {
  expect(read('simulate')).toEqual({
    kind: 'simulate',
    shocks: [5, 10, 20, 30, 40, 50],
    pathFile: undefined,
    snapshot: undefined,
    accounts: 1_000,
    markets: 3,
    lowestLeverage: 5,
    highestLeverage: 50,
    depthAtoms: 2_000_000_000_000,
    seed: 1,
    json: false,
    svgFile: undefined,
  });
});

test('files are named from where the caller stands', () => {
  expect(read('simulate --path fall.csv --svg ../out.svg --snapshot x')).toMatchObject({
    pathFile: '/data/fall.csv',
    svgFile: '/out.svg',
    snapshot: '/data/x',
  });
  expect(read(`certificate verify --json c.json --chain-id 7 --contract ${CONTRACT} --feeder ${CONTRACT}`)).toEqual({
    kind: 'verify',
    file: '/data/c.json',
    chainId: 7,
    contract: CONTRACT.toLowerCase(),
    feeders: [CONTRACT.toLowerCase()],
    json: true,
  });
});

describe('what is asked wrongly is told in a line', () => {
  test.each([
    ['certificate', 'say "certificate verify FILE" or "simulate"'],
    ['liquidate ann', 'say "certificate verify FILE" or "simulate"'],
    ['certificate verify', 'name one file'],
    ['certificate verify a b', 'name one file'],
    ['certificate verify a --chain-id 1', '--chain-id and --contract go together'],
    [`certificate verify a --chain-id 0 --contract ${CONTRACT}`, '--chain-id "0" is no whole number from 1'],
    ['certificate verify a --chain-id 1 --contract 0x12', '--contract "0x12" is no address'],
    ['certificate verify a --feeder ann', '--feeder "ann" is no address'],
    ['simulate --shock 5%', '--shock "5%" is no fall'],
    ['simulate --shock -0%', '--shock "-0%" is no fall'],
    ['simulate --shock -100%', '--shock "-100%" is no fall'],
    ['simulate --shock -5%..-10%..-20%', '--shock "-5%..-10%..-20%" is no fall'],
    ['simulate --shock -5% --path x', '--shock or --path, not both'],
    ['simulate --snapshot x --accounts 5', '--accounts describes a synthetic population'],
    ['simulate --accounts 0', '--accounts "0" is no whole number from 1 to 20000'],
    ['simulate --markets 21', '--markets "21" is no whole number from 1 to 20'],
    ['simulate --leverage 50-5', '--leverage "50-5" is no range'],
    ['simulate --leverage 5-51', '--leverage "51" is no whole number from 1 to 50'],
    ['simulate --leverage 5-10-20', '--leverage "5-10-20" is no range'],
    ['simulate --depth 1.5', '--depth "1.5" is no whole number'],
    ['simulate --seed 99999999999999999', '--seed "99999999999999999" is no whole number'],
    ['simulate --shok -5%', "Unknown option '--shok'"],
    ['simulate x', "Unexpected argument 'x'"],
  ])('%s', (line, fault) => {
    expect(() => read(line)).toThrow(CommandLineFault);
    expect(() => read(line)).toThrow(fault);
  });
});
