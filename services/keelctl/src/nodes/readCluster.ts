import { askNode, type NodeAnswer } from './askNode.ts';
import type { NodeDoor } from './nodeDoor.ts';
import {
  type ClusterAnswer,
  clusterSchema,
  type NodeReportAnswer,
  type NodeStatus,
  type StoreMember,
  statusSchema,
  type TermAnswer,
} from './nodeSchemas.ts';

/** One node as far as anybody knows: what it says itself, and what it told the store. */
export interface KnownNode {
  /** Its id; before anybody has told that, its address. */
  readonly name: string;
  /** Undefined for a node that only others know of. */
  readonly url: string | undefined;
  /** What it answered just now; undefined when it did not. */
  readonly status: NodeStatus | undefined;
  /** Why it did not answer. */
  readonly silence: string | undefined;
  /** What it told the store about a second ago; undefined when its lease has ended. */
  readonly report: NodeReportAnswer | undefined;
  /** Its wall clock against the median of all that answered. */
  readonly clockOffsetMs: number | undefined;
}

/** All that the nodes say, asked at one time. */
export interface ClusterPicture {
  readonly askedMs: number;
  readonly nodes: readonly KnownNode[];
  readonly statuses: readonly NodeAnswer<NodeStatus>[];
  readonly clusters: readonly NodeAnswer<ClusterAnswer>[];
  /** As the node tells it that is farthest; undefined when none can. */
  readonly cluster: ClusterAnswer | undefined;
  readonly terms: readonly TermAnswer[];
  readonly members: readonly StoreMember[];
}

type Answered<Value> = Extract<NodeAnswer<Value>, { readonly kind: 'answered' }>;

/** Asks every node for its status and its view of the cluster, all at once, each within two seconds. Never rejects. */
export async function readCluster(door: NodeDoor): Promise<ClusterPicture> {
  const askedMs = Date.now();
  const [statuses, clusters] = await Promise.all([
    Promise.all(door.urls.map((url) => askNode(url, '/status', statusSchema))),
    Promise.all(door.urls.map((url) => askNode(url, '/cluster', clusterSchema))),
  ]);
  const cluster = farthest(statuses, clusters);
  return {
    askedMs,
    statuses,
    clusters,
    cluster,
    nodes: nodesOf(statuses, cluster),
    terms: cluster?.terms ?? [],
    members: cluster?.store?.members ?? [],
  };
}

/** The view of the node that has applied most: one that hangs behind also sees the store late. */
function farthest(
  statuses: readonly NodeAnswer<NodeStatus>[],
  clusters: readonly NodeAnswer<ClusterAnswer>[],
): ClusterAnswer | undefined {
  const sequenceAt = (url: string): number =>
    statuses
      .flatMap((each) => (each.url === url ? [each] : []))
      .map((each) => (each.kind === 'answered' ? each.value.sequence : 0))[0] ?? 0;
  const [best] = clusters.filter(isAnswered).sort((one, other) => sequenceAt(other.url) - sequenceAt(one.url));
  return best?.value;
}

function nodesOf(
  statuses: readonly NodeAnswer<NodeStatus>[],
  cluster: ClusterAnswer | undefined,
): readonly KnownNode[] {
  const reports = cluster?.nodes ?? [];
  const median = medianOf(statuses.filter(isAnswered).flatMap((each) => each.clockOffsetMs ?? []));
  const asked = statuses.map((answer): KnownNode => {
    const { url } = answer;
    if (answer.kind !== 'answered') {
      const report = reports.find((each) => sameDoor(each.adminUrl, url));
      const name = report?.nodeId ?? lastNameAt(url);
      return { name, url, status: undefined, silence: answer.reason, report, clockOffsetMs: undefined };
    }
    const { value, clockOffsetMs } = answer;
    const report = reports.find((each) =>
      value.nodeId === undefined ? sameDoor(each.adminUrl, url) : each.nodeId === value.nodeId,
    );
    const offset = clockOffsetMs === undefined || median === undefined ? undefined : clockOffsetMs - median;
    return {
      name: value.nodeId ?? report?.nodeId ?? lastNameAt(url),
      url,
      status: value,
      silence: undefined,
      report,
      clockOffsetMs: offset,
    };
  });
  const known = new Set(asked.map(({ name }) => name));
  const others = reports
    .filter(({ nodeId }) => !known.has(nodeId))
    .map(
      (report): KnownNode => ({
        name: report.nodeId,
        url: undefined,
        status: undefined,
        silence: 'not asked: name it with --nodes',
        report,
        clockOffsetMs: undefined,
      }),
    );
  return [...asked, ...others];
}

function lastNameAt(url: string): string {
  return url.replace(/^https?:\/\//, '');
}

function sameDoor(one: string | undefined, other: string): boolean {
  return one !== undefined && one.replace(/\/+$/, '') === other;
}

export function isAnswered<Value>(answer: NodeAnswer<Value>): answer is Answered<Value> {
  return answer.kind === 'answered';
}

/** The middle one, the lower of two; undefined of none. */
export function medianOf(numbers: readonly number[]): number | undefined {
  return [...numbers].sort((one, other) => one - other)[Math.floor((numbers.length - 1) / 2)];
}
