import { StartupFault } from '@keel/runtime';
import type { WebSocketSourceConfig } from './followWebSocket.ts';
import { type JsonPath, parseJsonPath } from './jsonPath.ts';
import type { HttpSourceConfig } from './pollHttp.ts';
import type { PriceMapping, TimeUnit } from './priceMapping.ts';
import { readTextFile } from './readTextFile.ts';

export interface SourcesFile {
  /** An observation older than this does not count. */
  readonly staleMs: number;
  /** With fewer fresh sources than this a feed has no report. */
  readonly minimumSources: number;
  readonly sources: readonly (HttpSourceConfig | WebSocketSourceConfig)[];
}

export const STALE_MS_USUAL = 5_000;
const TIME_UNITS: readonly TimeUnit[] = ['s', 'ms', 'us', 'ns', 'iso'];
const COMMON = ['kind', 'name', 'url', 'symbols', 'price', 'perp', 'time', 'timeUnit', 'scale'];
const HTTP = [...COMMON, 'everyMs', 'timeoutMs'];
const WS = [...COMMON, 'subscribe', 'symbol', 'silentMs'];

/** The HTTP and WebSocket sources of a JSON file; README.md says what stands in it. Throws StartupFault with one sentence. */
export function readSourcesFile(file: string): SourcesFile {
  const top = new Entry(file, parse(file), '');
  top.only(['staleMs', 'minimumSources', 'sources']);
  const entries = top.list('sources').map((value, index) => new Entry(file, value, `sources[${index}]`));
  if (entries.length === 0) throw top.fault('sources', 'at least one source');
  const sources = entries.map((entry) => (entry.choice('kind', ['http', 'ws']) === 'http' ? http(entry) : ws(entry)));
  return {
    staleMs: top.number('staleMs', 100, 60_000, STALE_MS_USUAL),
    minimumSources: top.number('minimumSources', 1, sources.length, 1),
    sources,
  };
}

function http(entry: Entry): HttpSourceConfig {
  entry.only(HTTP);
  const url = entry.url(['http:', 'https:']);
  return {
    kind: 'http',
    name: entry.text('name', new URL(url).host),
    url,
    everyMs: entry.number('everyMs', 100, 60_000, 1_000),
    timeoutMs: entry.number('timeoutMs', 50, 60_000, 2_000),
    symbols: entry.symbols(),
    mapping: mappingOf(entry),
  };
}

function ws(entry: Entry): WebSocketSourceConfig {
  entry.only(WS);
  const url = entry.url(['ws:', 'wss:']);
  const symbolPath = entry.path('symbol');
  const told = symbolPath !== undefined || entry.text('price', '').includes('{symbol}');
  const symbols = entry.symbols();
  if (!told && symbols.size > 1) throw entry.fault('symbol', 'the path at which a message names its symbol');
  return {
    kind: 'ws',
    name: entry.text('name', new URL(url).host),
    url,
    subscribe: entry.list('subscribe', []).map((message) => JSON.stringify(message)),
    symbolPath,
    silentMs: entry.number('silentMs', 500, 600_000, 15_000),
    symbols,
    mapping: mappingOf(entry),
  };
}

function mappingOf(entry: Entry): PriceMapping {
  const price = entry.path('price');
  if (price === undefined) throw entry.fault('price', 'a path like data[0].last or result.{symbol}.c[0]');
  return {
    price,
    perp: entry.path('perp'),
    time: entry.path('time'),
    timeUnit: entry.choice('timeUnit', TIME_UNITS, 'ms'),
    scale: entry.number('scale', 1e-18, 1e18, 1),
  };
}

function parse(file: string): unknown {
  const text = readTextFile(file);
  try {
    return JSON.parse(text);
  } catch (fault) {
    throw new StartupFault(`${file} is not JSON: ${(fault as Error).message}`, { cause: fault });
  }
}

/** One object of the file, with its place for the sentence that says what is wrong there. */
class Entry {
  readonly #file: string;
  readonly #place: string;
  readonly #fields: Readonly<Record<string, unknown>>;

  constructor(file: string, value: unknown, place: string) {
    this.#file = file;
    this.#place = place;
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw new StartupFault(`${file}: ${place === '' ? 'the whole' : place} must be an object`);
    this.#fields = value as Record<string, unknown>;
  }

  fault(name: string, expected: string): StartupFault {
    const where = this.#place === '' ? name : `${this.#place}.${name}`;
    const found = JSON.stringify(this.#fields[name])?.slice(0, 80) ?? 'nothing';
    return new StartupFault(`${this.#file}: ${where} must be ${expected}, found ${found}`);
  }

  /** A misspelt name would otherwise be a setting that does nothing. */
  only(names: readonly string[]): void {
    const stranger = Object.keys(this.#fields).find((name) => !names.includes(name));
    if (stranger !== undefined) throw this.fault(stranger, `left out; there is ${names.join(', ')}`);
  }

  text(name: string, usual: string): string {
    const value = this.#fields[name] ?? usual;
    if (typeof value !== 'string') throw this.fault(name, 'a text');
    return value;
  }

  number(name: string, minimum: number, maximum: number, usual: number): number {
    const value = this.#fields[name] ?? usual;
    if (typeof value !== 'number' || value < minimum || value > maximum)
      throw this.fault(name, `a number from ${minimum} to ${maximum}`);
    return value;
  }

  choice<Word extends string>(name: string, words: readonly Word[], usual?: Word): Word {
    const value = this.#fields[name] ?? usual;
    const word = words.find((each) => each === value);
    if (word === undefined) throw this.fault(name, `one of ${words.join(', ')}`);
    return word;
  }

  list(name: string, usual?: readonly unknown[]): readonly unknown[] {
    const value = this.#fields[name] ?? usual;
    if (!Array.isArray(value)) throw this.fault(name, 'a list');
    return value;
  }

  url(schemes: readonly string[]): string {
    const value = this.#fields.url;
    if (typeof value !== 'string' || !URL.canParse(value) || !schemes.includes(new URL(value).protocol))
      throw this.fault('url', `an address beginning with ${schemes.map((scheme) => `${scheme}//`).join(' or ')}`);
    return value;
  }

  path(name: string): JsonPath | undefined {
    const value = this.#fields[name];
    if (value === undefined) return undefined;
    const path = typeof value === 'string' ? parseJsonPath(value) : undefined;
    if (path === undefined) throw this.fault(name, 'a path like data[0].last or result.{symbol}.c[0]');
    return path;
  }

  symbols(): ReadonlyMap<string, string> {
    const value = this.#fields.symbols;
    const pairs = typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
    const texts = pairs.filter((pair): pair is [string, string] => typeof pair[1] === 'string' && pair[1] !== '');
    if (texts.length === 0 || texts.length < pairs.length)
      throw this.fault('symbols', 'an object like {"BTC-USD": "XBTUSD"}, from our feeds to its symbols');
    return new Map(texts);
  }
}
