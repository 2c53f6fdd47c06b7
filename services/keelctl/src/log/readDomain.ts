import { JOURNAL_FORMAT, readIdentity } from '@keel/journal';
import { type KeelDomain, keelDomain } from '@keel/signing';
import type { Address } from '@keel/types';
import { CommandLineFault } from '../commandLineFault.ts';
import { wholeNumber } from '../readOptions.ts';

/**
 * What the signatures of a data directory are bound to: what the command line says, else what its identity.json says. Rejects
 * with CommandLineFault, or with JournalCorrupt for an identity that cannot be read.
 */
export async function readDomain(
  dataDir: string,
  chainId: string | undefined,
  contract: string | undefined,
): Promise<KeelDomain> {
  if ((chainId === undefined) !== (contract === undefined))
    throw new CommandLineFault('--chain-id and --contract go together');
  if (chainId !== undefined && contract !== undefined) {
    if (!/^0x[0-9a-fA-F]{40}$/.test(contract))
      throw new CommandLineFault(`--contract "${contract}" is not 0x and 40 hex digits`);
    const chain = wholeNumber('--chain-id', chainId, 1, Number.MAX_SAFE_INTEGER);
    return keelDomain(chain, contract.toLowerCase() as Address);
  }
  const identity = await readIdentity(dataDir);
  if (identity === undefined || identity.format > JOURNAL_FORMAT)
    throw new CommandLineFault(`${dataDir} does not say whose it is: say --chain-id N --contract 0x...`);
  return keelDomain(identity.chainId, identity.settlementAddress as Address);
}
