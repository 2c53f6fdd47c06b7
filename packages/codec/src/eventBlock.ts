import { toBinary } from '@bufbuild/protobuf';
import { type EventBlock as EventBlockMessage, EventBlockSchema } from '@keel/proto/event';
import { type EventBlock, toSequence } from '@keel/types';
import { eventFromMessage } from './eventFromMessage.ts';
import { eventToMessage } from './eventToMessage.ts';
import { fromPositiveUint64, fromUint64, toUint64 } from './integers.ts';
import { known, parseMessage } from './message.ts';

export function eventBlockToMessage(block: EventBlock): EventBlockMessage {
  return {
    $typeName: 'keel.v1.EventBlock',
    sequence: toUint64(block.sequence, 'sequence'),
    timeMs: toUint64(block.timeMs, 'timeMs'),
    events: block.events.map(eventToMessage),
  };
}

/** Throws CodecError. */
export function eventBlockFromMessage(message: EventBlockMessage | undefined): EventBlock {
  const block = known(message, 'eventBlock');
  return {
    sequence: toSequence(fromPositiveUint64(block.sequence, 'sequence')),
    timeMs: fromUint64(block.timeMs, 'timeMs'),
    events: block.events.map(eventFromMessage),
  };
}

/** All that one command did, as published. A value that does not fit is a fault of ours. */
export function encodeEventBlock(block: EventBlock): Uint8Array {
  return toBinary(EventBlockSchema, eventBlockToMessage(block));
}

/** Throws CodecError. */
export function decodeEventBlock(bytes: Uint8Array): EventBlock {
  return eventBlockFromMessage(parseMessage(EventBlockSchema, bytes, 'eventBlock'));
}
