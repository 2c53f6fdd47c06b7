import { explainFault } from '@keel/runtime';
import { loadConfig } from './config.ts';
import { loadRecordings } from './loadRecordings.ts';

/**
 * Reads the recordings that the service would play with this environment, from end to end, and publishes nothing: exit
 * code 0 when they can be played, else one sentence on stderr and 1. Whoever is about to empty a folder asks first.
 */
try {
  loadRecordings(loadConfig());
} catch (fault) {
  process.stderr.write(`keel price-feed: ${explainFault(fault)}\n`);
  process.exitCode = 1;
}
