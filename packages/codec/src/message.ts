import { type DescMessage, fromBinary, type MessageShape, type UnknownField } from '@bufbuild/protobuf';
import { CodecError } from './codecError.ts';

/** What is left of a message's bytes that this version has no field for. */
export interface WithUnknown {
  readonly $unknown?: UnknownField[] | undefined;
}

/** Parses the outer message. Throws CodecError MALFORMED for anything that the wire format does not allow. */
export function parseMessage<Schema extends DescMessage>(
  schema: Schema,
  bytes: Uint8Array,
  field: string,
): MessageShape<Schema> {
  try {
    return fromBinary(schema, bytes);
  } catch (error) {
    throw new CodecError('MALFORMED', field, error instanceof Error ? error.message : String(error));
  }
}

/**
 * A part that must be there and hold nothing that this version does not know. An old reader that skipped a new field
 * would compute another state than a new one.
 */
export function known<Message extends WithUnknown>(message: Message | undefined, field: string): Message {
  if (message === undefined) throw new CodecError('MISSING_FIELD', field, 'is required');
  const unknown = message.$unknown;
  if (unknown !== undefined && unknown.length > 0)
    throw new CodecError('UNKNOWN_FIELD', field, `field number ${unknown[0]?.no} is unknown`);
  return message;
}
