import { explainFault, startPeriodicTask } from '@keel/runtime';
import { createLatestPrices } from './latestPrices.ts';
import { mapPrice, type PriceMapping } from './priceMapping.ts';
import type { PriceSource } from './priceSource.ts';
import { readTextLimited } from './readTextLimited.ts';
import { SourceFault } from './sourceFault.ts';

/** A list of all symbols of a large venue has some hundred KiB. */
const ANSWER_BYTES_MAX = 4 * 1024 * 1024;

export interface HttpSourceConfig {
  readonly kind: 'http';
  readonly name: string;
  /** `{symbol}` in it is replaced, and each symbol then asked by itself. */
  readonly url: string;
  readonly everyMs: number;
  readonly timeoutMs: number;
  /** By feed name what the source calls it. */
  readonly symbols: ReadonlyMap<string, string>;
  readonly mapping: PriceMapping;
}

/** Asks an HTTP source again and again. What fails is told in `progress`; the last price grows old meanwhile. */
export function pollHttp(config: HttpSourceConfig): PriceSource {
  const latest = createLatestPrices(config.symbols);
  const closing = new AbortController();
  const ask = async (): Promise<void> => {
    await Promise.all([...requestsOf(config)].map(([url, symbols]) => askOne(url, symbols)));
  };
  const task = startPeriodicTask({
    everyMs: config.everyMs,
    run: ask,
    onFault: (fault) => latest.noteFault(explainFault(fault)),
  });
  return {
    name: config.name,
    observe: (feed) => latest.observation(feed),
    progress: (feed, { nowMs }) => latest.progress('http', config.name, feed, nowMs),
    close() {
      closing.abort();
      void task.stop();
    },
  };

  async function askOne(url: string, symbols: readonly string[]): Promise<void> {
    try {
      const signal = AbortSignal.any([closing.signal, AbortSignal.timeout(config.timeoutMs)]);
      const response = await fetch(url, { signal, redirect: 'error', headers: { accept: 'application/json' } });
      const text = await readTextLimited(response, ANSWER_BYTES_MAX);
      if (!response.ok) throw new SourceFault(`it answers ${response.status}`);
      const document: unknown = JSON.parse(text);
      for (const symbol of symbols) latest.note(symbol, mapPrice(config.mapping, document, symbol, Date.now()));
    } catch (fault) {
      for (const symbol of symbols) latest.note(symbol, { fault: explainFault(fault) });
    }
  }
}

/** Each address once, with the symbols that its answer is for. */
function requestsOf({ url, symbols }: HttpSourceConfig): ReadonlyMap<string, readonly string[]> {
  const requests = new Map<string, string[]>();
  for (const symbol of new Set(symbols.values())) {
    const address = url.replaceAll('{symbol}', encodeURIComponent(symbol));
    const asked = requests.get(address) ?? [];
    asked.push(symbol);
    requests.set(address, asked);
  }
  return requests;
}
