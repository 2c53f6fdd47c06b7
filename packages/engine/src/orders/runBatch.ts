import { BATCH_ITEMS_MAX, type Event, type OrderId, REJECT_CODES, type RejectCode } from '@keel/types';

/** What became of one item: the order it is about, or the refusal. */
export type ItemOutcome =
  | { readonly orderId: OrderId; readonly code: 0 }
  | { readonly orderId: 0; readonly code: RejectCode };

/** Carries the items out one after the other, each by itself, and tells the outcome of each after its events. */
export function runBatch<Item>(
  items: readonly Item[],
  events: Event[],
  carryOut: (item: Item) => ItemOutcome,
): RejectCode | undefined {
  if (items.length < 1 || items.length > BATCH_ITEMS_MAX) return REJECT_CODES.BATCH_SIZE_INVALID;
  for (const [item, content] of items.entries()) tellItem(item, carryOut(content), events);
  return undefined;
}

export function tellItem(item: number, { orderId, code }: ItemOutcome, events: Event[]): void {
  events.push({ kind: 'batchItem', item, orderId, code });
}
