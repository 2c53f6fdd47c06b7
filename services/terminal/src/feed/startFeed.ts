import type { Channel, Frame, Market } from '@keel/client';
import { effect } from '@preact/signals';
import { emptyBook } from './book.ts';
import { type Connection, openConnection } from './connection.ts';
import { keepAccountFresh, openAccount, showAccount } from './followAccount.ts';
import { loadCandles } from './followCandles.ts';
import { createFrameQueue } from './frameQueue.ts';
import { readLocation, writeLocation } from './location.ts';
import { markHeard } from './markHeard.ts';
import { getJson, RestError } from './rest.ts';
import { routeFrame } from './routeFrame.ts';
import {
  account,
  accountAddress,
  accountFault,
  book,
  candles,
  exchangeNowMs,
  link,
  markets,
  marketsFault,
  roundTripMs,
  selectedSymbol,
  silentForMs,
  trades,
} from './store.ts';

const PUBLIC_CHANNELS = ['status', 'markets', 'liquidations', 'batches'] as const;
const TICK_MS = 250;
const MARKETS_RETRY_MS = 1_500;

/** Connects the signals to the exchange; called once by main. */
export function startFeed(): void {
  const clock = startClock();
  const connection = openConnection({
    url: `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/v1/ws`,
    onFrame: clock.heard(createFrameQueue((frame) => routeFrame(frame, { onBookGap }))),
    onLink: (state) => {
      link.value = state;
    },
    onRefused: (subscription, error) => {
      if (subscription.channel === 'account' && account.peek() === undefined) accountFault.value ??= error;
    },
    onRoundTrip: (milliseconds) => {
      roundTripMs.value = Math.round(milliseconds);
    },
  });
  function onBookGap(market: string): void {
    connection.resubscribe({ channel: 'book', market });
  }
  for (const channel of PUBLIC_CHANNELS) connection.subscribe({ channel });
  followLocation();
  followSelection(connection);
  keepAccountFresh();
  void loadMarkets();
}

/** Times the silence of the line and keeps the exchange's clock running between frames. */
function startClock(): { heard: (next: (frame: Frame) => void) => (frame: Frame) => void } {
  let heardAtMs = performance.now();
  let exchangeMs = Date.now();
  setInterval(() => {
    const silent = performance.now() - heardAtMs;
    silentForMs.value = Math.floor(silent / 1000) * 1000;
    exchangeNowMs.value = Math.floor((exchangeMs + silent) / 1000) * 1000;
  }, TICK_MS);
  return {
    heard: (next) => (frame) => {
      heardAtMs = performance.now();
      exchangeMs = frame.ts;
      exchangeNowMs.value = Math.floor(exchangeMs / 1000) * 1000;
      next(frame);
    },
  };
}

async function loadMarkets(): Promise<void> {
  try {
    const answer = await getJson<{ markets: readonly Market[] }>('/v1/markets');
    markets.value = answer.markets;
    marketsFault.value = undefined;
  } catch (error) {
    marketsFault.value = error instanceof RestError ? error.message : 'The exchange did not answer. Trying again.';
    setTimeout(() => void loadMarkets(), MARKETS_RETRY_MS);
  }
}

/** The hash is the page's memory: what is shown is written there, and a changed hash changes what is shown. */
function followLocation(): void {
  const take = (): void => {
    const asked = readLocation();
    if (asked.market !== undefined) selectedSymbol.value = asked.market;
    if (asked.account === accountAddress.peek()) return;
    if (asked.account === undefined) showAccount(undefined);
    else openAccount(asked.account);
  };
  take();
  addEventListener('hashchange', take);
  effect(() => {
    const rows = markets.value;
    const known = rows.some((row) => row.symbol === selectedSymbol.value);
    if (rows.length > 0 && !known) selectedSymbol.value = rows[0]!.symbol;
  });
  effect(() => {
    if (selectedSymbol.value !== undefined || accountAddress.value !== undefined) {
      writeLocation({ market: selectedSymbol.value, account: accountAddress.value });
    }
  });
}

/** Keeps exactly the shown market's and account's channels subscribed. */
function followSelection(connection: Connection): void {
  effect(() => {
    const market = selectedSymbol.value;
    if (market === undefined) return;
    book.value = { book: emptyBook(), revision: book.peek().revision + 1 };
    trades.value = [];
    markHeard('trades', false);
    if (candles.peek().market !== market) void loadCandles(market);
    return subscribeAll(connection, [
      { channel: 'book', market },
      { channel: 'trades', market },
    ]);
  });
  effect(() => {
    const address = accountAddress.value;
    if (address === undefined) return;
    return subscribeAll(connection, [{ channel: 'account', account: address }]);
  });
}

function subscribeAll(connection: Connection, subscriptions: readonly Channel[]): () => void {
  for (const subscription of subscriptions) connection.subscribe(subscription);
  return () => {
    for (const subscription of subscriptions) connection.unsubscribe(subscription);
  };
}
