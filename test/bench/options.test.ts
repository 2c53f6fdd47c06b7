import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const REPOSITORY = join(import.meta.dirname, '..', '..');

test.each([
  [
    'bench:orders',
    ['--acounts', '4'],
    "Unknown option '--acounts'. There is --accounts VALUE (16), --orders VALUE (1000), --windows VALUE (1,8,64) and --json.",
  ],
  [
    'bench:gateway',
    ['--subscriber', '10'],
    "Unknown option '--subscriber'. There is --accounts VALUE (16), --orders VALUE (1000), --windows VALUE (1,16,64), --subscribers VALUE (1000,10000), --seconds VALUE (5) and --json.",
  ],
  [
    'bench:engine',
    ['--accounts', '--json'],
    "Option '--accounts' argument is ambiguous. There is --json, --seconds VALUE (10), --accounts VALUE, --markets VALUE, --evenly and --seed VALUE (1).",
  ],
  [
    'bench:book',
    ['--flow'],
    "Option '--flow <value>' argument missing. There is --flow VALUE, --rounds VALUE (7), --seed VALUE (1), --peers VALUE (prefix) and --json.",
  ],
  [
    'bench:replay',
    ['--json=yes'],
    "Option '--json' does not take an argument. There is --file VALUE, --peg VALUE, --accounts VALUE (1000), --leverage VALUE (5-50), --seed VALUE (1) and --json.",
  ],
  ['bench:replay', ['--leverage', '5-60'], "--leverage is a range within 1-50, not '5-60'"],
  ['bench:replay', ['--accounts', 'many'], "--accounts is a whole number from 1 to 100000, not 'many'"],
  ['replay:orders', ['candles'], "Unexpected argument 'candles'. There is --file VALUE and --json."],
])('%s says of a wrong option what there is, in one line and without a stack', (name, args, sentence) => {
  const program = join(REPOSITORY, 'infra', 'bootstrap', 'run.mjs');
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, name, ...args], { encoding: 'utf8' });
  expect({ status, stdout, stderr }).toEqual({ status: 2, stdout: '', stderr: `${name}: ${sentence}\n` });
});
