import { runService } from '@keel/runtime';
import { runCollector } from './collector/runCollector.ts';
import { loadConfig } from './config.ts';
import { runFeeder } from './feeder/runFeeder.ts';

runService('price-feed', async (context) => {
  const config = loadConfig();
  return config.role === 'feeder' ? runFeeder(config, context) : runCollector(config, context);
});
