import type { Exchange } from './exchange.ts';
import type { ReadModelPublisher } from './publishReadModel.ts';
import type { Sequencer } from './sequencer.ts';

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
