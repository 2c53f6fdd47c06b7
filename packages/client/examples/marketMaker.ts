// Makes a market: a bid and an ask around the index price that follow it, shifted against what it holds. Ctrl-C, or the end of its
// seconds, takes the quotes away and closes the position. Should it die, the exchange takes the quotes away by itself.
// While `npm start` runs, with a key that has test USDC (README.md, "Trade on it"):
//   node_modules/.bin/node packages/client/examples/marketMaker.ts http://127.0.0.1:8080 0x<private key> BTC-USD 0.01 60
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type AccountChange,
  type Amendment,
  type BatchOutcome,
  KeelClient,
  KeelError,
  type NewOrder,
  type Ticker,
} from '@keel/client';
import { roundToStep } from './roundToStep.ts';
import { runExample } from './runExample.ts';
import { untilStopped } from './untilStopped.ts';

/** Distance of a quote from the fair price, as a part of it, */
const HALF_SPREAD = 0.001;
/** and of the whole pair with the largest position, against it. */
const SKEW = 0.001;
/** Quotes stay where they are, and keep their place, until they are so far off. */
const TOLERANCE = 0.0001;
/** Largest position, in quotes. */
const POSITION_QUOTES = 4;
const ROUND_MS = 250;
const DEAD_MAN_MS = 5_000;
const PROTECTION_PAUSE_MS = 1_000;

interface Quote {
  readonly orderId: string;
  readonly price: string;
  /** Of this order so far; an amendment names the whole size, what has traded included. */
  filled: number;
}
type Side = 'buy' | 'sell';
const SIDES: readonly Side[] = ['buy', 'sell'];

