import { localUrl } from '../launcher/localUrl.ts';
import { type ClusterPorts, NODES, type NodeId, sequencerPorts } from './ports.ts';

const ANSWER_MS_MAX = 1_000;

/** What a sequencer's `GET /status` tells, as far as it is used here. */
interface NodeStatus {
  readonly role: string;
  readonly epoch: number;
  readonly sequence: number;
  readonly nextDepositIndex: number;
}

/** A change of the leader, from the leader's `GET /cluster`. */
export interface TakeOver {
  readonly epoch: number;
  readonly nodeId: string;
  readonly reason: string;
  readonly takeOverMs: number;
}

export interface NodeGlance {
  readonly node: NodeId;
  /** `away` when it does not answer. */
  readonly role: string;
  readonly epoch: number;
  readonly sequence: number;
  readonly nextDepositIndex: number;
}

/** How the sequencers of a cluster stand. */
export interface ClusterGlance {
  readonly nodes: readonly NodeGlance[];
  readonly leader: NodeGlance | undefined;
  /** The newest change of the leader; undefined while nobody tells. */
  readonly takeOver: TakeOver | undefined;
}

/** Asks all sequencers at once; one that does not answer is away. */
export async function readCluster(ports: ClusterPorts): Promise<ClusterGlance> {
  const nodes = await Promise.all(NODES.map((node) => readNode(ports, node)));
  // Of two who say so, as one that was stopped for a while may for a moment, the later epoch is right.
  const leader = nodes.filter(({ role }) => role === 'leading').sort((one, other) => other.epoch - one.epoch)[0];
  return { nodes, leader, takeOver: leader && (await readTakeOver(ports, leader.node)) };
}

async function readNode(ports: ClusterPorts, node: NodeId): Promise<NodeGlance> {
  const status = await ask<NodeStatus>(`${localUrl(sequencerPorts(ports, node).admin)}/status`);
  const {
    role = status === undefined ? 'away' : 'starting',
    epoch = 0,
    sequence = 0,
    nextDepositIndex = 0,
  } = status ?? {};
  return { node, role, epoch, sequence, nextDepositIndex };
}

async function readTakeOver(ports: ClusterPorts, node: NodeId): Promise<TakeOver | undefined> {
  const url = `${localUrl(sequencerPorts(ports, node).admin)}/cluster`;
  return (await ask<{ readonly terms?: readonly TakeOver[] }>(url))?.terms?.[0];
}

async function ask<T>(url: string): Promise<Partial<T> | undefined> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(ANSWER_MS_MAX) });
    return response.ok ? ((await response.json()) as Partial<T>) : undefined;
  } catch {
    return undefined;
  }
}
