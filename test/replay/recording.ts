import type { OrderMessage } from './orderMessages.ts';

/** Messages in the order in which they are played, and what the file as a whole knows of its orders. */
export interface Recording {
  readonly messages: readonly OrderMessage[];
  /** Orders that the file places. */
  readonly placed: ReadonlySet<number>;
  /** Number of the first order that the file places in continuous trading: what is below it rested before. */
  readonly firstNumber: number;
  /** Line of an order's last cancel or execution; absent if the file never speaks of it again. */
  readonly lastLineOf: ReadonlyMap<number, number>;
  /** Orders that were moved to the place that their number gives them. */
  readonly movedAhead: number;
}

/**
 * With `olderFirst`, orders whose number is below one that was seen already are placed together, by number, where the
 * first of them stands: numbers grow, so they are older than the file tells. On the recorded venue they waited
 * for the opening auction, and what of them was left joined the book after it with the time priority they had.
 */
export function arrange(messages: readonly OrderMessage[], olderFirst: boolean): Recording {
  const placed = new Set<number>();
  const lastLineOf = new Map<number, number>();
  const late: OrderMessage[] = [];
  let firstNumber = 0;
  let highest = 0;
  for (const message of messages) {
    const { kind, number, line } = message;
    if (kind === 'newOrder') {
      placed.add(number);
      if (firstNumber === 0) firstNumber = number;
      if (number < highest) late.push(message);
      highest = Math.max(highest, number);
    } else if (kind === 'cancel' || kind === 'partialCancel' || kind === 'execution') {
      lastLineOf.set(number, line);
    }
  }
  const moved = olderFirst ? late : [];
  const isMoved = new Set(moved);
  const played = messages.flatMap((message) => {
    if (message === moved[0]) return moved.toSorted((left, right) => left.number - right.number);
    return isMoved.has(message) ? [] : [message];
  });
  return { messages: played, placed, firstNumber, lastLineOf, movedAhead: moved.length };
}
