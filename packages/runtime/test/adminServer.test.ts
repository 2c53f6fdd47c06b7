import { afterEach, expect, test } from 'vitest';
import { type AdminServer, adminServer, createMetrics } from '../src/index.ts';

let server: AdminServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function get(path: string): Promise<{ status: number; body: string; type: string | null }> {
  const response = await fetch(`http://127.0.0.1:${server?.port}${path}`);
  return { status: response.status, body: await response.text(), type: response.headers.get('content-type') };
}

test('answers health, metrics and its own routes', async () => {
  const metrics = createMetrics('sequencer');
  metrics.counter({ name: 'keel_test_total', help: 'Test.', labelNames: ['kind'] }).inc({ kind: 'placeOrder' }, 3);
  metrics.gauge({ name: 'keel_test_lag', help: 'Test.', collect: () => 7 });
  const reasons: string[] = [];
  server = await adminServer({
    port: 0,
    host: '127.0.0.1',
    readyz: () => reasons,
    metrics,
    routes: { '/status': (query) => ({ sequence: 5, asked: query.get('x') }) },
  });

  expect(await get('/livez')).toMatchObject({ status: 200, body: '{"ok":true}\n' });
  expect((await get('/readyz')).status).toBe(200);
  reasons.push('Redis does not answer');
  expect(await get('/readyz')).toMatchObject({
    status: 503,
    body: '{"ok":false,"reasons":["Redis does not answer"]}\n',
  });
  expect(await get('/status?x=1')).toMatchObject({ status: 200, body: '{"sequence":5,"asked":"1"}\n' });
  expect((await get('/constructor')).status).toBe(404);
  const text = await get('/metrics');
  expect(text.type).toMatch(/^text\/plain/);
  expect(text.body).toContain('keel_test_total{kind="placeOrder",service="sequencer"} 3');
  expect(text.body).toContain('keel_test_lag{service="sequencer"} 7');
  expect(text.body).toMatch(/keel_build_info\{version="[0-9.]+",node="[0-9.]+",service="sequencer"\} 1/);
  expect(text.body).toContain('nodejs_eventloop_lag_seconds');
  const post = await fetch(`http://127.0.0.1:${server.port}/status`, { method: 'POST' });
  expect(post.status).toBe(405);
});

test('a route that throws is a 500, not the end of the process', async () => {
  server = await adminServer({
    port: 0,
    host: '127.0.0.1',
    readyz: () => [],
    metrics: createMetrics('x'),
    routes: {
      '/status': () => {
        throw new Error('not now');
      },
    },
  });
  expect(await get('/status')).toMatchObject({ status: 500, body: '{"ok":false,"reasons":["Error: not now"]}\n' });
});

test('a taken port is one sentence that names the setting', async () => {
  server = await adminServer({ port: 0, host: '127.0.0.1', readyz: () => [], metrics: createMetrics('x') });
  const second = adminServer({
    port: server.port,
    host: '127.0.0.1',
    readyz: () => [],
    metrics: createMetrics('y'),
    settingName: 'KEEL_GATEWAY_PORT',
  });
  await expect(second).rejects.toThrow(
    `port ${server.port} is in use: stop the other program or set KEEL_GATEWAY_PORT`,
  );
});
