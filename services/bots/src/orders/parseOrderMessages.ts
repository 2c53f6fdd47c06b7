import { lineFault } from './lineFault.ts';
import type { MessageKind, OrderMessage } from './orderMessage.ts';

const KINDS: readonly MessageKind[] = [
  'newOrder',
  'partialCancel',
  'cancel',
  'execution',
  'hiddenExecution',
  'cross',
  'halt',
];
const COLUMNS =
  '6 or 7 columns: seconds after midnight, type, order id, size, price x 10000, direction, market participant';
const SECONDS_PER_DAY = 86_400;

/**
 * The messages of a LOBSTER message file, in its order; `file` is its name for sentences. Throws a StartupFault that
 * names the first line that does not fit and what was expected there.
 */
export function parseOrderMessages(text: string, file: string): OrderMessage[] {
  const lines = text.split(/\r?\n/);
  while (lines.at(-1)?.trim() === '') lines.pop();
  if (lines.length === 0) throw lineFault(file, 1, '', `a message of ${COLUMNS}`);
  let earliestMs = 0;
  return lines.map((line, index) => {
    const message = parseLine(line, index + 1, file);
    if (message.timeMs < earliestMs)
      throw lineFault(file, index + 1, line, 'a time that is not before the time of the line above');
    earliestMs = message.timeMs;
    return message;
  });
}

function parseLine(line: string, lineNumber: number, file: string): OrderMessage {
  const cells = line.split(',').map((cell) => cell.trim());
  const fault = (expected: string) => lineFault(file, lineNumber, line, expected);
  if (cells.length < 6 || cells.length > 7) throw fault(COLUMNS);
  const [seconds = '', type = '', orderId = '', size = '', price = '', direction = ''] = cells;
  if (!/^[0-9]+(\.[0-9]+)?$/.test(seconds) || Number(seconds) >= SECONDS_PER_DAY)
    throw fault('seconds after midnight in column 1, for example 34200.000376608');
  const kind = /^[1-7]$/.test(type) ? KINDS[Number(type) - 1] : undefined;
  if (kind === undefined) throw fault('a message type from 1 to 7 in column 2');
  if (!/^-?[0-9]{1,20}$/.test(orderId)) throw fault('a whole number, the order id, in column 3');
  const resting = kind === 'newOrder' || kind === 'partialCancel' || kind === 'cancel' || kind === 'execution';
  if (!isCount(size) || (resting && Number(size) === 0)) throw fault('a positive whole number of shares in column 4');
  // A halt carries -1, 0 or 1 in place of a price.
  if (!(isCount(price) || kind === 'halt') || (resting && Number(price) === 0))
    throw fault('a price in USD times 10000, a positive whole number, in column 5');
  if (direction !== '1' && direction !== '-1') throw fault('the direction 1 (buy) or -1 (sell) in column 6');
  return {
    lineNumber,
    timeMs: Number(seconds) * 1_000,
    kind,
    orderId,
    shares: Number(size),
    price: Number(price),
    side: direction === '1' ? 'buy' : 'sell',
  };
}

function isCount(text: string): boolean {
  return /^[0-9]{1,15}$/.test(text);
}
