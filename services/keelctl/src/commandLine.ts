import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Address } from '@keel/types';
import { CommandLineFault } from './commandLineFault.ts';
import { HIGHEST_LEVERAGE, POPULATION, USDC_ATOMS } from './population/populationTerms.ts';

export interface VerifyCommand {
  readonly kind: 'verify';
  readonly file: string;
  readonly chainId: number | undefined;
  readonly contract: Address | undefined;
  readonly feeders: readonly Address[];
  readonly json: boolean;
}

export interface SimulateCommand {
  readonly kind: 'simulate';
  /** Falls in per cent, ascending. */
  readonly shocks: readonly number[];
  readonly pathFile: string | undefined;
  readonly snapshot: string | undefined;
  readonly accounts: number;
  readonly markets: number;
  readonly lowestLeverage: number;
  readonly highestLeverage: number;
  readonly depthAtoms: number;
  readonly seed: number;
  readonly json: boolean;
  readonly svgFile: string | undefined;
}

const SHOCKS = [5, 10, 20, 30, 40, 50];
const SHOCK = /^-([1-9][0-9]?)%?$/;
const ADDRESS = /^0x[0-9a-fA-F]{40}$/;
const ACCOUNTS_MAX = 20_000;
const MARKETS_MAX = 20;
const DEPTH_MAX = 100_000_000;
const DEPTH = '2000000';
/** Options of a synthetic population. */
const SYNTHETIC = ['accounts', 'markets', 'leverage', 'seed'] as const;

/**
 * What the command line asks for. Files are named from `folder`.
 * @throws CommandLineFault saying what is wrong with it.
 */
export function readCommandLine(args: readonly string[], folder: string): VerifyCommand | SimulateCommand {
  const [command, verb, ...rest] = args;
  if (command === 'certificate' && verb === 'verify') return readVerify(rest, folder);
  if (command === 'simulate') return readSimulate(args.slice(1), folder);
  throw new CommandLineFault('say "certificate verify FILE" or "simulate"; keelctl --help lists what there is');
}

function readVerify(args: readonly string[], folder: string): VerifyCommand {
  const { values, positionals } = parse(() =>
    parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        'chain-id': { type: 'string' },
        contract: { type: 'string' },
        feeder: { type: 'string', multiple: true, default: [] },
        json: { type: 'boolean', default: false },
      },
    }),
  );
  const [file] = positionals;
  if (file === undefined || positionals.length > 1)
    throw new CommandLineFault('name one file: certificate verify FILE');
  const chainId = values['chain-id'];
  const { contract, feeder, json } = values;
  if ((chainId === undefined) !== (contract === undefined)) {
    throw new CommandLineFault('--chain-id and --contract go together');
  }
  return {
    kind: 'verify',
    file: resolve(folder, file),
    chainId: chainId === undefined ? undefined : whole('--chain-id', chainId, 1, Number.MAX_SAFE_INTEGER),
    contract: contract === undefined ? undefined : address('--contract', contract),
    feeders: feeder.map((each) => address('--feeder', each)),
    json,
  };
}

function readSimulate(args: readonly string[], folder: string): SimulateCommand {
  const { values } = parse(() =>
    parseArgs({
      args: joinShock(args),
      options: {
        shock: { type: 'string' },
        path: { type: 'string' },
        snapshot: { type: 'string' },
        accounts: { type: 'string' },
        markets: { type: 'string' },
        leverage: { type: 'string' },
        depth: { type: 'string', default: DEPTH },
        seed: { type: 'string' },
        json: { type: 'boolean', default: false },
        svg: { type: 'string' },
      },
    }),
  );
  const { shock, path, snapshot, svg, json } = values;
  if (shock !== undefined && path !== undefined) throw new CommandLineFault('--shock or --path, not both');
  const idle = SYNTHETIC.find((name) => values[name] !== undefined);
  if (snapshot !== undefined && idle !== undefined) {
    throw new CommandLineFault(`--${idle} describes a synthetic population, and --snapshot has one of its own`);
  }
  const fileOf = (name: string | undefined): string | undefined => (name === undefined ? name : resolve(folder, name));
  const [lowest, highest] = leverageOf(values.leverage);
  return {
    kind: 'simulate',
    shocks: shocksOf(shock ?? '-5%..-50%'),
    pathFile: fileOf(path),
    snapshot: fileOf(snapshot),
    accounts: whole('--accounts', values.accounts ?? String(POPULATION.accounts), 1, ACCOUNTS_MAX),
    markets: whole('--markets', values.markets ?? String(POPULATION.markets), 1, MARKETS_MAX),
    lowestLeverage: lowest,
    highestLeverage: highest,
    depthAtoms: whole('--depth', values.depth, 0, DEPTH_MAX) * USDC_ATOMS,
    seed: whole('--seed', values.seed ?? String(POPULATION.seed), 0, Number.MAX_SAFE_INTEGER),
    json,
    svgFile: fileOf(svg),
  };
}

/** A value that begins with a minus looks like an option to Node: `--shock -5%` is what people write. */
function joinShock(args: readonly string[]): string[] {
  const joined: string[] = [];
  for (const arg of args) {
    if (joined.at(-1) === '--shock' && /^-[0-9]/.test(arg)) joined[joined.length - 1] = `--shock=${arg}`;
    else joined.push(arg);
  }
  return joined;
}

/** `-5%..-50%`, `-12%` or `-5%,-12%` as falls in per cent, ascending. */
function shocksOf(text: string): readonly number[] {
  const ends = text.split('..');
  const falls = (ends.length === 2 ? ends : text.split(',')).map((each) => fallOf(each, text)).sort(ascending);
  const [low = 0, high = 0] = falls;
  return [
    ...new Set(ends.length === 2 ? [low, ...SHOCKS.filter((shock) => shock > low && shock < high), high] : falls),
  ];
}

function ascending(one: number, other: number): number {
  return one - other;
}

function fallOf(text: string, whole: string): number {
  const percent = SHOCK.exec(text.trim())?.[1];
  if (percent === undefined) throw wrongShock(whole);
  return Number(percent);
}

function wrongShock(text: string): CommandLineFault {
  return new CommandLineFault(`--shock "${text}" is no fall from -1% to -99%, like -20%, -5%,-12% or -5%..-50%`);
}

function leverageOf(text: string | undefined): readonly [number, number] {
  if (text === undefined) return [POPULATION.lowestLeverage, POPULATION.highestLeverage];
  const ends = text.split('-');
  const [low, high] = [ends[0] ?? '', ends.at(-1) ?? ''].map((end) => whole('--leverage', end, 1, HIGHEST_LEVERAGE));
  if (ends.length > 2 || low! > high!) throw new CommandLineFault(`--leverage "${text}" is no range like 5-50`);
  return [low!, high!];
}

function whole(name: string, text: string, lowest: number, highest: number): number {
  const value = /^[0-9]{1,16}$/.test(text) ? Number(text) : -1;
  if (value < lowest || value > highest) {
    throw new CommandLineFault(`${name} "${text}" is no whole number from ${lowest} to ${highest}`);
  }
  return value;
}

function address(name: string, text: string): Address {
  if (!ADDRESS.test(text)) throw new CommandLineFault(`${name} "${text}" is no address: 0x and 40 hex digits`);
  return text.toLowerCase() as Address;
}

function parse<Result>(read: () => Result): Result {
  try {
    return read();
  } catch (fault) {
    // The sentences after the first are about options of Node's own.
    const [wrong = ''] = (fault as Error).message.split(/\.\s/);
    throw new CommandLineFault(wrong.replace(/\.$/, ''));
  }
}
