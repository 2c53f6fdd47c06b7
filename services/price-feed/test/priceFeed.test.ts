import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IntakeServer } from '@keel/intake';
import { freePort } from '@keel/test-servers';
import {
  type Command,
  type MarketStatus,
  REJECT_CODES,
  type SequencerStatus,
  toAccountId,
  toMarketId,
  toSequence,
} from '@keel/types';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const TOKEN = 'ab'.repeat(16);
const NO_SUCH_ACCOUNT = toAccountId(0) as never;

/** Takes prices as the exchange does: no jump beyond the bound, no time that is not newer. Keeps its indexes over a restart. */
class PriceTaker {
  readonly indexTicks = new Map<number, number>();
  readonly published: { marketId: number; priceTicks: number; refused: boolean }[] = [];
  readonly #times = new Map<number, number>();
  #sequence = 0;
  #server: IntakeServer | undefined;
  port = 0;

  async listen(): Promise<void> {
    this.#server = new IntakeServer({ host: '127.0.0.1', port: this.port, token: TOKEN, handler: this });
    this.port = await this.#server.listen();
  }

  async close(): Promise<void> {
    await this.#server?.close();
    this.#server = undefined;
  }

  async submit(_role: string, command: Command) {
    if (command.kind !== 'updateIndexPrice') throw new Error(command.kind);
    const { marketId, priceTicks, publishTimeMs } = command;
    const before = this.indexTicks.get(marketId) ?? 0;
    const jumps = before > 0 && Math.abs(priceTicks - before) > Math.floor(before / 5);
    const refused = jumps || publishTimeMs <= (this.#times.get(marketId) ?? 0);
    this.published.push({ marketId, priceTicks, refused });
    const block = { sequence: toSequence(++this.#sequence), timeMs: Date.now() };
    if (refused) {
      const code = REJECT_CODES.INDEX_PRICE_JUMP;
      return { ...block, events: [{ kind: 'commandRejected' as const, code, accountId: NO_SUCH_ACCOUNT }] };
    }
    this.indexTicks.set(marketId, priceTicks);
    this.#times.set(marketId, publishTimeMs);
    return {
      ...block,
      events: [{ kind: 'indexPriceUpdated' as const, marketId, indexTicks: priceTicks, publishTimeMs }],
    };
  }

  async batch() {
    return undefined;
  }

  status(): SequencerStatus {
    return {
      sequence: toSequence(this.#sequence),
      timeMs: 0,
      stateRoot: `0x${'0'.repeat(64)}`,
      lastBatchIndex: -1,
      nextDepositIndex: 0,
      nextWithdrawalIndex: 0,
      accounts: 0,
      openOrders: 0,
      markets: [this.#market(1, 'BTC-USD', 1), this.#market(2, 'ETH-USD', 2)],
    };
  }

  #market(id: number, symbol: string, priceDecimals: number): MarketStatus {
    return {
      marketId: toMarketId(id),
      symbol,
      priceDecimals,
      maxPriceTicks: 10_000_000,
      indexJumpPpm: 200_000,
      indexTicks: this.indexTicks.get(id) ?? 0,
    };
  }
}

interface Feed {
  readonly child: ChildProcess;
  readonly output: { stdout: string; stderr: string };
  readonly ended: Promise<number | null>;
}

describe('price-feed process', { timeout: 60_000 }, () => {
  let folder: string;
  let taker: PriceTaker;
  let feeds: Feed[];
  let adminPort: number;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'keel-price-feed-'));
    taker = new PriceTaker();
    feeds = [];
    adminPort = await freePort();
  });
  afterEach(async () => {
    for (const feed of feeds) feed.child.kill('SIGKILL');
    await Promise.all(feeds.map((feed) => feed.ended));
    await taker.close();
    rmSync(folder, { recursive: true });
  });

  function start(env: Record<string, string> = {}): Feed {
    const child = spawn(process.execPath, [join(import.meta.dirname, '../src/main.ts')], {
      env: {
        PATH: process.env.PATH,
        KEEL_ADMIN_PORT: String(adminPort),
        KEEL_INTAKE_URL: `ws://127.0.0.1:${taker.port}`,
        KEEL_INTAKE_TOKEN: TOKEN,
        KEEL_PRICE_INTERVAL_MS: '50',
        ...env,
      },
    });
    const output = { stdout: '', stderr: '' };
    child.stdout.on('data', (chunk) => {
      output.stdout += chunk;
    });
    child.stderr.on('data', (chunk) => {
      output.stderr += chunk;
    });
    const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
    const feed = { child, output, ended };
    feeds.push(feed);
    return feed;
  }

  const pricesOf = (marketId: number): number[] =>
    taker.published.filter((one) => one.marketId === marketId).map((one) => one.priceTicks);

  test('simulates every listed market, is ready, and stops cleanly', async () => {
    await taker.listen();
    const feed = start();
    await until(() => pricesOf(1).length >= 10 && pricesOf(2).length >= 10);
    expect(pricesOf(1)[0]).toBeGreaterThan(570_000);
    expect(pricesOf(2)[0]).toBeGreaterThan(285_000);
    const admin = `http://127.0.0.1:${adminPort}`;
    expect((await fetch(`${admin}/readyz`)).status).toBe(200);
    expect(await (await fetch(`${admin}/metrics`)).text()).toMatch(
      /keel_price_feed_accepted_total\{market="BTC-USD",service="price-feed"\} [0-9]+/,
    );
    feed.child.kill('SIGTERM');
    expect(await feed.ended).toBe(0);
    expect(taker.published.filter((one) => one.refused)).toEqual([]);
  });

  test('plays candles with every extreme, walks to a far first price without a refusal, and holds the last', async () => {
    const file = join(folder, 'week.csv');
    const rows = ['0,22000,22100,21900,22050,1', '60,22050,22500,22040,22400,1'].map(
      (row) => `167823${36 + Number(row.split(',')[0]) / 60}00,${row.split(',').slice(1).join(',')}`,
    );
    writeFileSync(file, ['open_time,open,high,low,close,volume', ...rows].join('\n'));
    taker.indexTicks.set(1, 600_000);
    await taker.listen();
    const feed = start({ KEEL_REPLAY_FILE: file, KEEL_REPLAY_SPEED: '100' });
    await until(() => feed.output.stdout.includes('the recording is over'));
    await until(() =>
      pricesOf(1)
        .slice(-5)
        .every((price) => price === 224_000),
    );
    expect(taker.published.filter((one) => one.refused)).toEqual([]);
    expect(Math.max(...pricesOf(1).slice(-20))).toBeLessThan(600_000);
    expect(pricesOf(1)).toContain(225_000);
    const status = (await (await fetch(`http://127.0.0.1:${adminPort}/status`)).json()) as { markets: unknown[] };
    expect(status.markets[0]).toMatchObject({ market: 'BTC-USD', source: 'candles', ended: true, index: '22400' });
    expect(status.markets[1]).toMatchObject({ market: 'ETH-USD', source: 'simulation' });
  });

  test('goes on from the index of an exchange that was away', async () => {
    await taker.listen();
    const feed = start();
    await until(() => pricesOf(1).length >= 5);
    await taker.close();
    await until(() => feed.output.stdout.includes('takes no prices') || feed.output.stdout.includes('failed'));
    taker.indexTicks.set(1, 100_000);
    const before = taker.published.length;
    await taker.listen();
    await until(() => taker.published.length >= before + 20);
    expect(taker.published.slice(before).filter((one) => one.refused)).toEqual([]);
    expect(taker.published.slice(before).find((one) => one.marketId === 1)?.priceTicks).toBeLessThanOrEqual(120_000);
  });

  test.each([
    ['no token', { KEEL_INTAKE_TOKEN: '' }, 'configuration: KEEL_INTAKE_TOKEN is missing'],
    ['no file', { KEEL_REPLAY_FILE: '/nowhere.csv' }, '/nowhere.csv cannot be read: not found'],
    [
      'two files for one market',
      { KEEL_REPLAY_FILE: 'a', KEEL_INDEX_FROM_ORDERS: 'b', KEEL_ORDERS_MARKET: 'BTC-USD' },
      'KEEL_REPLAY_FILE and KEEL_INDEX_FROM_ORDERS both move BTC-USD',
    ],
  ])('%s is one sentence and exit code 1', async (_what, env, sentence) => {
    const feed = start(env);
    expect(await feed.ended).toBe(1);
    expect(feed.output.stderr).toContain(`keel price-feed: ${sentence}`);
    expect(feed.output.stderr.trim().split('\n')).toHaveLength(1);
  });

  test('a line that does not fit, a market that is not listed and a wrong token are one sentence', async () => {
    await taker.listen();
    const broken = join(folder, 'broken.csv');
    writeFileSync(broken, 'open_time,open,high,low,close,volume\n1678233600,1,2,1,1,0\n1678233660,1,x,1,1,0\n');
    const first = start({ KEEL_REPLAY_FILE: broken });
    expect(await first.ended).toBe(1);
    expect(first.output.stderr).toBe(
      `keel price-feed: ${broken} line 3: found high "x", expected a price above 0 like 22196.56\n`,
    );
    const fine = join(folder, 'fine.csv');
    writeFileSync(fine, 'open_time,open,high,low,close,volume\n1678233600,1,2,1,1,0\n');
    const second = start({ KEEL_REPLAY_FILE: fine, KEEL_REPLAY_MARKET: 'DOGE-USD' });
    expect(await second.ended).toBe(1);
    expect(second.output.stderr).toContain('is meant for DOGE-USD, but the exchange lists BTC-USD, ETH-USD');
    const third = start({ KEEL_INTAKE_TOKEN: 'cd'.repeat(16) });
    expect(await third.ended).toBe(1);
    expect(third.output.stderr).toContain("set KEEL_INTAKE_TOKEN to the same secret as the sequencer's");
  });
});

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10));
}
