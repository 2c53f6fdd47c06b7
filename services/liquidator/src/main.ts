import { KeelClient } from '@keel/client';
import { adminServer, checkConfigIfAsked, createMetrics, runService } from '@keel/runtime';
import { loadConfig } from './config.ts';
import { createLiquidator } from './liquidator.ts';
import { startRounds } from './startRounds.ts';
import { exposeTally } from './tally.ts';

checkConfigIfAsked('liquidator', loadConfig);
runService('liquidator', async ({ log, stopSignal, fail }) => {
  const config = loadConfig();
  const { gatewayUrl: url, privateKey, account, subaccount } = config;
  const client = new KeelClient({ url, privateKey, subaccount, ...(account === undefined ? {} : { account }) });
  const metrics = createMetrics('liquidator');
  const liquidator = createLiquidator(config, client, log);
  exposeTally(liquidator.tally, metrics);
  const rounds = startRounds(liquidator, { log, stopSignal, fail });
  const admin = await adminServer({
    port: config.adminPort,
    host: config.adminHost,
    readyz: () => liquidator.notReady(),
    metrics,
    routes: { '/status': () => liquidator.status() },
  });
  log.info({ adminPort: admin.port, gatewayUrl: url, account: client.address, subaccount }, 'watching');

  return async () => {
    await rounds.stop();
    await liquidator.close();
    await admin.close();
  };
});
