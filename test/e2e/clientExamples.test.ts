import { join } from 'node:path';
import { type Account, KeelClient } from '@keel/client';
import type { Hex } from '@keel/types';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Door, startDoor } from '../gateway/startDoor.ts';
import { type Child, startChild } from './childProcess.ts';
import { waitFor } from './waitFor.ts';

const EXAMPLES = join(import.meta.dirname, '../../packages/client/examples');
const USDC = 1_000_000;
const BTC = { marketId: 1, symbol: 'BTC-USD', ticksPerUsd: 10 } as const;
const ETH = { marketId: 2, symbol: 'ETH-USD', ticksPerUsd: 100 } as const;
type Market = typeof BTC | typeof ETH;
const key = (digit: string): Hex => `0x${digit.repeat(64)}`;

let door: Door;
let feeding: NodeJS.Timeout | undefined;
const usd = new Map<Market, number>([
  [BTC, 20_000],
  [ETH, 3_000],
]);
/** Buys and sells what the others need. */
let cat: KeelClient;
const clients: KeelClient[] = [];
const children: Child[] = [];

beforeAll(async () => {
  door = await startDoor();
  const feed = async (): Promise<void> => {
    for (const [{ marketId, ticksPerUsd }, price] of usd) await door.price(marketId, price * ticksPerUsd);
  };
  await feed();
  // Prices are good for five seconds, and auctions walk with sequenced time.
  feeding = setInterval(() => void feed().catch(() => undefined), 250);
  cat = await trader('c', 1_000_000);
});
afterAll(async () => {
  clearInterval(feeding);
  for (const client of clients) client.close();
  await door?.stop();
});

afterEach(async () => {
  for (const child of children.splice(0)) await child.stop('SIGKILL');
  for (const client of clients) await client.cancelAll();
});

async function trader(digit: string, usdc: number): Promise<KeelClient> {
  const client = new KeelClient({ url: door.url, privateKey: key(digit) });
  clients.push(client);
  await door.deposit(client.address, usdc * USDC);
  await waitFor('the deposit', () => client.account());
  return client;
}

async function move(market: Market, price: number): Promise<void> {
  usd.set(market, price);
  await waitFor(`mark ${price}`, async () => {
    const listed = (await cat.markets()).find(({ symbol }) => symbol === market.symbol);
    return listed?.mark === String(price) ? true : undefined;
  });
}

function start(example: string, ...args: string[]): Child {
  const child = startChild(example, process.execPath, [join(EXAMPLES, `${example}.ts`), door.url, ...args], {});
  children.push(child);
  return child;
}

/** Ends a program as Ctrl-C does. */
async function end(child: Child): Promise<void> {
  const code = child.stop('SIGTERM');
  const late = setTimeout(() => child.process.kill('SIGKILL'), 20_000);
  expect(await code, child.output()).toBe(0);
  clearTimeout(late);
}

/** Waits for what the account must be like, and says what it was and what the program printed where it never is. */
async function untilAccount(of: KeelClient, child: Child, expected: object): Promise<Account> {
  let last: Account | undefined;
  try {
    return await waitFor('the account', async () => {
      last = await of.account();
      expect(last).toMatchObject(expected);
      return last;
    });
  } catch (fault) {
    throw new Error(`${child.output()}\n${JSON.stringify(last?.openOrders)}`, { cause: fault });
  }
}

const pair = (bid: string, ask: string, size = '0.01') => ({
  openOrders: [
    { side: 'buy', price: bid, remainingSize: size },
    { side: 'sell', price: ask, remainingSize: size },
  ],
});

describe('marketMaker.ts', () => {
  let maker: KeelClient;
  beforeAll(async () => {
    maker = await trader('a', 10_000);
    await move(BTC, 20_000);
  });

  test('quotes around the index, follows it by amending, leans against what it holds, and ends flat', async () => {
    const child = start('marketMaker', key('a'), BTC.symbol, '0.01', '120');
    // 0.1 % to each side.
    const first = await untilAccount(maker, child, {
      ...pair('19980', '20020'),
      protections: [{ market: BTC.symbol, windowMs: 1_000, quantity: '0.04', fillCount: 20, frozen: false }],
    });
    expect(first.cancelAllAfter).toBeGreaterThan(0);

    usd.set(BTC, 20_200);
    const moved = await untilAccount(maker, child, pair('20179.8', '20220.2'));
    expect(moved.openOrders.map(({ orderId }) => orderId)).toEqual(first.openOrders.map(({ orderId }) => orderId));

    // cat takes the ask: short 0.01 of at most 0.04, so both quotes go up by a quarter of 0.1 %.
    await cat.placeOrder({ market: BTC.symbol, side: 'buy', price: '20300', size: '0.01', timeInForce: 'ioc' });
    const short = await untilAccount(maker, child, {
      ...pair('20184.8', '20225.3'),
      positions: [{ market: BTC.symbol, size: '-0.01' }],
    });
    // Its ask is another one; its bid is the same, amended.
    expect(short.openOrders[0]?.orderId).toBe(first.openOrders[0]?.orderId);
    expect(short.openOrders[1]?.orderId).not.toBe(first.openOrders[1]?.orderId);

    await cat.placeOrder({ market: BTC.symbol, side: 'sell', price: '20230', size: '1', timeInForce: 'postOnly' });
    await end(child);
    expect(child.output()).toContain('2 quotes taken away');
    expect(child.output()).toContain('closed 0.01 of -0.01');
    const over = { openOrders: [], positions: [], protections: [], cancelAllAfter: 0 };
    await untilAccount(maker, child, over);
    await cat.cancelAll();
  });

  test('part of a quote is taken: the whole size rests again with the next move', async () => {
    // The mark stays behind where trades drew it; the program does not ask it.
    usd.set(BTC, 20_000);
    const child = start('marketMaker', key('a'), BTC.symbol, '0.01', '120');
    await untilAccount(maker, child, pair('19980', '20020'));
    await cat.placeOrder({ market: BTC.symbol, side: 'sell', price: '19980', size: '0.006', timeInForce: 'ioc' });
    // Long 0.006 of 0.04: both go down by 15 % of 0.1 %.
    const long = await untilAccount(maker, child, pair('19977', '20017'));
    expect(long.positions).toMatchObject([{ size: '0.006' }]);
    await cat.placeOrder({ market: BTC.symbol, side: 'buy', price: '19900', size: '1', timeInForce: 'postOnly' });
    await end(child);
    await untilAccount(maker, child, { openOrders: [], positions: [] });
    await cat.cancelAll();
  });

  test('killed without a word: the quotes go with its connection, before the dead-man switch', async () => {
    const child = start('marketMaker', key('a'), BTC.symbol, '0.01', '120');
    const { openOrders } = await untilAccount(maker, child, pair('19980', '20020'));
    await child.stop('SIGKILL');
    await untilAccount(maker, child, { openOrders: [] });
    // By the cancel that it had signed ahead; the switch would have said `cancelAllAfter`.
    for (const { orderId } of openOrders)
      expect((await maker.order(orderId)).order).toMatchObject({ state: 'closed', closeReason: 'cancelledByOwner' });
  });
});

