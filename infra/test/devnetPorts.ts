import { once } from 'node:events';
import { createServer } from 'node:net';

const INNER = [
  ...['REDIS', 'L1', 'INTAKE', 'SEQUENCER_ADMIN', 'SETTLER_ADMIN', 'PRICE_FEED_ADMIN', 'BOTS_ADMIN'],
  ...['FEEDER_1', 'FEEDER_2', 'FEEDER_3', 'FEEDER_4', 'LIQUIDATOR_ADMIN'],
];

/** Free ports for one devnet: the gateway's, and the environment that moves the others. */
export async function devnetPorts(): Promise<{ readonly port: number; readonly env: NodeJS.ProcessEnv }> {
  const [port, ...inner] = await freePorts(1 + INNER.length);
  const moved = INNER.map((name, index) => [`KEEL_DEVNET_${name}_PORT`, String(inner[index])]);
  return { port: port!, env: { ...process.env, ...(Object.fromEntries(moved) as Record<string, string>) } };
}

/** All are held at the same time, so that no number is given twice. */
async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
