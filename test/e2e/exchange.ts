import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IntakeClient, type Submitted } from '@keel/intake';
import { freePort } from '@keel/test-servers';
import type { MarketId } from '@keel/types';
import { type Child, startChild } from './childProcess.ts';
import { deployL1, type L1 } from './l1.ts';
import { FEEDER, feedPrice } from './priceFeeder.ts';
import { waitFor } from './waitFor.ts';

const ROOT = new URL('../..', import.meta.url).pathname;
const TOKEN = 'e2e0'.repeat(16);
/** Key of the first account of anvil's published development mnemonic. */
const OPERATOR_KEY = '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80';

export type ServiceName = 'redis' | 'anvil' | 'sequencer' | 'gateway' | 'settler';

/** A whole exchange on free loopback ports, without price feed and bots: the test is the outside world. */
export interface Exchange {
  readonly gatewayUrl: string;
  readonly redisUrl: string;
  readonly dataDir: string;
  readonly l1: L1;
  /** As price feed: the test says what the outside price is. */
  readonly prices: IntakeClient;
  /** Says as the only feeder what a market's index is now. */
  readonly price: (marketId: MarketId, priceTicks: number) => Promise<Submitted>;
  /** What an operator's program is told to reach the intake. */
  readonly operatorEnv: Readonly<Record<string, string>>;
  readonly child: (name: ServiceName) => Child;
  /** Starts a service again that the test has stopped or killed, on its old port. */
  readonly restart: (name: ServiceName) => Promise<void>;
  stop(): Promise<void>;
}

export interface ExchangeOptions {
  readonly env?: Record<string, string>;
}

export async function startExchange(options: ExchangeOptions = {}): Promise<Exchange> {
  const folder = mkdtempSync(join(tmpdir(), 'keel-e2e-'));
  const [redisPort, anvilPort, intakePort, gatewayPort, sequencerAdmin, settlerAdmin] = await Promise.all(
    Array.from({ length: 6 }, freePort),
  );
  const redisUrl = `redis://127.0.0.1:${redisPort}`;
  const gatewayUrl = `http://127.0.0.1:${gatewayPort}`;
  const intakeUrl = `ws://127.0.0.1:${intakePort}`;
  const l1Url = `http://127.0.0.1:${anvilPort}`;
  const children = new Map<ServiceName, Child>();

  const env: Record<string, string> = {
    KEEL_REDIS_URL: redisUrl,
    KEEL_INTAKE_URL: intakeUrl,
    KEEL_INTAKE_PORT: String(intakePort),
    KEEL_INTAKE_TOKEN: TOKEN,
    KEEL_L1_URL: l1Url,
    KEEL_CHAIN_ID: '31337',
    KEEL_GATEWAY_PORT: String(gatewayPort),
    KEEL_DATA_DIR: join(folder, 'sequencer'),
    KEEL_PRICE_FEEDERS: FEEDER,
    KEEL_BATCH_SECONDS: '1',
    KEEL_L1_POLL_MS: '200',
    KEEL_LOG_LEVEL: 'info',
    ...options.env,
  };
  const starters: Record<ServiceName, () => Promise<void>> = {
    redis: async () => {
      const args = [
        '--port',
        String(redisPort),
        '--bind',
        '127.0.0.1',
        '--save',
        '',
        '--maxmemory-policy',
        'noeviction',
        '--dir',
        folder,
      ];
      children.set('redis', startChild('redis', process.env.KEEL_REDIS_SERVER ?? 'redis-server', args, {}));
      await waitFor('redis', () => (children.get('redis')?.output().includes('Ready to accept') ? true : undefined));
    },
    anvil: async () => {
      const anvil = join(ROOT, 'test/node_modules/.bin/anvil');
      const args = [
        '--port',
        String(anvilPort),
        '--state',
        join(folder, 'anvil.json'),
        '--block-time',
        '1',
        '--mixed-mining',
      ];
      children.set('anvil', startChild('anvil', anvil, args, {}));
      await waitFor('anvil', () => (children.get('anvil')?.output().includes('Listening on') ? true : undefined));
    },
    sequencer: () =>
      service('sequencer', { KEEL_ADMIN_PORT: String(sequencerAdmin) }, `http://127.0.0.1:${sequencerAdmin}`),
    gateway: () => service('gateway', {}, gatewayUrl),
    settler: () =>
      service(
        'settler',
        { KEEL_ADMIN_PORT: String(settlerAdmin), KEEL_OPERATOR_KEY: OPERATOR_KEY },
        `http://127.0.0.1:${settlerAdmin}`,
      ),
  };
  async function service(name: ServiceName, own: Record<string, string>, url: string): Promise<void> {
    const child = startChild(name, process.execPath, [join(ROOT, `services/${name}/src/main.ts`)], { ...env, ...own });
    children.set(name, child);
    await waitFor(`${name} to be ready`, async () => {
      if (child.process.exitCode !== null) throw new Error(`${name} ended:\n${child.output()}`);
      const answer = await fetch(`${url}/readyz`);
      if (!answer.ok) throw new Error(`${answer.status}: ${await answer.text()}\n${child.output().slice(-2_000)}`);
      return true;
    });
  }

  let prices: IntakeClient | undefined;
  const stop = async (): Promise<void> => {
    await prices?.close();
    for (const name of ['gateway', 'settler', 'sequencer', 'anvil', 'redis'] as const) await children.get(name)?.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await Promise.all([starters.redis(), starters.anvil()]);
    const l1 = await deployL1(l1Url);
    env.KEEL_SETTLEMENT_ADDRESS = l1.settlement.toLowerCase();
    env.KEEL_USDC_ADDRESS = l1.usdc.toLowerCase();
    await starters.sequencer();
    await Promise.all([starters.gateway(), starters.settler()]);
    const feed = new IntakeClient({ url: intakeUrl, token: TOKEN, role: 'priceFeed' });
    prices = feed;
    await feed.ready();
    return {
      gatewayUrl,
      redisUrl,
      dataDir: join(folder, 'sequencer'),
      l1,
      prices: feed,
      price: (marketId, priceTicks) => feedPrice(feed, l1.settlement, marketId, priceTicks),
      operatorEnv: { KEEL_INTAKE_URL: intakeUrl, KEEL_INTAKE_TOKEN: TOKEN },
      child: (name) => {
        const child = children.get(name);
        if (child === undefined) throw new Error(`${name} was never started`);
        return child;
      },
      restart: (name) => starters[name](),
      stop,
    };
  } catch (fault) {
    await stop();
    throw fault;
  }
}
