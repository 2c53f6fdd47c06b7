import { join } from 'node:path';
import { type Auction, KeelClient } from '@keel/client';
import { freePort } from '@keel/test-servers';
import type { Hex } from '@keel/types';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Child, startChild } from '../e2e/childProcess.ts';
import { waitFor } from '../e2e/waitFor.ts';
import { type Door, gatewayMain, startDoor } from './startDoor.ts';

const MARKET = 'ETH-USD';
const ETH = 2;
const USDC = 1_000_000;
const KEY: Hex = `0x${'1d'.repeat(32)}`;
const liquidatorMain = join(import.meta.dirname, '../../services/liquidator/src/main.ts');

let door: Door;
let bot: Child;
let statusUrl: string;
let feeding: NodeJS.Timeout | undefined;
let ethUsd = 3_000;
/** Buys and sells what others need, and leaves no order behind. */
let cat: KeelClient;
let restarted: Child | undefined;

interface BotStatus {
  readonly waitingFor: string | null;
  readonly connected: boolean;
  readonly seen: number;
  readonly taken: number;
  readonly takes: number;
  readonly losses: number;
  readonly faults: number;
  readonly skippedByReason: Record<string, number>;
  readonly running: readonly object[];
  readonly recent: readonly { auctionId: number; takenSize: string; price: string | null; skipped: string | null }[];
  readonly positions: readonly { size: string; entryPrice: string }[];
  readonly openOrders: number;
  readonly realisedPnl: string;
}

async function status(): Promise<BotStatus> {
  if (bot.process.exitCode !== null) throw new Error(`the bot ended:\n${bot.output().slice(-2_000)}`);
  return (await (await fetch(statusUrl)).json()) as BotStatus;
}

beforeAll(async () => {
  door = await startDoor();
  // Prices are good for five seconds, and auctions walk with sequenced time.
  feeding = setInterval(() => void door.price(ETH, ethUsd * 100).catch(() => undefined), 250);
  cat = await trader(3, 1_000_000);
  const port = await freePort();
  statusUrl = `http://127.0.0.1:${port}/status`;
  bot = startChild('liquidator', process.execPath, [liquidatorMain], {
    KEEL_GATEWAY_URL: door.url,
    KEEL_ADMIN_PORT: String(port),
    KEEL_LIQUIDATOR_KEY: KEY,
    KEEL_LIQUIDATOR_HOLD_SECONDS: '600',
    KEEL_LOG_LEVEL: 'debug',
  });
});
afterAll(async () => {
  clearInterval(feeding);
  await bot?.stop();
  cat?.close();
  await restarted?.stop();
  await door?.stop();
});

/** A funded account of its own. */
async function trader(digit: number, usdc: number): Promise<KeelClient> {
  const client = new KeelClient({ url: door.url, privateKey: `0x${String(digit).repeat(64)}` });
  await door.deposit(client.address, usdc * USDC);
  await waitFor('the deposit', () => client.account());
  return client;
}

/** Feeds a price and waits until the mark is it. */
async function move(price: number): Promise<void> {
  ethUsd = price;
  await door.price(ETH, price * 100);
  const marked = async () =>
    (await cat.markets()).find(({ symbol, mark }) => symbol === MARKET && mark === String(price));
  await waitFor(`mark ${price}`, marked);
}

/** 8 ETH bought at 3,000 with 1,000 USDC; nobody quotes afterwards. */
async function longAt20x(digit: number): Promise<KeelClient> {
  await move(3_000);
  const client = await trader(digit, 1_000);
  await cat.placeOrder({ market: MARKET, side: 'sell', price: '3000', size: '8' });
  await client.placeOrder({ market: MARKET, side: 'buy', price: '3000', size: '8' });
  return client;
}

/** At 2,925 equity is 390.4 of 468 USDC of maintenance margin: 6.08 ETH go to an auction from 2,910 to 2,876 or so. */
async function auctionOf(owner: KeelClient): Promise<Auction> {
  await move(2_925);
  return waitFor('the auction', async () => (await cat.auctions()).find(({ account }) => account === owner.address));
}

/** Sizes of four decimals as whole numbers. */
const lots = (size: string): number => Math.round(Number(size) * 10_000);

const isOver = (auctionId: number) => async () =>
  (await status()).recent.find((report) => report.auctionId === auctionId);

test('it waits for its deposit, and registers with it', async () => {
  const waiting = await waitFor('the bot', async () => {
    const now = await status();
    return now.waitingFor === 'deposit' ? now : undefined;
  });
  expect(waiting).toMatchObject({ connected: true, seen: 0, realisedPnl: '0' });
  const own = new KeelClient({ url: door.url, privateKey: KEY });
  await door.deposit(own.address, 20_000 * USDC);
  await waitFor('registration', async () => ((await status()).waitingFor === null ? true : undefined));
  expect(await own.account()).toMatchObject({ liquidator: true, positions: [] });
});

