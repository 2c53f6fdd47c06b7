import { join } from 'node:path';
import { FEEDERS, type FeederNumber, feederAddresses, feederKey } from './feeders.ts';
import { liquidatorKey } from './fundLiquidator.ts';
import { CHAIN_ID, type Deployment, devnetKey, FUNDER_INDEX, OPERATOR_INDEX } from './l1.ts';
import type { StartOptions } from './options.ts';
import { notReadyAt } from './readiness.ts';
import { recordingEnv } from './recordingEnv.ts';
import type { ProcessSpec } from './supervisor.ts';

/** Feeders and the liquidator are not to need what as many services do: a small young generation is a third of their memory. */
const SMALL_HEAP = ['--max-old-space-size=256', '--max-semi-space-size=1'];

/** What the services of one exchange are told. */
export interface ServiceSettings {
  readonly repository: string;
  readonly options: StartOptions;
  readonly deployment: Deployment;
  readonly intakeToken: string;
  readonly redisUrl: string;
  /** Of the sequencer; several with commas between. */
  readonly intakeUrl: string;
  readonly l1Url: string;
  /** Where bots and liquidator trade. */
  readonly gatewayUrl: string;
}

/** One sequencer: its own name, ports and folder. */
export interface SequencerPlace {
  readonly name: string;
  readonly intakePort: number;
  readonly adminPort: number;
  readonly dataDir: string;
  /** What else it is told. */
  readonly env?: Readonly<Record<string, string>>;
}

export function sequencerSpec(settings: ServiceSettings, place: SequencerPlace): ProcessSpec {
  const { name, intakePort, adminPort, dataDir } = place;
  return service(settings, 'sequencer', {
    name,
    ports: { intake: intakePort, admin: adminPort },
    env: {
      KEEL_ADMIN_PORT: String(adminPort),
      KEEL_INTAKE_PORT: String(intakePort),
      KEEL_DATA_DIR: dataDir,
      KEEL_PRICE_FEEDERS: feederAddresses().join(','),
      ...place.env,
    },
  });
}

export type FeederPorts = Readonly<Record<`feeder${FeederNumber}`, number>>;

/** The price feed: collector of what the feeders sign. */
export function collectorSpec(settings: ServiceSettings, adminPort: number, feeders: FeederPorts): ProcessSpec {
  const urls = FEEDERS.map((feeder) => `http://127.0.0.1:${feeders[`feeder${feeder}`]}`);
  return service(settings, 'price-feed', {
    name: 'price-feed',
    ports: { admin: adminPort },
    env: { KEEL_ADMIN_PORT: String(adminPort), KEEL_PRICE_ROLE: 'collector', KEEL_FEEDER_URLS: urls.join(',') },
  });
}

/** `page` is the folder of the built terminal; `more` is what this gateway is told beside what all are. */
export function gatewaySpec(
  settings: ServiceSettings,
  name: string,
  port: number,
  page: string,
  more: Readonly<Record<string, string>> = {},
): ProcessSpec {
  return service(settings, 'gateway', {
    name,
    ports: { http: port },
    env: {
      KEEL_ADMIN_PORT: String(port),
      KEEL_GATEWAY_PORT: String(port),
      KEEL_GATEWAY_HOST: '127.0.0.1',
      KEEL_TERMINAL_DIR: page,
      ...more,
    },
  });
}

export function settlerSpec(settings: ServiceSettings, adminPort: number): ProcessSpec {
  return service(settings, 'settler', {
    name: 'settler',
    ports: { admin: adminPort },
    env: { KEEL_ADMIN_PORT: String(adminPort), KEEL_OPERATOR_KEY: devnetKey(OPERATOR_INDEX) },
  });
}

