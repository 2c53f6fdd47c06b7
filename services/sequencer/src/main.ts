import { fileLog, Sequencer } from '@keel/cluster';
import { IntakeServer } from '@keel/intake';
import { openReadModelWriter } from '@keel/redis';
import { openExchange } from '@keel/replica';
import { adminServer, createMetrics, listenFault, runService, startPeriodicTask } from '@keel/runtime';
import { checkReports } from './checkReports.ts';
import { createClock } from './clock.ts';
import { loadConfig } from './config.ts';
import { createFigures, watchReadModel, watchSequencer } from './figures.ts';
import { listGenesisCollaterals } from './genesisCollaterals.ts';
import { setGenesisFeeders } from './genesisFeeders.ts';
import { listGenesisMarkets } from './genesisMarkets.ts';
import { ADVANCE_TIME_EVERY_MS } from './limits.ts';
import { ReadModelPublisher } from './publishReadModel.ts';
import { describeSequencer } from './status.ts';
import { SnapshotTaker } from './takeSnapshots.ts';

runService('sequencer', async ({ log, stopSignal, fail }) => {
  const config = loadConfig();
  const metrics = createMetrics('sequencer');
  let status: () => object = () => ({ starting: true });
  let reasons: () => readonly string[] = () => ['the journal is being replayed'];
  const admin = await adminServer({
    port: config.adminPort,
    host: config.adminHost,
    readyz: () => reasons(),
    metrics,
    routes: { '/status': () => status() },
  });

  const { exchange, journal, batches, snapshotSequence, seconds } = await openExchange(config.dataDir, log, stopSignal);
  const figures = createFigures(metrics, exchange);
  figures.recoverySeconds.set(seconds);
  const publisher = new ReadModelPublisher(exchange, await openReadModelWriter(config.redisUrl), log);
  watchReadModel(metrics, publisher);
  const snapshots = new SnapshotTaker(
    { dataDir: config.dataDir, everyCommands: config.snapshotCommands, exchange, batches, figures, log },
    snapshotSequence,
  );
  const sequencer = new Sequencer({
    exchange,
    log: fileLog(journal),
    clock: createClock(exchange.state.timeMs),
    monotonicMs: () => performance.now(),
    nextTurn: () => new Promise((resolve) => setImmediate(resolve)),
    queueMax: config.queueMax,
    watch: watchSequencer(figures),
    // A journal of one node has no other leader.
    onLeadershipLost: fail,
    onApplied: () => undefined,
    fail,
    onSealed: (batch) => {
      batches.put(batch).catch(fail);
      log.info({ seq: batch.lastSequence, batchIndex: batch.batchIndex, stateRoot: batch.stateRoot }, 'sealed a batch');
    },
    onGroup: () => {
      publisher.publish();
      snapshots.takeIfDue().catch(fail);
    },
  });

  await listGenesisMarkets(exchange, sequencer);
  await listGenesisCollaterals(exchange, sequencer);
  await setGenesisFeeders(config.feeders, exchange, sequencer, log);
  publisher.publish();
  const time = startPeriodicTask({
    everyMs: ADVANCE_TIME_EVERY_MS,
    run: () => sequencer.advanceTime(),
    onFault: fail,
  });
  const intake = new IntakeServer({
    host: config.intakeHost,
    port: config.intakePort,
    token: config.intakeToken,
    log,
    handler: {
      submit: async (_role, command) => {
        checkReports(command, exchange.state, config.domain);
        return sequencer.submit(command);
      },
      batch: (batchIndex) => batches.get(batchIndex),
      status: () => exchange.status(),
    },
  });
  await intake.listen().catch((fault: unknown) => {
    throw listenFault(fault, config.intakePort, 'KEEL_INTAKE_PORT');
  });
  status = () => describeSequencer(exchange, sequencer, publisher, seconds);
  reasons = () => (sequencer.full ? [`${config.queueMax} commands wait for the journal`] : []);
  log.info({ intakePort: config.intakePort, adminPort: admin.port, seq: exchange.state.sequence }, 'taking commands');

  return async () => {
    reasons = () => ['stopping'];
    await time.stop();
    await intake.close();
    await sequencer.stop();
    log.info({ sequence: exchange.state.sequence, stateRoot: exchange.stateRoot() }, 'took the last command');
    await snapshots.take();
    await publisher.close();
    await journal.close();
    await admin.close();
  };
});
