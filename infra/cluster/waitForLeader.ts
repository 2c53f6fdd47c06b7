import { setTimeout as sleep } from 'node:timers/promises';
import { DevnetFault } from '../launcher/devnetFault.ts';
import { type NodeGlance, readCluster } from './clusterStatus.ts';
import type { ClusterPorts } from './ports.ts';

const LEADER_MS_MAX = 60_000;
const POLL_MS = 100;

/** The sequencer that leads, once one does; undefined when the end is wanted before. Throws DevnetFault when none does in time. */
export async function waitForLeader(ports: ClusterPorts, stop: AbortSignal): Promise<NodeGlance | undefined> {
  const deadline = performance.now() + LEADER_MS_MAX;
  while (!stop.aborted) {
    const { leader, nodes } = await readCluster(ports);
    if (leader !== undefined) return leader;
    if (performance.now() > deadline) {
      const roles = nodes.map(({ node, role }) => `${node} is ${role}`).join(', ');
      throw new DevnetFault(`No sequencer leads after ${LEADER_MS_MAX / 1000} s: ${roles}.`);
    }
    await sleep(POLL_MS, undefined, { signal: stop }).catch(() => undefined);
  }
  return undefined;
}
