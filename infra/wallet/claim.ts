import { formatDecimal } from '@keel/types';
import type { Address, Hex } from 'viem';
import { openWallet, readJsonFrom } from './openWallet.ts';
import { runWalletCommand } from './runWalletCommand.ts';

interface WithdrawalAnswer {
  readonly withdrawalIndex: number;
  readonly recipient: Address;
  readonly assetId: number;
  /** In counted atoms of the asset. */
  readonly amountAtoms: string;
  readonly batchIndex: number;
  readonly position: number;
  readonly siblings: readonly Hex[];
  readonly status: 'sealed' | 'claimable' | 'paid';
}

/**
 * npm run -s claim -- --account 0x...: has L1 pay every withdrawal of the account whose batch is there; with --asset WETH
 * only those of WETH.
 */
await runWalletCommand(async ({ account, asset: only, url, l1, json }) => {
  const wallet = await openWallet(url, l1);
  const onlyId = only === undefined ? undefined : (await wallet.asset(only)).assetId;
  const answer = await readJsonFrom<{ withdrawals: WithdrawalAnswer[] }>(`${url}/v1/accounts/${account}/withdrawals`);
  const withdrawals = answer.withdrawals.filter(({ assetId }) => onlyId === undefined || assetId === onlyId);
  const paid: { withdrawalIndex: number; amount: string; asset: string; l1TxHash: Hex }[] = [];
  for (const withdrawal of withdrawals) {
    if (withdrawal.status !== 'claimable') continue;
    const { withdrawalIndex } = withdrawal;
    const amountAtoms = BigInt(withdrawal.amountAtoms);
    const { symbol: asset, decimals } = await wallet.assetAt(withdrawal.assetId);
    const l1TxHash = await wallet.claim({ ...withdrawal, amountAtoms });
    if (l1TxHash !== undefined)
      paid.push({ withdrawalIndex, amount: formatDecimal(amountAtoms, decimals), asset, l1TxHash });
  }
  const waiting = withdrawals.filter(({ status }) => status === 'sealed').length;
  if (json) process.stdout.write(`${JSON.stringify({ account, paid, waiting })}\n`);
  else {
    for (const { withdrawalIndex, amount, asset, l1TxHash } of paid) {
      process.stdout.write(`withdrawal ${withdrawalIndex}: ${amount} ${asset} paid, L1 transaction ${l1TxHash}\n`);
    }
    if (paid.length === 0) process.stdout.write('nothing to claim\n');
    if (waiting > 0) process.stdout.write(`${waiting} more wait for their batch on L1; try again in a few seconds\n`);
  }
});
