import { type Finding, pauseOf, roleOf, sizeOf } from '../nodes/judgeCluster.ts';
import type { ClusterPicture } from '../nodes/readCluster.ts';
import { countText, durationText } from '../times.ts';

export interface Verdict {
  readonly kind: 'healthy' | 'DEGRADED' | 'DOWN' | 'PAUSED';
  /** The first line of all. */
  readonly line: string;
}

/** One line for somebody at three in the morning: what it is, what follows from it, what to do. */
export function verdictOf(picture: ClusterPicture, findings: readonly Finding[]): Verdict {
  const leads = leaderText(picture);
  const size = sizeOf(picture);
  const there = picture.nodes.filter(({ status }) => status !== undefined).length;
  const [worst] = findings;
  const pause = pauseOf(picture);
  if (leads === undefined) {
    const what = findings.find(({ check }) => check === 'leader') ?? worst;
    return { kind: 'DOWN', line: `DOWN: ${what?.what ?? 'nobody leads'}; next: ${what?.next ?? 'keelctl doctor'}` };
  }
  if (pause !== undefined)
    return {
      kind: 'PAUSED',
      line: `PAUSED: ${leads}, but no command is taken: ${pause.reason}; next: keelctl leader resume`,
    };
  if (worst === undefined) {
    const waiting = waitingOf(picture);
    const waits = waiting === 0 ? 'nothing waits' : `${countText(waiting)} commands wait`;
    return { kind: 'healthy', line: `healthy: ${leads}, ${there} of ${size} nodes, ${waits}` };
  }
  const after = lossesLeft(size, there);
  return { kind: 'DEGRADED', line: `DEGRADED: ${worst.what}; ${leads}${after}; next: ${worst.next}` };
}

function leaderText({ nodes, terms, cluster, askedMs }: ClusterPicture): string | undefined {
  const leading = nodes.find((node) => node.status !== undefined && roleOf(node) === 'leading');
  if (leading === undefined) return undefined;
  const term = terms.find(({ nodeId }) => nodeId === leading.name);
  const sinceMs = cluster?.leader?.sinceMs ?? term?.sinceMs;
  const since = sinceMs === undefined || sinceMs === 0 ? '' : ` since ${durationText(askedMs - sinceMs)}`;
  return `node ${leading.name} leads${since}`;
}

function waitingOf({ nodes }: ClusterPicture): number {
  return nodes.reduce((sum, { status }) => sum + (status?.waitingCommands ?? 0), 0);
}

/** The store decides with a majority too, and its members usually stand on the same machines. */
function lossesLeft(size: number, there: number): string {
  const spare = there - (Math.floor(size / 2) + 1);
  if (size === 1 || spare > 0) return '';
  return spare === 0 ? '; one more loss leaves no majority' : '; there is no majority';
}
