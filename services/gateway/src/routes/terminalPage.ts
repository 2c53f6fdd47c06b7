import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { GatewayApp } from './gatewayApp.ts';

/** Scripts, styles and connections of this origin only; nobody may frame the page. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  // Chart libraries set style attributes on what they draw.
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const HEADERS = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
} as const;

const NOT_BUILT = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Keel</title></head>
<body><h1>Keel</h1>
<p>The gateway runs; its terminal page is not built.
Build it with <code>npm test -- --only terminal</code> and reload.</p>
<p><a href="/v1/status">status</a> · <a href="/v1/markets">markets</a> · <a href="/openapi.json">API</a></p>
</body></html>
`;

/** The terminal at `/`; a page that says how to build it where `directory` has none. */
export async function terminalPage(app: GatewayApp, directory: string): Promise<void> {
  if (!existsSync(join(directory, 'index.html'))) {
    app.get('/', { schema: { hide: true } }, (_request, reply) => {
      reply.headers(HEADERS).type('text/html; charset=utf-8').send(NOT_BUILT);
    });
    return;
  }
  await app.register(fastifyStatic, {
    root: directory,
    wildcard: false,
    setHeaders: (response) => {
      for (const [name, value] of Object.entries(HEADERS)) response.header(name, value);
    },
  });
}
