import { randomBytes } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkRecordings } from '../launcher/checkRecordings.ts';
import { assertPortsFree, choosePorts } from '../launcher/choosePorts.ts';
import { type DataFolder, readJson, takeDataFolder } from '../launcher/dataFolder.ts';
import { type Ending, listenForTheEnd } from '../launcher/ending.ts';
import { creditedDeposits, readExchangeStatus } from '../launcher/exchangeStatus.ts';
import { fundLiquidator } from '../launcher/fundLiquidator.ts';
import { assertChainHasDeposits, deployContracts } from '../launcher/l1.ts';
import type { StartOptions } from '../launcher/options.ts';
import { readRecordings } from '../launcher/recordings.ts';
import { openScreen, type Screen } from '../launcher/screen.ts';
import {
  anvilSpec,
  botsAdminUrl,
  type DevnetSettings,
  gatewayUrl,
  l1Url,
  priceFeedAdminUrl,
  redisSpec,
  sequencerAdminUrl,
  serviceSpecs,
} from '../launcher/services.ts';
import { openSupervisor, type Supervisor } from '../launcher/supervisor.ts';
import { buildTerminalPage } from '../launcher/terminalPage.ts';
import { watchExchange } from '../launcher/watchExchange.ts';
import { compareWithStop, rememberStop, tellOfUpdates } from './resume.ts';

interface Devnet {
  readonly settings: DevnetSettings;
  readonly supervisor: Supervisor;
  readonly screen: Screen;
  readonly ending: Ending;
}

/** Runs a devnet from nothing until somebody or something ends it. Throws DevnetFault when it cannot go on. */
export async function runDevnet(repository: string, options: StartOptions): Promise<void> {
  const screen = openScreen(options.json, process.stdout);
  const ports = choosePorts(options.port, process.env);
  const path = options.data ?? join(repository, '.keel', 'devnet');
  await checkRecordings(repository, options);
  const folder = await takeDataFolder(path, options.fresh, screen.say, () => assertPortsFree(ports));
  try {
    const ending = listenForTheEnd(screen.say);
    const supervisor = openSupervisor({ folder, say: screen.say, giveUp: ending.fail });
    const redisServer = process.env.KEEL_REDIS_SERVER ?? 'redis-server';
    const settings = { repository, options, ports, folder, intakeToken: intakeToken(folder), redisServer };
    await runUntilTheEnd({ settings, supervisor, screen, ending });
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
  const url = gatewayUrl(settings.ports);
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
      : () => readRecordings(priceFeedAdminUrl(settings.ports), botsAdminUrl(settings.ports));
  await watchExchange({ url, screen, startedAtMs, tradesBefore, recordings, stop: ending.signal, onFirstTrade });
}

async function startAll({ settings, supervisor, screen, ending }: Devnet): Promise<void> {
  const { ports, folder } = settings;
  const startOne = async (spec: Parameters<Supervisor['start']>[0]): Promise<void> => {
    if (ending.signal.aborted) return;
    screen.say(`starting ${spec.name}`);
    await supervisor.start(spec);
  };
  const page = buildTerminalPage(settings.repository, screen.say);
  page.catch(() => undefined);
  await Promise.all([startOne(redisSpec(settings)), startOne(anvilSpec(settings))]);
  const deployment = await deployContracts(l1Url(ports), folder, screen.say);
  const specs = serviceSpecs(settings, deployment, await page);
  const feeders = Promise.all(specs.feeders.map(startOne));
  // What they say is heard further down; until then it must not end the process.
  feeders.catch(() => undefined);
  await startOne(specs.sequencer).catch((fault: unknown) => {
    throw tellOfUpdates(fault, folder);
  });
  if (ending.signal.aborted) return;
  const resumed = compareWithStop(supervisor.logPath('sequencer'), folder);
  if (resumed !== undefined) screen.say(resumed);
  await assertChainHasDeposits(l1Url(ports), deployment, await creditedDeposits(sequencerAdminUrl(ports)));
  await Promise.all([feeders, ...specs.neighbours.map(startOne)]);
  // The bots fund themselves meanwhile; without its money the liquidator only watches.
  const funded = fundLiquidator(gatewayUrl(ports), l1Url(ports), settings.options).catch((fault: unknown) => {
    if (!ending.signal.aborted) screen.say(`the liquidator got no money: ${String(fault)}`);
  });
  await Promise.all([funded, ...specs.traders.map(startOne)]);
}

/** The secret that the services of this devnet share; made once, readable by its owner alone. */
function intakeToken(folder: DataFolder): string {
  const known = readJson<{ readonly intakeToken: string }>(folder.secrets);
  if (known !== undefined) return known.intakeToken;
  const made = randomBytes(32).toString('hex');
  writeFileSync(folder.secrets, `${JSON.stringify({ intakeToken: made })}\n`, { mode: 0o600 });
  return made;
}
