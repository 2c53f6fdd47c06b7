import type { Ports, PortTable } from '../launcher/choosePorts.ts';

/** Beside the gateway's. */
export const DEVNET_PORTS = {
  redis: [6390, 'KEEL_DEVNET_REDIS_PORT', 'Redis'],
  l1: [8546, 'KEEL_DEVNET_L1_PORT', 'anvil'],
  intake: [7070, 'KEEL_DEVNET_INTAKE_PORT', 'sequencer intake'],
  sequencerAdmin: [7071, 'KEEL_DEVNET_SEQUENCER_ADMIN_PORT', 'sequencer admin'],
  settlerAdmin: [7072, 'KEEL_DEVNET_SETTLER_ADMIN_PORT', 'settler admin'],
  priceFeedAdmin: [7073, 'KEEL_DEVNET_PRICE_FEED_ADMIN_PORT', 'price feed admin'],
  botsAdmin: [7074, 'KEEL_DEVNET_BOTS_ADMIN_PORT', 'bots admin'],
  feeder1: [7075, 'KEEL_DEVNET_FEEDER_1_PORT', 'price feeder 1'],
  feeder2: [7076, 'KEEL_DEVNET_FEEDER_2_PORT', 'price feeder 2'],
  feeder3: [7077, 'KEEL_DEVNET_FEEDER_3_PORT', 'price feeder 3'],
  feeder4: [7078, 'KEEL_DEVNET_FEEDER_4_PORT', 'price feeder 4'],
  liquidatorAdmin: [7079, 'KEEL_DEVNET_LIQUIDATOR_ADMIN_PORT', 'liquidator admin'],
} as const satisfies PortTable<string>;

export type DevnetPorts = Ports<keyof typeof DEVNET_PORTS>;
