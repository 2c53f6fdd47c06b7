import type { Ports, PortTable } from '../launcher/choosePorts.ts';

/** The sequencers of a cluster by node id. */
export const NODES = ['a', 'b', 'c'] as const;
export type NodeId = (typeof NODES)[number];

/** Members of etcd, and Sentinels, by number. */
export const NUMBERS = [1, 2, 3] as const;
export type MemberNumber = (typeof NUMBERS)[number];

/** Beside the first gateway's. */
export const CLUSTER_PORTS = {
  intakeA: [7170, 'KEEL_CLUSTER_INTAKE_A_PORT', 'intake of sequencer a'],
  intakeB: [7171, 'KEEL_CLUSTER_INTAKE_B_PORT', 'intake of sequencer b'],
  intakeC: [7172, 'KEEL_CLUSTER_INTAKE_C_PORT', 'intake of sequencer c'],
  adminA: [7180, 'KEEL_CLUSTER_ADMIN_A_PORT', 'admin of sequencer a'],
  adminB: [7181, 'KEEL_CLUSTER_ADMIN_B_PORT', 'admin of sequencer b'],
  adminC: [7182, 'KEEL_CLUSTER_ADMIN_C_PORT', 'admin of sequencer c'],
  etcd1: [7190, 'KEEL_CLUSTER_ETCD_1_PORT', 'etcd 1'],
  etcd2: [7191, 'KEEL_CLUSTER_ETCD_2_PORT', 'etcd 2'],
  etcd3: [7192, 'KEEL_CLUSTER_ETCD_3_PORT', 'etcd 3'],
  etcdPeer1: [7193, 'KEEL_CLUSTER_ETCD_PEER_1_PORT', 'etcd 1 for the others'],
  etcdPeer2: [7194, 'KEEL_CLUSTER_ETCD_PEER_2_PORT', 'etcd 2 for the others'],
  etcdPeer3: [7195, 'KEEL_CLUSTER_ETCD_PEER_3_PORT', 'etcd 3 for the others'],
  redis1: [7196, 'KEEL_CLUSTER_REDIS_1_PORT', 'Redis 1'],
  redis2: [7197, 'KEEL_CLUSTER_REDIS_2_PORT', 'Redis 2'],
  sentinel1: [7201, 'KEEL_CLUSTER_SENTINEL_1_PORT', 'Sentinel 1'],
  sentinel2: [7202, 'KEEL_CLUSTER_SENTINEL_2_PORT', 'Sentinel 2'],
  sentinel3: [7203, 'KEEL_CLUSTER_SENTINEL_3_PORT', 'Sentinel 3'],
  gateway2: [8181, 'KEEL_CLUSTER_GATEWAY_2_PORT', 'second gateway'],
  l1: [8645, 'KEEL_CLUSTER_L1_PORT', 'anvil'],
  settlerAdmin: [7210, 'KEEL_CLUSTER_SETTLER_ADMIN_PORT', 'settler admin'],
  priceFeedAdmin: [7211, 'KEEL_CLUSTER_PRICE_FEED_ADMIN_PORT', 'price feed admin'],
  botsAdmin: [7212, 'KEEL_CLUSTER_BOTS_ADMIN_PORT', 'bots admin'],
  liquidatorAdmin: [7213, 'KEEL_CLUSTER_LIQUIDATOR_ADMIN_PORT', 'liquidator admin'],
  feeder1: [7214, 'KEEL_CLUSTER_FEEDER_1_PORT', 'price feeder 1'],
  feeder2: [7215, 'KEEL_CLUSTER_FEEDER_2_PORT', 'price feeder 2'],
  feeder3: [7216, 'KEEL_CLUSTER_FEEDER_3_PORT', 'price feeder 3'],
  feeder4: [7217, 'KEEL_CLUSTER_FEEDER_4_PORT', 'price feeder 4'],
} as const satisfies PortTable<string>;

export type ClusterPorts = Ports<keyof typeof CLUSTER_PORTS>;

/** Where a sequencer takes commands and where it tells of itself. */
export function sequencerPorts(ports: ClusterPorts, node: NodeId): { readonly intake: number; readonly admin: number } {
  const places = {
    a: [ports.intakeA, ports.adminA],
    b: [ports.intakeB, ports.adminB],
    c: [ports.intakeC, ports.adminC],
  } as const;
  const [intake, admin] = places[node];
  return { intake, admin };
}
