import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { anvilSpec } from '../launcher/anvilSpec.ts';
import { checkRecordings } from '../launcher/checkRecordings.ts';
import { assertPortsFree, choosePorts } from '../launcher/choosePorts.ts';
import { type DataFolder, takeDataFolder } from '../launcher/dataFolder.ts';
import { type Ending, listenForTheEnd } from '../launcher/ending.ts';
import { creditedDeposits, readExchangeStatus } from '../launcher/exchangeStatus.ts';
import { fundLiquidator } from '../launcher/fundLiquidator.ts';
import { intakeToken } from '../launcher/intakeToken.ts';
import { assertChainHasDeposits, deployContracts } from '../launcher/l1.ts';
import type { StartOptions } from '../launcher/options.ts';
import { readRecordings } from '../launcher/recordings.ts';
import { openScreen, type Screen } from '../launcher/screen.ts';
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
import { openSupervisor, type Supervisor } from '../launcher/supervisor.ts';
import { buildTerminalPage } from '../launcher/terminalPage.ts';
import { watchExchange } from '../launcher/watchExchange.ts';
import { DEVNET_PORTS, type DevnetPorts } from './ports.ts';
import { redisSpec } from './redisSpec.ts';
import { compareWithStop, rememberStop, tellOfUpdates } from './resume.ts';

/** What one devnet has been told and what it has taken. */
interface DevnetSettings {
  readonly repository: string;
  readonly options: StartOptions;
  readonly ports: DevnetPorts;
  readonly folder: DataFolder;
}

interface Devnet {
  readonly settings: DevnetSettings;
  readonly supervisor: Supervisor;
  readonly screen: Screen;
  readonly ending: Ending;
}

/** Runs a devnet from nothing until somebody or something ends it. Throws DevnetFault when it cannot go on. */
export async function runDevnet(repository: string, options: StartOptions): Promise<void> {
  const screen = openScreen(options.json, process.stdout);
  const ports = choosePorts(DEVNET_PORTS, options.port, process.env);
  const path = options.data ?? join(repository, '.keel', 'devnet');
  await checkRecordings(repository, options);
  const folder = await takeDataFolder(path, {
    fresh: options.fresh,
    say: screen.say,
    assertReady: () => assertPortsFree(DEVNET_PORTS, ports),
  });
  try {
    const ending = listenForTheEnd(screen.say);
    const supervisor = openSupervisor({ folder, say: screen.say, giveUp: ending.fail });
    await runUntilTheEnd({ settings: { repository, options, ports, folder }, supervisor, screen, ending });
  } finally {
    folder.release();
  }
}

async function runUntilTheEnd(devnet: Devnet): Promise<void> {
  const { ending, screen, supervisor } = devnet;
  try {
    const work = startAndWatch(devnet);
    // Whichever comes first; what the other still says is of no interest once everything is being stopped.
    work.catch(() => undefined);
    await Promise.race([work, ending.ended]);
  } finally {
    ending.finish();
    screen.leave();
    screen.say('stopping');
    await supervisor.stopAll();
    const sequencerLog = supervisor.logPath('sequencer');
    if (existsSync(sequencerLog)) rememberStop(sequencerLog, devnet.settings.folder);
    screen.say('everything is stopped');
  }
}

async function startAndWatch(devnet: Devnet): Promise<void> {
  const { settings, screen, ending } = devnet;
  await startAll(devnet);
  const { ports } = settings;
  const url = localUrl(ports.gateway);
  const { startedAtMs, once, seconds } = settings.options;
  const tradesBefore = (await readExchangeStatus(url))?.counters.trades ?? 0;
  screen.say(`everything runs after ${((Date.now() - startedAtMs) / 1000).toFixed(1)} s; Ctrl-C stops it`);
  // Counted from here: how long a start takes is the machine's affair, not the person's.
  if (seconds !== undefined) ending.finishAfter(seconds);
  screen.say('devnet only: every key derives from a phrase that the whole world knows');
  const onFirstTrade = (seconds: number): void => {
    screen.say(`first trade ${seconds.toFixed(1)} s after the command`);
    if (once) ending.finish();
  };
  const { replay, orders } = settings.options;
  const recordings =
    replay === undefined && orders === undefined
      ? undefined
      : () => readRecordings(localUrl(ports.priceFeedAdmin), localUrl(ports.botsAdmin));
  await watchExchange({
    url,
    block: statusBlock,
    screen,
    startedAtMs,
    tradesBefore,
    recordings,
    stop: ending.signal,
    onFirstTrade,
  });
}

async function startAll({ settings, supervisor, screen, ending }: Devnet): Promise<void> {
  const { repository, options, ports, folder } = settings;
  const l1Url = localUrl(ports.l1);
  const gatewayUrl = localUrl(ports.gateway);
  const startOne = async (spec: Parameters<Supervisor['start']>[0]): Promise<void> => {
    if (ending.signal.aborted) return;
    screen.say(`starting ${spec.name}`);
    await supervisor.start(spec);
  };
  const page = buildTerminalPage(repository, screen.say);
  page.catch(() => undefined);
  const redisServer = process.env.KEEL_REDIS_SERVER ?? 'redis-server';
  const redis = redisSpec(ports.redis, folder.subfolder('redis'), redisServer);
  await Promise.all([startOne(redis), startOne(anvilSpec(ports.l1, folder))]);
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
  const feeders = Promise.all(feederSpecs(services, ports).map(startOne));
  // What they say is heard further down; until then it must not end the process.
  feeders.catch(() => undefined);
  const sequencer = sequencerSpec(services, {
    name: 'sequencer',
    intakePort: ports.intake,
    adminPort: ports.sequencerAdmin,
    dataDir: folder.subfolder('journal'),
  });
  await startOne(sequencer).catch((fault: unknown) => {
    throw tellOfUpdates(fault, folder);
  });
  if (ending.signal.aborted) return;
  const resumed = compareWithStop(supervisor.logPath('sequencer'), folder);
  if (resumed !== undefined) screen.say(resumed);
  await assertChainHasDeposits(l1Url, deployment, await creditedDeposits(localUrl(ports.sequencerAdmin)));
  const neighbours = [
    collectorSpec(services, ports.priceFeedAdmin, ports),
    gatewaySpec(services, 'gateway', ports.gateway, builtPage),
    settlerSpec(services, ports.settlerAdmin),
  ];
  await Promise.all([feeders, ...neighbours.map(startOne)]);
  // The bots fund themselves meanwhile; without its money the liquidator only watches.
  const funded = fundLiquidator(gatewayUrl, l1Url, options).catch((fault: unknown) => {
    if (!ending.signal.aborted) screen.say(`the liquidator got no money: ${String(fault)}`);
  });
  await Promise.all([funded, ...traderSpecs(services, ports).map(startOne)]);
}

const localUrl = (port: number): string => `http://127.0.0.1:${port}`;
