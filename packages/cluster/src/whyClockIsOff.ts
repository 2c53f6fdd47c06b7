import type { NodeReport } from '@keel/codec';
import type { TimeMs } from '@keel/types';
import { CLOCK_OFFSET_MAX_MS, REPORT_EVERY_MS } from './limits.ts';

/**
 * A node whose wall clock is far from the others' must not make sequenced time. Reports are up to a second old, which is
 * allowed for; with fewer than two other nodes nobody can say which clock is the wrong one, unless one is behind it all.
 */
export function whyClockIsOff(wallMs: TimeMs, nodeId: string, nodes: readonly NodeReport[]): string | undefined {
  const offsetMs = clockOffsetMs(wallMs, nodeId, nodes);
  if (offsetMs === undefined || Math.abs(offsetMs) <= CLOCK_OFFSET_MAX_MS + REPORT_EVERY_MS) return undefined;
  // When this node's own last report is as old, no clock is off: the store takes no reports. Nobody stands on old ones.
  const ageMs = ownReportAgeMs(wallMs, nodeId, nodes);
  if (ageMs > CLOCK_OFFSET_MAX_MS + REPORT_EVERY_MS)
    return `the store has taken no report of it for ${(ageMs / 1_000).toFixed(1)} s`;
  const seconds = (Math.abs(offsetMs) / 1_000).toFixed(1);
  return `its clock is ${seconds} s ${offsetMs > 0 ? 'ahead of' : 'behind'} the other nodes': set it right (chrony, ntp)`;
}

/** For people: how far this node's clock is ahead of the others', 0 while reports are too old to tell. */
export function knownClockOffsetMs(wallMs: TimeMs, nodeId: string, nodes: readonly NodeReport[]): number {
  const fresh = ownReportAgeMs(wallMs, nodeId, nodes) <= CLOCK_OFFSET_MAX_MS + REPORT_EVERY_MS;
  return fresh ? (clockOffsetMs(wallMs, nodeId, nodes) ?? 0) : 0;
}

/** Since this node was heard of last; 0 = it was not, or is just now. */
function ownReportAgeMs(wallMs: TimeMs, nodeId: string, nodes: readonly NodeReport[]): number {
  return Math.max(0, wallMs - (nodes.find((node) => node.nodeId === nodeId)?.wallMs ?? wallMs));
}

/** How far this node's clock is ahead of the median of the other nodes', undefined with fewer than two others. */
export function clockOffsetMs(wallMs: TimeMs, nodeId: string, nodes: readonly NodeReport[]): number | undefined {
  const others = nodes.filter((node) => node.nodeId !== nodeId).map((node) => wallMs - node.wallMs);
  if (others.length < 2) return undefined;
  const ascending = others.sort((one, other) => one - other);
  // The middle one, of two the nearer: one other node with a wrong clock must not keep this one from standing.
  const [low = 0, high = 0] = [ascending[(ascending.length - 1) >> 1], ascending[ascending.length >> 1]];
  return Math.abs(low) < Math.abs(high) ? low : high;
}
