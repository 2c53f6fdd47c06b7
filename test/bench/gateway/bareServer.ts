/**
 * What sockets and HTTP cost by themselves, here and now: answers every request without looking at it, and sends every
 * frame that has a channel to everybody. Prints its port.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DOOR_PROTOBUF, encodeDoorAnswer } from '@keel/codec/door';
import { WebSocketServer } from 'ws';

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    JSON.parse(Buffer.concat(chunks).toString());
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
});
const sockets = new WebSocketServer({ server, perMessageDeflate: false });
sockets.on('connection', (socket) => {
  socket.on('message', (data: Buffer) => {
    if (socket.protocol === DOOR_PROTOBUF) {
      socket.send(encodeDoorAnswer({ id: idOf(data), result: {} }));
      return;
    }
    const { id, channel } = JSON.parse(data.toString()) as { id: number; channel?: string };
    if (channel !== undefined)
      for (const other of sockets.clients) if (other !== socket) other.send(data, { binary: false });
    socket.send(JSON.stringify({ id, result: {} }));
  });
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));

/** The id alone of a binary request: the first field, a number. */
function idOf(data: Buffer): number {
  let zigzag = 0;
  for (let at = 1, factor = 1; ; at += 1, factor *= 128) {
    const byte = data[at] ?? 0;
    zigzag += (byte & 0x7f) * factor;
    if (byte < 0x80) return zigzag / 2;
  }
}

process.on('SIGTERM', () => process.exit(0));
