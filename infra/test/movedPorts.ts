import { CLUSTER_PORTS } from '../cluster/ports.ts';
import { DEVNET_PORTS } from '../devnet/ports.ts';
import type { PortTable } from '../launcher/choosePorts.ts';
import { freePorts } from './freePorts.ts';

export interface MovedPorts {
  /** The (first) gateway's. */
  readonly port: number;
  /** Moves the others. */
  readonly env: NodeJS.ProcessEnv;
  /** All of them. */
  readonly all: readonly number[];
}

/** Free ports for one devnet. */
export const devnetPorts = (): Promise<MovedPorts> => movedPorts(DEVNET_PORTS);

/** Free ports for one cluster. */
export const clusterPorts = (): Promise<MovedPorts> => movedPorts(CLUSTER_PORTS);

async function movedPorts(table: PortTable<string>): Promise<MovedPorts> {
  const variables = Object.values(table).map(([, variable]) => variable);
  const [port = 0, ...inner] = await freePorts(1 + variables.length);
  const moved = Object.fromEntries(variables.map((variable, place) => [variable, String(inner[place])]));
  return { port, env: { ...process.env, ...moved }, all: [port, ...inner] };
}
