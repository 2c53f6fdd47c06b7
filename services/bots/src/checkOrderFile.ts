import { explainFault } from '@keel/runtime';
import { loadConfig } from './config.ts';
import { readOrderFile } from './orders/readOrderFile.ts';

/**
 * Reads the order file that the service would play with this environment, from end to end, and sends nothing: exit code
 * 0 when its messages can be read, else one sentence on stderr and 1.
 */
try {
  const { orders } = loadConfig();
  if (orders !== undefined) readOrderFile(orders.file);
} catch (fault) {
  process.stderr.write(`keel bots: ${explainFault(fault)}\n`);
  process.exitCode = 1;
}
