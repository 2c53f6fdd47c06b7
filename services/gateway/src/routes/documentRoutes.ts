import swaggerUi from '@fastify/swagger-ui';
import type { SignedRequest } from '../commands/createCommands.ts';
import { asyncApi } from '../describe/asyncApi.ts';
import { llmsText, type PlainRoute } from '../describe/llmsText.ts';
import type { Network } from '../format/formatExchange.ts';
import type { GatewayApp } from './gatewayApp.ts';

/** Everything of the page is of this origin, and so is everything that it asks. */
const DOCS_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  // The library sets style attributes on what it draws.
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** What the door says of itself: an interactive page, and descriptions for programs. Made once, when all routes are known. */
export async function documentRoutes(
  app: GatewayApp,
  commands: readonly SignedRequest[],
  network: Network,
): Promise<void> {
  const schema = { tags: ['operations'] };
  app.get('/openapi.json', { schema: { ...schema, summary: 'This document' } }, async (_request, reply) =>
    reply.send(app.swagger()),
  );
  const socket = JSON.stringify(asyncApi(commands, network));
  app.get('/asyncapi.json', { schema: { ...schema, summary: 'The same for the WebSocket' } }, async (_request, reply) =>
    reply.type('application/json; charset=utf-8').send(socket),
  );
  let text: string | undefined;
  app.get('/llms.txt', { schema: { ...schema, summary: 'All of it as a short text' } }, async (_request, reply) => {
    text ??= llmsText(plainRoutes(app, commands), commands, network);
    return reply.type('text/plain; charset=utf-8').send(text);
  });
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: DOCS_POLICY,
    // A badge would ask a stranger what this document is worth.
    uiConfig: { validatorUrl: null, deepLinking: false },
    theme: { title: 'Keel' },
    logo: { type: 'image/svg+xml', content: Buffer.from(NO_LOGO) },
  });
}

const NO_LOGO = '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>';

function plainRoutes(app: GatewayApp, commands: readonly SignedRequest[]): PlainRoute[] {
  const signed = new Set(commands.map(({ path }) => path));
  return Object.entries(app.swagger().paths ?? {}).flatMap(([path, methods]) => {
    if (!path.startsWith('/v1/')) return [];
    return Object.entries(methods as Readonly<Record<string, { readonly summary?: string }>>).flatMap(
      ([method, { summary = '' }]) =>
        method === 'post' && signed.has(path) ? [] : [{ method: method.toUpperCase(), path, summary }],
    );
  });
}
