import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Bot } from '../src/bot.ts';
import { createKeeper, type Keeper } from '../src/createKeeper.ts';
import { createRandom } from '../src/createRandom.ts';
import { deriveKey } from '../src/deriveKey.ts';
import { createMaker } from '../src/maker/createMaker.ts';
import { createMarketWatch, type MarketWatch } from '../src/marketWatch.ts';
import { unboundedBudget } from '../src/orderBudget.ts';
import { createCasualTaker, createLeveragedTaker } from '../src/taker/createTaker.ts';
import { createTally, type Tally } from '../src/tally.ts';
import { type AccountView, Trader } from '../src/trader.ts';
import { ExchangeDouble } from './exchangeDouble.ts';

const USDC = 1_000_000;
const IN_FUNDS: Keeper = { keep: async () => true };

let exchange: ExchangeDouble;
let url: string;
let tally: Tally;
let watch: MarketWatch;
const bots: Bot[] = [];

beforeEach(async () => {
  exchange = new ExchangeDouble();
  url = await exchange.listen();
  tally = createTally();
});
afterEach(async () => {
  for (const bot of bots.splice(0)) bot.close();
  await exchange.close();
});

async function setUp(
  create: (options: Parameters<typeof createLeveragedTaker>[0]) => Bot,
  keeper = IN_FUNDS,
): Promise<Bot> {
  const budget = unboundedBudget(new AbortController().signal);
  const trader = new Trader({ name: 'bot', url, privateKey: deriveKey('test', 'bot', 0), budget, tally });
  watch = createMarketWatch(trader.client);
  await watch.refresh();
  const bot = create({ trader, watch, keeper, random: createRandom('test', 'bot'), tally, plays: () => true });
  bots.push(bot);
  return bot;
}

const sides = () => exchange.book.map(({ side }) => side).sort();

test('a maker quotes both sides, leaves good quotes alone and renews old ones', async () => {
  const maker = await setUp(createMaker);
  await maker.turn();
  expect(sides()).toEqual(['buy', 'buy', 'buy', 'buy', 'sell', 'sell', 'sell', 'sell']);
  const first = exchange.book.map(({ orderId }) => orderId);
  await maker.turn();
  expect(exchange.book.map(({ orderId }) => orderId)).toEqual(first);
  exchange.index = '3400';
  await watch.refresh();
  await maker.turn();
  expect(exchange.book).toHaveLength(8);
  expect(exchange.book.some(({ orderId }) => first.includes(orderId))).toBe(false);
  for (const { side, price } of exchange.book) expect(side === 'buy' ? price < 3_400 : price > 3_400).toBe(true);
});

test('a maker that starts anew takes over: quotes it does not know are replaced, not doubled', async () => {
  await (await setUp(createMaker)).turn();
  await (await setUp(createMaker)).turn();
  expect(exchange.book).toHaveLength(8);
});

test('half of the quotes gone: they are put up again', async () => {
  const maker = await setUp(createMaker);
  await maker.turn();
  exchange.book.splice(0, 4);
  await maker.turn();
  expect(exchange.book).toHaveLength(8);
});

test.each(['postOnly', 'cancelOnly', 'halted'])(
  'a market that is %s gets no orders and keeps its quotes',
  async (status) => {
    const maker = await setUp(createMaker);
    const makersWatch = watch;
    await maker.turn();
    const quotes = exchange.book.map(({ orderId }) => orderId);
    exchange.sent.length = 0;
    exchange.tradingStatus = status;
    // Far enough for the maker to renew its quotes, and too little money for the taker to keep its position.
    exchange.index = '3400';
    exchange.positions.set(maker.address, [{ market: 'SOL-USD', size: '-5' }]);
    exchange.collateral.set(maker.address, '300');
    await makersWatch.refresh();
    const takers = [await setUp(createLeveragedTaker), await setUp(createCasualTaker)];
    for (let turn = 0; turn < 10; turn += 1) for (const bot of [maker, ...takers]) await bot.turn();
    expect([exchange.sent, exchange.book.map(({ orderId }) => orderId)]).toEqual([[], quotes]);
    exchange.tradingStatus = 'open';
    await makersWatch.refresh();
    await maker.turn();
    expect(exchange.book.some(({ orderId }) => quotes.includes(orderId))).toBe(false);
  },
);

