import { createConnection } from 'node:net';

/** Undefined when this address answers with success, else what it says. Rejects while nobody listens. */
export async function notReadyAt(url: string): Promise<string | undefined> {
  const response = await fetch(url);
  const text = await response.text();
  return response.ok ? undefined : text.slice(0, 300);
}

/** Undefined when somebody listens on this loopback port. */
export function portNotOpen(port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host: '127.0.0.1' });
    socket.once('connect', () => {
      socket.destroy();
      resolve(undefined);
    });
    socket.once('error', (fault) => resolve(fault.message));
  });
}
