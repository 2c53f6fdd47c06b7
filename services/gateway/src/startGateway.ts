import type { Server } from 'node:http';
import { createSubmitUntil, IntakeClient, type RetryTime } from '@keel/intake';
import { openEventStream, openReadModel, type ReadModel, RedisUnfit, RedisUnreachable } from '@keel/redis';
import { createMetrics, type Logger, listenFault, StartupFault } from '@keel/runtime';
import { keelDomain } from '@keel/signing';
import { Admission } from './admission/admission.ts';
import { Budgets } from './admission/budgets.ts';
import { creditTrades } from './admission/creditTrades.ts';
import { measureDoor } from './admission/measureDoor.ts';
import { Strangers } from './admission/strangers.ts';
import { SubmitQueue } from './admission/submitQueue.ts';
import { AssetDirectory } from './assetDirectory.ts';
import { checkHeldCancel } from './commands/checkHeldCancel.ts';
import { createCommands, type SignedRequest } from './commands/createCommands.ts';
import type { CommandDoor } from './commands/signedCommand.ts';
import type { GatewayConfig } from './config.ts';
import { createApp } from './createApp.ts';
import type { Faucet } from './faucet/faucet.ts';
import { LiveFeed } from './feed/liveFeed.ts';
import { createGatewayMetrics } from './gatewayMetrics.ts';
import { createHealth } from './health.ts';
import { openHyperliquid } from './hyperliquid/openHyperliquid.ts';
import { MarketDirectory } from './marketDirectory.ts';
import { budgetRoute } from './routes/budgetRoute.ts';
import { nativeSignatures } from './signatures/signatureJob.ts';
import { SignaturePool } from './signatures/signaturePool.ts';
import { DisconnectCancels } from './socket/disconnectCancels.ts';
import { SocketServer } from './socket/socketServer.ts';
import { createProtobufForm } from './socket/wireForm.ts';
import { createReadAction } from './verify/readAction.ts';

const machineTime: RetryTime = {
  monotonicMs: () => performance.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

export interface Gateway {
  /** The port it listens on; of use when 0 was asked for. */
  readonly port: number;
  /** Stops taking requests, says goodbye to subscribers, lets go of Redis and the sequencer. */
  close(): Promise<void>;
}

/** Connects the parts and listens. Throws StartupFault when Redis is away or the port is taken. */
export async function startGateway(config: GatewayConfig, log: Logger): Promise<Gateway> {
  const { chainId, settlement, usdc } = config;
  const metrics = createMetrics('gateway');
  const gatewayMetrics = createGatewayMetrics(metrics);
  const markets = new MarketDirectory();
  const assets = new AssetDirectory();
  const readModel = await openReadModelOrFault(config.redisUrl);
  const intake = new IntakeClient({ url: config.intakeUrls, token: config.intakeToken, role: 'gateway', log });
  if (!nativeSignatures)
    log.warn('libsecp256k1 is not available here: signatures are checked in JavaScript, about 20 times slower');
  const domain = keelDomain(chainId, settlement);
  const submitUntil = createSubmitUntil({ gate: intake, time: machineTime });
  const submitQueue = new SubmitQueue({ submit: submitUntil, window: config.sequencerWindow });
  const admission = new Admission({
    inDoorMax: config.ordersInDoor,
    onShed: (requestClass) => gatewayMetrics.shed.inc({ class: requestClass }),
  });
  const budgets = new Budgets(
    () => performance.now(),
    () => gatewayMetrics.budgetRefusals.inc(),
  );
  const signatures = await SignaturePool.open({
    domain,
    threads: config.signatureThreads,
    onChecked: (seconds) => gatewayMetrics.signatureSeconds.observe(seconds),
    // Nobody caught it, so it ends the process with one sentence.
    onFault: (fault) => {
      throw fault;
    },
  });
  const door: CommandDoor = {
    domain,
    admission,
    budgets,
    strangers: new Strangers(config.ratePerMinute, () => performance.now()),
    signatures,
    submitQueue,
    submitDeadlineMs: config.submitDeadlineMs,
    metrics: gatewayMetrics,
  };
  measureDoor(metrics, door);
  const commands = createCommands(door, markets, assets);
  const network = { chainId, settlement, usdc };
  const feed = new LiveFeed({ readModel, markets, assets, network, metrics: gatewayMetrics });
  creditTrades(feed, markets, budgets);
  const events = await openEventStream(config.redisUrl, feed);
  const health = createHealth({ intake, readModel, feed });
  const app = await createApp({
    log,
    metrics,
    gatewayMetrics,
    readModel,
    markets,
    assets,
    commands,
    network,
    domain,
    readAction: createReadAction(door, markets, assets),
    faucet: await openFaucet(config, log),
    health,
    ratePerMinute: config.ratePerMinute,
    terminalDirectory: config.terminalDirectory,
  });
  budgetRoute(app, { readModel, budgets });
  const byMethod = commands.flatMap((command) =>
    command.wsMethod === undefined ? [] : [[command.wsMethod, command] as const],
  );
  const { messagesPerSecond } = config;
  const client = { feed, admission, metrics: gatewayMetrics, log, messagesPerSecond };
  const surface = { ...client, door, readModel, markets, assets, budgets };
  const hyperliquid = await openHyperliquid(app, config.hyperliquidSources, surface);
  const methods = new Map(byMethod);
  const disconnects = new DisconnectCancels({
    check: (body, from) => checkHeldCancel(door, markets, readModel, body, from),
    run: (methods.get('order.cancelAll') as SignedRequest).run,
    metrics: gatewayMetrics,
    log,
  });
  const sockets = new SocketServer(app.server as Server, {
    ...client,
    commands: methods,
    otherPaths: hyperliquid.paths,
    protobufForm: createProtobufForm(markets),
    clientsMax: config.clientsMax,
    clientsPerAddressMax: config.clientsPerAddressMax,
    disconnects,
  });
  await app.listen({ host: config.host, port: config.port }).catch((fault: unknown) => {
    throw listenFault(fault, config.port, 'KEEL_GATEWAY_PORT');
  });
  const address = app.server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : config.port,
    close: async () => {
      await sockets.close();
      await app.close();
      hyperliquid.close();
      feed.close();
      health.close();
      await events.close();
      await readModel.close();
      await intake.close();
      await signatures.close();
    },
  };
}

/** Loaded where it is wanted: what speaks to L1 costs a gateway without a faucet neither time to start nor memory. */
async function openFaucet({ faucet, settlement, usdc }: GatewayConfig, log: Logger): Promise<Faucet | undefined> {
  if (faucet === undefined) return undefined;
  const { createFaucet } = await import('./faucet/createFaucet.ts');
  return createFaucet({ ...faucet, settlement, usdc, log });
}

async function openReadModelOrFault(url: string): Promise<ReadModel> {
  try {
    return await openReadModel(url);
  } catch (fault) {
    if (fault instanceof RedisUnfit) throw new StartupFault(fault.message, { cause: fault });
    if (!(fault instanceof RedisUnreachable)) throw fault;
    throw new StartupFault(`${fault.message}: start it or set KEEL_REDIS_URL`, { cause: fault });
  }
}