test('a turn without an answer throws, and the next one goes on', async () => {
  const maker = await setUp(createMaker);
  let away = 1;
  exchange.refuse = () => (away-- > 0 ? { code: 'SEQUENCER_UNAVAILABLE', retryable: true } : undefined);
  await expect(maker.turn()).rejects.toMatchObject({ code: 'SEQUENCER_UNAVAILABLE' });
  await maker.turn();
  expect(exchange.book).toHaveLength(8);
});

test('a taker that finds its position smaller than it left it counts a liquidation', async () => {
  const taker = await setUp(createLeveragedTaker);
  exchange.positions.set(taker.address, [{ market: 'SOL-USD', size: '-5' }]);
  await taker.turn();
  expect([tally.liquidated, exchange.sent.length]).toEqual([0, 0]);
  exchange.positions.set(taker.address, [{ market: 'SOL-USD', size: '-3' }]);
  await taker.turn();
  expect([tally.liquidated, exchange.sent.length]).toEqual([1, 0]);
  exchange.positions.clear();
  await taker.turn();
  expect([tally.liquidated, exchange.sent.length]).toEqual([2, 1]);
  expect(exchange.sent[0]?.body).toMatchObject({ timeInForce: 'ioc', reduceOnly: false });
});

test('a taker deposits when it has no position and little money, and only then', async () => {
  const asked: string[] = [];
  const keeper: Keeper = {
    keep: async (address) => {
      asked.push(address);
      return false;
    },
  };
  const taker = await setUp(createLeveragedTaker, keeper);
  exchange.positions.set(taker.address, [{ market: 'SOL-USD', size: '1' }]);
  await taker.turn();
  expect(asked).toEqual([]);
  exchange.positions.clear();
  await taker.turn();
  expect([asked, exchange.sent]).toEqual([[taker.address], []]);
});

test('a keeper deposits once, waits for the credit, and again after it was taken for lost', async () => {
  const deposits: number[] = [];
  let nowMs = 0;
  const funder = {
    deposit: async (_: string, amountAtoms: number) => {
      deposits.push(amountAtoms);
      return '0x' as const;
    },
  };
  const keeper = createKeeper(funder, tally, () => nowMs);
  const account = (usdc: number): AccountView => ({
    collateralAtoms: usdc * USDC,
    equityAtoms: usdc * USDC,
    positions: new Map(),
    openOrders: [],
    inLiquidation: false,
  });
  const keep = (view: AccountView | undefined) => keeper.keep('0xa', view, 1_000 * USDC, 2_000 * USDC);
  expect(await keep(undefined)).toBe(false);
  expect(await keep(undefined)).toBe(false);
  expect(deposits).toEqual([2_000 * USDC]);
  expect(await keep(account(2_000))).toBe(true);
  expect(await keep(account(500))).toBe(false);
  expect(await keep(account(500))).toBe(false);
  expect(deposits).toEqual([2_000 * USDC, 1_500 * USDC]);
  nowMs = 200_000;
  expect(await keep(account(500))).toBe(false);
  expect(deposits).toHaveLength(3);
  expect(tally.deposits).toBe(3);
});

test('a deposit that L1 did not take is tried again at the next look', async () => {
  let fails = 1;
  const deposit = async () => {
    if (fails-- > 0) throw new Error('L1 is away');
    return '0x' as const;
  };
  const keeper = createKeeper({ deposit }, tally);
  await expect(keeper.keep('0xa', undefined, 1, 2 * USDC)).rejects.toThrow('L1 is away');
  expect(await keeper.keep('0xa', undefined, 1, 2 * USDC)).toBe(false);
  expect(tally.deposits).toBe(1);
});
