import { createLogger } from '@keel/runtime';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Keeper } from '../src/createKeeper.ts';
import { deriveKey } from '../src/deriveKey.ts';
import { createMarketWatch } from '../src/marketWatch.ts';
import { unboundedBudget } from '../src/orderBudget.ts';
import { parseOrderMessages } from '../src/orders/parseOrderMessages.ts';
import { playFile } from '../src/orders/playFile.ts';
import { createPlayReport, type PlayReport } from '../src/orders/playReport.ts';
import { createTally } from '../src/tally.ts';
import { Trader } from '../src/trader.ts';
import { ExchangeDouble } from './exchangeDouble.ts';

const IN_FUNDS: Keeper = { keep: async () => true };
const log = createLogger({ service: 'bots', level: 'silent' });

let exchange: ExchangeDouble;
let traders: Trader[];
let stop: AbortController;
let url: string;

beforeEach(async () => {
  exchange = new ExchangeDouble();
  url = await exchange.listen();
  traders = [];
  stop = new AbortController();
});
afterEach(async () => {
  for (const trader of traders) trader.close();
  await exchange.close();
});

function makeTraders(role: string, count: number): Trader[] {
  const made = Array.from({ length: count }, (_, index) => {
    const privateKey = deriveKey('test', role, index);
    const budget = unboundedBudget(stop.signal);
    return new Trader({ name: `${role} ${index}`, url, privateKey, budget, tally: createTally() });
  });
  traders.push(...made);
  return made;
}

async function play(lines: readonly string[], symbol = 'SOL-USD'): Promise<PlayReport> {
  const messages = parseOrderMessages(lines.join('\n'), 'm.csv');
  const report = createPlayReport(messages.length);
  const makers = { buy: makeTraders('buyer', 2), sell: makeTraders('seller', 2) };
  const [taker] = makeTraders('taker', 1) as [Trader];
  const watch = createMarketWatch(taker.client);
  await watch.refresh();
  await playFile({
    ...{ file: 'm.csv', messages, symbol, speed: 0, lotsPerShare: 10 },
    ...{ makers, taker, watch, keeper: IN_FUNDS, report, log, stopSignal: stop.signal },
  });
  return report;
}

const orders = () => exchange.sent.filter(({ method }) => method === 'order.place').map(({ body }) => body);

test('a recording that the book follows: every execution meets the order it names', async () => {
  const report = await play([
    '34200.0,1,1,10,33570000,1,null',
    '34200.1,1,2,5,33580000,-1,null',
    '34200.2,1,3,7,33580000,-1,null',
    '34200.3,4,2,5,33580000,-1,null', // all of order 2, first in the queue
    '34200.4,4,3,3,33580000,-1,null', // part of order 3
    '34200.5,3,3,4,33580000,-1,null', // the rest of it
    '34200.6,4,1,10,33570000,1,null',
    '34200.7,5,0,9,33575000,1,null',
    '34200.8,6,-1,9,33575000,-1,null',
    '34200.9,7,0,0,-1,-1,null',
  ]);
  expect(report).toMatchObject({
    state: 'done',
    read: 10,
    placed: 3,
    cancelled: 1,
    goneBefore: 0,
    executions: { exact: 3, partly: 0, none: 0, failed: 0 },
    skipped: { hiddenExecution: 1, cross: 1, halt: 1, unknownOrder: 0 },
    refusedByCode: {},
  });
  expect(exchange.book).toEqual([]);
  expect(orders()[0]).toMatchObject({ side: 'buy', price: '3357', size: '1', timeInForce: 'postOnly' });
  expect(orders()[3]).toMatchObject({ side: 'buy', price: '3358', size: '0.5', timeInForce: 'ioc' });
});

test('an execution behind the front of the queue meets another order: partly', async () => {
  const report = await play([
    '34200.0,1,1,5,33580000,-1',
    '34200.1,1,2,5,33580000,-1',
    '34200.2,4,2,5,33580000,-1', // order 1 stands first and is met
    '34200.3,4,1,5,33580000,-1', // nothing is left
    '34200.4,4,2,5,33580000,-1', // gone by the recording's own count
  ]);
  // Order 2 is over in the recording after its execution, so it leaves the book here as well; order 1 finds nobody.
  expect(report.executions).toEqual({ exact: 0, partly: 1, none: 1, failed: 0 });
  expect(report).toMatchObject({ leftOver: 1, skipped: { unknownOrder: 1 } });
  expect(exchange.book).toEqual([]);
});

test('an order that is passed over and never named again had left without a message', async () => {
  const report = await play([
    '34200.0,1,1,5,33580000,-1', // better price, never named again
    '34200.1,1,2,5,33590000,-1', // earlier place, never named again
    '34200.2,1,3,5,33590000,-1',
    '34200.3,1,4,5,33590000,-1', // behind: stays
    '34200.4,1,5,5,33600000,-1', // worse price: stays
    '34200.5,4,3,5,33590000,-1',
  ]);
  expect(report).toMatchObject({
    leftSilently: 2,
    leftOver: 0,
    executions: { exact: 1, partly: 0 },
    refusedByCode: {},
  });
  expect(exchange.book).toMatchObject([{ price: 3359, remaining: 0.5 }, { price: 3360 }]);
});

test('a partial cancel leaves the rest where it stood in the queue', async () => {
  const report = await play([
    '34200.0,1,1,10,33580000,-1',
    '34200.1,1,2,5,33580000,-1',
    '34200.2,2,1,4,33580000,-1',
    '34200.3,4,1,6,33580000,-1', // still first
    '34200.4,4,2,5,33580000,-1',
  ]);
  expect(report).toMatchObject({ reduced: 1, placed: 2, leftOver: 0, executions: { exact: 2 }, refusedByCode: {} });
  expect(exchange.sent.find(({ method }) => method === 'order.amend')?.body).toMatchObject({
    price: '3358',
    size: '0.6',
  });
  expect(exchange.book).toEqual([]);
});

