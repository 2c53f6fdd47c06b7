import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KeelClient } from '@keel/client';
import { IntakeClient } from '@keel/intake';
import { addressOfKey, keelDomain, marketFeed, signPriceReport } from '@keel/signing';
import { freePort, startRedis } from '@keel/test-servers';
import { type Address, assert, type Hex, parseDecimal, toMarketId } from '@keel/types';
import { vi } from 'vitest';
import { type Service, startService } from './processes.ts';
import { comeBack, skipToTheHour } from './skipToTheHour.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const TOKEN = 'c0f0'.repeat(16);
const CHAIN_ID = 31_337;
const SETTLEMENT: Address = `0x${'5e'.repeat(20)}`;
/** The only price feeder: its report is a quorum. */
const FEEDER_KEY: Hex = `0x${'fe'.repeat(32)}`;
/** An index price is fresh for five seconds. */
const PRICES_EVERY_MS = 1_000;
const USDC_DECIMALS = 6;

/** Index prices that a venue starts with. Their ticks are what clients can spell: five digits and no more. */
export const START_PRICES = { BTC: '60000', ETH: '3000', SOL: '150' } as const;
export type Coin = keyof typeof START_PRICES;

/** Somebody with money: the key that owns it, and one that may trade with it. */
export interface Trader {
  readonly owner: Address;
  readonly agentKey: Hex;
  /** What the exchange itself says, asked in its own words. */
  readonly native: KeelClient;
}

/** A whole exchange on free loopback ports. The test is the outside world: the price feed, and L1's deposits. */
export interface Venue {
  readonly url: string;
  readonly wsUrl: string;
  /** The index price from now on. */
  price(coin: Coin, price: string): Promise<void>;
  /** Opens an account with so much USDC and approves an agent key natively; both keys follow from the name. */
  trader(name: string, usdc: string): Promise<Trader>;
  /** Credits another deposit. */
  deposit(owner: Address, usdc: string): Promise<void>;
  /** It is shortly before the next full hour, for the exchange and for this process. */
  skipToTheHour(): Promise<void>;
  /** As the operator: prices that were away for long have closed the markets; they trade again. */
  reopen(): Promise<void>;
  stop(): Promise<void>;
}

/** A key that follows from a name, worth nothing anywhere. */
export function keyOf(name: string): Hex {
  return `0x${createHash('sha256').update(`conformance/${name}`).digest('hex')}`;
}

