import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { Side } from '@keel/types';

const KINDS = ['newOrder', 'partialCancel', 'cancel', 'execution', 'hiddenExecution', 'cross', 'halt'] as const;
/** Prices of a file are USD times 10^4; the recorded venue's tick is a cent. */
const FILE_PRICES_PER_TICK = 100;

/** One line of a LOBSTER message file. */
export interface OrderMessage {
  /** From 1. */
  readonly line: number;
  /** After midnight, rounded down; lines of one millisecond stay in their order. */
  readonly timeMs: number;
  readonly kind: (typeof KINDS)[number];
  /** The venue's number of the order, growing over the day; 0 or -1 where there is none. */
  readonly number: number;
  readonly shares: number;
  readonly cents: number;
  /** Side of the resting order. */
  readonly side: Side;
}

/** The messages of a csv or csv.gz file; throws with the first line that does not fit. */
export function readOrderMessages(file: string): OrderMessage[] {
  const raw = readFileSync(file);
  const text = (file.endsWith('.gz') ? gunzipSync(raw) : raw).toString('utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line, index) => {
      const [seconds = Number.NaN, type = 0, number, shares, price = 0, direction] = line.split(',', 6).map(Number);
      const kind = KINDS[type - 1];
      // Hidden orders trade at half cents too; nothing is placed at those.
      const cents =
        kind === 'hiddenExecution' ? Math.floor(price / FILE_PRICES_PER_TICK) : price / FILE_PRICES_PER_TICK;
      const whole = [number, shares, cents].every(Number.isSafeInteger);
      if (kind === undefined || Number.isNaN(seconds) || !whole || (direction !== 1 && direction !== -1))
        throw new Error(`${file}:${index + 1}: not an order message at a price in whole cents: ${line}`);
      const side = direction === 1 ? 'buy' : 'sell';
      return {
        line: index + 1,
        timeMs: Math.floor(seconds * 1_000),
        kind,
        number,
        shares,
        cents,
        side,
      } as OrderMessage;
    });
}
