import { createConnection } from 'node:net';
import { join } from 'node:path';
import { anvilPath } from './anvilPath.ts';
import type { Ports } from './choosePorts.ts';
import type { DataFolder } from './dataFolder.ts';
import { FEEDERS, type FeederNumber, feederAddresses, feederKey } from './feeders.ts';
import { liquidatorKey } from './fundLiquidator.ts';
import { type Deployment, devnetKey, FUNDER_INDEX, l1NotReady, OPERATOR_INDEX, PUBLIC_MNEMONIC } from './l1.ts';
import type { StartOptions } from './options.ts';
import type { ProcessSpec } from './supervisor.ts';

const CHAIN_ID = 31337;
/** Recorded seconds per second: a week of candles in under three hours, half an hour of orders in three minutes. */
const CANDLES_SPEED = 60;
const ORDERS_SPEED = 10;
/** Feeders and the liquidator are not to need what as many services do: a small young generation is a third of their memory. */
const SMALL_HEAP = ['--max-old-space-size=256', '--max-semi-space-size=1'];
/** The chain is written down this often; a chain killed hard loses no more than that. */
const CHAIN_STATE_SECONDS = 2;

/** What every process of one devnet is told. */
export interface DevnetSettings {
  readonly repository: string;
  readonly options: StartOptions;
  readonly ports: Ports;
  readonly folder: DataFolder;
  readonly intakeToken: string;
  readonly redisServer: string;
}

export const l1Url = (ports: Ports): string => `http://127.0.0.1:${ports.l1}`;
export const gatewayUrl = (ports: Ports): string => `http://127.0.0.1:${ports.gateway}`;
export const sequencerAdminUrl = (ports: Ports): string => `http://127.0.0.1:${ports.sequencerAdmin}`;

export const priceFeedAdminUrl = (ports: Ports): string => `http://127.0.0.1:${ports.priceFeedAdmin}`;
const feederUrl = (ports: Ports, feeder: FeederNumber): string => `http://127.0.0.1:${ports[`feeder${feeder}`]}`;
export const botsAdminUrl = (ports: Ports): string => `http://127.0.0.1:${ports.botsAdmin}`;

/** The private Redis: a read model and a job queue that are rebuilt at will, so nothing of it goes to disk. */
export function redisSpec({ ports, folder, redisServer }: DevnetSettings): ProcessSpec {
  const settings = {
    port: ports.redis,
    bind: '127.0.0.1',
    dir: folder.redis,
    save: '',
    appendonly: 'no',
    // The queue must never lose a job to make room, so a full Redis refuses instead of evicting.
    'maxmemory-policy': 'noeviction',
    'stop-writes-on-bgsave-error': 'no',
  };
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
  return { name: 'redis', command: redisServer, args, env: process.env, notReady: () => portNotOpen(ports.redis) };
}

/** The private L1. Its blocks come every second, like a fast chain's, whether or not there are transactions. */
export function anvilSpec({ ports, folder }: DevnetSettings): ProcessSpec {
  const args = ['--host', '127.0.0.1', '--port', String(ports.l1), '--chain-id', String(CHAIN_ID), '--block-time', '1'];
  args.push(
    '--state',
    folder.chainState,
    '--state-interval',
    String(CHAIN_STATE_SECONDS),
    '--mnemonic',
    PUBLIC_MNEMONIC,
  );
  // Two-block epochs: "finalised" arrives within seconds, as a person at a devnet expects.
  args.push('--slots-in-an-epoch', '1', '--quiet');
  return { name: 'anvil', command: anvilPath(), args, env: process.env, notReady: () => l1NotReady(l1Url(ports)) };
}

/** The services by the order in which they may be started. */
export interface ServiceSpecs {
  readonly sequencer: ProcessSpec;
  /** Need nobody. Those that play a recording are ready once the price feed has asked them. */
  readonly feeders: readonly ProcessSpec[];
  /** Need the sequencer, not each other. */
  readonly neighbours: readonly ProcessSpec[];
  /** Need all of the above. */
  readonly traders: readonly ProcessSpec[];
}

