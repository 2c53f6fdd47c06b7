import type { NodeReport } from '@keel/codec';

/** Newest rules of the engine that every node that reports goes on by; 0 = none reports. */
export function lowestEngineVersion(nodes: readonly NodeReport[]): number {
  return nodes.length === 0 ? 0 : Math.min(...nodes.map(({ engineVersion }) => engineVersion));
}
