import type { Sequencer } from '@keel/cluster';
import type { NodeReport } from '@keel/codec';
import { IntakeOutcomeUnknown, IntakeUnavailable } from '@keel/intake';
import { openReadModelWriter } from '@keel/redis';
import type { Exchange } from '@keel/replica';
import { type Logger, type PeriodicTask, startPeriodicTask } from '@keel/runtime';
import type { PriceFeeder } from '@keel/types';
import { listGenesisCollaterals } from './genesisCollaterals.ts';
import { setGenesisFeeders } from './genesisFeeders.ts';
import { listGenesisMarkets } from './genesisMarkets.ts';
import { upgradeGenesis } from './genesisVersion.ts';
import { ADVANCE_TIME_EVERY_MS } from './limits.ts';
import { ReadModelPublisher } from './publishReadModel.ts';

export interface LeadOptions {
  readonly exchange: Exchange;
  readonly redisUrl: string;
  /** Alone: a wrong Redis is found at the start. One of several: an exchange without Redis is better than none. */
  readonly redisMayBeAway: boolean;
  readonly feeders: readonly PriceFeeder[];
  readonly log: Logger;
  /** The operator has paused the exchange: time stands still too. */
  readonly isPaused: () => boolean;
  /** Every node that reports. */
  readonly nodes: () => readonly NodeReport[];
  readonly onFenced: () => void;
  readonly fail: (fault: unknown) => never;
}

/** All that a node does beside the log because it leads: genesis, time, the read model. */
export class ExchangeLeader {
  readonly #options: LeadOptions;
  readonly #sequencer: Sequencer;
  readonly #epoch: number;
  #publisher: ReadModelPublisher | undefined;
  #time: PeriodicTask | undefined;
  #stopped = false;

  constructor(options: LeadOptions, sequencer: Sequencer, epoch: number) {
    this.#options = options;
    this.#sequencer = sequencer;
    this.#epoch = epoch;
  }

  get publisher(): ReadModelPublisher | undefined {
    return this.#publisher;
  }

  /** Begins; an exchange without markets gets its first ones. Rejects when a wrong Redis is found. */
  async start(): Promise<void> {
    const { exchange, log, redisUrl, redisMayBeAway, onFenced, isPaused, fail } = this.#options;
    try {
      await this.#begin();
    } catch (fault) {
      // The next leader lists what is missing.
      if (fault instanceof IntakeUnavailable || fault instanceof IntakeOutcomeUnknown) return;
      throw fault;
    }
    if (this.#stopped) return;
    this.#time = startPeriodicTask({
      everyMs: ADVANCE_TIME_EVERY_MS,
      run: async () => {
        if (!isPaused()) await this.#sequencer.advanceTime();
      },
      onFault: fail,
    });
    const writer = await openReadModelWriter(redisUrl, { epoch: this.#epoch, mayBeAway: redisMayBeAway });
    this.#publisher = new ReadModelPublisher(exchange, writer, log, onFenced);
    if (this.#stopped) await this.#publisher.close();
    else this.#publisher.publish();
  }

  async #begin(): Promise<void> {
    const { exchange, feeders, log, nodes } = this.#options;
    await upgradeGenesis(exchange, this.#sequencer, nodes);
    await listGenesisMarkets(exchange, this.#sequencer);
    await listGenesisCollaterals(exchange, this.#sequencer);
    await setGenesisFeeders(feeders, exchange, this.#sequencer, log);
  }

  /** Something was applied. */
  publish(): void {
    // Until Redis is there nobody takes the changes; the first write is a whole read model anyway.
    if (this.#publisher === undefined) this.#options.exchange.takeChanges();
    else this.#publisher.publish();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#time?.stop();
    await this.#publisher?.close();
  }
}
