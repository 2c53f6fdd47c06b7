import { raiseEngineVersion } from '@keel/journal';
import type { Exchange } from '@keel/replica';
import type { Logger } from '@keel/runtime';

/**
 * Notes in the data directory which rules of the engine its commands are under, now and with each upgrade, so that an older
 * program refuses it before it reads anything. Should the process die in between, the next start finds the upgrade in the
 * journal and notes it then. Throws JournalFault.
 */
export async function noteEngineVersion(
  dataDir: string,
  exchange: Exchange,
  log: Logger,
  fail: (fault: unknown) => never,
): Promise<void> {
  await raiseEngineVersion(dataDir, exchange.state.engineVersion);
  exchange.onUpgraded = (engineVersion) => {
    log.info({ engineVersion }, "the engine goes on by newer rules, from this command's successor on");
    raiseEngineVersion(dataDir, engineVersion).catch(fail);
  };
}
