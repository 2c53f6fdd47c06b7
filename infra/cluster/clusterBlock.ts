import { type Glance, statusBlock } from '../launcher/statusBlock.ts';
import type { ClusterGlance } from './clusterStatus.ts';

/** The status of a cluster as lines for a person: who leads, then the exchange as a devnet shows it. */
export function clusterBlock(glance: Glance, cluster: ClusterGlance | undefined): readonly string[] {
  return [...(cluster === undefined ? [] : [nodesLine(cluster)]), ...statusBlock(glance)];
}

function nodesLine({ nodes, leader, takeOver }: ClusterGlance): string {
  const who = leader === undefined ? 'nobody leads' : `${leader.node} leads, epoch ${leader.epoch}`;
  const all = nodes.map(({ node, role, sequence }) =>
    role === 'away' ? `${node} away` : `${node} ${role} ${sequence}`,
  );
  const last =
    takeOver === undefined
      ? []
      : [
          `last take-over ${takeOver.nodeId} at epoch ${takeOver.epoch} in ${takeOver.takeOverMs} ms: ${takeOver.reason}`,
        ];
  return [who, all.join(', '), ...last].join('   ');
}
