import { once } from 'node:events';
import { type DoorRequest, decodeDoorMessage, encodeDoorRequest } from '@keel/codec/door';
import { WebSocket } from 'ws';

/** A client of the binary form: what it heard as bytes, and as the JSON that they say. */
export interface BinarySocket {
  readonly socket: WebSocket;
  readonly bytes: Uint8Array[];
  readonly heard: Record<string, unknown>[];
  ask(request: DoorRequest): void;
  closed: { code: number; reason: string } | undefined;
}

export async function openBinarySocket(port: number): Promise<BinarySocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/v1/ws`, ['keel.v1.protobuf']);
  const client: BinarySocket = {
    socket,
    bytes: [],
    heard: [],
    ask: (request) => socket.send(encodeDoorRequest(request)),
    closed: undefined,
  };
  socket.on('message', (data: Buffer, isBinary) => {
    if (!isBinary) throw new Error('a text in a binary session');
    client.bytes.push(data);
    client.heard.push(decodeDoorMessage(data));
  });
  socket.on('close', (code, reason) => {
    client.closed = { code, reason: String(reason) };
  });
  await once(socket, 'open');
  return client;
}

/** Bodies of DoorServerFrame from field 3 on, in the order of their numbers. */
const BODIES = [
  'error',
  'frame',
  'frameJson',
  'placedOrder',
  'placedOrders',
  'amendedOrder',
  'amendedOrders',
  'replacedOrder',
  'cancelled',
  'cancelledOrders',
  'cancelAllAfterSet',
  'subscribed',
  'unsubscribed',
  'pong',
  'resultJson',
];

/** Which body a message has: the field behind its id, read by hand. */
export function bodyOf(bytes: Uint8Array): string | undefined {
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = bytes[at++] ?? 0;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
    }
  };
  let tag = varint();
  if (tag >> 3 === 1) {
    varint();
    tag = varint();
  } else if (tag >> 3 === 2) {
    const length = varint();
    at += length;
    tag = varint();
  }
  return BODIES[(tag >> 3) - 3];
}
