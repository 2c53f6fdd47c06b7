import { IntakeClient } from '@keel/intake';
import { adminServer, createMetrics, runService, startPeriodicTask } from '@keel/runtime';
import { loadConfig } from './config.ts';
import { createPriceFeed } from './createPriceFeed.ts';
import { assertListed, loadRecordings, sourceOfMarket } from './loadRecordings.ts';
import { reportOutages } from './reportOutages.ts';
import { reportProgress } from './reportProgress.ts';

/** Time without the exchange is not played: a recording goes on where it stopped. */
const PASSED_INTERVALS_MAX = 4;

runService('price-feed', async ({ log, fail }) => {
  const config = loadConfig();
  const recordings = loadRecordings(config);
  const metrics = createMetrics('price-feed');
  const client = new IntakeClient({ url: config.intakeUrl, token: config.intakeToken, role: 'priceFeed', log });

  const feed = createPriceFeed({
    gate: {
      status: async () => {
        const status = await client.status();
        assertListed(recordings, status.markets);
        return status;
      },
      submit: (command) => client.submit(command),
    },
    sourceOf: (market) => reportProgress(sourceOfMarket(market, recordings, config), market.symbol, log),
    metrics,
  });
  const admin = await adminServer({
    port: config.adminPort,
    host: config.adminHost,
    readyz: () => feed.reasons(Date.now()),
    metrics,
    routes: { '/status': () => feed.status(Date.now()) },
  });
  log.info({ adminPort: admin.port, intakeUrl: config.intakeUrl, intervalMs: config.intervalMs }, 'publishing prices');

  const outages = reportOutages(log, fail);
  let lastTurn = performance.now();
  const task = startPeriodicTask({
    everyMs: config.intervalMs,
    run: async () => {
      if (!client.connected) feed.forgetIndexes();
      await client.ready();
      const now = performance.now();
      const passedMs = Math.min(now - lastTurn, PASSED_INTERVALS_MAX * config.intervalMs);
      lastTurn = now;
      await feed.turn(Date.now(), passedMs);
      outages.onSuccess();
    },
    onFault: outages.onFault,
  });
  return async () => {
    // The client first: a turn that waits for the exchange ends with it.
    await client.close();
    await task.stop();
    await admin.close();
  };
});
