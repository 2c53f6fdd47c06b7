import { createHash } from 'node:crypto';
import { addressOfKey } from '@keel/signing';
import type { Hex } from '@keel/types';
import { openWallet } from '../wallet/openWallet.ts';
import { PUBLIC_MNEMONIC } from './l1.ts';
import type { StartOptions } from './options.ts';

/** Key of the public phrase that pays for the liquidator; nobody else waits for its nonces. */
const PAYER_INDEX = 3;
/** With less than this, in USDC, it gets so much again. */
const FLOOR_USDC = 10_000;
const DEPOSIT_ATOMS = 20_000_000_000n;

/** The liquidator's throw-away key: it follows from the public phrase, so everybody has it. */
export function liquidatorKey(): Hex {
  return `0x${createHash('sha256').update(`${PUBLIC_MNEMONIC}/liquidator`).digest('hex')}`;
}

/** Deposits test USDC for the liquidator, if there is one, unless it has enough. Throws DevnetFault or what L1 says. */
export async function fundLiquidator(
  gatewayUrl: string,
  l1Url: string,
  { liquidator }: Pick<StartOptions, 'liquidator'>,
): Promise<void> {
  if (!liquidator) return;
  const account = addressOfKey(liquidatorKey());
  const answer = await fetch(`${gatewayUrl}/v1/accounts/${account}`);
  // 404 is an account that nobody has deposited to yet.
  const equityUsdc = answer.ok ? Number(((await answer.json()) as { readonly equity: string }).equity) : 0;
  if (equityUsdc >= FLOOR_USDC) return;
  const wallet = await openWallet(gatewayUrl, l1Url, PAYER_INDEX);
  await wallet.deposit(account, await wallet.asset('USDC'), DEPOSIT_ATOMS);
}