describe('liquidator.ts and positionMonitor.ts', () => {
  test('a long at 20x falls from rung to rung; its auction is taken within the bounds and sold on', async () => {
    const eve = await trader('e', 50_000);
    const ann = await trader('b', 1_000);
    await move(ETH, 3_000);
    await cat.placeOrder({ market: ETH.symbol, side: 'sell', price: '3000', size: '8' });
    await ann.placeOrder({ market: ETH.symbol, side: 'buy', price: '3000', size: '8' });
    const taker = start('liquidator', key('e'), '5000', '120');
    await untilAccount(eve, taker, { liquidator: true });
    const monitor = start('positionMonitor', ann.address, '--json', '--seconds', '120');
    const told = (): Record<string, unknown>[] =>
      monitor
        .output()
        .split('\n')
        .filter((line) => line.startsWith('{') && line.endsWith('}'))
        .map((line) => JSON.parse(line) as Record<string, unknown>);
    const untilTold = (expected: object) =>
      waitFor(`${JSON.stringify(expected)} of ${monitor.output()}`, () =>
        told().find((line) => Object.entries(expected).every(([name, value]) => line[name] === value)),
      );

    // Deposit less a fee of 9.6: 48 % of equity is maintenance margin.
    expect(await untilTold({ kind: 'account', rung: 'sound', percent: 48 })).toMatchObject({
      equity: '990.4',
      positions: [{ market: ETH.symbol, size: '8', mark: '3000', liquidationPrice: expect.any(String) }],
    });
    // 590.4 of equity and 472 of maintenance margin; 510.4 and 470.4; 390.4 and 468.
    await move(ETH, 2_950);
    await untilTold({ kind: 'marginCall', levelPercent: 75 });
    await untilTold({ kind: 'account', rung: 'margin call', percent: 79 });
    await move(ETH, 2_940);
    await untilTold({ kind: 'marginCall', levelPercent: 90 });
    await untilTold({ kind: 'account', rung: 'second margin call', percent: 92 });
    usd.set(ETH, 2_925);
    await untilTold({ kind: 'liquidationStarted' });
    await untilTold({ kind: 'auctionStarted', market: ETH.symbol });
    await untilTold({ kind: 'account', inLiquidation: true, rung: 'liquidation' });

    // At most 5,000 USDC of it: 1.7094 ETH at 2,925, each at 0.4 % below or better.
    const taken = await waitFor(
      'a take',
      () => /auction \d+: took ([\d.]+) ETH-USD at ([\d.]+)/.exec(taker.output()) ?? undefined,
    );
    expect(Number(taken[1])).toBe(1.7094);
    expect(Number(taken[2])).toBeLessThanOrEqual(2_913.3);
    await waitFor('its order', async () => (await eve.account()).openOrders.length === 1 || undefined);
    const takes = [...taker.output().matchAll(/auction (\d+): took ([\d.]+)/g)];
    const sizes = new Map<string, number>();
    for (const [, auctionId = '', size] of takes) sizes.set(auctionId, (sizes.get(auctionId) ?? 0) + Number(size));
    for (const [auctionId, size] of sizes) expect(size, `auction ${auctionId}`).toBeLessThan(1.72);

    // Somebody buys what it offers, as often as it does: then it is flat, with a profit.
    await waitFor('no position', async () => {
      await cat.placeOrder({ market: ETH.symbol, side: 'buy', price: '2930', size: '10', timeInForce: 'ioc' });
      const { positions } = await eve.account();
      return positions.length === 0 && (await eve.auctions()).length === 0 ? true : undefined;
    });
    await end(taker);
    expect(taker.output()).toContain('ends with no position');
    expect(Number((await eve.account()).equity)).toBeGreaterThan(50_000);
    await end(monitor);
  });

  test('a monitor of nobody says so and ends', async () => {
    const child = start('positionMonitor', `0x${'00'.repeat(19)}01`, '--seconds', '60');
    await waitFor('its end', () => (child.process.exitCode === null ? undefined : true));
    expect(child.process.exitCode).toBe(1);
    expect(child.output()).toContain('ACCOUNT_UNKNOWN');
  });
});
