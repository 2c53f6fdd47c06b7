import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import type { Account, Channel, Frame, Liquidation } from '@keel/client';
import { type WebSocket, WebSocketServer } from 'ws';
import * as script from './script.ts';
import { SEQUENCE } from './scriptTime.ts';

/** What the gateway promises about its page: nothing inline, nothing from elsewhere. */
export const CONTENT_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'";

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

export interface ScriptedExchange {
  readonly url: string;
  /** Every subscribe and unsubscribe in the order it came. */
  readonly requests: readonly (Channel & { readonly method: string })[];
  /** Sends a frame to all sockets. */
  push(frame: Frame): void;
  /** Changes what GET and a new subscription to the account answer. */
  setAccount(document: Account): void;
  /** Changes what GET answers of the account's own liquidations. */
  setAccountLiquidations(rows: readonly Liquidation[]): void;
  /** Answers the next subscription to this channel as the gateway does while its read model is away. */
  refuseNext(channel: string): void;
  dropSockets(): void;
  close(): Promise<void>;
}

/** A real HTTP and WebSocket server on a free loopback port that serves the built page and answers from a script. */
export async function startScriptedExchange(pageFolder: string): Promise<ScriptedExchange> {
  const requests: (Channel & { method: string })[] = [];
  const sockets = new Set<WebSocket>();
  const refused = new Set<string>();
  let accountDocument = script.ACCOUNT;
  let accountLiquidations = script.OWN_LIQUIDATIONS;

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://terminal');
    response.setHeader('content-security-policy', CONTENT_POLICY);
    if (url.pathname.startsWith('/v1/')) {
      const own = url.pathname === '/v1/liquidations' && url.searchParams.get('account') === script.ACCOUNT_ADDRESS;
      const body = own
        ? { sequence: SEQUENCE, liquidations: accountLiquidations }
        : script.answer(url.pathname, accountDocument);
      response.setHeader('content-type', 'application/json');
      response.statusCode = body === undefined ? 404 : 200;
      response.end(JSON.stringify(body ?? { code: 'ACCOUNT_UNKNOWN', detail: 'no account has this address' }));
      return;
    }
    const path = url.pathname === '/' ? 'index.html' : normalize(url.pathname).slice(1);
    readFile(join(pageFolder, path)).then(
      (bytes) => {
        response.setHeader('content-type', TYPES[extname(path)] ?? 'application/octet-stream');
        response.end(bytes);
      },
      () => {
        response.statusCode = 404;
        response.end();
      },
    );
  });
  const webSockets = new WebSocketServer({ server, path: '/v1/ws' });
  webSockets.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('message', (bytes) => {
      const message = JSON.parse(String(bytes)) as { id: number; method: string; params: Channel };
      if (message.method !== 'ping') requests.push({ method: message.method, ...message.params });
      const refuse = message.method === 'subscribe' && refused.delete(message.params.channel);
      const answer = refuse ? { error: { code: 'READ_MODEL_UNAVAILABLE', message: 'away' } } : { result: {} };
      socket.send(JSON.stringify({ id: message.id, ...answer }));
      if (refuse) return;
      const snapshot = message.method === 'subscribe' && script.snapshotOf(message.params, accountDocument);
      if (snapshot) socket.send(JSON.stringify(snapshot));
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    push(frame) {
      for (const socket of sockets) socket.send(JSON.stringify(frame));
    },
    setAccount(document) {
      accountDocument = document;
    },
    setAccountLiquidations(rows) {
      accountLiquidations = rows;
    },
    refuseNext(channel) {
      refused.add(channel);
    },
    dropSockets() {
      for (const socket of sockets) socket.terminate();
    },
    close() {
      for (const socket of sockets) socket.terminate();
      webSockets.close();
      return new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}
