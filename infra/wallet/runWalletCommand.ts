import { DevnetFault } from '../devnet/devnetFault.ts';
import { readWalletOptions, type WalletOptions } from './readWalletOptions.ts';

/** Runs one command of a person: its lines on stdout, or one sentence on stderr and exit code 1. */
export async function runWalletCommand(run: (options: WalletOptions) => Promise<void>): Promise<void> {
  try {
    await run(readWalletOptions(process.argv.slice(2)));
  } catch (fault) {
    if (!(fault instanceof DevnetFault)) throw fault;
    process.stderr.write(`keel: ${fault.message}\n`);
    process.exitCode = 1;
  }
}
