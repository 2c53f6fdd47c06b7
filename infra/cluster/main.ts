import { resolve } from 'node:path';
import { DevnetFault } from '../launcher/devnetFault.ts';
import { type ClusterOptions, runCluster } from './runCluster.ts';

/** Started by bootstrap/cluster.mjs, which has checked the options and hands them over as one JSON text. */
const options = JSON.parse(process.argv[2] ?? '{}') as ClusterOptions;

try {
  await runCluster(resolve(import.meta.dirname, '..', '..'), options);
} catch (fault) {
  if (fault instanceof DevnetFault) process.stderr.write(`keel: ${fault.message}\n`);
  else if ((fault as NodeJS.ErrnoException).code === 'ENOSPC') process.stderr.write('keel: The disk is full.\n');
  else throw fault;
  process.exitCode = 1;
}
