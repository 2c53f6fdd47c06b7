import type { GatewayApp } from './gatewayApp.ts';

const PREFLIGHT = {
  'access-control-allow-methods': 'GET, POST, OPTIONS',
  'access-control-allow-headers': 'content-type, idempotency-key',
  'access-control-max-age': '86400',
} as const;
/** What a page may read of an answer beside its body. */
const READABLE = [
  'x-request-id',
  'x-seq',
  'retry-after',
  'idempotency-replayed',
  'ratelimit-limit',
  'ratelimit-remaining',
  'ratelimit-reset',
].join(', ');

/**
 * Pages of every origin may call the API: what acts is a signature, never a cookie or anything else that a browser adds by
 * itself, so a strange page can do no more than a strange program. Refusals are readable, too.
 */
export function openToEveryOrigin(app: GatewayApp): void {
  app.addHook('onRequest', async (request, reply) => {
    if (request.headers.origin === undefined) return;
    reply.header('access-control-allow-origin', '*');
    reply.header('access-control-expose-headers', READABLE);
  });
  app.options('/v1/*', { schema: { hide: true } }, (_request, reply) => {
    reply.headers(PREFLIGHT).code(204).send();
  });
}
