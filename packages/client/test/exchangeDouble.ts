import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DOOR_PROTOBUF, decodeDoorRequest, encodeDoorAnswer, encodeDoorFrame } from '@keel/codec/door';
import { type WebSocket, WebSocketServer } from 'ws';

export interface Asked {
  readonly socket: WebSocket;
  readonly id: number;
  readonly method: string;
  readonly params: Record<string, unknown>;
}

export interface Posted {
  readonly path: string;
  readonly body: Record<string, unknown>;
}

/**
 * A real HTTP and WebSocket server on a loopback port that speaks the gateway's frames and answers as each test says.
 * The whole gateway is met in the end-to-end tests.
 */
export class ExchangeDouble {
  readonly asked: Asked[] = [];
  readonly posted: Posted[] = [];
  /** Answer of a request over WebSocket; default: an empty result. Return undefined to stay silent. */
  onAsk: (asked: Asked) => object | undefined = () => ({ result: {} });
  /** Status and body of a request over HTTP. */
  onHttp: (path: string, body: Record<string, unknown>) => [number, string] = () => [404, ''];
  readonly #http = createServer((request, response) => {
    void readBody(request).then((text) => {
      const path = request.url ?? '';
      const body = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
      if (request.method === 'POST') this.posted.push({ path, body });
      const [status, answer] = this.onHttp(path, body);
      if (status === 0) request.socket.destroy();
      else response.writeHead(status, { 'content-type': 'application/json' }).end(answer);
    });
  });
  /** Otherwise a client that asks for it is answered without a subprotocol. */
  speaksBinary = true;
  readonly #sockets = new WebSocketServer({
    server: this.#http,
    path: '/v1/ws',
    handleProtocols: () => this.speaksBinary && DOOR_PROTOBUF,
  });

  async listen(port = 0): Promise<string> {
    this.#sockets.on('connection', (socket) => {
      socket.on('message', (data) => this.#hear(socket, data as Buffer));
    });
    await new Promise<void>((resolve) => this.#http.listen(port, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}`;
  }

  get port(): number {
    return (this.#http.address() as AddressInfo).port;
  }

  /** Cuts every connection as a crash would. */
  cut(): void {
    for (const socket of this.#sockets.clients) socket.terminate();
  }

  send(frame: object): void {
    for (const socket of this.#sockets.clients) say(socket, frame);
  }

  async close(): Promise<void> {
    this.cut();
    this.#http.closeAllConnections();
    await new Promise((resolve) => this.#http.close(resolve));
  }

  #hear(socket: WebSocket, data: Buffer): void {
    const request = socket.protocol === DOOR_PROTOBUF ? decodeDoorRequest(data) : JSON.parse(String(data));
    const asked: Asked = { socket, ...(request as Omit<Asked, 'socket'>) };
    this.asked.push(asked);
    const answer = this.onAsk(asked);
    if (answer !== undefined) say(socket, { id: asked.id, ...answer }, asked.method);
  }
}

/** In the form that the client asked for. */
export function say(socket: WebSocket, message: object, method?: string): void {
  const text = JSON.stringify(message);
  if (socket.protocol !== DOOR_PROTOBUF) socket.send(text);
  else if ('channel' in message)
    socket.send(encodeDoorFrame(message as never, { priceDecimals: 1, sizeDecimals: 5 }, () => Buffer.from(text)));
  else socket.send(encodeDoorAnswer(message as never, method));
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
