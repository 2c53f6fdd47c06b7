import type { Metrics } from '@keel/runtime';
import type { GatewayApp } from './gatewayApp.ts';

/** Why the gateway is not alive or not ready, in words; empty = it is. */
export interface Health {
  livez(): readonly string[];
  readyz(): Promise<readonly string[]>;
}

/** For whoever runs the exchange. */
export function operationRoutes(app: GatewayApp, health: Health, metrics: Metrics): void {
  const schema = { tags: ['operations'] };
  app.get('/livez', { schema }, async (_request, reply) => answer(reply, health.livez()));
  app.get('/readyz', { schema }, async (_request, reply) => answer(reply, await health.readyz()));
  app.get('/metrics', { schema }, async (_request, reply) => {
    const text = await metrics.text();
    return reply.type(metrics.contentType).send(text);
  });
}

interface Answering {
  code(status: number): Answering;
  header(name: string, value: string): Answering;
}

function answer(reply: Answering, reasons: readonly string[]): { ok: boolean; reasons: readonly string[] } {
  reply.code(reasons.length === 0 ? 200 : 503).header('cache-control', 'no-store');
  return { ok: reasons.length === 0, reasons };
}
