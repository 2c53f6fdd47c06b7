import { createServer } from 'node:net';
import { DevnetFault } from './devnetFault.ts';

export interface Ports {
  readonly gateway: number;
  readonly redis: number;
  readonly l1: number;
  readonly intake: number;
  readonly sequencerAdmin: number;
  readonly settlerAdmin: number;
  readonly priceFeedAdmin: number;
  readonly botsAdmin: number;
  readonly feeder1: number;
  readonly feeder2: number;
  readonly feeder3: number;
  readonly feeder4: number;
  readonly liquidatorAdmin: number;
}

type PortName = keyof Ports;

/** Each port's default, the variable that moves it, and whose it is. */
const INNER_PORTS: Readonly<Record<Exclude<PortName, 'gateway'>, readonly [number, string, string]>> = {
  redis: [6390, 'KEEL_DEVNET_REDIS_PORT', 'Redis'],
  l1: [8546, 'KEEL_DEVNET_L1_PORT', 'anvil'],
  intake: [7070, 'KEEL_DEVNET_INTAKE_PORT', 'sequencer intake'],
  sequencerAdmin: [7071, 'KEEL_DEVNET_SEQUENCER_ADMIN_PORT', 'sequencer admin'],
  settlerAdmin: [7072, 'KEEL_DEVNET_SETTLER_ADMIN_PORT', 'settler admin'],
  priceFeedAdmin: [7073, 'KEEL_DEVNET_PRICE_FEED_ADMIN_PORT', 'price feed admin'],
  botsAdmin: [7074, 'KEEL_DEVNET_BOTS_ADMIN_PORT', 'bots admin'],
  feeder1: [7075, 'KEEL_DEVNET_FEEDER_1_PORT', 'price feeder 1'],
  feeder2: [7076, 'KEEL_DEVNET_FEEDER_2_PORT', 'price feeder 2'],
  feeder3: [7077, 'KEEL_DEVNET_FEEDER_3_PORT', 'price feeder 3'],
  feeder4: [7078, 'KEEL_DEVNET_FEEDER_4_PORT', 'price feeder 4'],
  liquidatorAdmin: [7079, 'KEEL_DEVNET_LIQUIDATOR_ADMIN_PORT', 'liquidator admin'],
};

/** The ports of this devnet: the gateway's from the command line, the inner ones by default or from the environment. */
export function choosePorts(gateway: number, env: NodeJS.ProcessEnv): Ports {
  const inner = Object.entries(INNER_PORTS).map(([name, [usual, variable]]) => {
    const text = env[variable];
    const port = text === undefined ? usual : Number(text);
    if (!Number.isInteger(port) || port < 1 || port > 65_535) {
      throw new DevnetFault(`${variable} must be a port from 1 to 65535, not "${text}".`);
    }
    return [name, port];
  });
  return { gateway, ...Object.fromEntries(inner) } as Ports;
}

/** Refuses to start while something else listens on one of the ports. */
export async function assertPortsFree(ports: Ports): Promise<void> {
  for (const name of Object.keys(ports) as PortName[]) {
    if (await isFree(ports[name])) continue;
    const [way, whose] =
      name === 'gateway' ? ['--port N', name] : [`the variable ${INNER_PORTS[name][1]}`, INNER_PORTS[name][2]];
    throw new DevnetFault(
      `Port ${ports[name]} (${whose}) is in use by another program; stop that, or choose another port with ${way}.`,
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
