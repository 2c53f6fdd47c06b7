// Quotes both sides of a market, follows its mark price for a number of rounds, and takes the quotes away. Should the
// program die, the exchange takes them away by itself.
//   node_modules/.bin/node packages/client/examples/quote.ts http://127.0.0.1:8080 0x<private key> BTC-USD 0.01 20
import { KeelClient, KeelError } from '@keel/client';
import { runExample } from './runExample.ts';

const ROUND_MS = 1_000;
const DEAD_MAN_MS = 5_000;
/** Distance from the mark price, as a part of it. */
const DISTANCE = 0.01;

await runExample('quote.ts <gateway> 0x<private-key> [market] [size] [rounds]', 2, async (words) => {
  const [url = '', privateKey, market = 'BTC-USD', size = '0.01', rounds = '20'] = words;
  const client = new KeelClient({ url, privateKey: privateKey as `0x${string}` });
  const over = 'ws' as const;

  /** Of the bid, then of the ask. Whole dollars lie on the tick of every market. */
  const prices = async (): Promise<readonly [string, string]> => {
    const listed = (await client.markets()).find((candidate) => candidate.symbol === market);
    if (listed?.mark == null) throw new KeelError('MARKET_PRICE_UNAVAILABLE', `${market} has no price yet`, true);
    const mark = Number(listed.mark);
    return [String(Math.floor(mark * (1 - DISTANCE))), String(Math.ceil(mark * (1 + DISTANCE)))];
  };

  await client.cancelAllAfter(DEAD_MAN_MS, { over });
  const [bid, ask] = await prices();
  const terms = { market, size, timeInForce: 'postOnly' } as const;
  const placed = await client.placeOrders(
    [
      { ...terms, side: 'buy', price: bid },
      { ...terms, side: 'sell', price: ask },
    ],
    { over },
  );
  const quotes = placed.items.map((item) => {
    if ('error' in item) throw new KeelError(item.error.code, item.error.message, item.error.retryable);
    console.log(`order ${item.orderId} is ${item.state} at ${item.price}`);
    return item.orderId;
  });

  for (let round = 0; round < Number(rounds); round += 1) {
    await new Promise((resolve) => setTimeout(resolve, ROUND_MS));
    await client.cancelAllAfter(DEAD_MAN_MS, { over });
    const now = await prices();
    const moves = quotes.map((order, index) => ({ order, market, size, price: now[index] as string }));
    const moved = await client.amendOrders(moves, { over });
    const told = moved.items.map((item) => ('error' in item ? item.error.code : `${item.state} at ${item.price}`));
    console.log(`round ${round + 1}: ${told.join(', ')}`);
  }

  const { cancelledOrderIds } = await client.cancelAll(market, { over });
  await client.cancelAllAfter(0, { over });
  console.log(`${cancelledOrderIds.length} quotes taken away`);
  client.close();
});
