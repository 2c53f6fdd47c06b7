import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { assert } from '@keel/types';
import { WebSocketServer } from 'ws';
import type { IntakeHandler, IntakeLog, Leadership } from './handler.ts';
import {
  CLIENT_FRAME_BYTES_MAX,
  CLOSE_CODES,
  DRAIN_TIMEOUT_MS,
  IN_FLIGHT_MAX,
  TOKEN_CHARACTERS_MIN,
} from './limits.ts';
import { type ConnectionOptions, ServerConnection } from './serverConnection.ts';

export interface IntakeServerOptions {
  readonly host: string;
  /** 0 = any free one; see `listen`. */
  readonly port: number;
  /** Shared secret, at least 32 characters. */
  readonly token: string;
  readonly handler: IntakeHandler;
  /** Asked at each hello and at each request; default: always leading. */
  readonly leadership?: () => Leadership;
  /** Requests of one connection that may wait for their reply. */
  readonly inFlightMax?: number;
  readonly log?: IntakeLog;
}

/** The sequencer's side: takes frames, asks the handler, replies. */
export class IntakeServer {
  readonly #options: IntakeServerOptions;
  readonly #connections = new Set<ServerConnection>();
  #server: WebSocketServer | undefined;

  constructor(options: IntakeServerOptions) {
    assert(options.token.length >= TOKEN_CHARACTERS_MIN, `intake token below ${TOKEN_CHARACTERS_MIN} characters`);
    this.#options = options;
  }

  /** Clients that are connected, with or without a good hello. */
  get connections(): number {
    return this.#connections.size;
  }

  /** Requests of all connections that wait for their reply. */
  get inFlight(): number {
    let sum = 0;
    for (const connection of this.#connections) sum += connection.inFlight;
    return sum;
  }

  /** Resolves with the port once connections are taken; rejects with the system's error, such as EADDRINUSE. */
  async listen(): Promise<number> {
    assert(this.#server === undefined, 'intake server listens already');
    const { host, port } = this.#options;
    const server = new WebSocketServer({
      host,
      port,
      perMessageDeflate: false,
      maxPayload: CLIENT_FRAME_BYTES_MAX,
    });
    await once(server, 'listening');
    this.#server = server;
    this.#accept(server);
    return (server.address() as AddressInfo).port;
  }

  #accept(server: WebSocketServer): void {
    const { token, handler, log, inFlightMax = IN_FLIGHT_MAX, leadership = () => 'leading' } = this.#options;
    const options: ConnectionOptions = { token, handler, log, inFlightMax, leadership };
    server.on('connection', (socket) => {
      const connection = new ServerConnection(socket, options);
      this.#connections.add(connection);
      socket.once('close', () => this.#connections.delete(connection));
    });
  }

  /**
   * This node has stopped leading: tells every client so, and where to go if that is known. Clients take the replies they
   * are owed along and close. `leadership` must say so already; new clients are sent away or welcomed as it says then.
   */
  stepDown(): void {
    for (const connection of this.#connections) connection.stepDown();
  }

  /** Takes nothing new, lets what is in flight finish (at most DRAIN_TIMEOUT_MS), closes every connection. */
  async close(): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    this.#server = undefined;
    const closed = new Promise((resolve) => server.close(resolve));
    for (const connection of this.#connections) connection.drain();
    const deadline = performance.now() + DRAIN_TIMEOUT_MS;
    while (this.inFlight > 0 && performance.now() < deadline) await delay(5);
    for (const socket of server.clients) socket.close(CLOSE_CODES.goingAway, 'server closes');
    const forced = setTimeout(() => {
      for (const socket of server.clients) socket.terminate();
    }, DRAIN_TIMEOUT_MS);
    await closed;
    clearTimeout(forced);
  }
}
