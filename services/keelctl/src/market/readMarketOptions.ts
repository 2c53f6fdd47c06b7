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
import { CommandLineFault } from '../commandLineFault.ts';
import { NODE_OPTIONS } from '../nodes/nodeDoor.ts';

/** What an operator writes, and what the market is then. */
const STATUS_BY_WORD: Readonly<Record<string, TradingStatus>> = {
  open: 'open',
  'post-only': 'postOnly',
  'cancel-only': 'cancelOnly',
  halt: 'halted',
  resume: 'open',
};
const FUNDS: readonly SafetyFund[] = ['insurance', 'backstop'];
const USAGE = [
  'keelctl market list',
  'halt|resume|open|post-only|cancel-only SYMBOL',
  'set SYMBOL open|post-only|cancel-only|halt',
  'feeders list',
  'feeders set ADDRESS[:WEIGHT]...',
  'allocate-fees SYMBOL insurance|backstop USDC',
].join(' | ');
const OPTIONS_USAGE = '[--nodes URL,URL | --cluster local | --data DIR] [--token-file FILE] [--json]';

/** What is to be done. */
export type MarketWish =
  | { readonly kind: 'help'; readonly text: string }
  | { readonly kind: 'setStatus'; readonly status: TradingStatus; readonly symbol: string }
  | { readonly kind: 'list' }
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
  /** Folder of a devnet whose secret is taken; the one of `npm start` when none is named. */
  readonly data: string | undefined;
  readonly nodes: string | undefined;
  readonly cluster: string | undefined;
  readonly 'token-file': string | undefined;
  readonly json: boolean;
}

/** What the operator asked for. Throws CommandLineFault with the sentence that says what is wrong. */
export function readMarketOptions(args: readonly string[]): MarketOptions {
  const { values, positionals } = parse(args);
  const wish = values.help ? ({ kind: 'help', text: `${USAGE} ${OPTIONS_USAGE}` } as const) : readWish(positionals);
  const { data, nodes, cluster, 'token-file': tokenFile, json } = values;
  return { wish, data, nodes, cluster, 'token-file': tokenFile, json };
}

function readWish([word = '', ...rest]: readonly string[]): MarketWish {
  const status = Object.hasOwn(STATUS_BY_WORD, word) ? STATUS_BY_WORD[word] : undefined;
  const [first = '', second = '', third = ''] = rest;
  if (word === 'list' && rest.length === 0) return { kind: 'list' };
  if (word === 'set' && rest.length === 2 && second !== 'resume') return readWish([second, first]);
  if (status !== undefined && rest.length === 1) return { kind: 'setStatus', status, symbol: first.toUpperCase() };
  if (word === 'feeders' && first === 'list' && rest.length === 1) return { kind: 'listFeeders' };
  if (word === 'feeders' && first === 'set' && rest.length > 1) return setFeeders(rest.slice(1));
  const fund = FUNDS.find((each) => each === second);
  if (word === 'allocate-fees' && fund !== undefined && rest.length === 3)
    return { kind: 'allocateFees', symbol: first.toUpperCase(), fund, amountAtoms: usdc(third) };
  throw new CommandLineFault(`write ${USAGE} ${OPTIONS_USAGE}`);
}

function setFeeders(texts: readonly string[]): MarketWish {
  const feeders = texts.map((text) => {
    const [, address, weight = '1'] = /^(0x[0-9a-fA-F]{40})(?::([1-9][0-9]{0,3}))?$/.exec(text) ?? [];
    if (address === undefined)
      throw new CommandLineFault(`"${text}" is no feeder: write 0x and 40 hex digits, with :WEIGHT if it is not 1`);
    return { feeder: address.toLowerCase() as Address, weight: Number(weight) };
  });
  if (feeders.length > PRICE_FEEDERS_MAX || new Set(feeders.map(({ feeder }) => feeder)).size < feeders.length)
    throw new CommandLineFault(`name at most ${PRICE_FEEDERS_MAX} feeders, each once`);
  return { kind: 'setFeeders', feeders: feeders.sort((a, b) => (a.feeder < b.feeder ? -1 : 1)) };
}

function usdc(text: string): QuoteAtoms {
  const atoms = parseDecimal(text, QUOTE_DECIMALS);
  if (typeof atoms === 'string' || atoms === 0)
    throw new CommandLineFault(`"${text}" is no amount of USDC: write a number above 0 like 1000 or 12.5`);
  return atoms;
}

function parse(args: readonly string[]) {
  const options = {
    ...NODE_OPTIONS,
    data: { type: 'string' },
    help: { type: 'boolean', default: false },
  } as const;
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (fault) {
    // The sentences after the first are about options of Node's own.
    const [unknown = ''] = (fault as Error).message.split('. ');
    throw new CommandLineFault(`${unknown}; write ${USAGE} ${OPTIONS_USAGE}`);
  }
}
