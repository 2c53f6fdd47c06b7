import { CANDLE_INTERVALS, openReadModel, openReadModelWriter } from '@keel/redis';
import { Exchange, emptyParts, readSnapshotPayload, writeSnapshotPayload } from '@keel/replica';
import { type OwnRedis, startRedis } from '@keel/test-servers';
import { type Command, toMarketId, toSequence } from '@keel/types';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { GENESIS_MARKETS } from '../src/genesisMarkets.ts';
import { fullReadModelOf, stateDiffOf } from '../src/readModelDocs.ts';
import { btcIndex, FEEDERS } from './feeders.ts';
import { authOf, deposit, ownerOf, randomCommand, randomOf } from './traders.ts';

const HASH = `0x${'00'.repeat(32)}` as const;
const SEED = Number(process.env.KEEL_TEST_SEED ?? 1);
const BTC = toMarketId(1);
const HOUR_MS = 3_600_000;
const ALL = Number.MAX_SAFE_INTEGER;
const TRADERS = [1, 2, 3];
let redises: OwnRedis[];

beforeEach(async () => {
  redises = [await startRedis(), await startRedis()];
});
afterEach(async () => {
  for (const redis of redises) await redis.stop();
});

/**
 * Everything that a reader can be told of the exchange, but for the generation, and when funding is due next, which
 * follows from the head's time and is told with a market's next change.
 */
async function answersOf(url: string): Promise<Record<string, unknown>> {
  const reader = await openReadModel(url);
  const answers: Record<string, unknown> = {};
  const keep = async (name: string, asked: Promise<object>) => {
    const timeless = (key: string, value: unknown) =>
      key === 'generation' || key === 'nextFundingMs' ? undefined : value;
    answers[name] = JSON.parse(JSON.stringify(await asked, timeless));
  };
  await keep('head', reader.head());
  await keep('markets', reader.markets());
  await keep('book', reader.wholeBook(BTC));
  await keep('bookOrders', reader.bookOrders(BTC));
  await keep('trades', reader.trades(BTC, 500, ALL));
  await keep('fundingRates', reader.fundingRates(BTC, 500, ALL));
  for (const interval of CANDLE_INTERVALS) await keep(`candles ${interval}`, reader.candles(BTC, interval, 500));
  for (const trader of TRADERS) {
    const account = { address: ownerOf(trader), subaccount: 0 };
    await keep(`account ${trader}`, reader.account(account));
    await keep(`orders ${trader}`, reader.orderHistory(account, 500, ALL));
    await keep(`funding ${trader}`, reader.fundingPayments(account, 500, ALL));
    await keep(`ledger ${trader}`, reader.ledger(account, 500, ALL));
    await keep(`fills ${trader}`, reader.fills(account, 500, ALL));
  }
  for (let agent = 0; agent < 10; agent += 1)
    await keep(`agent ${agent}`, reader.account({ address: ownerOf(1_000_000 + agent), subaccount: 0 }));
  await reader.close();
  return answers;
}

test('a read model that was followed, and one that a node with a snapshot writes anew, answer the same', async () => {
  const [followed, rebuilt] = redises as [OwnRedis, OwnRedis];
  const random = randomOf(SEED);
  const exchange = new Exchange(emptyParts());
  const writer = await openReadModelWriter(followed.url);
  let timeMs = 1_700_000_000_000;
  const openOrders: number[] = [];
  const apply = (command: Command, passMs = 10): void => {
    timeMs += passMs;
    const timed = 'auth' in command ? { ...command, auth: { ...command.auth, nonce: timeMs } } : command;
    const sequence = toSequence(exchange.state.sequence + 1);
    for (const event of exchange.apply({ sequence, timeMs, command: timed }, HASH).events)
      if (event.kind === 'orderAccepted') openOrders.push(event.orderId);
  };
  for (const listed of GENESIS_MARKETS) apply({ kind: 'listMarket', spec: { ...listed, resumeGraceMs: 0 } });
  for (const trader of TRADERS) apply(deposit(trader - 1, ownerOf(trader), 1_000_000_000_000));
  apply({ kind: 'setPriceFeeders', feeders: FEEDERS });
  apply(btcIndex(600_000, timeMs + 10));
  exchange.takeChanges();
  await writer.rebuild(fullReadModelOf(exchange));
  for (let count = 1; count <= 600; count += 1) {
    const owner = ownerOf(TRADERS[count % 3] as number);
    const dice = random();
    // A price just before an hour, so that its funding is settled.
    const passMs = Math.max(10, HOUR_MS - (timeMs % HOUR_MS) - 25);
    if (dice < 0.05) apply(btcIndex(600_000 + Math.floor(random() * 40) - 20, timeMs + passMs), passMs);
    else if (dice < 0.1) {
      const agent = ownerOf(1_000_000 + Math.floor(random() * 10));
      const agentExpiresAtMs = timeMs + Math.floor(random() * 20_000_000);
      apply({ kind: 'approveAgent', auth: authOf(owner), agent, agentName: 'bot', agentExpiresAtMs });
    } else apply(randomCommand(random, owner, openOrders.slice(-20)));
    if (count % 5 === 0) expect(await writer.write(stateDiffOf(exchange, exchange.takeChanges()))).toBe('written');
  }
  await writer.close();

  const other = new Exchange(readSnapshotPayload(writeSnapshotPayload(exchange.parts)));
  const otherWriter = await openReadModelWriter(rebuilt.url);
  await otherWriter.rebuild(fullReadModelOf(other));
  await otherWriter.close();
  const answers = await answersOf(followed.url);
  const again = await answersOf(rebuilt.url);
  for (const [name, answer] of Object.entries(answers)) expect(again[name], `${name}, seed ${SEED}`).toEqual(answer);
  const text = JSON.stringify(answers);
  // Each of the lists has something to differ in.
  for (const word of [
    '"closeReason":"filled"',
    '"startLots"',
    'withdrawalRequested',
    '"amountAtoms"',
    '"ratePpb"',
    '"1d"',
  ])
    expect(text.includes(word), `${word}, seed ${SEED}`).toBe(true);
});
