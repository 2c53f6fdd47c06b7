import type { DescField, DescMessage } from '@bufbuild/protobuf';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { DoorClientFrameSchema, DoorServerFrameSchema } from '@keel/proto/door';
import { type ChannelFrame, isMarketChannel, readMarketFrame, writeMarketFrame } from './marketFrames.ts';
import { parseJson, readWords } from './readWords.ts';
import { type MessagePlan, planOf } from './wordPlan.ts';
import { malformed, WordReader } from './wordReader.ts';
import { type Direction, DoesNotFit, type Units, writeWords } from './writeWords.ts';

/**
 * The binary form of the gateway's WebSocket: bytes of proto/keel/v1/door.proto for the JSON messages, and those back. Whatever the
 * words have no place for goes as JSON within them, so each JSON message has a binary one that says the same.
 */

/** What `Sec-WebSocket-Protocol` calls it. */
export const DOOR_PROTOBUF = 'keel.v1.protobuf';

type FrameId = string | number | null;

export type { ChannelFrame, Units };

export interface DoorRequest {
  readonly id: string | number;
  readonly method: string;
  readonly params?: object | null;
}

export type DoorAnswer =
  | { readonly id: FrameId; readonly result: object }
  | { readonly id: FrameId; readonly error: object };

/** A request or a result with words of its own. */
interface Body {
  readonly number: number;
  readonly plan: MessagePlan;
  /** How absent fields are read. */
  readonly direction: Direction;
}

const NO_UNITS: Units = { priceDecimals: 0, sizeDecimals: 0 };

/** Method, field of its request, field of its result. */
const METHODS = [
  ['order.place', 'placeOrder', 'placedOrder'],
  ['order.placeBatch', 'placeOrders', 'placedOrders'],
  ['order.amend', 'amendOrder', 'amendedOrder'],
  ['order.amendBatch', 'amendOrders', 'amendedOrders'],
  ['order.replace', 'replaceOrder', 'replacedOrder'],
  ['order.cancel', 'cancelOrder', 'cancelled'],
  ['order.cancelBatch', 'cancelOrders', 'cancelledOrders'],
  ['order.cancelAll', 'cancelAllOrders', 'cancelled'],
  ['order.cancelAllAfter', 'cancelAllAfter', 'cancelAllAfterSet'],
  ['subscribe', 'subscribe', 'subscribed'],
  ['unsubscribe', 'unsubscribe', 'unsubscribed'],
  ['ping', 'ping', 'pong'],
] as const;
/** What a subscription was asked with is said back, and nothing else. */
const ECHOES: ReadonlySet<string> = new Set(['subscribed', 'unsubscribed']);

const fieldOf = (message: DescMessage, name: string): DescField => message.field[name] as DescField;
function bodyOf(message: DescMessage, name: string, direction: Direction): Body {
  const { number, message: content } = fieldOf(message, name);
  return { number, plan: planOf(content as DescMessage), direction };
}

const REQUESTS = new Map(
  METHODS.map(([method, name]) => [method as string, bodyOf(DoorClientFrameSchema, name, 'request')]),
);
const METHOD_OF = new Map(
  METHODS.map(([method, name]) => [fieldOf(DoorClientFrameSchema, name).number, method as string]),
);
const RESULTS = new Map(
  METHODS.map(([method, , name]) => [
    method as string,
    bodyOf(DoorServerFrameSchema, name, ECHOES.has(name) ? 'request' : 'answer'),
  ]),
);
const RESULT_OF = new Map([...RESULTS.values()].map((body) => [body.number, body]));
const OTHER = bodyOf(DoorClientFrameSchema, 'json', 'request');
const ERROR = bodyOf(DoorServerFrameSchema, 'error', 'answer');
const FRAME = fieldOf(DoorServerFrameSchema, 'frame').number;
const FRAME_JSON = fieldOf(DoorServerFrameSchema, 'frameJson').number;
const RESULT_JSON = fieldOf(DoorServerFrameSchema, 'resultJson').number;
/** The same in both directions. */
const ID_NUMBER = fieldOf(DoorClientFrameSchema, 'idNumber').number;
const ID_TEXT = fieldOf(DoorClientFrameSchema, 'idText').number;

/** A request in the words of its method, or else as JSON within. */
export function encodeDoorRequest({ id, method, params }: DoorRequest): Uint8Array<ArrayBuffer> {
  const body = REQUESTS.get(method);
  const whole = body && params && tryWrite(id, (writer) => writeBody(writer, body, params));
  if (whole) return whole;
  const other = { method, ...(params === undefined ? {} : { params: JSON.stringify(params) }) };
  return written(id, (writer) => writeBody(writer, OTHER, other));
}

/**
 * The JSON message that a request says, unchecked: what is missing is missing in it, too, and what the words do not know has a
 * name that no check knows. Throws CodecError MALFORMED.
 */
