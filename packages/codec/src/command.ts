import { toBinary } from '@bufbuild/protobuf';
import { CommandSchema } from '@keel/proto/command';
import type { Command } from '@keel/types';
import { commandFromMessage } from './commandFromMessage.ts';
import { commandToMessage } from './commandToMessage.ts';
import { parseMessage } from './message.ts';

/** Canonical bytes of a command: equal commands have equal bytes. A value that does not fit is a fault of ours. */
export function encodeCommand(command: Command): Uint8Array {
  return toBinary(CommandSchema, commandToMessage(command));
}

/** Throws CodecError. */
export function decodeCommand(bytes: Uint8Array): Command {
  return commandFromMessage(parseMessage(CommandSchema, bytes, 'command'));
}
