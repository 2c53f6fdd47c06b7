import type { Sequencer } from '@keel/cluster';
import type { Exchange } from '@keel/replica';
import type { ReadModelPublisher } from './publishReadModel.ts';

/** What /status of the admin port shows. */
export function describeSequencer(
  exchange: Exchange,
  sequencer: Sequencer,
  publisher: ReadModelPublisher,
  recoverySeconds: number,
): object {
  return {
    ...exchange.status(),
    openBatchCommands: exchange.openBatchCommands,
    waitingCommands: sequencer.waiting,
    readModel: {
      connected: publisher.connected,
      lagCommands: publisher.lagCommands,
      rebuilds: publisher.rebuilds,
    },
    recoverySeconds,
  };
}
