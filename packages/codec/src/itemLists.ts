import { AssertionError, BATCH_ITEMS_MAX } from '@keel/types';
import { CodecError } from './codecError.ts';
import { known, type WithUnknown } from './message.ts';

/** The items of one command as messages, in order. More than BATCH_ITEMS_MAX is a fault of ours. */
export function toItems<Item, Message>(
  items: readonly Item[],
  toMessage: (item: Item) => Message,
  field: string,
): Message[] {
  if (items.length > BATCH_ITEMS_MAX)
    throw new AssertionError(`${field} has ${items.length} items where ${BATCH_ITEMS_MAX} fit`);
  return items.map(toMessage);
}

/**
 * The items of one command, in order. Throws CodecError TOO_MANY_ITEMS beyond BATCH_ITEMS_MAX, before any is read; an
 * empty list is the engine's to refuse.
 */
export function fromItems<Message extends WithUnknown, Item>(
  messages: readonly Message[],
  fromMessage: (message: Message) => Item,
  field: string,
): Item[] {
  if (messages.length > BATCH_ITEMS_MAX)
    throw new CodecError('TOO_MANY_ITEMS', field, `${messages.length} items where ${BATCH_ITEMS_MAX} fit`);
  return messages.map((message) => fromMessage(known(message, field)));
}
