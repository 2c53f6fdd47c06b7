import { createServer } from 'node:net';
import { DevnetFault } from './devnetFault.ts';

/** What every launcher moves by a variable: each port's usual number, that variable, and whose it is. */
export type PortTable<Name extends string> = Readonly<Record<Name, readonly [number, string, string]>>;

/** The gateway that people look at, and all others by name. */
export type Ports<Name extends string> = Readonly<Record<Name | 'gateway', number>>;

/** The ports of a launcher: the gateway's from the command line, the others by default or from the environment. */
export function choosePorts<Name extends string>(
  table: PortTable<Name>,
  gateway: number,
  env: NodeJS.ProcessEnv,
): Ports<Name> {
  const inner = Object.entries<PortTable<Name>[Name]>(table).map(([name, [usual, variable]]) => {
    const text = env[variable];
    const port = text === undefined ? usual : Number(text);
    if (!Number.isInteger(port) || port < 1 || port > 65_535) {
      throw new DevnetFault(`${variable} must be a port from 1 to 65535, not "${text}".`);
    }
    return [name, port];
  });
  return { gateway, ...Object.fromEntries(inner) } as Ports<Name>;
}

/** Refuses to start while something else listens on one of the ports. */
export async function assertPortsFree<Name extends string>(table: PortTable<Name>, ports: Ports<Name>): Promise<void> {
  for (const [name, port] of Object.entries<number>(ports)) {
    if (await isFree(port)) continue;
    const [, variable, whose] = name === 'gateway' ? [0, '', name] : table[name as Name];
    const way = name === 'gateway' ? '--port N' : `the variable ${variable}`;
    throw new DevnetFault(
      `Port ${port} (${whose}) is in use by another program; stop that, or choose another port with ${way}.`,
    );
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}
