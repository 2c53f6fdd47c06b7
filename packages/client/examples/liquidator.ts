// Takes close-out auctions that are cheap enough, a bounded amount of each, and offers what it took at the mark price. What it
// still holds at the end of its seconds, or at Ctrl-C, it says and keeps. services/liquidator is the whole of it: it looks at depth and margin, too.
// While `npm start` runs, with a key that has test USDC (README.md, "Trade on it"):
//   node_modules/.bin/node packages/client/examples/liquidator.ts http://127.0.0.1:8080 0x<private key> 5000 600
import { setTimeout as sleep } from 'node:timers/promises';
import { type Auction, KeelClient, KeelError, type Market } from '@keel/client';
import { roundToStep } from './roundToStep.ts';
import { runExample } from './runExample.ts';
import { untilStopped } from './untilStopped.ts';

/** What must be between an auction's price and the worse of mark and index, as a part of it, taker fee included. */
const EDGE = 0.004;
/** All positions together, in auctions of the largest size. */
const AUCTIONS_HELD = 4;
const ROUND_MS = 250;

await runExample('liquidator.ts <gateway> 0x<private-key> [usdc-per-auction] [seconds]', 2, async (words) => {
  const [url = '', privateKey, usdc = '5000', seconds = '0'] = words;
  const client = new KeelClient({ url, privateKey: privateKey as `0x${string}` });
  const stopped = untilStopped(Number(seconds));
  const perAuction = Number(usdc);
  let account = await client.account();
  if (!account.liquidator) await client.registerLiquidator(true);
  console.log(`${client.address} takes up to ${usdc} USDC of an auction`);

  const running = new Map<number, Auction>();
  /** USDC taken of each auction that runs. */
  const spent = new Map<number, number>();
  client.followAuctions({
    onAuctions: (now, ended) => {
      running.clear();
      for (const [auctionId, auction] of now) running.set(auctionId, auction);
      for (const { auctionId, reason } of ended) {
        spent.delete(auctionId);
        console.log(`auction ${auctionId} is over: ${reason}`);
      }
    },
    // Nothing is known to run until a snapshot comes.
    onLost: () => running.clear(),
  });

  /** The worst price that is still worth it, and how much; undefined: not worth it, or no room. */
  const decide = (auction: Auction, { mark, index, status, tickSize, lotSize }: Market) => {
    if (mark === null || index === null || status !== 'open' || auction.account === client.address) return undefined;
    const buys = auction.takerSide === 'buy';
    const reference = buys ? Math.min(Number(mark), Number(index)) : Math.max(Number(mark), Number(index));
    const price = roundToStep(reference * (buys ? 1 - EDGE : 1 + EDGE), tickSize, !buys);
    if (buys ? Number(auction.limitPrice) > Number(price) : Number(auction.limitPrice) < Number(price))
      return undefined;
    const held = account.positions.reduce((sum, { notional }) => sum + Number(notional), 0);
    const room = Math.min(perAuction - (spent.get(auction.auctionId) ?? 0), perAuction * AUCTIONS_HELD - held);
    const size = roundToStep(Math.min(Number(auction.remainingSize), room / reference), lotSize);
    return Number(size) > 0 ? { price, size } : undefined;
  };

  const take = async (auction: Auction, market: Market): Promise<void> => {
    const decision = decide(auction, market);
    if (decision === undefined) return;
    const { auctionId, market: symbol } = auction;
    // You pay the auction's price of that moment, not the worst you would.
    const taken = await client.takeAuction({ market: symbol, auctionId, ...decision }, { over: 'ws' });
    spent.set(auctionId, (spent.get(auctionId) ?? 0) + Number(taken.takenSize) * Number(taken.limitPrice ?? 0));
    console.log(`auction ${auctionId}: took ${taken.takenSize} ${symbol} at ${taken.limitPrice}`);
    account = await client.account();
  };

  /** One reduce-only order over each position, at mark; it is renewed when mark or position is another. */
  const offer = async (market: Market): Promise<void> => {
    const held = account.positions.find((own) => own.market === market.symbol)?.size ?? '0';
    const open = account.openOrders.find((order) => order.market === market.symbol && order.reduceOnly);
    if (held === '0' || market.mark === null) return;
    const side = held.startsWith('-') ? 'buy' : 'sell';
    const size = held.replace('-', '');
    const price = roundToStep(Number(market.mark), market.tickSize, side === 'sell');
    if (open?.price === price && open.remainingSize === size) return;
    if (open !== undefined) await client.cancelOrder(open.orderId, { over: 'ws' });
    await client.placeOrder({ market: market.symbol, side, size, price, reduceOnly: true }, { over: 'ws' });
    console.log(`offers ${side} ${size} ${market.symbol} at ${price}`);
  };

  while (!stopped.aborted) {
    try {
      const markets = await client.markets();
      account = await client.account();
      for (const auction of [...running.values()]) {
        const market = markets.find(({ symbol }) => symbol === auction.market);
        if (market !== undefined) await take(auction, market).catch(tell);
      }
      for (const market of markets) await offer(market).catch(tell);
    } catch (fault) {
      tell(fault);
    }
    await sleep(ROUND_MS);
  }

  await client.cancelAll('', { over: 'ws' });
  account = await client.account();
  const left = account.positions.map(({ market, size }) => `${size} ${market}`);
  console.log(`ends with ${left.join(', ') || 'no position'} and ${account.equity} USDC of equity`);
  client.close();
});

/** That others were faster (AUCTION_OVER) is no fault; whatever it was, the next round looks anew. */
function tell(fault: unknown): void {
  if (!(fault instanceof KeelError)) throw fault;
  console.error(fault.message);
}
