import { AssertionError, BATCH_ITEMS_MAX } from '@keel/types';
import { CodecError } from './codecError.ts';
import { known, type WithUnknown } from './message.ts';

/** The items of one list as messages, in order. More than `max` is a fault of ours. */
export function toItems<Item, Message>(
  items: readonly Item[],
  toMessage: (item: Item) => Message,
  field: string,
  max = BATCH_ITEMS_MAX,
): Message[] {
  if (items.length > max) throw new AssertionError(`${field} has ${items.length} items where ${max} fit`);
  return items.map(toMessage);
}

/**
 * The items of one list, in order. Throws CodecError TOO_MANY_ITEMS beyond `max`, before any is read; an empty list
 * is the engine's to refuse.
 */
export function fromItems<Message extends WithUnknown, Item>(
  messages: readonly Message[],
  fromMessage: (message: Message) => Item,
  field: string,
  max = BATCH_ITEMS_MAX,
): Item[] {
  if (messages.length > max) throw new CodecError('TOO_MANY_ITEMS', field, `${messages.length} items where ${max} fit`);
  return messages.map((message) => fromMessage(known(message, field)));
}
