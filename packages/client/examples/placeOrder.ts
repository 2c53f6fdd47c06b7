// Rests a bid 10 % under the mark, shows it and takes it away again.
//   node_modules/.bin/node packages/client/examples/placeOrder.ts http://127.0.0.1:8080 0x<private key> BTC-USD 0.01
import { KeelClient, KeelError } from '@keel/client';
import { runExample } from './runExample.ts';

await runExample('placeOrder.ts <gateway> 0x<private-key> [market] [size]', 2, async (words) => {
  const [url = '', privateKey, market = 'BTC-USD', size = '0.01'] = words;
  const client = new KeelClient({ url, privateKey: privateKey as `0x${string}` });

  const listed = (await client.markets()).find((candidate) => candidate.symbol === market);
  if (listed?.mark == null) throw new KeelError('MARKET_PRICE_UNAVAILABLE', `${market} has no price yet`, true);
  // Whole dollars lie on the tick of every market.
  const price = String(Math.floor(Number(listed.mark) * 0.9));

  const order = await client.placeOrder({ market, side: 'buy', price, size, timeInForce: 'postOnly' });
  console.log(`order ${order.orderId} is ${order.state} at ${price}, durability ${order.durability}`);

  const cancelled = await client.cancelOrder(order.orderId, { over: 'ws' });
  console.log(`cancelled at sequence ${cancelled.sequence}`);
  client.close();
});
