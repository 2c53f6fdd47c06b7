import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Metrics } from './createMetrics.ts';
import { listenFault } from './startupFault.ts';

/** Why the service is not alive or not ready, in words; empty = it is. */
export type Reasons = () => readonly string[] | Promise<readonly string[]>;
/** A JSON document for people and scripts. */
export type JsonRoute = (query: URLSearchParams) => unknown | Promise<unknown>;

/** Answers one request in full. */
export type AdminHandler = (
  request: IncomingMessage,
  response: ServerResponse,
  query: URLSearchParams,
) => Promise<void>;

export interface AdminServerOptions {
  readonly port: number;
  readonly host: string;
  /** Default: alive as long as it answers. */
  readonly livez?: Reasons;
  readonly readyz: Reasons;
  readonly metrics: Metrics;
  /** Extra GET routes by path, for example `/status`. */
  readonly routes?: Readonly<Record<string, JsonRoute>>;
  /**
   * What answers by itself: other methods than GET, streams, secrets. By path; whatever it rejects with is a fault of
   * ours and answered 500.
   */
  readonly handlers?: Readonly<Record<string, AdminHandler>>;
  /** The setting that names the port, for the message when it is taken. */
  readonly settingName?: string;
}

export interface AdminServer {
  /** The port it listens on; of use when 0 was asked for. */
  readonly port: number;
  close(): Promise<void>;
}

/**
 * The operator's door of a process, GET only but for `handlers`: /livez and /readyz answer 200 `{"ok":true}` or 503 with the reasons,
 * /metrics the Prometheus text, and each extra route its JSON. Throws a StartupFault when the port is taken.
 */
export async function adminServer(options: AdminServerOptions): Promise<AdminServer> {
  const server = createServer((request, response) => {
    answer(options, request, response).catch((fault: unknown) => {
      if (!response.headersSent) sendJson(response, 500, { ok: false, reasons: [String(fault)] });
      else response.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (fault) => reject(listenFault(fault, options.port, options.settingName ?? 'KEEL_ADMIN_PORT')));
    server.listen(options.port, options.host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(options: AdminServerOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://admin');
  const handlers = options.handlers ?? {};
  const handler = Object.hasOwn(handlers, pathname) ? handlers[pathname] : undefined;
  if (handler !== undefined) return handler(request, response, searchParams);
  if (request.method !== 'GET') return sendJson(response, 405, { error: 'only GET' });
  switch (pathname) {
    case '/livez':
      return sendHealth(response, options.livez === undefined ? [] : await options.livez());
    case '/readyz':
      return sendHealth(response, await options.readyz());
    case '/metrics':
      return send(response, 200, options.metrics.contentType, await options.metrics.text());
  }
  const routes = options.routes ?? {};
  const route = Object.hasOwn(routes, pathname) ? routes[pathname] : undefined;
  if (route !== undefined) return sendJson(response, 200, await route(searchParams));
  sendJson(response, 404, {
    error: 'not found',
    paths: ['/livez', '/readyz', '/metrics', ...Object.keys(routes), ...Object.keys(handlers)],
  });
}

function sendHealth(response: ServerResponse, reasons: readonly string[]): void {
  if (reasons.length === 0) sendJson(response, 200, { ok: true });
  else sendJson(response, 503, { ok: false, reasons });
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  send(response, status, 'application/json; charset=utf-8', `${JSON.stringify(body)}\n`);
}

function send(response: ServerResponse, status: number, contentType: string, body: string): void {
  response.writeHead(status, { 'content-type': contentType, 'cache-control': 'no-store' });
  response.end(body);
}
