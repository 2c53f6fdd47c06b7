import type { IntakeServer } from '@keel/intake';
import { nodeDisk, openIdentity } from '@keel/journal';
import { openExchange } from '@keel/replica';
import { checkConfigIfAsked, createMetrics, listenFault, runService } from '@keel/runtime';
import { createClusterFigures } from './clusterFigures.ts';
import { clusterSource } from './clusterSource.ts';
import { loadConfig } from './config.ts';
import { createDiskFigures } from './diskFigures.ts';
import { createFigures, watchReadModel } from './figures.ts';
import { SnapshotKeeper } from './keepSnapshots.ts';
import { LeaderSlot } from './leaderSlot.ts';
import { noteEngineVersion } from './noteEngineVersion.ts';
import { openCluster } from './openCluster.ts';
import { openIntake } from './openIntake.ts';
import { openNode } from './openNode.ts';
import { OperatorDoor } from './operatorDoor.ts';
import { VERSION } from './soloReport.ts';
import { StoreKeeper } from './storeKeeper.ts';

checkConfigIfAsked('sequencer', loadConfig);

runService('sequencer', async ({ log, stopSignal, fail, setLogFields }) => {
  const config = loadConfig();
  const { dataDir, chainId, domain, engineVersionMax } = config;
  const metrics = createMetrics('sequencer');
  createDiskFigures(metrics, dataDir);
  const door = new OperatorDoor(config);
  await door.open(metrics);

  const settlementAddress = domain.verifyingContract;
  const identity = await openIdentity(dataDir, { chainId, settlementAddress, engineVersion: engineVersionMax });
  const cluster = await openCluster(config, identity, log, stopSignal);
  const opened = await openExchange(dataDir, log, stopSignal, nodeDisk, engineVersionMax);
  await noteEngineVersion(dataDir, opened.exchange, log, fail);
  door.showExchange(opened);
  const { exchange, journal, seconds } = opened;
  const figures = createFigures(metrics, exchange);
  figures.recoverySeconds.set(seconds);

  const snapshots = new SnapshotKeeper({
    ...opened,
    dataDir,
    everyCommands: config.snapshotCommands,
    lastSequence: opened.snapshotSequence,
    log,
    fail,
    onMade: (made) => figures.snapshotSeconds.observe(made),
  });
  const slot = new LeaderSlot({
    exchange,
    redisUrl: config.redisUrl,
    redisMayBeAway: cluster !== undefined,
    feeders: config.feeders,
    log,
    isPaused: () => node.paused !== undefined,
    nodes: () => node.nodes,
    onFenced: () => log.warn('a later leader writes the read model; this node leaves it alone'),
    fail,
  });
  let storeFull = false;
  const { node, begin } = openNode({
    config,
    identity,
    opened,
    cluster,
    snapshots,
    figures,
    slot,
    log,
    onStepDown: () => intake.stepDown(),
    onStoreFull: (full) => {
      storeFull = full;
    },
    fail,
  });
  const intake: IntakeServer = openIntake(config, node, opened, log);
  const store =
    cluster &&
    new StoreKeeper({ ...cluster, upkeep: cluster.etcd.upkeep, node, log, storeFull: () => storeFull, fail });
  setLogFields(() => ({ nodeId: node.nodeId, role: node.role, epoch: node.epoch, seq: exchange.state.sequence }));
  watchReadModel(metrics, () => slot.publisher);
  const sizes = () => store?.sizes ?? { logBlocks: 0, dbBytes: 0 };
  createClusterFigures(metrics, clusterSource({ node, exchange, snapshots, storeFull: () => storeFull, sizes }));

  // Alone it takes commands once it is all there; in a cluster others must be able to see it before it can lead.
  if (cluster === undefined) await begin();
  await intake.listen().catch((fault: unknown) => {
    throw listenFault(fault, config.intakePort, 'KEEL_INTAKE_PORT');
  });
  if (cluster !== undefined) await begin();
  door.show({ opened, node, snapshots, publisher: () => slot.publisher, cluster, version: VERSION });
  log.info({ intakePort: config.intakePort, adminPort: config.adminPort }, 'up');

  return async () => {
    door.noteStopping();
    await store?.stop();
    // In a cluster the clients are told who leads now before they lose this node; alone they are let go first.
    if (cluster === undefined) await intake.close();
    await node.stop();
    await intake.close();
    await slot.stepDown();
    log.info({ sequence: exchange.state.sequence, stateRoot: exchange.stateRoot() }, 'took the last command');
    await snapshots.makeLast();
    await journal.close();
    cluster?.etcd.close();
    await door.close();
  };
});
