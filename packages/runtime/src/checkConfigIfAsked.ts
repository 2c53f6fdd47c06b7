import { ConfigError } from './readConfig.ts';
import { explainFault } from './startupFault.ts';

const FLAG = '--check-config';

/**
 * With `--check-config` on the command line the process only reads its settings, says on stdout what it found as one line
 * of JSON, `{"service":"gateway","ok":false,"faults":["KEEL_INTAKE_TOKEN is missing: ..."]}`, and ends: 0 = ok, 1 = not.
 * No secret is in it. Without the flag it does nothing.
 */
export function checkConfigIfAsked(service: string, loadConfig: () => unknown): void {
  if (!process.argv.includes(FLAG)) return;
  const faults = faultsOf(loadConfig);
  process.stdout.write(`${JSON.stringify({ service, ok: faults.length === 0, faults })}\n`);
  process.exit(faults.length === 0 ? 0 : 1);
}

function faultsOf(loadConfig: () => unknown): readonly string[] {
  try {
    loadConfig();
    return [];
  } catch (fault) {
    return fault instanceof ConfigError ? fault.faults : [explainFault(fault)];
  }
}
