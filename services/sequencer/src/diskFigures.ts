import { statfsSync } from 'node:fs';
import type { Metrics } from '@keel/runtime';

/** How full the disk of the journal is, for whoever must act before the process ends for want of room. */
export function createDiskFigures(metrics: Metrics, dataDir: string): void {
  metrics.gauge({
    name: 'keel_sequencer_disk_free_bytes',
    help: 'What this process may still write on the disk of its data directory.',
    collect: () => {
      const { bavail, bsize } = statfsSync(dataDir);
      return bavail * bsize;
    },
  });
  metrics.gauge({
    name: 'keel_sequencer_disk_size_bytes',
    help: 'Size of the disk of the data directory.',
    collect: () => {
      const { blocks, bsize } = statfsSync(dataDir);
      return blocks * bsize;
    },
  });
}
