import type { ClusterIdentity } from '@keel/codec';
import type { OpenedExchange } from '@keel/replica';
import { type AdminServer, adminServer, type Metrics } from '@keel/runtime';
import { commitsAdvance } from './commitsAdvance.ts';
import type { SequencerConfig } from './config.ts';
import { describeAccounts } from './describeAccounts.ts';
import { describeCluster } from './describeCluster.ts';
import { describeMarkets } from './describeMarkets.ts';
import type { SnapshotKeeper } from './keepSnapshots.ts';
import { leaderHandlers } from './leaderHandlers.ts';
import type { NodeFace } from './nodeFace.ts';
import { NodeProgress } from './nodeProgress.ts';
import type { OpenedCluster } from './openCluster.ts';
import type { ReadModelPublisher } from './publishReadModel.ts';
import { replicaHandlers } from './replicaHandlers.ts';
import { describeSequencer } from './status.ts';

/** What the door shows once there is a node. */
export interface DoorParts {
  readonly opened: OpenedExchange;
  readonly node: NodeFace;
  readonly snapshots: SnapshotKeeper;
  readonly publisher: () => ReadModelPublisher | undefined;
  /** Undefined = a node alone. */
  readonly cluster: OpenedCluster | undefined;
  readonly version: string;
}

/** The admin port of a sequencer: it answers from the start of the process on, also while the journal is replayed. */
export class OperatorDoor {
  readonly #config: SequencerConfig;
  #opened: OpenedExchange | undefined;
  #parts: DoorParts | undefined;
  #progress: NodeProgress | undefined;
  #stopping = false;
  #server: AdminServer | undefined;

  constructor(config: SequencerConfig) {
    this.#config = config;
  }

  /** Throws a StartupFault when the port is taken. */
  async open(metrics: Metrics): Promise<void> {
    const { adminPort, adminHost, dataDir, intakeToken } = this.#config;
    this.#server = await adminServer({
      port: adminPort,
      host: adminHost,
      readyz: () => this.#reasons(),
      metrics,
      routes: {
        '/status': () => this.#status(),
        '/cluster': () => this.#cluster(),
        '/markets': () => (this.#opened === undefined ? [] : describeMarkets(this.#opened.exchange.state)),
        '/account': (query) =>
          this.#opened === undefined ? {} : describeAccounts(this.#opened.exchange.state, query.get('owner') ?? ''),
      },
      handlers: {
        ...replicaHandlers({
          dataDir,
          token: intakeToken,
          journal: () => this.#opened?.journal,
          batches: () => this.#opened?.batches,
        }),
        ...leaderHandlers(
          intakeToken,
          () => this.#parts?.node,
          () => this.#parts?.snapshots,
        ),
      },
    });
  }

  /** The journal is replayed: other nodes may ask for what is in it. */
  showExchange(opened: OpenedExchange): void {
    this.#opened = opened;
  }

  /** The node is up. */
  show(parts: DoorParts): void {
    this.#progress = new NodeProgress(parts.node, () => parts.opened.exchange.state.sequence);
    this.#parts = parts;
  }

  /** From now on the node is not ready. */
  noteStopping(): void {
    this.#stopping = true;
  }

  async close(): Promise<void> {
    await this.#server?.close();
  }

  #reasons(): readonly string[] {
    if (this.#stopping) return ['stopping'];
    if (this.#parts === undefined || this.#progress === undefined) return ['the journal is being replayed'];
    const full = this.#parts.node.sequencer?.full === true;
    return [
      ...commitsAdvance(this.#progress.read()),
      ...(full ? [`${this.#config.queueMax} commands wait for the log`] : []),
    ];
  }

  #status(): object {
    const parts = this.#parts;
    if (parts === undefined) return { role: 'starting', nodeId: this.#config.cluster?.nodeId ?? 'solo' };
    const { opened, ...rest } = parts;
    return describeSequencer({ ...rest, exchange: opened.exchange, recoverySeconds: opened.seconds });
  }

  #cluster(): Promise<object> | object {
    if (this.#parts === undefined) return this.#status();
    const { node, cluster } = this.#parts;
    const identity: ClusterIdentity | undefined = cluster?.identity;
    return describeCluster({ node, etcd: cluster?.etcd, upkeep: cluster?.etcd.upkeep, keys: cluster?.keys, identity });
  }
}
