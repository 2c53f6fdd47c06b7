import { assert, type Event, type EventBlock } from '@keel/types';

type EventOf<Kind extends Event['kind']> = Extract<Event, { readonly kind: Kind }>;

/** The first event of a kind; that a taken command has none is a fault of ours. */
export function findEvent<Kind extends Event['kind']>(block: EventBlock, kind: Kind): EventOf<Kind> {
  const event = block.events.find((candidate): candidate is EventOf<Kind> => candidate.kind === kind);
  assert(event !== undefined, `command ${block.sequence} was taken without ${kind}`);
  return event;
}
