import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import {
  type Address,
  PRICE_FEEDERS_MAX,
  type PriceFeeder,
  parseDecimal,
  QUOTE_DECIMALS,
  type QuoteAtoms,
  type SafetyFund,
  type TradingStatus,
} from '@keel/types';
import { DevnetFault } from '../devnet/devnetFault.ts';

/** What an operator writes, and what the market is then. */
const STATUS_BY_WORD: Readonly<Record<string, TradingStatus>> = {
  open: 'open',
  'post-only': 'postOnly',
  'cancel-only': 'cancelOnly',
  halt: 'halted',
};
const FUNDS: readonly SafetyFund[] = ['insurance', 'backstop'];
const USAGE = [
  'npm run -s market -- halt|open|post-only|cancel-only SYMBOL',
  'feeders list',
  'feeders set ADDRESS[:WEIGHT]...',
  'allocate-fees SYMBOL insurance|backstop USDC',
].join(' | ');
const OPTIONS_USAGE = '[--data DIR] [--json]';

/** What is to be done. */
export type MarketWish =
  | { readonly kind: 'help'; readonly text: string }
  | { readonly kind: 'setStatus'; readonly status: TradingStatus; readonly symbol: string }
  | { readonly kind: 'listFeeders' }
  | { readonly kind: 'setFeeders'; readonly feeders: readonly PriceFeeder[] }
  | {
      readonly kind: 'allocateFees';
      readonly symbol: string;
      readonly fund: SafetyFund;
      readonly amountAtoms: QuoteAtoms;
    };

export interface MarketOptions {
  readonly wish: MarketWish;
  /** Folder of the devnet; the one of `npm start` when none is named. */
  readonly data: string;
  readonly json: boolean;
}

/** What the operator asked for. Throws DevnetFault with the sentence that says what is wrong. */
export function readMarketOptions(args: readonly string[], repository: string): MarketOptions {
  const { values, positionals } = parse(args);
  const data = values.data ?? resolve(repository, '.keel', 'devnet');
  const wish = values.help ? ({ kind: 'help', text: `${USAGE} ${OPTIONS_USAGE}` } as const) : readWish(positionals);
  return { wish, data, json: values.json };
}

function readWish([word = '', ...rest]: readonly string[]): MarketWish {
  const status = Object.hasOwn(STATUS_BY_WORD, word) ? STATUS_BY_WORD[word] : undefined;
  const [first = '', second = '', third = ''] = rest;
  if (status !== undefined && rest.length === 1) return { kind: 'setStatus', status, symbol: first.toUpperCase() };
  if (word === 'feeders' && first === 'list' && rest.length === 1) return { kind: 'listFeeders' };
  if (word === 'feeders' && first === 'set' && rest.length > 1) return setFeeders(rest.slice(1));
  const fund = FUNDS.find((each) => each === second);
  if (word === 'allocate-fees' && fund !== undefined && rest.length === 3)
    return { kind: 'allocateFees', symbol: first.toUpperCase(), fund, amountAtoms: usdc(third) };
  throw new DevnetFault(`Write ${USAGE} ${OPTIONS_USAGE}.`);
}

function setFeeders(texts: readonly string[]): MarketWish {
  const feeders = texts.map((text) => {
    const [, address, weight = '1'] = /^(0x[0-9a-fA-F]{40})(?::([1-9][0-9]{0,3}))?$/.exec(text) ?? [];
    if (address === undefined)
      throw new DevnetFault(`"${text}" is no feeder: write 0x and 40 hex digits, with :WEIGHT if it is not 1.`);
    return { feeder: address.toLowerCase() as Address, weight: Number(weight) };
  });
  if (feeders.length > PRICE_FEEDERS_MAX || new Set(feeders.map(({ feeder }) => feeder)).size < feeders.length)
    throw new DevnetFault(`Name at most ${PRICE_FEEDERS_MAX} feeders, each once.`);
  return { kind: 'setFeeders', feeders: feeders.sort((a, b) => (a.feeder < b.feeder ? -1 : 1)) };
}

function usdc(text: string): QuoteAtoms {
  const atoms = parseDecimal(text, QUOTE_DECIMALS);
  if (typeof atoms === 'string' || atoms === 0)
    throw new DevnetFault(`"${text}" is no amount of USDC: write a number above 0 like 1000 or 12.5.`);
  return atoms;
}

function parse(args: readonly string[]) {
  const options = {
    data: { type: 'string' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  } as const;
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (fault) {
    // The sentences after the first are about options of Node's own.
    const [unknown = ''] = (fault as Error).message.split('. ');
    throw new DevnetFault(`${unknown}. Write ${USAGE} ${OPTIONS_USAGE}.`);
  }
}
