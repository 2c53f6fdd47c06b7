import { type JsonPath, readJsonPath } from './jsonPath.ts';

/** How a document of somebody else becomes a price. */
export interface PriceMapping {
  readonly price: JsonPath;
  /** Middle of perpetual futures; undefined = the source does not tell. */
  readonly perp: JsonPath | undefined;
  /** When the source saw it, as `timeUnit` says; undefined = when it arrived. */
  readonly time: JsonPath | undefined;
  readonly timeUnit: TimeUnit;
  /** USD in one unit of the source. */
  readonly scale: number;
}

export type TimeUnit = 's' | 'ms' | 'us' | 'ns' | 'iso';
const MS_PER_UNIT: Readonly<Record<Exclude<TimeUnit, 'iso'>, number>> = { s: 1_000, ms: 1, us: 0.001, ns: 0.000_001 };

export interface MappedPrice {
  readonly priceUsd: number;
  /** 0 = none. */
  readonly perpUsd: number;
  readonly timeMs: number;
}

const DECIMAL = /^[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,2})?$/;

/**
 * The price in a document, or why there is none. Numbers and decimal texts are taken, above 0. A time after `nowMs` counts
 * as now: a source with a fast clock must not seem fresh for longer than others.
 */
export function mapPrice(
  mapping: PriceMapping,
  document: unknown,
  symbol: string,
  nowMs: number,
): MappedPrice | { readonly fault: string } {
  const priceUsd = positive(readJsonPath(document, mapping.price, symbol));
  if (priceUsd === undefined) return { fault: `no price for ${symbol} where it was expected` };
  const timeMs = mapping.time === undefined ? nowMs : timeOf(readJsonPath(document, mapping.time, symbol), mapping);
  if (timeMs === undefined) return { fault: `no time for ${symbol} where it was expected` };
  const perpUsd = mapping.perp === undefined ? undefined : positive(readJsonPath(document, mapping.perp, symbol));
  const { scale } = mapping;
  return { priceUsd: priceUsd * scale, perpUsd: (perpUsd ?? 0) * scale, timeMs: Math.min(nowMs, timeMs) };
}

function positive(value: unknown): number | undefined {
  const number = typeof value === 'string' && DECIMAL.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) && number > 0 ? number : undefined;
}

function timeOf(value: unknown, { timeUnit }: PriceMapping): number | undefined {
  if (timeUnit === 'iso') {
    const timeMs = typeof value === 'string' ? Date.parse(value) : Number.NaN;
    return Number.isNaN(timeMs) ? undefined : timeMs;
  }
  const units = positive(value);
  return units === undefined ? undefined : Math.floor(units * MS_PER_UNIT[timeUnit]);
}
