import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IntakeClient } from '@keel/intake';
import { addressOfKey, keelDomain, marketFeed, signPriceReport } from '@keel/signing';
import { freePort } from '@keel/test-servers';
import { type Address, assert, type Hex, type PriceReport, type TradingStatus, toMarketId } from '@keel/types';
import { type Child, startChild } from '../e2e/childProcess.ts';
import { waitFor } from '../e2e/waitFor.ts';

const ROOT = new URL('../..', import.meta.url).pathname;
const TOKEN = 'd00d'.repeat(16);
export const SETTLEMENT: Address = `0x${'5e'.repeat(20)}`;
export const CHAIN_ID = 31_337;
/** The only price feeder: its reports are a quorum. */
const FEEDER_KEY: Hex = `0x${'fe'.repeat(32)}`;

/** Redis, sequencer and gateway as processes; the test feeds prices and deposits itself, so no L1 is needed. */
export interface Door {
  readonly url: string;
  readonly redisUrl: string;
  readonly env: Readonly<Record<string, string>>;
  /** Credits the next deposit. */
  deposit(owner: Address, amountAtoms: number): Promise<void>;
  /** Publishes an index price of a market now. */
  price(marketId: number, priceTicks: number): Promise<void>;
  /** What the feeder, or whoever has `key`, says of a market's price, signed; each report counts up. */
  report(marketId: number, priceTicks: number, publishTimeMs: number, key?: Hex): Promise<PriceReport>;
  /** Says as the operator what may be done in a market from now on. */
  setTradingStatus(marketId: number, status: TradingStatus): Promise<void>;
  /** The sequencer again, after it ended. */
  startSequencer(): Promise<void>;
  killRedis(): Promise<void>;
  startRedis(): Promise<void>;
  child(name: string): Child;
  stop(): Promise<void>;
}

export const gatewayMain = join(ROOT, 'services/gateway/src/main.ts');

export interface DoorOptions {
  /** What the gateway reaches the sequencer through, given its port: the port of something that passes bytes on. */
  readonly through?: (intakePort: number) => Promise<number>;
  /** Settings of the gateway. */
  readonly gateway?: Readonly<Record<string, string>>;
}

export async function startDoor({ through, gateway = {} }: DoorOptions = {}): Promise<Door> {
  const folder = mkdtempSync(join(tmpdir(), 'keel-door-'));
  const [redisPort = 0, intakePort = 0, adminPort = 0, gatewayPort = 0] = await Promise.all(
    Array.from({ length: 4 }, freePort),
  );
  const env = {
    KEEL_REDIS_URL: `redis://127.0.0.1:${redisPort}`,
    KEEL_INTAKE_URL: `ws://127.0.0.1:${intakePort}`,
    KEEL_INTAKE_PORT: String(intakePort),
    KEEL_INTAKE_TOKEN: TOKEN,
    KEEL_CHAIN_ID: String(CHAIN_ID),
    KEEL_SETTLEMENT_ADDRESS: SETTLEMENT,
    KEEL_USDC_ADDRESS: `0x${'c0'.repeat(20)}`,
    KEEL_ADMIN_PORT: String(adminPort),
    KEEL_GATEWAY_PORT: String(gatewayPort),
    KEEL_DATA_DIR: join(folder, 'sequencer'),
    KEEL_PRICE_FEEDERS: addressOfKey(FEEDER_KEY),
    KEEL_LOG_LEVEL: 'info',
  };
  const children = new Map<string, Child>();
  const redisArgs = ['--port', String(redisPort), '--bind', '127.0.0.1', '--save', '', '--dir', folder];
  const startRedis = async (): Promise<void> => {
    children.set('redis', startChild('redis', process.env.KEEL_REDIS_SERVER ?? 'redis-server', redisArgs, {}));
    await waitFor('redis', () => (children.get('redis')?.output().includes('Ready to accept') ? true : undefined));
  };
  const service = async (name: string, url: string, changes: Readonly<Record<string, string>> = {}): Promise<void> => {
    const main = join(ROOT, `services/${name}/src/main.ts`);
    const child = startChild(name, process.execPath, [main], { ...env, ...changes });
    children.set(name, child);
    await waitFor(`${name} to be ready`, async () => {
      if (child.process.exitCode !== null) throw new Error(`${name} ended:\n${child.output()}`);
      const answer = await fetch(`${url}/readyz`);
      if (!answer.ok) throw new Error(`${await answer.text()}\n${child.output().slice(-2_000)}`);
      return true;
    });
  };
  const url = `http://127.0.0.1:${gatewayPort}`;
  const startSequencer = (): Promise<void> => service('sequencer', `http://127.0.0.1:${adminPort}`);
  await startRedis();
  await startSequencer();
  // A sequencer that starts anew on a busy machine needs longer than a trader is made to wait.
  const tapped = async (port: Promise<number>) => ({
    KEEL_INTAKE_URL: `ws://127.0.0.1:${await port}`,
    KEEL_SUBMIT_DEADLINE_MS: '20000',
  });
  await service('gateway', url, { ...(through === undefined ? {} : await tapped(through(intakePort))), ...gateway });
  const intakeOptions = { url: env.KEEL_INTAKE_URL, token: TOKEN };
  const settler = new IntakeClient({ ...intakeOptions, role: 'settler' });
  const feeder = new IntakeClient({ ...intakeOptions, role: 'priceFeed' });
  const operator = new IntakeClient({ ...intakeOptions, role: 'operator' });
  await Promise.all([settler.ready(), feeder.ready(), operator.ready()]);
  let deposits = 0;
  let reports = 0;
  const domain = keelDomain(CHAIN_ID, SETTLEMENT);
  const report: Door['report'] = async (marketId, priceTicks, publishTimeMs, key = FEEDER_KEY) => {
    const market = (await feeder.status()).markets.find((listed) => listed.marketId === marketId);
    assert(market !== undefined, `no market ${marketId}`);
    reports += 1;
    const figures = { priceTicks, perpTicks: 0, publishTimeMs, reportSequence: reports };
    const signature = signPriceReport(domain, marketFeed(market), figures, key);
    return { feeder: addressOfKey(key), ...figures, signature };
  };
  return {
    url,
    redisUrl: env.KEEL_REDIS_URL,
    env,
    report,
    deposit: async (owner, amountAtoms) => {
      const depositIndex = deposits++;
      const l1TxHash: Hex = `0x${'dd'.repeat(32)}`;
      const deposit = { depositIndex, owner, assetId: 0, amountAtoms, l1BlockNumber: 1, l1TxHash } as const;
      await settler.submit({ kind: 'creditDeposit', ...deposit });
    },
    price: async (marketId, priceTicks) => {
      await feeder.ready();
      const reports = [await report(marketId, priceTicks, Date.now())];
      await feeder.submit({ kind: 'updateIndexPrice', marketId: toMarketId(marketId), reports });
    },
    setTradingStatus: async (marketId, status) => {
      await operator.submit({ kind: 'setTradingStatus', marketId: toMarketId(marketId), status });
    },
    startSequencer,
    killRedis: async () => {
      await children.get('redis')?.stop('SIGKILL');
    },
    startRedis,
    child: (name) => children.get(name) as Child,
    stop: async () => {
      await settler.close();
      await feeder.close();
      await operator.close();
      for (const name of ['gateway', 'sequencer', 'redis']) await children.get(name)?.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