await runExample('marketMaker.ts <gateway> 0x<private-key> [market] [size] [seconds]', 2, async (words) => {
  const [url = '', privateKey, market = 'BTC-USD', size = '0.01', seconds = '0'] = words;
  const client = new KeelClient({ url, privateKey: privateKey as `0x${string}` });
  const over = 'ws' as const;
  const stopped = untilStopped(Number(seconds));
  const listed = (await client.markets()).find(({ symbol }) => symbol === market);
  if (listed === undefined) throw new KeelError('MARKET_UNKNOWN', `there is no ${market}`, false);
  const { tickSize, lotSize } = listed;
  const positionMax = Number(size) * POSITION_QUOTES;

  const quotes = new Map<Side, Quote>();
  /** The outside price: the mark of a market is drawn by the quotes in it, which may be one's own. */
  let fair: number | undefined;
  let position = Number((await client.account()).positions.find((own) => own.market === market)?.size ?? 0);
  let isFrozen = false;

  client.subscribe({ channel: 'ticker', market }, ({ data }) => {
    const ticker = data as Ticker;
    fair = ticker.index === null || ticker.status !== 'open' ? undefined : Number(ticker.index);
  });
  client.subscribe({ channel: 'account', account: client.address }, ({ data }) => {
    const { positions, protections, orderUpdates, fills } = data as AccountChange;
    position = Number(positions.find((own) => own.market === market)?.size ?? 0);
    isFrozen = protections.some((own) => own.market === market && own.frozen);
    for (const { order, state, filledSize } of orderUpdates)
      for (const [side, quote] of quotes) {
        if (quote.orderId !== order.orderId) continue;
        if (state === 'open') quote.filled = Number(filledSize);
        else quotes.delete(side);
      }
    for (const { side, size: traded, price, role } of fills) console.log(`${role}: ${side} ${traded} at ${price}`);
  });
  // Three nets: the gateway takes the quotes away when this connection ends, the exchange when it hears nothing for a while, and
  // as soon as more trades in a second than a moment of quiet business would.
  client.keepCancelOnDisconnect({ market, onError: (error) => console.error(`not armed: ${error.message}`) });
  await client.setMarketMakerProtection(
    { market, windowMs: 1_000, quantity: String(positionMax), fillCount: 20 },
    { over },
  );

  /** What should rest now; undefined: nothing on that side. */
  const wanted = (side: Side, price: number): { readonly price: string; readonly size: string } | undefined => {
    const direction = side === 'buy' ? 1 : -1;
    const room = roundToStep(Math.min(Number(size), positionMax - direction * position), lotSize);
    if (Number(room) <= 0) return undefined;
    const centre = price * (1 - (SKEW * position) / positionMax);
    return { price: roundToStep(centre * (1 - direction * HALF_SPREAD), tickSize, side === 'sell'), size: room };
  };

  /** A quote that could not be moved still rests where it was: all go, and the next round begins anew. */
  const beginAnew = async (why: string): Promise<void> => {
    console.log(`begins anew: ${why}`);
    await client.cancelAll(market, { over });
    quotes.clear();
  };

  const round = async (): Promise<void> => {
    await client.cancelAllAfter(DEAD_MAN_MS, { over });
    if (isFrozen) {
      console.log('the protection took the quotes away');
      await sleep(PROTECTION_PAUSE_MS);
      await client.resetMarketMakerProtection(market, { over });
      isFrozen = false;
      return;
    }
    if (fair === undefined) {
      if (quotes.size > 0) await beginAnew('no good price');
      return;
    }
    // The side that gives way goes first, or the other one would meet it.
    const isFalling = [...quotes.values()].every(({ price }) => Number(price) > (fair ?? 0));
    const moves: (Amendment & { readonly side: Side })[] = [];
    const news: NewOrder[] = [];
    for (const side of isFalling ? SIDES : SIDES.toReversed()) {
      const quote = quotes.get(side);
      const want = wanted(side, fair);
      if (want === undefined) {
        if (quote !== undefined) await client.cancelOrder(quote.orderId, { over });
        quotes.delete(side);
      } else if (quote === undefined) news.push({ market, side, ...want, timeInForce: 'postOnly' });
      else if (Math.abs(Number(want.price) - Number(quote.price)) > TOLERANCE * fair) {
        const whole = roundToStep(Number(want.size) + quote.filled, lotSize);
        moves.push({ side, order: quote.orderId, market, price: want.price, size: whole });
      }
    }
    if (moves.length > 0) {
      const { items } = await client.amendOrders(moves, { over });
      const refused = refusalsOf(items);
      if (refused.length > 0) return beginAnew(refused.join(', '));
      for (const { side, order, price } of moves) {
        const known = quotes.get(side);
        // Filled meanwhile: then it is gone already.
        if (known?.orderId === order) quotes.set(side, { ...known, price });
      }
      console.log(`moved to ${moves.map(({ side, price }) => `${side} ${price}`).join(', ')} at index ${fair}`);
    }
    if (news.length > 0) {
      const { items } = await client.placeOrders(news, { over });
      for (const [place, item] of items.entries()) {
        const { side } = news[place] as NewOrder;
        if (!('error' in item) && item.state === 'resting')
          quotes.set(side, { orderId: item.orderId, price: item.price as string, filled: Number(item.filledSize) });
      }
      const told = items.map((item) => ('error' in item ? item.error.code : `${item.state} at ${item.price}`));
      console.log(`placed: ${told.join(', ')}`);
    }
  };

  while (!stopped.aborted) {
    try {
      await round();
      await sleep(ROUND_MS);
    } catch (fault) {
      if (!(fault instanceof KeelError)) throw fault;
      console.error(fault.message);
      if (!fault.retryable && fault.code !== 'ORDER_UNKNOWN') break;
      // Whatever was lost on the way: what rests now is not known any more.
      await sleep(fault.retryAfterMs ?? 1_000);
      await beginAnew(fault.code).catch(() => undefined);
    }
  }

  const { cancelledOrderIds } = await client.cancelAll(market, { over });
  console.log(`${cancelledOrderIds.length} quotes taken away`);
  await client.setMarketMakerProtection({ market, windowMs: 0 }, { over });
  // What REST says of the account may be a moment old; an order that only reduces cannot do harm then.
  for (let left = 10; left > 0; left -= 1) {
    const held = (await client.account()).positions.find((own) => own.market === market)?.size ?? '0';
    if (held === '0') break;
    const side: Side = held.startsWith('-') ? 'buy' : 'sell';
    const closing = { market, side, size: held.replace('-', ''), reduceOnly: true } as const;
    const closed = await client.placeOrder(closing, { over }).catch((error: KeelError) => error);
    console.log(closed instanceof KeelError ? closed.message : `closed ${closed.filledSize} of ${held}`);
    await sleep(ROUND_MS);
  }
  await client.cancelAllAfter(0, { over });
  client.close();
});

function refusalsOf(items: BatchOutcome<object>['items']): string[] {
  return items.flatMap((item) => ('error' in item ? [(item as { error: { code: string } }).error.code] : []));
}
