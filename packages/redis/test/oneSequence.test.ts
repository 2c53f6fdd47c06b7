import { type OwnRedis, startRedis } from '@keel/test-servers';
import { toAccountId, toMarketId } from '@keel/types';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openReadModel, openReadModelWriter, type ReadModel, type ReadModelWriter } from '../src/index.ts';
import { diffAt, fullAt } from './diffAt.ts';
import { at, OWNER } from './documentsOf.ts';

/** Every document written at sequence n carries n, so one answer with two numbers is a torn read. */
const BTC = toMarketId(1);
const FLUSHES = 400;
let redis: OwnRedis;
let writer: ReadModelWriter;
let reader: ReadModel;

beforeEach(async () => {
  redis = await startRedis();
  writer = await openReadModelWriter(redis.url);
  reader = await openReadModel(redis.url);
});
afterEach(async () => {
  await writer.close();
  await reader.close();
  await redis.stop();
});

const canaries: Record<string, () => Promise<number[]>> = {
  markets: async () => {
    const { head, markets, exchange } = await reader.markets();
    return [head.sequence, exchange.ordersTotal, ...markets.map((market) => market.tradeCount)];
  },
  account: async () => {
    const { head, account, orders, markets } = await reader.account(at(OWNER));
    expect(orders).toHaveLength(1);
    return [
      head.sequence,
      account?.collateralAtoms ?? -1,
      ...orders.flatMap((order) => [order.orderId, order.remainingLots]),
      ...markets.map((market) => market.lastTicks),
    ];
  },
  accountById: async () => {
    const { head, account, orders } = await reader.accountById(toAccountId(1));
    return [head.sequence, account?.collateralAtoms ?? -1, ...orders.map((order) => order.remainingLots)];
  },
  book: async () => {
    const { head, bids, asks } = await reader.book(BTC, 100);
    expect(asks).toHaveLength(2);
    return [head.sequence, ...bids.map(([, lots]) => lots), ...asks.map(([, lots]) => lots)];
  },
  trades: async () => {
    const { head, trades } = await reader.trades(BTC, 1);
    return [head.sequence, ...trades.map((trade) => trade.tradeId)];
  },
  fills: async () => {
    const { head, fills } = await reader.fills(at(OWNER), 1);
    return [head.sequence, ...fills.map((fill) => fill.tradeId)];
  },
  auctions: async () => {
    const { head, auctions } = await reader.auctions();
    return [head.sequence, ...auctions.map((auction) => auction.remainingLots)];
  },
  certificates: async () => {
    const { head, certificates } = await reader.certificates(1, { account: at(OWNER) });
    return [head.sequence, ...certificates.map((certificate) => certificate.certificateId)];
  },
  price: async () => {
    const { head, price, exchange } = await reader.price('BTC-USD');
    return [head.sequence, price?.priceTicks ?? -1, exchange.ordersTotal];
  },
  candles: async () => {
    const { head, candles } = await reader.candles(BTC, '1m', 1);
    return [head.sequence, ...candles.map((candle) => candle.openTimeMs / 60_000)];
  },
};

test.each(Object.entries(canaries))(
  '%s: one answer, one sequence, while a writer flushes and rebuilds',
  async (_, read) => {
    await writer.rebuild(fullAt(1));
    let done = false;
    const writing = (async () => {
      for (let sequence = 2; sequence <= FLUSHES; sequence += 1) {
        if (sequence % 50 === 0) await writer.rebuild(fullAt(sequence));
        else expect(await writer.write(diffAt(sequence))).toBe('written');
      }
      done = true;
    })();
    const seen = new Set<number>();
    let last = 0;
    while (!done) {
      const [sequence = -1, ...others] = await read();
      expect(others.length).toBeGreaterThan(0);
      for (const other of others) expect(other).toBe(sequence);
      expect(sequence).toBeGreaterThanOrEqual(last);
      last = sequence;
      seen.add(sequence);
    }
    await writing;
    expect(seen.size).toBeGreaterThan(1);
  },
);