/** Starts Redis, the sequencer and a gateway as processes, prices the markets and keeps the prices fresh. */
export async function startVenue(): Promise<Venue> {
  const folder = mkdtempSync(join(tmpdir(), 'keel-conformance-'));
  const redis = await startRedis();
  const [intakePort, adminPort, gatewayPort] = await Promise.all([freePort(), freePort(), freePort()]);
  const intakeUrl = `ws://127.0.0.1:${intakePort}`;
  const url = `http://127.0.0.1:${gatewayPort}`;
  const env = {
    KEEL_REDIS_URL: redis.url,
    KEEL_INTAKE_URL: intakeUrl,
    KEEL_INTAKE_PORT: String(intakePort),
    KEEL_INTAKE_TOKEN: TOKEN,
    KEEL_CHAIN_ID: String(CHAIN_ID),
    KEEL_SETTLEMENT_ADDRESS: SETTLEMENT,
    KEEL_USDC_ADDRESS: `0x${'c0'.repeat(20)}`,
    KEEL_ADMIN_PORT: String(adminPort),
    KEEL_GATEWAY_PORT: String(gatewayPort),
    KEEL_DATA_DIR: join(folder, 'sequencer'),
    KEEL_PRICE_FEEDERS: addressOfKey(FEEDER_KEY),
    NODE_OPTIONS: `--import=${new URL('skipToTheHour.ts', import.meta.url).href}`,
  };
  const services: Service[] = [];
  const start = async (name: string, at: string): Promise<void> => {
    services.unshift(await startService(join(ROOT, 'services', name, 'src', 'main.ts'), env, at));
  };
  await start('sequencer', `http://127.0.0.1:${adminPort}`);
  await start('gateway', url);

  const intake = { url: intakeUrl, token: TOKEN };
  const settler = new IntakeClient({ ...intake, role: 'settler' });
  const feed = new IntakeClient({ ...intake, role: 'priceFeed' });
  const operator = new IntakeClient({ ...intake, role: 'operator' });
  await Promise.all([settler.ready(), feed.ready(), operator.ready()]);
  const { markets } = await feed.status();
  const domain = keelDomain(CHAIN_ID, SETTLEMENT);
  const prices = new Map<Coin, string>(Object.entries(START_PRICES) as [Coin, string][]);
  let reports = 0;
  const publish = async (coin: Coin): Promise<void> => {
    const market = markets.find(({ symbol }) => symbol === `${coin}-USD`);
    assert(market !== undefined, `no market of ${coin}`);
    const priceTicks = parseDecimal(prices.get(coin) ?? '', market.priceDecimals);
    assert(typeof priceTicks === 'number', `${coin} at ${prices.get(coin)}: ${priceTicks}`);
    reports += 1;
    const figures = { priceTicks, perpTicks: 0, publishTimeMs: Date.now(), reportSequence: reports };
    const signature = signPriceReport(domain, marketFeed(market), figures, FEEDER_KEY);
    await feed.submit({
      kind: 'updateIndexPrice',
      marketId: toMarketId(market.marketId),
      reports: [{ feeder: addressOfKey(FEEDER_KEY), ...figures, signature }],
    });
  };
  // One after the other: a report must not be older than the one before.
  let publishing = Promise.resolve();
  const publishAll = (): Promise<void> => {
    publishing = publishing.then(async () => {
      for (const coin of prices.keys()) await publish(coin);
    });
    return publishing;
  };
  await publishAll();
  const refresh = setInterval(publishAll, PRICES_EVERY_MS);

  let deposits = 0;
  const deposit: Venue['deposit'] = async (owner, usdc) => {
    const amountAtoms = parseDecimal(usdc, USDC_DECIMALS);
    assert(typeof amountAtoms === 'number', `${usdc} USDC: ${amountAtoms}`);
    const l1TxHash: Hex = `0x${'dd'.repeat(32)}`;
    const depositIndex = deposits++;
    await settler.submit({
      kind: 'creditDeposit',
      depositIndex,
      owner,
      assetId: 0,
      amountAtoms,
      l1BlockNumber: 1,
      l1TxHash,
    });
  };
  const people: KeelClient[] = [];
  return {
    url,
    wsUrl: `${url.replace('http', 'ws')}/ws`,
    price: async (coin, price) => {
      prices.set(coin, price);
      await publishAll();
    },
    deposit,
    trader: async (name, usdc) => {
      const native = new KeelClient({ url, privateKey: keyOf(name) });
      people.push(native);
      const agentKey = keyOf(`${name}/agent`);
      await deposit(native.address, usdc);
      await native.approveAgent({ agent: addressOfKey(agentKey), agentName: 'bot' });
      // Answers about the agent come from the read model, which follows a few milliseconds behind.
      await vi.waitFor(async () => assert((await native.account()).agents.length === 1, 'no agent yet'), 10_000);
      return { owner: native.address, agentKey, native };
    },
    skipToTheHour: async () => {
      for (const service of services) service.signal('SIGUSR2');
      skipToTheHour();
      await publishAll();
    },
    reopen: async () => {
      // They were on their way back in stages; any other status than open ends that, and open then means at once.
      for (const { marketId } of markets) {
        for (const status of ['postOnly', 'open'] as const) {
          await operator.submit({ kind: 'setTradingStatus', marketId: toMarketId(marketId), status });
        }
      }
    },
    stop: async () => {
      comeBack();
      clearInterval(refresh);
      await publishing;
      for (const person of people) person.close();
      await settler.close();
      await feed.close();
      await operator.close();
      for (const service of services) await service.stop();
      await redis.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
