import { adminServer, createMetrics, type ServiceContext, StartupFault, type StopService } from '@keel/runtime';
import { addressOfKey } from '@keel/signing';
import type { FeederConfig } from '../config.ts';
import { readReportsQuery } from '../feederReply.ts';
import { createFeeder } from './createFeeder.ts';
import { openSources } from './openSources.ts';
import { createProgressTeller } from './tellProgress.ts';

/** Serves signed reports to whoever asks: they are public, and nobody can change them. Asks nobody but its sources. */
export async function runFeeder(config: FeederConfig, { log }: ServiceContext): Promise<StopService> {
  const address = feederAddress(config);
  const sources = openSources(config, address);
  const metrics = createMetrics('price-feed');
  const feeder = createFeeder({ ...config, sources, metrics });
  const tellProgress = createProgressTeller(log);
  let unlisted = sources.recordings.length === 0 ? undefined : 'nobody has asked for the recorded market yet';
  const admin = await adminServer({
    port: config.adminPort,
    host: config.adminHost,
    readyz: () => [...(unlisted === undefined ? [] : [unlisted]), ...feeder.reasons(Date.now())],
    metrics,
    routes: {
      '/status': () => feeder.status(Date.now()),
      '/reports': (query) => {
        const { feeds, turn } = readReportsQuery(query, Date.now());
        const stray = sources.unlisted(feeds);
        if (stray !== undefined && stray !== unlisted) log.error(stray);
        unlisted = stray;
        const reply = feeder.report(feeds, turn);
        tellProgress(reply);
        return reply;
      },
    },
  });
  log.info({ adminPort: admin.port, feeder: address }, 'reporting prices');
  return async () => {
    sources.close();
    await admin.close();
  };
}

/** 32 bytes need not be a key: 0 and what lies beyond the curve's order are none. */
function feederAddress({ key }: FeederConfig) {
  try {
    return addressOfKey(key);
  } catch {
    throw new StartupFault('configuration: KEEL_FEEDER_KEY is no private key; make another one');
  }
}
