import {
  CodecError,
  DOOR_PROTOBUF,
  type DoorAnswer,
  decodeDoorRequest,
  encodeDoorAnswer,
  encodeDoorFrame,
} from '@keel/codec/door';
import { ApiError } from '../errors.ts';
import type { Frame } from '../feed/frame.ts';
import type { MarketDirectory } from '../marketDirectory.ts';

/** How the messages of one connection are written. */
export interface WireForm {
  /** Of the WebSocket messages: binary, or text. */
  readonly binary: boolean;
  /** The JSON of a request, whatever it is written in, unchecked. Throws BAD_JSON. */
  readonly read: (data: Buffer, isBinary: boolean) => unknown;
  /** `method` of the request, where it is known. */
  readonly answer: (answer: DoorAnswer, method: string | undefined) => Buffer;
  /** The same bytes for everybody who follows the channel. */
  readonly frame: (frame: Frame) => Buffer;
}

/** Subprotocol that says what is spoken without one. */
const DOOR_JSON = 'keel.v1.json';

/** The first that is known of those a client offers; false: none of them is, and the answer names none. */
export function chooseSubprotocol(offered: Iterable<string>): string | false {
  for (const name of offered) if (name === DOOR_PROTOBUF || name === DOOR_JSON) return name;
  return false;
}

export const jsonForm: WireForm = {
  binary: false,
  read: (data, isBinary) => {
    if (isBinary) throw new ApiError('BAD_JSON', { fault: 'a frame is a text' });
    try {
      return JSON.parse(data.toString()) as unknown;
    } catch (fault) {
      throw new ApiError('BAD_JSON', {}, { cause: fault });
    }
  },
  answer: (answer) => Buffer.from(JSON.stringify(answer)),
  frame: (frame) => frame.json,
};

/**
 * Messages of proto/keel/v1/door.proto. A request becomes the JSON that it says and goes the way of the JSON form. The bytes of a frame
 * are made when the first binary follower needs them, and are kept as long as the frame is.
 */
export function createProtobufForm(markets: MarketDirectory): WireForm {
  const frames = new WeakMap<Frame, Buffer>();
  return {
    binary: true,
    read: (data, isBinary) => {
      if (!isBinary) throw new ApiError('BAD_JSON', { fault: 'a frame is binary' });
      try {
        return decodeDoorRequest(data);
      } catch (fault) {
        if (!(fault instanceof CodecError)) throw fault;
        throw new ApiError('BAD_JSON', { fault: 'is no keel.v1.DoorClientFrame' }, { cause: fault });
      }
    },
    answer: (answer, method) => bufferOf(encodeDoorAnswer(answer, method)),
    frame: (frame) => {
      const made = frames.get(frame);
      if (made !== undefined) return made;
      const { channel, position, data } = frame;
      const units = channel.market === undefined ? undefined : unitsOf(markets, channel.market);
      const bytes = bufferOf(encodeDoorFrame({ ...channel, ...position, data }, units, () => frame.json));
      frames.set(frame, bytes);
      return bytes;
    },
  };
}

function unitsOf(markets: MarketDirectory, symbol: string): { priceDecimals: number; sizeDecimals: number } {
  const { priceDecimals, sizeDecimals } = markets.bySymbol(symbol, '').spec;
  return { priceDecimals, sizeDecimals };
}

function bufferOf({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
