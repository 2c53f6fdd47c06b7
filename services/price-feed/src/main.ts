import { checkConfigIfAsked, runService } from '@keel/runtime';
import { loadConfig } from './config.ts';

checkConfigIfAsked('price-feed', loadConfig);
runService('price-feed', async (context) => {
  const config = loadConfig();
  // Each role is loaded only where it is played: several feeders on one machine are not to pay for the collector.
  if (config.role === 'feeder') return (await import('./feeder/runFeeder.ts')).runFeeder(config, context);
  return (await import('./collector/runCollector.ts')).runCollector(config, context);
});
