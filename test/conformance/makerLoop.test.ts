import { afterAll, beforeAll, expect } from 'vitest';
import { callTable } from './callTable.ts';
import { type Ccxt, ccxtOf } from './ccxtOf.ts';
import { inAnyOrder } from './inAnyOrder.ts';
import { soon } from './soon.ts';
import { startVenue, type Trader, type Venue } from './startVenue.ts';

const BTC = 'BTC/USDC:USDC';
/** Quotes of each side in a round, as one createOrders. */
const QUOTES = 5;
const ROUNDS = 100;
const ORDERS_MIN = 1_000;
/** Seconds on an idle machine; on one that does much else, minutes. */
const LOOP_MS_MAX = 180_000;
const { check, holdReadme } = callTable('A maker loop');

let venue: Venue;
let ann: Trader;
let bob: Trader;
let maker: Ccxt;
let taker: Ccxt;

beforeAll(async () => {
  venue = await startVenue();
  ann = await venue.trader('ann', '5000000');
  bob = await venue.trader('bob', '5000000');
  maker = await ccxtOf(venue, ann);
  taker = await ccxtOf(venue, bob);
  await Promise.all([maker.loadMarkets(), taker.loadMarkets()]);
});
afterAll(async () => {
  await Promise.all([maker?.close(), taker?.close()]);
  await venue?.stop();
});

/** The wandering middle of a round: the same in every run. */
const middle = (round: number): number => 60_000 + Math.round(40 * Math.sin(round / 7));

/** What was asked for, counted here. */
const done = { created: 0, edited: 0, cancelled: 0, taken: 0 };

check(
  'createOrders, editOrders, cancelOrders',
  '1,000 orders around a moving middle, some of them taken',
  async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const price = middle(round);
      const quotes = Array.from(
        { length: QUOTES },
        (_, step) =>
          [
            {
              symbol: BTC,
              type: 'limit',
              side: 'buy',
              amount: 0.02,
              price: price - 5 - step,
              params: { postOnly: true },
            },
            {
              symbol: BTC,
              type: 'limit',
              side: 'sell',
              amount: 0.02,
              price: price + 5 + step,
              params: { postOnly: true },
            },
          ] as const,
      ).flat();
      const orders = await maker.createOrders(quotes.map((quote) => ({ ...quote, params: { ...quote.params } })));
      expect(orders).toHaveLength(quotes.length);
      done.created += orders.length;
      // The outermost pair is moved out by one; the innermost is met by the other account, each side in turn.
      const moved = [orders.length - 2, orders.length - 1].map((at) => {
        const quote = quotes[at];
        const id = orders[at]?.id;
        if (quote === undefined || id === undefined) throw new Error(`quote ${at} has no id`);
        return {
          ...quote,
          id,
          price: quote.side === 'buy' ? quote.price - 1 : quote.price + 1,
          params: { postOnly: true },
        };
      });
      const edited = await maker.editOrders(moved);
      done.edited += edited.length;
      const side = round % 2 === 0 ? 'buy' : 'sell';
      const taken = await taker.createOrder(BTC, 'market', side, 0.03, price);
      expect(taken.filled).toBe(0.03);
      done.taken += 1;
      const open = await soon(async () => {
        const found = await maker.fetchOpenOrders(BTC);
        // Ten, less the one that was filled; the second is filled in part.
        expect(found).toHaveLength(quotes.length - 1);
        return found;
      });
      await maker.cancelOrders(
        open.map(({ id }) => id ?? ''),
        BTC,
      );
      done.cancelled += open.length;
    }
    expect(done.created).toBeGreaterThanOrEqual(ORDERS_MIN);
  },
  LOOP_MS_MAX,
);

check(
  'fetchOpenOrders, fetchPositions, fetchBalance',
  'afterwards as the exchange itself says, of both accounts',
  async () => {
    await maker.createOrder(BTC, 'limit', 'buy', 0.5, 59_000);
    for (const [client, { native }] of [
      [maker, ann],
      [taker, bob],
    ] as const) {
      await soon(async () => {
        const account = await native.account();
        const orders = await client.fetchOpenOrders(BTC);
        // One lists the newest first, the other the oldest.
        expect(inAnyOrder(orders.map(({ id, price, remaining }) => `${id} ${price} ${remaining}`))).toEqual(
          inAnyOrder(
            account.openOrders.map(({ orderId, price, remainingSize }) => `${orderId} ${price} ${remainingSize}`),
          ),
        );
        const positions = await client.fetchPositions();
        const signed = positions.map(({ side, contracts }) =>
          side === 'short' ? -Number(contracts) : Number(contracts),
        );
        expect(signed).toEqual(account.positions.map(({ size }) => Number(size)));
        const balance = await client.fetchBalance();
        expect(balance.USDC?.total).toBe(Number(account.equity));
      });
    }
  },
);

check('fetchMyTrades', 'adds up to the position, of both accounts', async () => {
  for (const [client, { native }] of [
    [maker, ann],
    [taker, bob],
  ] as const) {
    const trades = await client.fetchMyTrades(BTC, undefined, 2_000);
    const lots = trades.reduce(
      (sum, { side, amount }) => sum + (side === 'buy' ? 1 : -1) * Math.round(Number(amount) * 1e5),
      0,
    );
    const [position] = (await native.account()).positions;
    expect(trades.length).toBeGreaterThanOrEqual(ROUNDS);
    expect(lots).toBe(Math.round(Number(position?.size ?? 0) * 1e5));
  }
});

check('any', 'the orders of the loop are those that the exchange counted', async () => {
  const { counters } = await ann.native.status();
  // Each taker order and the one that still rests are orders, too; a replacement is an order of its own.
  const placed = done.created + done.taken + 1;
  expect(counters.orders).toBeGreaterThanOrEqual(placed);
  expect(counters.orders).toBeLessThanOrEqual(placed + done.edited);
});

holdReadme();
