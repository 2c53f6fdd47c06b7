import { Session } from 'node:inspector/promises';
import { type Command, type Event, OPEN_ORDERS_PER_ACCOUNT_MAX, toMarketId, toOrderId, toSequence } from '@keel/types';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { apply, assertInvariants, readBook } from '../src/index.ts';
import { Exchange } from './exchange.ts';
import { PLAIN } from './plainOrder.ts';
import { testMarket } from './testMarket.ts';

const PRICE = 50_000;
const BTC = toMarketId(1);

/** As many orders of one lot at one price as asked for, of accounts that each have as many as they may. */
function flooded(orders: number): Exchange {
  const exchange = new Exchange();
  exchange.list(testMarket(1, 'BTC-USD'));
  exchange.deposit('bob', 10_000_000);
  const makers = orders / OPEN_ORDERS_PER_ACCOUNT_MAX;
  for (let maker = 0; maker < makers; maker += 1) exchange.deposit(`m${maker}`, 100_000);
  exchange.index(1, PRICE);
  for (let placed = 0; placed < orders; placed += 1) send(exchange, sell(exchange, `m${placed % makers}`));
  assertInvariants(exchange.state);
  return exchange;
}

function sell(exchange: Exchange, owner: string): Command {
  return {
    kind: 'placeOrder',
    auth: exchange.auth(owner),
    ...PLAIN,
    marketId: BTC,
    side: 'sell',
    priceTicks: PRICE,
    sizeLots: 1,
  };
}

function buy(exchange: Exchange, sizeLots: number): Command {
  return { ...sell(exchange, 'bob'), side: 'buy', sizeLots, timeInForce: 'ioc' } as Command;
}

/** Without looking at all the rest of the exchange after each command, as `Exchange.run` would. */
function send({ state, timeMs }: Exchange, command: Command): Event[] {
  return apply(state, { sequence: toSequence(state.sequence + 1), timeMs, command });
}

const session = new Session();

/** Only code that is compiled from here on has its blocks counted, so this comes before the engine runs at all. */
beforeAll(async () => {
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
});
afterAll(() => session.disconnect());

/** How often the blocks of the engine's own code ran: the same on every machine, and a loop counts each round. */
async function stepsOf(run: () => void): Promise<number> {
  await session.post('Profiler.takePreciseCoverage');
  run();
  const { result } = await session.post('Profiler.takePreciseCoverage');
  const functions = result.filter(({ url }) => url.includes('packages/engine/src/')).flatMap((file) => file.functions);
  const counts = functions.flatMap(({ ranges }) => ranges.map(({ count }) => count));
  return counts.reduce((sum, count) => sum + count, 0);
}

/** Steps of one operation each in a queue of so many orders; between them the queue stays nearly as long. */
async function stepsInQueue(orders: number): Promise<Record<string, number>> {
  const exchange = flooded(orders);
  const nextId = exchange.state.nextOrderId;
  exchange.deposit('new', 100_000);
  const kinds: string[] = [];
  const measured = (command: Command) =>
    stepsOf(() => {
      kinds.push(send(exchange, command).at(-1)?.kind ?? 'nothing');
    });
  const cancel = (owner: string, orderId: number): Command => ({
    kind: 'cancelOrder',
    auth: exchange.auth(owner),
    orderId: toOrderId(orderId),
    clientOrderId: '',
  });
  const makers = orders / OPEN_ORDERS_PER_ACCOUNT_MAX;
  const middle = orders / 2 + 1;
  const steps = {
    place: await measured(sell(exchange, 'new')),
    placeAgain: await measured(sell(exchange, 'new')),
    takeOne: await measured(buy(exchange, 1)),
    takeFifty: await measured(buy(exchange, 50)),
    cancelLast: await measured(cancel('new', nextId + 1)),
    cancelMiddle: await measured(cancel(`m${(middle - 1) % makers}`, middle)),
  };
  expect(kinds).toEqual(['orderRested', 'orderRested', 'orderClosed', 'orderClosed', 'orderClosed', 'orderClosed']);
  return { ...steps, lookAtAll: await stepsOf(() => assertInvariants(exchange.state)) };
}

test('placing, taking and cancelling cost as many steps in a queue of 20,000 as in one of 1,000', async () => {
  const { lookAtAll: lookAtShort = 0, ...short } = await stepsInQueue(1_000);
  const { lookAtAll: lookAtLong = 0, ...long } = await stepsInQueue(20_000);
  console.info('steps in a queue of 1,000 and of 20,000:', JSON.stringify({ short, long }));
  expect(lookAtLong, 'what does walk the queue is seen to do so').toBeGreaterThan(lookAtShort * 15);
  for (const [name, steps] of Object.entries(short)) {
    expect(steps, name).toBeGreaterThan(10);
    expect(long[name], name).toBeLessThan(steps * 1.5);
  }
});

test('20,000 orders of a hundred accounts at one price: swept in turn to the last, then placed and cancelled', () => {
  const exchange = flooded(20_000);
  expect(readBook(exchange.state, BTC).asks).toMatchObject([{ priceTicks: PRICE, lots: 20_000 }]);
  const events = [...send(exchange, buy(exchange, 12_345)), ...send(exchange, buy(exchange, 7_654))];
  const makers = events.flatMap((event) => (event.kind === 'orderFilled' ? [event.makerOrderId] : []));
  expect(makers, 'first come, first served').toEqual(Array.from({ length: 19_999 }, (_, place) => place + 1));
  expect(readBook(exchange.state, BTC)).toMatchObject({ asks: [{ priceTicks: PRICE, lots: 1 }], bids: [] });
  assertInvariants(exchange.state);
  for (let maker = 0; maker < 100; maker += 1) {
    send(exchange, { kind: 'cancelAllOrders', auth: exchange.auth(`m${maker}`), marketId: toMarketId(0) });
  }
  expect(readBook(exchange.state, BTC)).toMatchObject({ asks: [], bids: [] });
  assertInvariants(exchange.state);
});