/** How each service of this devnet is started. */
export function serviceSpecs(settings: DevnetSettings, deployment: Deployment, page: string): ServiceSpecs {
  const { options, ports, folder } = settings;
  const shared = sharedEnv(settings, deployment);
  const service = (name: string, adminPort: number, env: Record<string, string>): ProcessSpec => ({
    name,
    command: process.execPath,
    args: [join(settings.repository, 'services', name, 'src', 'main.ts')],
    env: { ...shared, KEEL_ADMIN_PORT: String(adminPort), ...env },
    notReady: () => notReadyAt(`http://127.0.0.1:${adminPort}/readyz`),
  });
  const sequencer = service('sequencer', ports.sequencerAdmin, {
    KEEL_INTAKE_PORT: String(ports.intake),
    KEEL_DATA_DIR: folder.journal,
    KEEL_PRICE_FEEDERS: feederAddresses().join(','),
  });
  const priceFeed = service('price-feed', ports.priceFeedAdmin, {
    KEEL_PRICE_ROLE: 'collector',
    KEEL_FEEDER_URLS: FEEDERS.map((feeder) => feederUrl(ports, feeder)).join(','),
  });
  const gateway = service('gateway', ports.gateway, {
    KEEL_GATEWAY_PORT: String(ports.gateway),
    KEEL_GATEWAY_HOST: '127.0.0.1',
    KEEL_TERMINAL_DIR: page,
  });
  const settler = service('settler', ports.settlerAdmin, { KEEL_OPERATOR_KEY: devnetKey(OPERATOR_INDEX) });
  const bots = service('bots', ports.botsAdmin, {
    KEEL_GATEWAY_URL: gatewayUrl(ports),
    KEEL_BOTS_FUNDER_KEY: devnetKey(FUNDER_INDEX),
    ...recordingEnv(options),
    ...(options.bots ? {} : { KEEL_BOTS_MAKERS: '0', KEEL_BOTS_TAKERS: '0' }),
  });
  // The bots' process also plays recorded orders, with or without makers and takers of its own.
  const trades = options.bots || options.orders !== undefined;
  return {
    sequencer,
    feeders: FEEDERS.map((feeder) => feederSpec(settings, deployment, feeder)),
    neighbours: [priceFeed, gateway, settler],
    traders: [...(trades ? [bots] : []), ...(options.liquidator ? [liquidatorSpec(settings)] : [])],
  };
}

/** One of several of the same kind, with a key of its own and without the secret of the services: it asks none of them. */
function feederSpec(
  { repository, options, ports }: DevnetSettings,
  deployment: Deployment,
  feeder: FeederNumber,
): ProcessSpec {
  return {
    name: `price-feeder-${feeder}`,
    command: process.execPath,
    args: [...SMALL_HEAP, join(repository, 'services', 'price-feed', 'src', 'main.ts')],
    env: {
      ...process.env,
      ...compileCache(repository),
      KEEL_PRICE_ROLE: 'feeder',
      KEEL_ADMIN_PORT: String(ports[`feeder${feeder}`]),
      KEEL_FEEDER_KEY: feederKey(feeder),
      KEEL_CHAIN_ID: String(CHAIN_ID),
      KEEL_SETTLEMENT_ADDRESS: deployment.settlement,
      ...recordingEnv(options),
    },
    notReady: () => notReadyAt(`${feederUrl(ports, feeder)}/readyz`),
  };
}

/** It knows the gateway and its own key, as any customer does. */
function liquidatorSpec({ repository, ports }: DevnetSettings): ProcessSpec {
  return {
    name: 'liquidator',
    command: process.execPath,
    args: [...SMALL_HEAP, join(repository, 'services', 'liquidator', 'src', 'main.ts')],
    env: {
      ...process.env,
      ...compileCache(repository),
      KEEL_ADMIN_PORT: String(ports.liquidatorAdmin),
      KEEL_GATEWAY_URL: gatewayUrl(ports),
      KEEL_LIQUIDATOR_KEY: liquidatorKey(),
    },
    notReady: () => notReadyAt(`http://127.0.0.1:${ports.liquidatorAdmin}/readyz`),
  };
}

/** Ten processes strip the types of the same files: Node keeps what it made of them, for all and for the next start. */
function compileCache(repository: string): NodeJS.ProcessEnv {
  return { NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? join(repository, '.keel', 'compile-cache') };
}

function sharedEnv({ repository, ports, intakeToken }: DevnetSettings, deployment: Deployment): NodeJS.ProcessEnv {
  return {
    ...process.env,
    ...compileCache(repository),
    KEEL_REDIS_URL: `redis://127.0.0.1:${ports.redis}`,
    KEEL_INTAKE_URL: `ws://127.0.0.1:${ports.intake}`,
    KEEL_INTAKE_TOKEN: intakeToken,
    KEEL_L1_URL: l1Url(ports),
    KEEL_CHAIN_ID: String(CHAIN_ID),
    KEEL_SETTLEMENT_ADDRESS: deployment.settlement,
    KEEL_USDC_ADDRESS: deployment.usdc,
  };
}

/** A recording moves the index (feeders); one of orders is traded too (bots). Both must be told the same market and pace. */
export function recordingEnv({ replay, orders, market, speed }: StartOptions): Record<string, string> {
  const candles = {
    KEEL_REPLAY_FILE: replay ?? '',
    KEEL_REPLAY_MARKET: market ?? 'BTC-USD',
    KEEL_REPLAY_SPEED: String(speed ?? CANDLES_SPEED),
  };
  const messages = {
    KEEL_INDEX_FROM_ORDERS: orders ?? '',
    KEEL_ORDERS_FILE: orders ?? '',
    KEEL_ORDERS_MARKET: market ?? 'ETH-USD',
    KEEL_ORDERS_SPEED: String(speed ?? ORDERS_SPEED),
  };
  return { ...(replay === undefined ? {} : candles), ...(orders === undefined ? {} : messages) };
}

async function notReadyAt(url: string): Promise<string | undefined> {
  const response = await fetch(url);
  const text = await response.text();
  return response.ok ? undefined : text.slice(0, 300);
}

function portNotOpen(port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host: '127.0.0.1' });
    socket.once('connect', () => {
      socket.destroy();
      resolve(undefined);
    });
    socket.once('error', (fault) => resolve(fault.message));
  });
}
