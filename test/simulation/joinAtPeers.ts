import { joinFromPeers, type Peer } from '@keel/cluster';
import type { Disk } from '@keel/journal';
import { BatchStore } from '@keel/replica';
import type { Process } from './scheduler.ts';
import type { World } from './world.ts';

/** Before a node opens its data directory: what the log does not reach back to comes from the others. */
export function joinAtPeers(options: {
  readonly process: Process;
  readonly world: World;
  readonly dataDir: string;
  readonly disk: Disk;
  readonly logFirstSequence: number;
  readonly peers: readonly Peer[];
}): Promise<void> {
  const { process, world, dataDir, disk, logFirstSequence, peers } = options;
  return joinFromPeers({
    dataDir,
    disk,
    batches: new BatchStore(dataDir, disk),
    logFirstSequence,
    peers,
    say: (level, message, facts) => {
      world.trace(`${process.name} ${level} ${message} ${JSON.stringify(facts ?? {})}`);
      if (message === 'fetched what was missing') world.counts.fetches += 1;
    },
  });
}
