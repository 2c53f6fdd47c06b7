import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { parseDecimal, QUOTE_DECIMALS } from '@keel/types';
import { afterAll, describe, expect, test } from 'vitest';
import { playWeek } from './playWeek.ts';
import { readRecording } from './readRecording.ts';
import { resultOf } from './resultOf.ts';
import { tableOf } from './tableOf.ts';

const REPOSITORY = join(import.meta.dirname, '..', '..', '..');
const MINUTES = 300;
const TERMS = { traders: 60, leverage: { lowest: 5, highest: 50 }, seed: 7 };
const folder = mkdtempSync(join(tmpdir(), 'keel-week-'));
const file = join(folder, 'usdc.csv');
const pegFile = join(folder, 'usdt.csv.gz');
writeFileSync(file, candles(usdcPrice));
writeFileSync(pegFile, gzipSync(candles(usdtPrice)));
afterAll(() => rmSync(folder, { recursive: true }));

/** In USDT a quiet swing of 1 %; in USDC from minute 150 on up by a fifth within 20 minutes, and down again from 220. */
function usdtPrice(minute: number): number {
  return 20_000 + 200 * Math.sin(minute / 20);
}

function usdcPrice(minute: number): number {
  const away = Math.min(1, Math.max(0, (minute - 150) / 20)) - Math.min(1, Math.max(0, (minute - 220) / 20));
  return usdtPrice(minute) * (1 + 0.2 * away);
}

function candles(priceAt: (minute: number) => number): string {
  const lines = Array.from({ length: MINUTES }, (_, minute) => {
    const [open, close] = [priceAt(minute), priceAt(minute + 1)];
    const prices = [open, Math.max(open, close) * 1.0005, Math.min(open, close) * 0.9995, close];
    const time = new Date(Date.UTC(2023, 2, 8, 0, minute)).toISOString();
    return `${time},${prices.map((price) => price.toFixed(2)).join(',')},1`;
  });
  return `open_time,open,high,low,close,volume\n${lines.join('\n')}\n`;
}

function play(seed: number, peg: string | undefined) {
  const terms = { ...TERMS, seed };
  const minutes = readRecording(file, peg);
  return resultOf(playWeek(minutes, terms), terms, minutes.length);
}

function atoms(decimal: string): number {
  const value = parseDecimal(decimal.replace('-', ''), QUOTE_DECIMALS);
  return (decimal.startsWith('-') ? -1 : 1) * Number(value);
}

describe('five hours in which the quote asset loses its peg', () => {
  const result = play(TERMS.seed, pegFile);

  test('accounts are liquidated, every certificate holds, and nobody is weak at the end', () => {
    expect(result.certificateFaults).toEqual([]);
    expect(result.invariantsChecked).toBe(result.commands);
    expect(result.liquidations).toBeGreaterThan(10);
    expect(result.weak.open).toBe(0);
    // Whoever is under maintenance has his turn at once, and no auction is longer than 10 s.
    expect(result.weak.maxSeconds).toBeLessThan(60);
  });

  test('the stages add up to the certificates, and the insurance fund to what it took and paid', () => {
    const steps = result.stages.reduce((sum, row) => sum + row.steps, 0);
    expect(steps).toBe(result.certificatesChecked);
    const fees = atoms(result.total.fee);
    expect(atoms(result.insuranceEnd)).toBe(atoms(result.insuranceStart) + fees - atoms(result.insurancePaid));
    expect(atoms(result.total.insurance)).toBe(atoms(result.insurancePaid));
  });

  test('no trade of a solvent account was worse than its zero price', () => {
    for (const row of result.stages) expect(atoms(row.improvement), row.stage).toBeGreaterThanOrEqual(0);
    expect(atoms(result.total.improvement)).toBeGreaterThan(0);
  });

  test('closing whole positions at the zero price takes more from the accounts', () => {
    expect(atoms(result.peer.cost)).toBeGreaterThan(atoms(result.total.cost));
    expect(result.peer.liquidations).toBeLessThanOrEqual(result.liquidations);
  });

  test('the vault kept to its cap', () => {
    for (const day of result.days) {
      const lost = atoms(result.backstopStart) - atoms(day.backstopLowest);
      expect(lost).toBeLessThanOrEqual(atoms(result.backstopLossCap));
    }
  });

  test('who deposited USDT and lost USDC pays with it; without a second file nobody has any', () => {
    expect(result.conversions).toBeGreaterThan(0);
    expect(play(TERMS.seed, undefined).conversions).toBe(0);
  });

  test('the same seed plays the same week, another one another', () => {
    expect(play(TERMS.seed, pegFile)).toEqual(result);
    expect(play(8, pegFile).total).not.toEqual(result.total);
  });

  test('the table has a line for each stage', () => {
    const table = tableOf(result);
    for (const stage of ['book', 'auction, via liquidator', 'backstop', 'deleverage']) {
      expect(table).toMatch(new RegExp(`^${stage} +\\d`, 'm'));
    }
  });
});

test('USDT is worth what BTC costs in USDC for what it costs in USDT', () => {
  const minutes = readRecording(file, pegFile);
  expect(minutes[100]).toMatchObject({ pegOpenTicks: 100_000, pegCloseTicks: 100_000 });
  // 0.2 * 1/2 of the way.
  expect(minutes[160]!.pegOpenTicks).toBeGreaterThanOrEqual(109_999);
  expect(minutes[160]!.pegOpenTicks).toBeLessThanOrEqual(110_001);
});

describe('npm run -s bench:replay', () => {
  const program = join(REPOSITORY, 'infra', 'bootstrap', 'run.mjs');
  const run = (...args: readonly string[]) =>
    spawnSync(process.execPath, [program, 'bench:replay', ...args], { encoding: 'utf8' });

  test('--json is one line', () => {
    const { status, stdout } = run(
      '--file',
      file,
      '--peg',
      pegFile,
      '--accounts',
      '20',
      '--leverage',
      '20-40',
      '--json',
    );
    expect(status).toBe(0);
    expect(stdout.trimEnd().split('\n')).toHaveLength(1);
    expect(JSON.parse(stdout)).toMatchObject({
      candles: MINUTES,
      traders: 20,
      leverage: '20-40',
      certificateFaults: [],
    });
  });

  test('a file that has no candles is one sentence', () => {
    const empty = join(folder, 'empty.csv');
    writeFileSync(empty, 'open_time,open,high,low,close,volume\n');
    const { status, stderr } = run('--file', empty);
    expect({ status, stderr }).toEqual({ status: 2, stderr: `bench:replay: ${empty} has no candle\n` });
  });
});
