import { KeelClient } from '@keel/client';
import { adminServer, checkConfigIfAsked, createMetrics, runService } from '@keel/runtime';
import { loadConfig } from './config.ts';
import { createBots } from './createBots.ts';
import { createFunder } from './createFunder.ts';
import { createKeeper } from './createKeeper.ts';
import { createMarketWatch } from './marketWatch.ts';
import { createOrderBudget } from './orderBudget.ts';
import { startPlayer } from './orders/startPlayer.ts';
import { startTurns } from './startTurns.ts';
import { createTally, exposeTally } from './tally.ts';

checkConfigIfAsked('bots', loadConfig);
runService('bots', async ({ log, stopSignal, fail }) => {
  const config = loadConfig();
  const metrics = createMetrics('bots');
  const tally = createTally();
  exposeTally(tally, metrics);
  const reader = new KeelClient({ url: config.gatewayUrl });
  const watch = createMarketWatch(reader);
  const keeper = createKeeper(createFunder({ ...config, privateKey: config.funderKey }), tally);
  const budget = createOrderBudget(config.ordersPerSecond, stopSignal);

  const player = startPlayer(config, { watch, keeper, tally, log, stopSignal, fail });
  const bots = createBots(config, { watch, keeper, tally, budget });
  const turns = startTurns(bots, { watch, tally, log, stopSignal, fail });
  const admin = await adminServer({
    port: config.adminPort,
    host: config.adminHost,
    readyz: () => (watch.priced().length > 0 ? [] : [`no priced market at ${config.gatewayUrl}`]),
    metrics,
    routes: {
      '/status': () => ({
        ...tally,
        bots: bots.map(({ name, address }) => ({ name, address })),
        ordersFile: player?.report ?? null,
      }),
    },
  });
  log.info({ adminPort: admin.port, gatewayUrl: config.gatewayUrl, bots: bots.length }, 'trading');

  return async () => {
    await Promise.all([turns.stop(), player?.stop()]);
    reader.close();
    await admin.close();
  };
});