test('a long is auctioned on an empty book: taken at better than its zero price, unwound at a profit', async () => {
  const ann = await longAt20x(4);
  const auction = await auctionOf(ann);
  const report = await waitFor('the take', isOver(auction.auctionId));
  expect(report).toMatchObject({ skipped: null, takenSize: auction.size });
  // 0.2 % for itself, 0.04 % fee and the band of 0.5 % below mark: 2,903.355; the zero price is 1.7 % below.
  expect(Number(report.price)).toBeLessThanOrEqual(2_903.35);
  expect(Number(report.price)).toBeGreaterThan(Number(auction.zeroPrice) + 10);

  // The fee of a close-out may make another one necessary; it takes that too.
  await waitFor('the end of the liquidation', async () => {
    const [newest] = await ann.liquidations(10, ann.address);
    return newest?.stage === 'liquidationEnded' ? true : undefined;
  });
  const takenLots = (now: BotStatus) => now.recent.reduce((sum, { takenSize }) => sum + lots(takenSize), 0);
  const held = await waitFor('its order over everything', async () => {
    const now = await status();
    const [ask] = (await cat.book(MARKET)).asks;
    return now.running.length === 0 && lots(ask?.[1] ?? '0') === takenLots(now) ? now : undefined;
  });
  expect(held.positions.map(({ size }) => lots(size))).toEqual([takenLots(held)]);
  expect(held).toMatchObject({ seen: held.taken, takes: held.taken, skippedByReason: {}, openOrders: 1 });
  // At mark, and a hair below it as it waits.
  const [ask] = (await cat.book(MARKET)).asks;
  expect(Number(ask?.[0])).toBeGreaterThan(2_920);
  expect(Number(ask?.[0])).toBeLessThanOrEqual(2_925);

  await cat.placeOrder({ market: MARKET, side: 'buy', price: '2930', size: '10', timeInForce: 'ioc' });
  const flat = await waitFor('no position', async () => {
    const now = await status();
    return now.positions.length === 0 && now.realisedPnl !== '0' ? now : undefined;
  });
  expect(flat.openOrders).toBe(0);
  // 6 ETH and more, bought 21 USDC or more below where they were sold.
  expect(Number(flat.realisedPnl)).toBeGreaterThan(100);
  ann.close();
});

test('an auction that the book takes first is a skip and no fault', async () => {
  const before = await status();
  const bob = await longAt20x(5);
  const auction = await auctionOf(bob);
  // 0.5 % below mark is not enough for the bot; this bid is better than what the auction asks for.
  await cat.placeOrder({ market: MARKET, side: 'buy', price: '2920', size: '20' });
  const report = await waitFor('the end', isOver(auction.auctionId));
  expect(report).toMatchObject({ takenSize: '0', price: null, skipped: 'edge' });
  await cat.cancelAll();
  const after = await status();
  expect(after).toMatchObject({ seen: before.seen + 1, taken: before.taken, faults: before.faults });
  expect(after.skippedByReason).toEqual({ edge: 1 });
  bob.close();
});

test('the gateway goes and comes back: an auction that began meanwhile is found and taken', async () => {
  const before = await status();
  const dan = await longAt20x(6);
  await door.child('gateway').stop('SIGKILL');
  const lost = await waitFor('the loss', async () => {
    const now = await status();
    return now.losses > before.losses && now.faults > before.faults ? now : undefined;
  });
  expect(lost).toMatchObject({ connected: false });
  ethUsd = 2_925;
  restarted = startChild('gateway', process.execPath, [gatewayMain], { ...door.env });
  const after = await waitFor('the take', async () => {
    const now = await status();
    return now.taken > before.taken ? now : undefined;
  });
  expect(after.connected).toBe(true);
  expect(Number(after.recent[0]?.price)).toBeLessThan(2_904);
  const healthy = async () => ((await dan.account()).inLiquidation ? undefined : true);
  await waitFor('the end of the liquidation', healthy);
  dan.close();
});

test('asked to stop it takes its order off the book, ends with 0, and has never told its key', async () => {
  await waitFor('its order', async () => ((await status()).openOrders === 1 ? true : undefined));
  const [position] = (await status()).positions;
  expect(await bot.stop('SIGTERM')).toBe(0);
  const own = new KeelClient({ url: door.url, privateKey: KEY });
  expect(await own.account()).toMatchObject({ openOrders: [], positions: [{ size: position?.size }] });
  expect(bot.output()).toContain('leaves positions to its next life');
  expect(bot.output()).not.toContain(KEY.slice(2, 20));
  own.close();
});
