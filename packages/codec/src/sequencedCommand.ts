import { toBinary } from '@bufbuild/protobuf';
import { SequencedCommandSchema } from '@keel/proto/journal';
import { type SequencedCommand, toSequence } from '@keel/types';
import { commandFromMessage } from './commandFromMessage.ts';
import { commandToMessage } from './commandToMessage.ts';
import { fromPositiveUint64, fromUint64, toUint64 } from './integers.ts';
import { known, parseMessage } from './message.ts';

/** The payload of one journal record. A value that does not fit is a fault of ours. */
export function encodeSequencedCommand(sequenced: SequencedCommand): Uint8Array {
  return toBinary(SequencedCommandSchema, {
    $typeName: 'keel.v1.SequencedCommand',
    sequence: toUint64(sequenced.sequence, 'sequence'),
    timeMs: toUint64(sequenced.timeMs, 'timeMs'),
    command: commandToMessage(sequenced.command),
  });
}

/** Throws CodecError. */
export function decodeSequencedCommand(bytes: Uint8Array): SequencedCommand {
  const message = known(parseMessage(SequencedCommandSchema, bytes, 'sequencedCommand'), 'sequencedCommand');
  return {
    sequence: toSequence(fromPositiveUint64(message.sequence, 'sequence')),
    timeMs: fromUint64(message.timeMs, 'timeMs'),
    command: commandFromMessage(message.command),
  };
}
