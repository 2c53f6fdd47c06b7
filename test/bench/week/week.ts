/**
 * Plays a recording of BTC in USDC as the index of BTC-USD through the engine, with leveraged traders, makers and
 * liquidators, and tells how liquidations went. After every command the whole exchange is held against its invariants, and
 * every certificate is recomputed.
 *
 *   npm run -s bench:replay -- --file FILE [--peg FILE] [--accounts 1000] [--leverage 5-50] [--seed 1] [--json]
 *
 * FILE has one-minute candles, csv or csv.gz. With `--peg`, the same in USDT, every fourth trader deposits USDT, which counts
 * what it costs in USDC. The quote asset is USDC, so when USDC loses its peg that is in the index.
 */
import { readOptions } from '../../readOptions.ts';
import { type PlayedWeek, playWeek } from './playWeek.ts';
import { type Minute, readRecording } from './readRecording.ts';
import { resultOf } from './resultOf.ts';
import { tableOf } from './tableOf.ts';
import type { LeverageRange } from './weekTerms.ts';

const PROGRAM = 'bench:replay';
const REPORT_MS = 2_000;
const HIGHEST_LEVERAGE = 50;
const TRADERS_MAX = 100_000;

const values = readOptions(PROGRAM, {
  file: { type: 'string' },
  peg: { type: 'string' },
  accounts: { type: 'string', default: '1000' },
  leverage: { type: 'string', default: '5-50' },
  seed: { type: 'string', default: '1' },
  json: { type: 'boolean', default: false },
});
const terms = {
  traders: wholeNumber('accounts', values.accounts, 1, TRADERS_MAX),
  leverage: leverageRange(values.leverage),
  seed: wholeNumber('seed', values.seed, 0, 2 ** 32 - 1),
};
const minutes = readFiles();
const beganMs = performance.now();
let reportedMs = beganMs;
const played = playWeek(minutes, terms, report);
process.stderr.write('\n');
const result = resultOf(played, terms, minutes.length);
const seconds = (performance.now() - beganMs) / 1_000;
const { applyNs, checkNs } = played.exchange;
if (values.json) {
  const spent = { seconds, applySeconds: Number(applyNs) / 1e9, checkSeconds: Number(checkNs) / 1e9 };
  process.stdout.write(`${JSON.stringify({ ...result, spent })}\n`);
} else {
  process.stdout.write(tableOf(result));
}
if (result.certificateFaults.length > 0) process.exitCode = 1;

function readFiles(): readonly Minute[] {
  if (values.file === undefined) return refuse('give --file FILE, a csv or csv.gz of one-minute candles');
  try {
    return readRecording(values.file, values.peg);
  } catch (fault) {
    return refuse((fault as Error).message);
  }
}

function wholeNumber(name: string, text: string, lowest: number, highest: number): number {
  const value = /^\d{1,10}$/.test(text) ? Number(text) : -1;
  return value >= lowest && value <= highest
    ? value
    : refuse(`--${name} is a whole number from ${lowest} to ${highest}, not '${text}'`);
}

function leverageRange(text: string): LeverageRange {
  const [, from, to = from] = /^(\d{1,2})(?:-(\d{1,2}))?$/.exec(text) ?? [];
  const lowest = Number(from ?? 0);
  const highest = Number(to ?? 0);
  return lowest >= 1 && lowest <= highest && highest <= HIGHEST_LEVERAGE
    ? { lowest, highest }
    : refuse(`--leverage is a range within 1-${HIGHEST_LEVERAGE}, not '${text}'`);
}

function refuse(sentence: string): never {
  process.stderr.write(`${PROGRAM}: ${sentence}\n`);
  return process.exit(2);
}

/** Progress goes to stderr, so that --json stays clean. */
function report(minute: number, { exchange, tally }: PlayedWeek): void {
  if (performance.now() - reportedMs < REPORT_MS) return;
  reportedMs = performance.now();
  const share = Math.floor((minute * 100) / minutes.length);
  const spent = ((reportedMs - beganMs) / 1_000).toFixed(0);
  process.stderr.write(
    `\r${share} %  ${exchange.commands} commands  ${tally.fills} fills  ${tally.liquidations} liquidations  ${spent} s `,
  );
}
