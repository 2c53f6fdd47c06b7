import { explainFault } from '@keel/runtime';
import { loadRecordingsConfig } from './config.ts';
import { loadRecordings } from './sources/loadRecordings.ts';

/**
 * Reads the recordings that a feeder would play with this environment, from end to end, and reports nothing: exit code 0
 * when they can be played, else one sentence on stderr and 1. Whoever is about to empty a folder asks first.
 */
try {
  loadRecordings(loadRecordingsConfig());
} catch (fault) {
  process.stderr.write(`keel price-feed: ${explainFault(fault)}\n`);
  process.exitCode = 1;
}
