import { lineFault } from './lineFault.ts';
import type { PricePath } from './pricePath.ts';

/** LOBSTER prices are USD times this. */
const PRICE_SCALE = 10_000;
const NEW_ORDER = 1;
const EXECUTIONS: readonly number[] = [4, 5];
const LAYOUT =
  'seconds after midnight, type 1 to 7, order id, size, price x 10000, direction 1 or -1 (with or without a seventh column)';

/**
 * The price that a LOBSTER message file traces: the last execution (types 4 and 5), and before the first one the middle
 * between the first buy and the first sell order. Throws a StartupFault for the first line that does not fit, and for a
 * file without any price.
 */
export function parseOrderMessages(text: string, file: string): PricePath {
  const lines = text.split(/\r?\n/);
  while (lines.length > 0 && lines.at(-1)?.trim() === '') lines.pop();
  const timesMs: number[] = [];
  const pricesUsd: number[] = [];
  const firstUsd: { buy?: number; sell?: number } = {};
  let executed = false;
  let previousSeconds = 0;
  lines.forEach((line, index) => {
    const message = parseMessage(line);
    if (message === undefined) throw lineFault(file, index + 1, `"${line}"`, LAYOUT);
    if (message.seconds < previousSeconds)
      throw lineFault(file, index + 1, `time ${message.seconds}`, 'a time not before that of the line before');
    previousSeconds = message.seconds;
    const add = (priceUsd: number): void => {
      timesMs.push(message.seconds * 1_000);
      pricesUsd.push(priceUsd);
    };
    if (EXECUTIONS.includes(message.type)) {
      executed = true;
      add(message.priceUsd);
    } else if (message.type === NEW_ORDER && !executed && pricesUsd.length === 0) {
      if (message.direction === 1) firstUsd.buy ??= message.priceUsd;
      else firstUsd.sell ??= message.priceUsd;
      if (firstUsd.buy !== undefined && firstUsd.sell !== undefined) add((firstUsd.buy + firstUsd.sell) / 2);
    }
  });
  if (pricesUsd.length === 0)
    throw lineFault(file, lines.length, 'the end of the file', 'an execution, or a buy and a sell order, somewhere');
  return { shape: 'steps', timesMs, pricesUsd };
}

function parseMessage(
  line: string,
): { seconds: number; type: number; priceUsd: number; direction: number } | undefined {
  const cells = line.split(',');
  if (cells.length < 6 || cells.length > 7) return undefined;
  const [seconds, type, orderId, size, price, direction] = cells.slice(0, 6).map((cell) => decimal(cell.trim()));
  if (seconds === undefined || orderId === undefined || size === undefined) return undefined;
  if (type === undefined || !Number.isInteger(type) || type < 1 || type > 7) return undefined;
  if (price === undefined || (direction !== 1 && direction !== -1)) return undefined;
  // Only orders and executions carry a price; a halt writes -1, 0 or 1 there.
  if ((type === NEW_ORDER || EXECUTIONS.includes(type)) && price <= 0) return undefined;
  return { seconds, type, priceUsd: price / PRICE_SCALE, direction };
}

function decimal(text: string): number | undefined {
  return /^-?[0-9]+(\.[0-9]+)?$/.test(text) ? Number(text) : undefined;
}
