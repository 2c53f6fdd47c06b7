import { IntakeClient } from '@keel/intake';
import { adminServer, createMetrics, runService, startPeriodicTask } from '@keel/runtime';
import { loadConfig } from './config.ts';
import { createPriceFeed } from './createPriceFeed.ts';
import { assertListed, loadRecordings, sourceOfMarket } from './loadRecordings.ts';
import { reportProgress } from './reportProgress.ts';

runService('price-feed', async ({ log, fail }) => {
  const config = loadConfig();
  const recordings = loadRecordings(config);
  const metrics = createMetrics('price-feed');
  const client = new IntakeClient({ url: config.intakeUrl, token: config.intakeToken, role: 'priceFeed' });

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

  let lastTurn = performance.now();
  const task = startPeriodicTask({
    everyMs: config.intervalMs,
    run: async () => {
      const now = performance.now();
      const passedMs = now - lastTurn;
      lastTurn = now;
      await feed.turn(Date.now(), passedMs);
    },
    onFault: fail,
  });
  return async () => {
    await task.stop();
    await client.close();
    await admin.close();
  };
});
