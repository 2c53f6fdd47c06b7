import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { anvilSpec } from '../launcher/anvilSpec.ts';
import { ccxtSnippet } from '../launcher/ccxtSnippet.ts';
import { checkRecordings } from '../launcher/checkRecordings.ts';
import { assertPortsFree, choosePorts } from '../launcher/choosePorts.ts';
import { DEVNET_FOLDER } from '../launcher/dataFolder.ts';
import { creditedDeposits } from '../launcher/exchangeStatus.ts';
import { fundLiquidator } from '../launcher/fundLiquidator.ts';
import { intakeToken } from '../launcher/intakeToken.ts';
import { assertChainHasDeposits, deployContracts, devnetKey, FAUCET_INDEX } from '../launcher/l1.ts';
import { launch, type Run, startOne } from '../launcher/launch.ts';
import { localUrl } from '../launcher/localUrl.ts';
import { openCcxtAccount } from '../launcher/openCcxtAccount.ts';
import type { StartOptions } from '../launcher/options.ts';
import { FEW_RESTARTS } from '../launcher/restartPolicy.ts';
import { openScreen } from '../launcher/screen.ts';
import {
  collectorSpec,
  feederSpecs,
  gatewaySpec,
  type ServiceSettings,
  sequencerSpec,
  settlerSpec,
  traderSpecs,
} from '../launcher/services.ts';
import { statusBlock } from '../launcher/statusBlock.ts';
import type { ProcessSpec } from '../launcher/supervisor.ts';
import { buildTerminalPage } from '../launcher/terminalPage.ts';
import { watchTrades } from '../launcher/watchTrades.ts';
import { DEVNET_PORTS, type DevnetPorts } from './ports.ts';
import { redisSpec } from './redisSpec.ts';
import { compareWithStop, rememberStop, tellOfUpdates } from './resume.ts';

/** Runs a devnet from nothing until somebody or something ends it. Throws DevnetFault when it cannot go on. */
export async function runDevnet(repository: string, options: StartOptions): Promise<void> {
  const screen = openScreen(options.json, process.stdout);
  const ports = choosePorts(DEVNET_PORTS, options.port, process.env);
  await checkRecordings(repository, options);
  await launch({
    path: options.data ?? join(repository, '.keel', 'devnet'),
    fresh: options.fresh,
    kind: DEVNET_FOLDER,
    restarts: FEW_RESTARTS,
    screen,
    assertReady: () => assertPortsFree(DEVNET_PORTS, ports),
    work: async (run) => {
      await startAll(run, { repository, options, ports });
      await watchTrades(run, {
        options,
        urls: [localUrl(ports.gateway)],
        priceFeedAdminUrl: localUrl(ports.priceFeedAdmin),
        botsAdminUrl: localUrl(ports.botsAdmin),
        hints: ['devnet only: every key derives from a phrase that the whole world knows'],
        block: statusBlock,
      });
    },
    whenStopped: ({ supervisor, folder }) => {
      const sequencerLog = supervisor.logPath('sequencer');
      if (existsSync(sequencerLog)) rememberStop(sequencerLog, folder);
    },
  });
}

const CCXT_TITLE =
  'a ccxt bot for this exchange: npm install ccxt in a folder of its own, save as bot.mjs, node bot.mjs';

interface DevnetSettings {
  readonly repository: string;
  readonly options: StartOptions;
  readonly ports: DevnetPorts;
}

async function startAll(run: Run, { repository, options, ports }: DevnetSettings): Promise<void> {
  const { folder, supervisor, screen, ending } = run;
  const l1Url = localUrl(ports.l1);
  const gatewayUrl = localUrl(ports.gateway);
  const start = (spec: ProcessSpec): Promise<void> => startOne(run, spec);
  const page = buildTerminalPage(repository, screen.say);
  page.catch(() => undefined);
  const redisServer = process.env.KEEL_REDIS_SERVER ?? 'redis-server';
  const redis = redisSpec(ports.redis, folder.subfolder('redis'), redisServer);
  await Promise.all([start(redis), start(anvilSpec(ports.l1, folder))]);
  const deployment = await deployContracts(l1Url, folder, screen.say);
  const services: ServiceSettings = {
    repository,
    options,
    deployment,
    intakeToken: intakeToken(folder),
    redisUrl: `redis://127.0.0.1:${ports.redis}`,
    intakeUrl: `ws://127.0.0.1:${ports.intake}`,
    l1Url,
    gatewayUrl,
  };
  const builtPage = await page;
  const feeders = Promise.all(feederSpecs(services, ports).map(start));
  // What they say is heard further down; until then it must not end the process.
  feeders.catch(() => undefined);
  const sequencer = sequencerSpec(services, {
    name: 'sequencer',
    intakePort: ports.intake,
    adminPort: ports.sequencerAdmin,
    dataDir: folder.subfolder('journal'),
  });
  await start(sequencer).catch((fault: unknown) => {
    throw tellOfUpdates(fault, folder);
  });
  if (ending.signal.aborted) return;
  const resumed = compareWithStop(supervisor.logPath('sequencer'), folder);
  if (resumed !== undefined) screen.say(resumed);
  await assertChainHasDeposits(l1Url, deployment, await creditedDeposits(localUrl(ports.sequencerAdmin)));
  const neighbours = [
    collectorSpec(services, ports.priceFeedAdmin, ports),
    gatewaySpec(services, 'gateway', ports.gateway, builtPage, { KEEL_FAUCET_PRIVATE_KEY: devnetKey(FAUCET_INDEX) }),
    settlerSpec(services, ports.settlerAdmin),
  ];
  await Promise.all([feeders, ...neighbours.map(start)]);
  // The bots fund themselves meanwhile; without its money the liquidator only watches.
  const funded = fundLiquidator(gatewayUrl, l1Url, options).catch((fault: unknown) => {
    if (!ending.signal.aborted) screen.say(`the liquidator got no money: ${String(fault)}`);
  });
  // Nobody waits for it: the deposit takes its time on L1.
  openCcxtAccount(gatewayUrl, deployment.settlement, ending.signal)
    .then(({ owner, agentKey }) => screen.hand(CCXT_TITLE, ccxtSnippet(gatewayUrl, owner, agentKey)))
    .catch((fault: unknown) => {
      if (!ending.signal.aborted) screen.say(`no account for a ccxt bot: ${String(fault)}`);
    });
  await Promise.all([funded, ...traderSpecs(services, ports).map(start)]);
}
