import { formatDecimal, parseDecimal } from '@keel/types';
import { DevnetFault } from '../launcher/devnetFault.ts';
import { type DevnetAsset, openWallet } from './openWallet.ts';
import { runWalletCommand } from './runWalletCommand.ts';

/**
 * npm run -s deposit -- --account 0x... --usdc 1000, or --asset WETH --amount 2: test tokens onto an account of the
 * devnet.
 */
await runWalletCommand(async ({ account, asset: symbol = 'USDC', amount = '', url, l1, json }) => {
  const wallet = await openWallet(url, l1);
  const asset = await wallet.asset(symbol);
  const l1TxHash = await wallet.deposit(account, asset, readAmount(amount, asset));
  const text = `${amount} ${symbol} deposited for ${account}, L1 transaction ${l1TxHash}; the account has them in a few seconds`;
  process.stdout.write(`${json ? JSON.stringify({ account, asset: symbol, amount, l1TxHash }) : text}\n`);
});

/** Counted atoms. Throws DevnetFault for what the contract would refuse. */
function readAmount(text: string, { symbol, decimals, minDepositAtoms, maxDepositAtoms }: DevnetAsset): bigint {
  const atoms = parseDecimal(text, decimals);
  if (typeof atoms === 'number' && atoms >= minDepositAtoms && atoms <= maxDepositAtoms) return BigInt(atoms);
  const option = symbol === 'USDC' ? '--usdc' : '--amount';
  const range = `${formatDecimal(minDepositAtoms, decimals)} to ${formatDecimal(maxDepositAtoms, decimals)}`;
  throw new DevnetFault(`${option} must be an amount from ${range} with at most ${decimals} decimals, not "${text}".`);
}
