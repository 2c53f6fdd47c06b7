import { join } from 'node:path';
import { anvilSpec } from '../launcher/anvilSpec.ts';
import { checkRecordings } from '../launcher/checkRecordings.ts';
import { assertPortsFree, choosePorts } from '../launcher/choosePorts.ts';
import type { FolderKind } from '../launcher/dataFolder.ts';
import { fundLiquidator } from '../launcher/fundLiquidator.ts';
import { intakeToken } from '../launcher/intakeToken.ts';
import { assertChainHasDeposits, deployContracts } from '../launcher/l1.ts';
import { launch, type Run, startOne } from '../launcher/launch.ts';
import { localUrl } from '../launcher/localUrl.ts';
import type { StartOptions } from '../launcher/options.ts';
import { ENDLESS_RESTARTS } from '../launcher/restartPolicy.ts';
import { openScreen } from '../launcher/screen.ts';
import {
  collectorSpec,
  feederSpecs,
  gatewaySpec,
  type ServiceSettings,
  settlerSpec,
  traderSpecs,
} from '../launcher/services.ts';
import type { ProcessSpec } from '../launcher/supervisor.ts';
import { buildTerminalPage } from '../launcher/terminalPage.ts';
import { watchTrades } from '../launcher/watchTrades.ts';
import { clusterBlock } from './clusterBlock.ts';
import { readCluster } from './clusterStatus.ts';
import { etcdSpecs } from './etcdSpecs.ts';
import { CLUSTER_PORTS, type ClusterPorts, NODES, sequencerPorts } from './ports.ts';
import { redisSpecs, redisUrl, sentinelSpecs } from './redisSpecs.ts';
import { clusterSequencerSpec } from './sequencerSpec.ts';
import { waitForLeader } from './waitForLeader.ts';

const CLUSTER_FOLDER: FolderKind = {
  marker: 'keel-cluster',
  title: 'Keel cluster',
  command: 'npm run cluster -- --fresh',
};

/** What `npm run cluster` was asked for. */
export interface ClusterOptions extends StartOptions {
  /** A process that dies is started again; false leaves it until `npm run -s cluster -- start NAME`. */
  readonly restart: boolean;
}

/** Runs a cluster from nothing until somebody or something ends it. Throws DevnetFault when it cannot go on. */
export async function runCluster(repository: string, options: ClusterOptions): Promise<void> {
  const screen = openScreen(options.json, process.stdout);
  const ports = choosePorts(CLUSTER_PORTS, options.port, process.env);
  await checkRecordings(repository, options);
  await launch({
    path: options.data ?? join(repository, '.keel', 'cluster'),
    fresh: options.fresh,
    kind: CLUSTER_FOLDER,
    restarts: { ...ENDLESS_RESTARTS, leaveDead: !options.restart },
    screen,
    assertReady: () => assertPortsFree(CLUSTER_PORTS, ports),
    work: async (run) => {
      await startAll(run, { repository, options, ports });
      await watchTrades(run, {
        options,
        urls: [localUrl(ports.gateway), localUrl(ports.gateway2)],
        priceFeedAdminUrl: localUrl(ports.priceFeedAdmin),
        botsAdminUrl: localUrl(ports.botsAdmin),
        hints: hints(ports),
        block: clusterBlock,
        more: () => readCluster(ports),
      });
    },
  });
}

interface ClusterSettings {
  readonly repository: string;
  readonly options: ClusterOptions;
  readonly ports: ClusterPorts;
}

async function startAll(run: Run, { repository, options, ports }: ClusterSettings): Promise<void> {
  const { folder, screen, ending } = run;
  const l1Url = localUrl(ports.l1);
  const gatewayUrl = localUrl(ports.gateway);
  const start = (specs: readonly ProcessSpec[]): Promise<unknown> =>
    Promise.all(specs.map((spec) => startOne(run, spec)));
  const page = buildTerminalPage(repository, screen.say);
  page.catch(() => undefined);
  const redisServer = process.env.KEEL_REDIS_SERVER ?? 'redis-server';
  const etcd = start(etcdSpecs(process.env.KEEL_ETCD ?? 'etcd', ports, folder.subfolder));
  // Sentinels that begin while the primary is not there yet would begin by electing another.
  const redis = start(redisSpecs(redisServer, ports, folder.subfolder)).then(() =>
    start(sentinelSpecs(redisServer, ports, folder.subfolder)),
  );
  for (const stores of [etcd, redis]) stores.catch(() => undefined);
  await start([anvilSpec(ports.l1, folder)]);
  const deployment = await deployContracts(l1Url, folder, screen.say);
  const services: ServiceSettings = {
    repository,
    options,
    deployment,
    intakeToken: intakeToken(folder),
    redisUrl: redisUrl(ports),
    intakeUrl: NODES.map((node) => `ws://127.0.0.1:${sequencerPorts(ports, node).intake}`).join(','),
    l1Url,
    gatewayUrl,
  };
  await Promise.all([etcd, redis]);
  const builtPage = await page;
  const feeders = start(feederSpecs(services, ports));
  // What they say is heard further down; until then it must not end the process.
  feeders.catch(() => undefined);
  await start(NODES.map((node) => clusterSequencerSpec(services, ports, node, folder.subfolder(`sequencer-${node}`))));
  const leader = await waitForLeader(ports, ending.signal);
  if (leader === undefined) return;
  screen.say(`sequencer ${leader.node} leads with epoch ${leader.epoch}, at sequence ${leader.sequence}`);
  await assertChainHasDeposits(l1Url, deployment, leader.nextDepositIndex);
  const neighbours = start([
    collectorSpec(services, ports.priceFeedAdmin, ports),
    gatewaySpec(services, 'gateway-1', ports.gateway, builtPage),
    gatewaySpec(services, 'gateway-2', ports.gateway2, builtPage),
    settlerSpec(services, ports.settlerAdmin),
  ]);
  await Promise.all([feeders, neighbours]);
  // The bots fund themselves meanwhile; without its money the liquidator only watches.
  const funded = fundLiquidator(gatewayUrl, l1Url, options).catch((fault: unknown) => {
    if (!ending.signal.aborted) screen.say(`the liquidator got no money: ${String(fault)}`);
  });
  await Promise.all([funded, start(traderSpecs(services, ports))]);
}

/** What to try next. keelctl knows the usual ports by a short name. */
function hints(ports: ClusterPorts): readonly string[] {
  const urls = NODES.map((node) => localUrl(sequencerPorts(ports, node).admin));
  const nodes = ports.adminA === CLUSTER_PORTS.adminA[0] ? '--cluster local' : `--nodes ${urls.join(',')}`;
  return [
    'devnet only: every key derives from a phrase that the whole world knows',
    `try:  npm run -s keelctl -- status ${nodes}`,
    'try:  npm run -s cluster -- ps, and kill -9 the process id of who leads',
  ];
}
