import { parseArgs } from 'node:util';
import type { Address } from 'viem';
import { DevnetFault } from '../devnet/devnetFault.ts';

const USAGE = 'There is --account 0x..., --usdc AMOUNT (deposit), --url GATEWAY, --l1 URL and --json.';

export interface WalletOptions {
  readonly account: Address;
  /** Undefined where the command has no amount. */
  readonly usdc: string | undefined;
  readonly url: string;
  readonly l1: string;
  readonly json: boolean;
}

/** The options that both wallet commands share. Throws DevnetFault with the sentence that says what is wrong. */
export function readWalletOptions(args: readonly string[]): WalletOptions {
  const options = {
    account: { type: 'string' },
    usdc: { type: 'string' },
    url: { type: 'string', default: 'http://127.0.0.1:8080' },
    l1: { type: 'string', default: `http://127.0.0.1:${process.env.KEEL_DEVNET_L1_PORT ?? 8546}` },
    json: { type: 'boolean', default: false },
  } as const;
  const { account, usdc, ...rest } = parse(() => parseArgs({ args: [...args], options }).values);
  if (account === undefined || !/^0x[0-9a-fA-F]{40}$/.test(account)) {
    throw new DevnetFault('Name the account with --account 0x and 40 hex digits.');
  }
  return { account: account.toLowerCase() as Address, usdc, ...rest };
}

function parse<T>(read: () => T): T {
  try {
    return read();
  } catch (fault) {
    // The sentences after the first are about options of Node's own.
    const [unknown = ''] = (fault as Error).message.split('. ');
    throw new DevnetFault(`${unknown}. ${USAGE}`);
  }
}
