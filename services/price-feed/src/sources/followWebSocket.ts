import { explainFault } from '@keel/runtime';
import { WebSocket } from 'ws';
import { type JsonPath, readJsonPath } from './jsonPath.ts';
import { createLatestPrices } from './latestPrices.ts';
import { mapPrice, type PriceMapping } from './priceMapping.ts';
import type { PriceSource } from './priceSource.ts';

const MESSAGE_BYTES_MAX = 4 * 1024 * 1024;
/** First and longest pause between two attempts to connect. */
const RECONNECT_MS_MIN = 250;
const RECONNECT_MS_MAX = 10_000;

export interface WebSocketSourceConfig {
  readonly kind: 'ws';
  readonly name: string;
  readonly url: string;
  /** JSON texts sent after connecting; one with `{symbol}` is sent once for each symbol. */
  readonly subscribe: readonly string[];
  /** Where a message names the symbol it is about; undefined = `{symbol}` in the price's path tells. */
  readonly symbolPath: JsonPath | undefined;
  /** A connection that says nothing for so long is taken for dead and made again. */
  readonly silentMs: number;
  readonly symbols: ReadonlyMap<string, string>;
  readonly mapping: PriceMapping;
}

/** Follows a WebSocket source and connects again when it is lost. What is not about our symbols is passed over. */
export function followWebSocket(config: WebSocketSourceConfig): PriceSource {
  const latest = createLatestPrices(config.symbols);
  const symbols = [...new Set(config.symbols.values())];
  let socket: WebSocket | undefined;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  let attempts = 0;
  connect();
  return {
    name: config.name,
    observe: (feed) => latest.observation(feed),
    progress: (feed, { nowMs }) => latest.progress('ws', config.name, feed, nowMs),
    close() {
      closed = true;
      clearTimeout(timer);
      socket?.terminate();
    },
  };

  function connect(): void {
    const own = new WebSocket(config.url, { maxPayload: MESSAGE_BYTES_MAX, handshakeTimeout: RECONNECT_MS_MAX });
    socket = own;
    const watch = (): void => {
      clearTimeout(timer);
      timer = setTimeout(() => own.terminate(), config.silentMs);
    };
    own.on('open', () => {
      attempts = 0;
      watch();
      for (const message of subscriptions(config.subscribe, symbols)) own.send(message);
    });
    own.on('message', (data: Buffer) => {
      watch();
      read(data);
    });
    own.on('error', (fault) => latest.noteFault(explainFault(fault)));
    own.on('close', () => {
      clearTimeout(timer);
      if (closed) return;
      latest.noteFault('the connection was lost');
      const pauseMs = Math.min(RECONNECT_MS_MAX, RECONNECT_MS_MIN * 2 ** attempts);
      attempts = Math.min(attempts + 1, 16);
      timer = setTimeout(connect, pauseMs);
    });
  }

  function read(data: Buffer): void {
    const document = parse(data);
    for (const symbol of symbols) {
      const { symbolPath } = config;
      if (symbolPath !== undefined && readJsonPath(document, symbolPath, symbol) !== symbol) continue;
      const mapped = mapPrice(config.mapping, document, symbol, Date.now());
      // Confirmations, heartbeats and other symbols have no price of this one; that is no fault.
      if (!('fault' in mapped) || symbolPath !== undefined) latest.note(symbol, mapped);
    }
  }
}

function parse(data: Buffer): unknown {
  try {
    return JSON.parse(data.toString('utf8'));
  } catch {
    // Heartbeats of some venues are plain text; a source that says nothing else grows stale.
    return undefined;
  }
}

function subscriptions(templates: readonly string[], symbols: readonly string[]): readonly string[] {
  return templates.flatMap((template) =>
    template.includes('{symbol}')
      ? symbols.map((symbol) => template.replaceAll('{symbol}', quotable(symbol)))
      : [template],
  );
}

/** A symbol as it may stand inside a JSON text. */
function quotable(symbol: string): string {
  return JSON.stringify(symbol).slice(1, -1);
}
