import type { Sequencer } from '@keel/cluster';
import { ExchangeLeader, type LeadOptions } from './leadExchange.ts';
import type { ReadModelPublisher } from './publishReadModel.ts';

/** What this node does because it leads, while it does; empty while it follows. */
export class LeaderSlot {
  readonly #options: LeadOptions;
  #leader: ExchangeLeader | undefined;

  constructor(options: LeadOptions) {
    this.#options = options;
  }

  get publisher(): ReadModelPublisher | undefined {
    return this.#leader?.publisher;
  }

  /** Rejects when a wrong Redis is found that must be there. */
  lead(sequencer: Sequencer, epoch: number): Promise<void> {
    this.#leader = new ExchangeLeader(this.#options, sequencer, epoch);
    return this.#leader.start();
  }

  /** Something was applied. */
  publish(): void {
    this.#leader?.publish();
  }

  async stepDown(): Promise<void> {
    const leader = this.#leader;
    this.#leader = undefined;
    await leader?.stop();
  }
}
