import { DevnetFault } from '../launcher/devnetFault.ts';
import { readWalletOptions, WALLET_USAGE, type WalletOptions } from './readWalletOptions.ts';

/** Runs one command of a person: its lines on stdout, or one sentence on stderr and exit code 1. */
export async function runWalletCommand(run: (options: WalletOptions) => Promise<void>): Promise<void> {
  try {
    const options = readWalletOptions(process.argv.slice(2));
    if (options === 'help') process.stdout.write(`${WALLET_USAGE}\n`);
    else await run(options);
  } catch (fault) {
    if (!(fault instanceof DevnetFault)) throw fault;
    process.stderr.write(`keel: ${fault.message}\n`);
    process.exitCode = 1;
  }
}
