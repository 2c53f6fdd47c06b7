import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { TradingStatus } from '@keel/types';
import { DevnetFault } from '../devnet/devnetFault.ts';

/** What an operator writes, and what the market is then. */
const STATUS_BY_WORD: Readonly<Record<string, TradingStatus>> = {
  open: 'open',
  'post-only': 'postOnly',
  'cancel-only': 'cancelOnly',
  halt: 'halted',
};
const USAGE = 'npm run -s market -- halt|open|post-only|cancel-only SYMBOL [--data DIR] [--json]';

export interface MarketOptions {
  readonly status: TradingStatus;
  readonly symbol: string;
  /** Folder of the devnet; the one of `npm start` when none is named. */
  readonly data: string;
  readonly json: boolean;
}

/** What the operator asked for. Throws DevnetFault with the sentence that says what is wrong. */
export function readMarketOptions(args: readonly string[], repository: string): MarketOptions {
  const { values, positionals } = parse(args);
  const [word = '', symbol, ...rest] = positionals;
  const status = Object.hasOwn(STATUS_BY_WORD, word) ? STATUS_BY_WORD[word] : undefined;
  if (status === undefined || symbol === undefined || rest.length > 0) throw new DevnetFault(`Write ${USAGE}.`);
  const data = values.data ?? resolve(repository, '.keel', 'devnet');
  return { status, symbol: symbol.toUpperCase(), data, json: values.json };
}

function parse(args: readonly string[]) {
  const options = { data: { type: 'string' }, json: { type: 'boolean', default: false } } as const;
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (fault) {
    // The sentences after the first are about options of Node's own.
    const [unknown = ''] = (fault as Error).message.split('. ');
    throw new DevnetFault(`${unknown}. Write ${USAGE}.`);
  }
}
