import { IntakeClient } from '@keel/intake';
import { adminServer, createMetrics, type ServiceContext, type StopService, startPeriodicTask } from '@keel/runtime';
import type { CollectorConfig } from '../config.ts';
import { createCollector } from './createCollector.ts';
import { openFeederDoor } from './feederDoor.ts';
import { reportOutages } from './reportOutages.ts';

/** Time without the exchange is not played: a recording goes on where it stopped. */
const PASSED_INTERVALS_MAX = 2;

/** Asks the feeders again and again and hands the sequencer what they agree on. */
export async function runCollector(config: CollectorConfig, { log, fail }: ServiceContext): Promise<StopService> {
  const metrics = createMetrics('price-feed');
  const { intakeUrls, intakeToken, feederUrls, intervalMs } = config;
  const client = new IntakeClient({ url: intakeUrls, token: intakeToken, role: 'priceFeed', log });
  const collector = createCollector({
    gate: client,
    doors: feederUrls.map(openFeederDoor),
    domain: config.domain,
    metrics,
  });
  const admin = await adminServer({
    port: config.adminPort,
    host: config.adminHost,
    readyz: () => collector.reasons(Date.now()),
    metrics,
    routes: { '/status': () => collector.status(Date.now()) },
  });
  log.info({ adminPort: admin.port, intakeUrls, intervalMs, feeders: feederUrls.length }, 'collecting prices');

  const outages = reportOutages(log, fail);
  let lastTurn = performance.now();
  const task = startPeriodicTask({
    everyMs: intervalMs,
    run: async () => {
      if (!client.connected) collector.forgetExchange();
      await client.ready();
      const now = performance.now();
      const passedMs = Math.min(now - lastTurn, PASSED_INTERVALS_MAX * intervalMs);
      lastTurn = now;
      await collector.turn(Date.now(), passedMs);
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
}
