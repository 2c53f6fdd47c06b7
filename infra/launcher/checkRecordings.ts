import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { DevnetFault } from './devnetFault.ts';
import { devnetKey, FUNDER_INDEX } from './l1.ts';
import { ownWords } from './lastWords.ts';
import type { StartOptions } from './options.ts';
import { recordingEnv } from './recordingEnv.ts';

/** No contract exists yet, and a check talks to nobody; the settings want to be there. */
const UNUSED = {
  KEEL_SETTLEMENT_ADDRESS: `0x${'1'.repeat(40)}`,
  KEEL_USDC_ADDRESS: `0x${'2'.repeat(40)}`,
  KEEL_BOTS_FUNDER_KEY: devnetKey(FUNDER_INDEX),
};

/**
 * Has the services that would play the recordings read them from end to end. Throws DevnetFault with their sentence: a
 * file that cannot be played must be known before `--fresh` empties a devnet for it.
 */
export async function checkRecordings(repository: string, options: StartOptions): Promise<void> {
  const { replay, orders, bots } = options;
  const programs = [
    ...(replay === undefined && orders === undefined ? [] : ['price-feed/src/checkRecordings.ts']),
    ...(orders === undefined || !bots ? [] : ['bots/src/checkOrderFile.ts']),
  ];
  const env = { ...process.env, ...UNUSED, ...recordingEnv(options) };
  for (const program of programs) {
    try {
      await promisify(execFile)(process.execPath, [join(repository, 'services', program)], { env });
    } catch (fault) {
      const { stderr = '', message } = fault as Error & { readonly stderr?: string };
      throw new DevnetFault(ownWords(stderr) ?? message);
    }
  }
}