export function decodeDoorRequest(bytes: Uint8Array): Record<string, unknown> {
  const reader = new WordReader(bytes);
  const request: Record<string, unknown> = {};
  while (!reader.done) {
    const [number, type] = reader.tag();
    const method = METHOD_OF.get(number);
    if (readId(request, reader, number, type)) continue;
    if (method !== undefined) {
      request.method = method;
      request.params = readWords(partOf(reader, type), (REQUESTS.get(method) as Body).plan, 'request', NO_UNITS);
    } else if (number === OTHER.number) {
      const { params, ...other } = readWords(partOf(reader, type), OTHER.plan, 'request', NO_UNITS);
      delete request.method;
      delete request.params;
      Object.assign(request, other, params === undefined ? {} : { params: parseJson(String(params)) });
    } else {
      reader.skip(type);
      request[`#${number}`] = true;
    }
  }
  return request;
}

/** The answer to a request of this method; undefined where that is not known, or it is refused. */
export function encodeDoorAnswer(answer: DoorAnswer, method?: string): Uint8Array {
  const { id } = answer;
  if ('error' in answer) return written(id, (writer) => writeBody(writer, ERROR, answer.error));
  const { result } = answer;
  const body = RESULTS.get(method ?? '');
  const whole = body && tryWrite(id, (writer) => writeBody(writer, body, result));
  return (
    whole ?? written(id, (writer) => writer.tag(RESULT_JSON, WireType.LengthDelimited).string(JSON.stringify(result)))
  );
}

/** A frame of a channel; `units` of its market, `json` for one that goes as the bytes of its JSON text. */
export function encodeDoorFrame(frame: ChannelFrame, units: Units | undefined, json: () => Uint8Array): Uint8Array {
  const whole =
    units !== undefined &&
    isMarketChannel(frame.channel) &&
    tryWrite(null, (writer) => {
      writer.tag(FRAME, WireType.LengthDelimited).fork();
      writeMarketFrame(writer, frame, units);
      writer.join();
    });
  return whole || written(null, (writer) => writer.tag(FRAME_JSON, WireType.LengthDelimited).bytes(json()));
}

/** The JSON message that the server says: an answer or a frame. Throws CodecError MALFORMED. */
export function decodeDoorMessage(bytes: Uint8Array): Record<string, unknown> {
  const reader = new WordReader(bytes);
  let message: Record<string, unknown> = {};
  while (!reader.done) {
    const [number, type] = reader.tag();
    const result = RESULT_OF.get(number);
    if (readId(message, reader, number, type)) continue;
    if (result !== undefined) message.result = readWords(partOf(reader, type), result.plan, result.direction, NO_UNITS);
    else if (number === ERROR.number) message.error = readWords(partOf(reader, type), ERROR.plan, 'answer', NO_UNITS);
    else if (number === RESULT_JSON) message.result = parseJson(textOf(reader, type));
    else if (number === FRAME_JSON) message = { ...(parseJson(textOf(reader, type)) as object) };
    else if (number === FRAME) {
      const part = bytesOf(reader, type);
      message = { ...readMarketFrame(() => new WordReader(part)) };
    } else reader.skip(type);
  }
  return 'error' in message && !('id' in message) ? { id: null, ...message } : message;
}

function tryWrite(id: FrameId, write: (writer: BinaryWriter) => void): Uint8Array<ArrayBuffer> | undefined {
  try {
    return written(id, write);
  } catch (fault) {
    if (fault instanceof DoesNotFit) return undefined;
    throw fault;
  }
}

function written(id: FrameId, write: (writer: BinaryWriter) => void): Uint8Array<ArrayBuffer> {
  const writer = new BinaryWriter();
  if (typeof id === 'number') writer.tag(ID_NUMBER, WireType.Varint).sint64(id);
  else if (id !== null) writer.tag(ID_TEXT, WireType.LengthDelimited).string(id);
  write(writer);
  return writer.finish();
}

function writeBody(writer: BinaryWriter, { number, plan, direction }: Body, value: object): void {
  writer.tag(number, WireType.LengthDelimited).fork();
  writeWords(writer, plan, value, direction, NO_UNITS);
  writer.join();
}

function readId(message: Record<string, unknown>, reader: WordReader, number: number, type: WireType): boolean {
  if (number !== ID_NUMBER && number !== ID_TEXT) return false;
  if (type !== (number === ID_NUMBER ? WireType.Varint : WireType.LengthDelimited)) throw malformed('an id of no type');
  message.id = number === ID_NUMBER ? reader.sint() : reader.text();
  return true;
}

function partOf(reader: WordReader, type: WireType): WordReader {
  return new WordReader(bytesOf(reader, type));
}

function bytesOf(reader: WordReader, type: WireType): Uint8Array {
  if (type !== WireType.LengthDelimited) throw malformed('a body that is none');
  return reader.bytes();
}

function textOf(reader: WordReader, type: WireType): string {
  if (type !== WireType.LengthDelimited) throw malformed('a text that is none');
  return reader.text();
}