/** Who trades, as the options ask for it: bots, and the liquidator. */
export function traderSpecs(
  settings: ServiceSettings,
  ports: { readonly botsAdmin: number; readonly liquidatorAdmin: number },
): readonly ProcessSpec[] {
  const { options } = settings;
  const bots = service(settings, 'bots', {
    name: 'bots',
    ports: { admin: ports.botsAdmin },
    env: {
      KEEL_ADMIN_PORT: String(ports.botsAdmin),
      KEEL_GATEWAY_URL: settings.gatewayUrl,
      KEEL_BOTS_FUNDER_KEY: devnetKey(FUNDER_INDEX),
      ...recordingEnv(options),
      ...(options.bots ? {} : { KEEL_BOTS_MAKERS: '0', KEEL_BOTS_TAKERS: '0' }),
    },
  });
  // The bots' process also plays recorded orders, with or without makers and takers of its own.
  const trades = options.bots || options.orders !== undefined;
  return [...(trades ? [bots] : []), ...(options.liquidator ? [liquidatorSpec(settings, ports.liquidatorAdmin)] : [])];
}

/** Those of the same kind, each with a key of its own and without the secret of the services: they ask none of them. */
export function feederSpecs(settings: ServiceSettings, ports: FeederPorts): readonly ProcessSpec[] {
  const { repository, deployment, options } = settings;
  return FEEDERS.map((feeder) => {
    const port = ports[`feeder${feeder}`];
    return {
      name: `price-feeder-${feeder}`,
      command: process.execPath,
      args: [...SMALL_HEAP, join(repository, 'services', 'price-feed', 'src', 'main.ts')],
      ports: { admin: port },
      env: {
        ...process.env,
        ...compileCache(repository),
        KEEL_PRICE_ROLE: 'feeder',
        KEEL_ADMIN_PORT: String(port),
        KEEL_FEEDER_KEY: feederKey(feeder),
        KEEL_CHAIN_ID: String(CHAIN_ID),
        KEEL_SETTLEMENT_ADDRESS: deployment.settlement,
        ...recordingEnv(options),
      },
      notReady: () => notReadyAt(`http://127.0.0.1:${port}/readyz`),
    };
  });
}

/** It knows the gateway and its own key, as any customer does. */
function liquidatorSpec({ repository, gatewayUrl }: ServiceSettings, adminPort: number): ProcessSpec {
  return {
    name: 'liquidator',
    command: process.execPath,
    args: [...SMALL_HEAP, join(repository, 'services', 'liquidator', 'src', 'main.ts')],
    ports: { admin: adminPort },
    env: {
      ...process.env,
      ...compileCache(repository),
      KEEL_ADMIN_PORT: String(adminPort),
      KEEL_GATEWAY_URL: gatewayUrl,
      KEEL_LIQUIDATOR_KEY: liquidatorKey(),
    },
    notReady: () => notReadyAt(`http://127.0.0.1:${adminPort}/readyz`),
  };
}

interface OwnPart {
  readonly name: string;
  /** `/readyz` answers at the one called admin, else at http. */
  readonly ports: Readonly<Record<string, number>>;
  readonly env: Readonly<Record<string, string>>;
}

/** A service that is trusted with the secret of the services. */
function service(settings: ServiceSettings, folder: string, { name, ports, env }: OwnPart): ProcessSpec {
  const { repository, deployment } = settings;
  return {
    name,
    command: process.execPath,
    args: [join(repository, 'services', folder, 'src', 'main.ts')],
    ports,
    env: {
      ...process.env,
      ...compileCache(repository),
      KEEL_REDIS_URL: settings.redisUrl,
      KEEL_INTAKE_URL: settings.intakeUrl,
      KEEL_INTAKE_TOKEN: settings.intakeToken,
      KEEL_L1_URL: settings.l1Url,
      KEEL_CHAIN_ID: String(CHAIN_ID),
      KEEL_SETTLEMENT_ADDRESS: deployment.settlement,
      KEEL_USDC_ADDRESS: deployment.usdc,
      ...env,
    },
    notReady: () => notReadyAt(`http://127.0.0.1:${ports.admin ?? ports.http}/readyz`),
  };
}

/** Many processes strip the types of the same files: Node keeps what it made of them, for all and for the next start. */
function compileCache(repository: string): NodeJS.ProcessEnv {
  return { NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? join(repository, '.keel', 'compile-cache') };
}
