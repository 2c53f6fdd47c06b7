import { parseDecimal, QUOTE_DECIMALS } from '@keel/types';
import { DevnetFault } from '../devnet/devnetFault.ts';
import { openWallet } from './openWallet.ts';
import { runWalletCommand } from './runWalletCommand.ts';

/** The contract's own bounds: 1 and 10^9 USDC. */
const ATOMS_MIN = 1_000_000;
const ATOMS_MAX = 1_000_000_000_000_000;

/** npm run -s deposit -- --account 0x... --usdc 1000: test USDC onto an account of the devnet. */
await runWalletCommand(async ({ account, usdc = '', url, l1, json }) => {
  const atoms = parseDecimal(usdc, QUOTE_DECIMALS);
  if (typeof atoms === 'string' || atoms < ATOMS_MIN || atoms > ATOMS_MAX) {
    throw new DevnetFault(`--usdc must be an amount from 1 to 1000000000 with at most 6 decimals, not "${usdc}".`);
  }
  const wallet = await openWallet(url, l1);
  const l1TxHash = await wallet.deposit(account, BigInt(atoms));
  const text = `${usdc} USDC deposited for ${account}, L1 transaction ${l1TxHash}; the account has them in a few seconds`;
  process.stdout.write(`${json ? JSON.stringify({ account, usdc, l1TxHash }) : text}\n`);
});
