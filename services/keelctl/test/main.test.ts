import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CHAIN_ID, CONTRACT, certificateOf, FEEDERS } from './certifiedExchange.ts';

const MAIN = new URL('../src/main.ts', import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'keelctl-'));

/** As `npm run -s keelctl -- ...` runs it: somewhere else than where the caller stands, who names files from there. */
function keelctl(...args: string[]) {
  const env = { ...process.env, INIT_CWD: folder };
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], { env, encoding: 'utf8' });
  return { status, stdout, stderr };
}

function write(name: string, json: unknown): void {
  writeFileSync(join(folder, name), JSON.stringify(json));
}

describe('certificate verify', () => {
  const domain = { chainId: CHAIN_ID, verifyingContract: CONTRACT };
  const certificate = certificateOf('book');
  const forged = { ...certificate, feeAtoms: certificate.feeAtoms + 1 };
  write('answer.json', { domain, certificate, readable: { stage: 'book' } });
  write('bare.json', certificate);
  write('forged.json', { domain, certificate: forged, readable: {} });
  const bound = ['--chain-id', String(CHAIN_ID), '--contract', CONTRACT];

  test('as the gateway answers it', () => {
    const { status, stdout, stderr } = keelctl('certificate', 'verify', 'answer.json');
    expect([status, stderr, stdout.trimEnd().split('\n').at(-1)]).toEqual([0, '', 'holds']);
  });

  test('bare, with what it is bound to and who may sign', () => {
    const feeders = FEEDERS.flatMap((feeder) => ['--feeder', feeder]);
    const { status, stdout } = keelctl('certificate', 'verify', 'bare.json', ...bound, ...feeders, '--json');
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      holds: true,
      faults: [],
      stage: 'book',
      signers: [{ feed: 'BTC-USD' }],
    });
  });

  test('a forged one says what does not hold, and exits with 1', () => {
    const told = keelctl('certificate', 'verify', 'forged.json');
    expect(told.status).toBe(1);
    expect(told.stdout).toContain('FAULT fee: comes to 14288000, not 14288001');
    const json = keelctl('certificate', 'verify', 'forged.json', '--json');
    expect([json.status, JSON.parse(json.stdout).faults[0]]).toEqual([1, 'fee: comes to 14288000, not 14288001']);
  });

  test('of another exchange than asked for', () => {
    const { status, stdout } = keelctl(
      'certificate',
      'verify',
      'answer.json',
      '--chain-id',
      '1',
      '--contract',
      CONTRACT,
    );
    expect(status).toBe(1);
    expect(stdout).toContain('FAULT domain: the file is of chain 31337');
  });

  test.each([
    ['none.json', 'there is no '],
    ['bare.json', 'the file does not say what its signatures are bound to'],
  ])('%s is told in one line, with exit code 2', (name, fault) => {
    const { status, stdout, stderr } = keelctl('certificate', 'verify', name);
    expect([status, stdout, stderr.split('\n').length]).toEqual([2, '', 2]);
    expect(stderr).toContain(fault);
  });
});

describe('simulate', () => {
  const small = ['simulate', '--accounts', '40', '--markets', '1', '--depth', '200000', '--seed', '3'];

  test('a path of its own, as table, JSON and picture', () => {
    writeFileSync(join(folder, 'dip.csv'), 'ms,factor\n0,1\n10000,0.9\n20000,0.97\n');
    const startMs = performance.now();
    const { status, stdout } = keelctl(...small, '--path', 'dip.csv', '--json', '--svg', 'dip.svg');
    expect(performance.now() - startMs).toBeLessThan(5_000);
    expect(status).toBe(0);
    const { results, population, depthUsdc } = JSON.parse(stdout);
    expect([results.length, results[0].path, population.seed, depthUsdc]).toEqual([6, 'dip.csv', 3, 200_000]);
    expect(readFileSync(join(folder, 'dip.svg'), 'utf8')).toContain('dip.csv');
    expect(keelctl(...small, '--path', 'dip.csv').stdout).toContain('dip.csv, ');
  });

  test('a fall, written as people write it', () => {
    const { status, stdout, stderr } = keelctl(...small, '--shock', '-10%');
    expect([status, stderr.replace(/^keelctl: -10 %.*\n/gm, '')]).toEqual([0, '']);
    expect(stdout).toContain('-10 %, ');
  });

  test('what cannot be read or written is told in one line', () => {
    expect(keelctl('simulate', '--snapshot', 'nowhere')).toMatchObject({ status: 2, stdout: '' });
    const unwritable = keelctl(...small, '--shock', '-5%', '--svg', 'no/such/folder.svg');
    expect([unwritable.status, unwritable.stdout]).toEqual([2, '']);
    expect(unwritable.stderr).toContain('cannot be written');
  });
});

test('nothing at all is a wish for help', () => {
  const { status, stdout, stderr } = keelctl();
  expect([status, stderr]).toEqual([0, '']);
  expect(stdout).toContain('certificate verify FILE');
});