test('a partial cancel after an execution counts what has traded', async () => {
  const report = await play([
    '34200.0,1,1,10,33580000,-1',
    '34200.1,4,1,3,33580000,-1',
    '34200.2,2,1,2,33580000,-1', // 10 less 2, of which 3 have traded
    '34200.3,2,1,1,33580000,-1',
  ]);
  expect(report).toMatchObject({ reduced: 2, refusedByCode: {} });
  expect(exchange.book).toMatchObject([{ side: 'sell', size: 0.7, remaining: 0.4 }]);
});

test('a partial cancel of an order that has traded further here: what is left of it goes', async () => {
  const report = await play([
    '34200.0,1,1,5,33580000,-1',
    '34200.1,1,2,5,33580000,-1',
    '34200.2,4,2,4,33580000,-1', // order 1 stands first and is met, 1 of 5 is left
    '34200.3,2,1,2,33580000,-1',
    '34200.4,3,1,3,33580000,-1',
    '34200.5,2,2,1,33580000,-1', // nothing is left of it in the recording
  ]);
  expect(report).toMatchObject({ reduced: 0, cancelled: 2, goneBefore: 0, skipped: { unknownOrder: 1 } });
  expect(exchange.book).toEqual([]);
});

test('a partial cancel of an order that is gone here', async () => {
  const report = await play([
    '34200.0,1,1,5,33580000,-1',
    '34200.1,1,2,5,33580000,-1',
    '34200.2,4,2,4,33580000,-1',
    '34200.3,4,2,1,33580000,-1', // order 1 has traded away here, order 2 is over in the recording
    '34200.4,2,1,2,33580000,-1',
  ]);
  expect(report).toMatchObject({ reduced: 0, goneBefore: 1, leftOver: 1, refusedByCode: {} });
  expect(exchange.book).toEqual([]);
});

test('orders from before the recording are counted, not guessed', async () => {
  const report = await play(['34200,1,1,1,33570000,1', '34200,4,99,5,33580000,-1', '34200,3,98,5,33580000,-1']);
  expect(report.skipped.unknownOrder).toBe(2);
  expect(orders()).toHaveLength(1);
});

test('no account stands on both sides, and the load is spread', async () => {
  const lines = Array.from({ length: 8 }, (_, index) => {
    const buy = index % 2 === 0;
    return `34200,1,${index + 1},1,${buy ? 33_570_000 : 33_580_000},${buy ? 1 : -1}`;
  });
  await play(lines);
  const sides = new Map<string, Set<unknown>>();
  for (const { account, side } of orders())
    sides.set(String(account), (sides.get(String(account)) ?? new Set()).add(side));
  expect(sides.size).toBe(4);
  for (const seen of sides.values()) expect(seen.size).toBe(1);
  for (const account of sides.keys())
    expect(exchange.book.filter((order) => order.account === account)).toHaveLength(2);
});

test('an answer that was lost: the order is found again and cancelled like any other', async () => {
  let lost = 0;
  exchange.swallow = (method) => method === 'order.place' && lost++ === 0;
  const report = await play(['34200.0,1,1,10,33570000,1', '34200.1,3,1,10,33570000,1']);
  expect(report).toMatchObject({ placed: 1, cancelled: 1, refusedByCode: {} });
  expect(exchange.book).toEqual([]);
});

test('an exchange that is busy for a while is asked again, with the same nonce', async () => {
  let busy = 1;
  exchange.refuse = (method) =>
    method === 'order.place' && busy-- > 0 ? { code: 'SEQUENCER_UNAVAILABLE', retryable: true } : undefined;
  const report = await play(['34200.0,1,1,10,33570000,1']);
  expect(report.placed).toBe(1);
  expect(new Set(orders().map(({ nonce }) => nonce)).size).toBe(1);
  expect(orders()).toHaveLength(2);
});

test('a new order rests as it did in the recording: what would be in its way is taken off the book', async () => {
  const report = await play([
    '34200,1,1,5,33580000,-1',
    '34200,1,2,5,33590000,-1',
    '34200,1,3,5,33600000,-1',
    '34200,1,4,5,33590000,1',
    '34200,3,1,5,33580000,-1',
  ]);
  expect(report).toMatchObject({ placed: 4, overtaken: 2, refusedByCode: {}, skipped: { unknownOrder: 1 } });
  expect(exchange.book).toMatchObject([
    { side: 'sell', price: 3360 },
    { side: 'buy', price: 3359 },
  ]);
});

test('refusals are counted by code and the play goes on', async () => {
  exchange.refuse = (method, { price }) =>
    method === 'order.place' && price === '3358' ? { code: 'INSUFFICIENT_MARGIN', retryable: false } : undefined;
  const report = await play(['34200,1,1,5,33580000,-1', '34200,1,2,5,33570000,1']);
  expect(report).toMatchObject({ placed: 1, refusedByCode: { INSUFFICIENT_MARGIN: 1 } });
});

test('orders of an earlier play are cancelled before the first message', async () => {
  await play(['34200,1,1,5,33570000,1']);
  await play(['34200,1,1,5,33570000,1']);
  expect(exchange.book).toHaveLength(1);
});

test('a market the exchange does not have', async () => {
  await expect(play(['34200,1,1,5,33570000,1'], 'AMZN-USD')).rejects.toThrow(
    'KEEL_ORDERS_MARKET is AMZN-USD, which is not a market of this exchange',
  );
});
