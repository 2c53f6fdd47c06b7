import { localUrl } from '../launcher/localUrl.ts';
import { type ServiceSettings, sequencerSpec } from '../launcher/services.ts';
import type { ProcessSpec } from '../launcher/supervisor.ts';
import { etcdEndpoints } from './etcdSpecs.ts';
import { type ClusterPorts, NODES, type NodeId, sequencerPorts } from './ports.ts';

/** One sequencer of the cluster, which is ready once it follows or leads. */
export function clusterSequencerSpec(
  settings: ServiceSettings,
  ports: ClusterPorts,
  node: NodeId,
  dataDir: string,
): ProcessSpec {
  const { intake, admin } = sequencerPorts(ports, node);
  return sequencerSpec(settings, {
    name: `sequencer-${node}`,
    intakePort: intake,
    adminPort: admin,
    dataDir,
    env: {
      KEEL_LOG: 'etcd',
      KEEL_NODE_ID: node,
      KEEL_CLUSTER_MEMBERS: String(NODES.length),
      // Only read where there is no cluster yet: the first node for a new exchange, or whom the runbook EtcdNoLeader names.
      KEEL_CLUSTER_BEGIN: process.env.KEEL_CLUSTER_BEGIN ?? NODES[0],
      KEEL_ETCD_ENDPOINTS: etcdEndpoints(ports).join(','),
      KEEL_INTAKE_ADVERTISE: `ws://127.0.0.1:${intake}`,
      KEEL_ADMIN_ADVERTISE: localUrl(admin),
    },
  });
}
