import { randomBytes } from 'node:crypto';
import { type ClusterKeys, LocalReplica, machineTime } from '@keel/cluster';
import { IntakeServer } from '@keel/intake';
import { JournalFault, openIdentity } from '@keel/journal';
import { openExchange } from '@keel/replica';
import { adminServer, checkConfigIfAsked, createMetrics, listenFault, runService } from '@keel/runtime';
import type { Hex, SealedBatch } from '@keel/types';
import packageJson from '../package.json' with { type: 'json' };
import { createClock } from './clock.ts';
import { ClusteredNode } from './clusteredNode.ts';
import { createClusterFigures } from './clusterFigures.ts';
import { clusterSource } from './clusterSource.ts';
import { commitsAdvance } from './commitsAdvance.ts';
import { loadConfig } from './config.ts';
import { describeAccounts } from './describeAccounts.ts';
import { describeCluster } from './describeCluster.ts';
import { describeMarkets } from './describeMarkets.ts';
import { createDiskFigures } from './diskFigures.ts';
import { createFigures, watchReadModel, watchSequencer } from './figures.ts';
import { SnapshotKeeper } from './keepSnapshots.ts';
import { ExchangeLeader } from './leadExchange.ts';
import { leaderHandlers } from './leaderHandlers.ts';
import type { NodeFace } from './nodeFace.ts';
import { NodeProgress } from './nodeProgress.ts';
import { openCluster, sayWith } from './openCluster.ts';
import { replicaHandlers } from './replicaHandlers.ts';
import { testSelf } from './selfTest.ts';
import { SoloNode } from './soloNode.ts';
import { ENGINE_VERSION, soloReport } from './soloReport.ts';
import { describeSequencer } from './status.ts';
import { StoreKeeper } from './storeKeeper.ts';
import { submitCommand } from './submitCommand.ts';
import { watchProcess } from './watchProcess.ts';

