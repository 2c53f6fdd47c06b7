import { parseArgs } from 'node:util';
import type { Address } from 'viem';
import { DevnetFault } from '../launcher/devnetFault.ts';

export const WALLET_USAGE =
  'There is --account 0x..., --usdc AMOUNT or --asset SYMBOL --amount AMOUNT (deposit), --asset SYMBOL (claim), --url GATEWAY, --l1 URL and --json.';

export interface WalletOptions {
  readonly account: Address;
  /** Symbol of an asset in capitals; undefined = none was named. */
  readonly asset: string | undefined;
  /** Undefined where none was given. `--usdc 5` is short for `--asset USDC --amount 5`. */
  readonly amount: string | undefined;
  readonly url: string;
  readonly l1: string;
  readonly json: boolean;
}

/** The options that both wallet commands share, or that help was asked for. Throws DevnetFault with the sentence that says what is wrong. */
export function readWalletOptions(args: readonly string[]): WalletOptions | 'help' {
  const options = {
    account: { type: 'string' },
    usdc: { type: 'string' },
    asset: { type: 'string' },
    amount: { type: 'string' },
    url: { type: 'string', default: 'http://127.0.0.1:8080' },
    l1: { type: 'string', default: `http://127.0.0.1:${process.env.KEEL_DEVNET_L1_PORT ?? 8546}` },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  } as const;
  const { account, usdc, asset, amount, help, ...rest } = parse(() => parseArgs({ args: [...args], options }).values);
  if (help) return 'help';
  if (account === undefined || !/^0x[0-9a-fA-F]{40}$/.test(account)) {
    throw new DevnetFault('Name the account with --account 0x and 40 hex digits.');
  }
  if (usdc !== undefined && (asset !== undefined || amount !== undefined)) {
    throw new DevnetFault('--usdc names asset and amount; give either it or --asset with --amount.');
  }
  return {
    account: account.toLowerCase() as Address,
    asset: usdc === undefined ? asset?.toUpperCase() : 'USDC',
    amount: usdc ?? amount,
    ...rest,
  };
}

function parse<T>(read: () => T): T {
  try {
    return read();
  } catch (fault) {
    // The sentences after the first are about options of Node's own.
    const [unknown = ''] = (fault as Error).message.split('. ');
    throw new DevnetFault(`${unknown}. ${WALLET_USAGE}`);
  }
}
