import { checkConfigIfAsked, runService } from '@keel/runtime';
import { loadConfig } from './config.ts';
import { startGateway } from './startGateway.ts';

checkConfigIfAsked('gateway', loadConfig);
runService('gateway', async ({ log }) => {
  const config = loadConfig();
  const gateway = await startGateway(config, log);
  log.info({ host: config.host, port: gateway.port }, 'listening');
  return () => gateway.close();
});
