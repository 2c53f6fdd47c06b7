import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { DOOR_PROTOBUF } from '@keel/codec/door';
import { WebSocket, WebSocketServer } from 'ws';
import { PAYLOAD_BYTES_MAX } from '../createApp.ts';
import { CHUNKS_MAX, CLOSE_TIMEOUT_MS, CLOSES, FRAGMENTS_MAX, PING_INTERVAL_MS } from './limits.ts';
import { SOCKET_PATH } from './path.ts';
import { SocketConnection, type SocketParts } from './socketConnection.ts';
import { chooseSubprotocol, jsonForm, type WireForm } from './wireForm.ts';

/** What serves one socket, until it says goodbye because the gateway stops. */
export interface Connection {
  close(cause: 'goingAway'): void;
}

export interface SocketServerParts extends SocketParts {
  /** What else is served besides SOCKET_PATH, by path. */
  readonly otherPaths?: ReadonlyMap<string, (socket: WebSocket, address: string) => Connection>;
  /** Of connections that ask for the subprotocol of the binary form. */
  readonly protobufForm: WireForm;
  /** Open connections; one more is answered 503. */
  readonly clientsMax: number;
  /** Of one network address; one more is answered 429. */
  readonly clientsPerAddressMax: number;
}

/** The types of the library do not know these yet. */
const PARTS_MAX = { maxFragments: FRAGMENTS_MAX, maxBufferedChunks: CHUNKS_MAX };

/** Gives a close without a reason (the library's own, for an oversize frame) the reason of its code. */
class ReasonedSocket extends WebSocket {
  override close(code?: number, data?: string | Buffer): void {
    if (code === CLOSES.oversize.code && data === undefined) super.close(code, CLOSES.oversize.reason);
    else super.close(code, data);
  }
}

/** The WebSocket side of the gateway, on the port of the web server. */
export class SocketServer {
  readonly #parts: SocketServerParts;
  readonly #connections = new Map<WebSocket, Connection>();
  /** Open connections by network address; only those that have some. */
  readonly #perAddress = new Map<string, number>();
  /** Those that have answered the last ping. */
  readonly #alive = new WeakSet<WebSocket>();
  readonly #pings: NodeJS.Timeout;
  readonly #sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: PAYLOAD_BYTES_MAX,
    ...PARTS_MAX,
    WebSocket: ReasonedSocket,
    // A client that offers only what is not known here is answered without one, and has to give up by RFC 6455 and its own rules.
    handleProtocols: (offered, request) =>
      pathOf(request) === SOCKET_PATH ? chooseSubprotocol(offered) : ([...offered][0] ?? false),
  });

  constructor(server: Server, parts: SocketServerParts) {
    this.#parts = parts;
    this.#sockets.on('connection', (socket, request) => this.#accept(socket, request));
    server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
    this.#pings = setInterval(() => this.#ping(), PING_INTERVAL_MS).unref();
  }

  get connections(): number {
    return this.#connections.size;
  }

  /** Says goodbye to everybody; a client that does not answer is cut off. */
  async close(): Promise<void> {
    clearInterval(this.#pings);
    const open = [...this.#connections];
    const gone = Promise.all(open.map(([socket]) => new Promise((resolve) => socket.once('close', resolve))));
    for (const [, connection] of open) connection.close('goingAway');
    this.#sockets.close();
    await gone;
    await this.#parts.disconnects.close();
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const fault = this.#refusal(request);
    if (fault === undefined) {
      this.#sockets.handleUpgrade(request, socket, head, (client) => this.#sockets.emit('connection', client, request));
      return;
    }
    socket.on('error', () => undefined);
    socket.end(`HTTP/1.1 ${fault}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
    setTimeout(() => socket.destroy(), CLOSE_TIMEOUT_MS).unref();
  }

  #refusal(request: IncomingMessage): string | undefined {
    const path = pathOf(request);
    if (path !== SOCKET_PATH && !this.#parts.otherPaths?.has(path)) return '404 Not Found';
    if (this.#connections.size >= this.#parts.clientsMax) return '503 Service Unavailable';
    return this.#leftFor(addressOf(request)) > 0 ? undefined : '429 Too Many Requests';
  }

  #leftFor(address: string): number {
    return this.#parts.clientsPerAddressMax - (this.#perAddress.get(address) ?? 0);
  }

  #accept(socket: WebSocket, request: IncomingMessage): void {
    const { metrics, otherPaths } = this.#parts;
    const address = addressOf(request);
    const connections = () => ({ max: this.#parts.clientsPerAddressMax, left: this.#leftFor(address) });
    const open =
      otherPaths?.get(pathOf(request)) ??
      (() => new SocketConnection(socket, this.#parts, { address, connections }, this.#formOf(socket)));
    this.#perAddress.set(address, (this.#perAddress.get(address) ?? 0) + 1);
    this.#connections.set(socket, open(socket, address));
    this.#alive.add(socket);
    metrics.wsClients.set(this.#connections.size);
    socket.on('pong', () => this.#alive.add(socket));
    socket.on('close', () => {
      this.#connections.delete(socket);
      const others = (this.#perAddress.get(address) ?? 1) - 1;
      if (others > 0) this.#perAddress.set(address, others);
      else this.#perAddress.delete(address);
      metrics.wsClients.set(this.#connections.size);
    });
  }

  #formOf({ protocol }: WebSocket): WireForm {
    return protocol === DOOR_PROTOBUF ? this.#parts.protobufForm : jsonForm;
  }

  /** A vanished client sends no close; only its silence tells. */
  #ping(): void {
    for (const socket of this.#connections.keys()) {
      if (!this.#alive.delete(socket)) {
        this.#parts.metrics.wsClosed.inc({ reason: 'silent' });
        socket.terminate();
      } else socket.ping();
    }
  }
}

function pathOf({ url = '' }: IncomingMessage): string {
  return url.split('?')[0] ?? '';
}

function addressOf({ socket }: IncomingMessage): string {
  return socket.remoteAddress ?? '';
}