checkConfigIfAsked('sequencer', loadConfig);
runService('sequencer', async ({ log, stopSignal, fail, setLogFields }) => {
  const config = loadConfig();
  const { dataDir, cluster, domain } = config;
  const metrics = createMetrics('sequencer');
  createDiskFigures(metrics, dataDir);
  // What the operator's door shows before there is a node.
  let node: NodeFace | undefined;
  let snapshots: SnapshotKeeper | undefined;
  let opened: Awaited<ReturnType<typeof openExchange>> | undefined;
  let reasons: () => readonly string[] = () => ['the journal is being replayed'];
  let status: () => object = () => ({ role: 'starting', nodeId: cluster?.nodeId ?? 'solo' });
  let clusterView: () => Promise<object> | object = status;
  const admin = await adminServer({
    port: config.adminPort,
    host: config.adminHost,
    readyz: () => reasons(),
    metrics,
    routes: {
      '/status': () => status(),
      '/cluster': () => clusterView(),
      '/markets': () => (opened === undefined ? [] : describeMarkets(opened.exchange.state)),
      '/account': (query) =>
        opened === undefined ? {} : describeAccounts(opened.exchange.state, query.get('owner') ?? ''),
    },
    handlers: {
      ...replicaHandlers({
        dataDir,
        token: config.intakeToken,
        journal: () => opened?.journal,
        batches: () => opened?.batches,
      }),
      ...leaderHandlers(
        config.intakeToken,
        () => node,
        () => snapshots,
      ),
    },
  });

  const identity = await openIdentity(dataDir, {
    chainId: config.chainId,
    settlementAddress: domain.verifyingContract,
    engineVersion: ENGINE_VERSION,
  });
  const joined = cluster === undefined ? undefined : await openCluster(config, cluster, identity, log, stopSignal);
  opened = await openExchange(dataDir, log, stopSignal);
  const { exchange, journal, batches, snapshotSequence, seconds } = opened;
  const figures = createFigures(metrics, exchange);
  figures.recoverySeconds.set(seconds);
  const keeper = new SnapshotKeeper({
    dataDir,
    everyCommands: config.snapshotCommands,
    lastSequence: snapshotSequence,
    journal,
    batches,
    exchange,
    log,
    fail,
    onMade: (made) => figures.snapshotSeconds.observe(made),
    onFailed: () => {
      snapshotFailures += 1;
    },
  });
  snapshots = keeper;
  let snapshotFailures = 0;
  let storeFull = false;

  let leader: ExchangeLeader | undefined;
  const lead = (sequencer: ConstructorParameters<typeof ExchangeLeader>[1], epoch: number): Promise<void> => {
    leader = new ExchangeLeader(
      {
        exchange,
        redisUrl: config.redisUrl,
        redisMayBeAway: cluster !== undefined,
        feeders: config.feeders,
        log,
        isPaused: () => node?.paused !== undefined,
        onFenced: () => log.warn('a later leader writes the read model; this node leaves it alone'),
        fail,
      },
      sequencer,
      epoch,
    );
    return leader.start();
  };
  const shared = {
    queueMax: config.queueMax,
    watch: watchSequencer(figures),
    onSealed: (batch: SealedBatch) => {
      batches.put(batch).catch(fail);
      log.info({ seq: batch.lastSequence, batchIndex: batch.batchIndex, stateRoot: batch.stateRoot }, 'sealed a batch');
    },
    onGroup: () => leader?.publish(),
    fail,
  };
  let begin: () => Promise<void>;
  if (joined === undefined || cluster === undefined) {
    const solo = new SoloNode({
      dataDir,
      journal,
      onApplied: () => keeper.makeIfDue(),
      report: (checkpoint) => soloReport({ config, identity, journal, exchange, snapshots: keeper, checkpoint }),
      sequencer: {
        ...shared,
        exchange,
        clock: createClock(exchange.state.timeMs),
        monotonicMs: machineTime.monotonicMs,
        nextTurn: machineTime.nextTurn,
      },
    });
    node = solo;
    begin = () => lead(solo.sequencer, 0);
  } else {
    const replica = new LocalReplica({
      exchange,
      journal,
      onSealed: shared.onSealed,
      onCheckpoint: () => keeper.makeIfDue(),
      fail,
    });
    const clustered = new ClusteredNode({
      ...shared,
      ...cluster,
      instanceId: `0x${randomBytes(16).toString('hex')}`,
      directoryId: `0x${identity.directoryId}` as Hex,
      version: packageJson.version,
      engineVersion: ENGINE_VERSION,
      baseSequence: joined.identity.baseSequence,
      store: joined.etcd,
      keys: joined.keys,
      time: machineTime,
      replica,
      snapshotSequence: () => keeper.maker.lastSequence,
      selfTest: () => testSelf(dataDir),
      watchLeader: ({ intakeUrl }, onGone) => watchProcess(intakeUrl, onGone),
      createClock,
      onLead: (sequencer, epoch) => void lead(sequencer, epoch).catch(fail),
      onStepDown: () => {
        const stopped = leader;
        leader = undefined;
        intake.stepDown();
        stopped?.stop().catch(fail);
      },
      onRole: (role) => log.info({ role }, 'this node has another role'),
      onStoreFull: (full) => {
        storeFull = full;
        if (full) log.error('etcd is full and takes nothing; commands wait until the log is trimmed');
      },
      say: sayWith(log),
    });
    node = clustered;
    begin = () => clustered.start();
  }
  const face = node;
  setLogFields(() => ({ nodeId: face.nodeId, role: face.role, epoch: face.epoch, seq: exchange.state.sequence }));
  watchReadModel(metrics, () => leader?.publisher);
  createClusterFigures(
    metrics,
    clusterSource({
      node: face,
      exchange,
      snapshots: keeper,
      snapshotFailures: () => snapshotFailures,
      storeFull: () => storeFull,
      sizes: () => store?.sizes ?? { logBlocks: 0, dbBytes: 0 },
    }),
  );

  const intake = new IntakeServer({
    host: config.intakeHost,
    port: config.intakePort,
    token: config.intakeToken,
    log,
    leadership: () => (face.role === 'leading' ? 'leading' : { notLeader: face.leader?.intakeUrl }),
    handler: {
      submit: (_role, command, { retry }) => submitCommand(face, exchange, domain, command, retry),
      batch: (batchIndex) => batches.get(batchIndex),
      status: () => exchange.status(),
    },
  });
  const upkeep = joined === undefined ? undefined : joined.etcd.upkeep;
  const store =
    joined === undefined || upkeep === undefined
      ? undefined
      : new StoreKeeper({ ...joined, upkeep, node: face, log, fail });
  const progress = new NodeProgress(face, () => exchange.state.sequence);
  if (joined === undefined) await begin();
  await intake.listen().catch((fault: unknown) => {
    throw listenFault(fault, config.intakePort, 'KEEL_INTAKE_PORT');
  });
  if (joined !== undefined) await begin();
  const { version } = packageJson;
  status = () =>
    describeSequencer({
      exchange,
      node: face,
      snapshots: keeper,
      publisher: () => leader?.publisher,
      recoverySeconds: seconds,
      version,
    });
  const keys: ClusterKeys | undefined = joined?.keys;
  clusterView = () => describeCluster({ node: face, etcd: joined?.etcd, upkeep, keys, identity: joined?.identity });
  reasons = () => [
    ...commitsAdvance(progress.read()),
    ...(face.sequencer?.full === true ? [`${config.queueMax} commands wait for the log`] : []),
  ];
  log.info({ intakePort: config.intakePort, adminPort: admin.port }, 'up');

  return async () => {
    reasons = () => ['stopping'];
    await store?.stop();
    // In a cluster the clients are told who leads now before they lose this node; alone they are let go first.
    if (joined === undefined) await intake.close();
    await face.stop();
    await intake.close();
    await leader?.stop();
    log.info({ sequence: exchange.state.sequence, stateRoot: exchange.stateRoot() }, 'took the last command');
    await keeper.maker.makeLast(exchange).catch((fault: unknown) => {
      if (!(fault instanceof JournalFault)) throw fault;
      // The journal has everything; only the next start takes longer.
      log.error({ reason: fault.message }, 'no last snapshot could be written');
    });
    await journal.close();
    await joined?.etcd.close();
    await admin.close();
  };
});
