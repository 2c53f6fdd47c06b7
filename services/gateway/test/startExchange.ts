import { setTimeout as sleep } from 'node:timers/promises';
import { type IntakeRole, IntakeServer } from '@keel/intake';
import { openReadModelWriter, type ReadModelWriter } from '@keel/redis';
import { createLogger, type Logger } from '@keel/runtime';
import { freePort, startRedis } from '@keel/test-servers';
import { type Command, type Event, type EventBlock, type SequencerStatus, toSequence } from '@keel/types';
import type { GatewayConfig } from '../src/config.ts';
import { type Gateway, startGateway } from '../src/startGateway.ts';
import { holdToSchema } from './holdToSchema.ts';
import { fullAt } from './readModelOf.ts';

export const SETTLEMENT = `0x${'5e'.repeat(20)}` as const;
export const CHAIN_ID = 31_337;
const TOKEN = 'ab'.repeat(20);
const ZERO_ROOT = `0x${'00'.repeat(32)}` as const;

/** A gateway on a free port with a real Redis and a real intake; what commands do is scripted by the test. */
export interface Exchange {
  readonly url: string;
  readonly port: number;
  readonly redisUrl: string;
  readonly gateway: Gateway;
  readonly writer: ReadModelWriter;
  /** Commands that reached the intake. */
  readonly commands: Command[];
  /** What the next commands do; default: nothing but their sequence. */
  onCommand: (command: Command) => readonly Event[] | Promise<readonly Event[]>;
  killRedis(): Promise<void>;
  restartRedis(): Promise<void>;
  stopIntake(): Promise<void>;
  startIntake(): Promise<void>;
  get(path: string): Promise<Answer>;
  post(path: string, body: unknown, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  stop(): Promise<void>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The JSON of the answer; empty for other kinds. Its fields are checked by the tests that look at them. */
  readonly body: Readonly<Record<string, unknown>> & {
    /** Of problem details. */
    readonly code: string;
    readonly number: number;
    readonly retryable: boolean;
    readonly details: Record<string, unknown>;
    readonly requestId: string;
    readonly sequence: number;
    readonly liquidations: readonly unknown[];
  };
}

export async function startExchange(
  settings: Partial<GatewayConfig> = {},
  log: Logger = createLogger({ service: 'gateway-test', level: 'silent' }),
): Promise<Exchange> {
  const redis = await startRedis();
  const intakePort = await freePort();
  const redisUrl = redis.url;
  const writer = await connected(() => openReadModelWriter(redisUrl));
  await writer.rebuild(fullAt(1));

  const commands: Command[] = [];
  let sequence = 1;
  const handler = {
    submit: async (_role: IntakeRole, command: Command): Promise<EventBlock> => {
      commands.push(command);
      sequence += 1;
      const at = toSequence(sequence);
      return { sequence: at, timeMs: 1_000, events: await exchange.onCommand(command) };
    },
    batch: async () => undefined,
    status: (): SequencerStatus => ({
      sequence: toSequence(1),
      timeMs: 1_000,
      stateRoot: ZERO_ROOT,
      lastBatchIndex: -1,
      nextDepositIndex: 0,
      nextWithdrawalIndex: 0,
      accounts: 1,
      openOrders: 0,
      markets: [],
      collaterals: [],
      feeders: [],
    }),
  };
  const newIntake = () => new IntakeServer({ host: '127.0.0.1', port: intakePort, token: TOKEN, handler });
  let intake = newIntake();
  await intake.listen();
  const gateway = await startGateway(
    {
      host: '127.0.0.1',
      port: 0,
      redisUrl,
      intakeUrls: [`ws://127.0.0.1:${intakePort}`],
      submitDeadlineMs: 500,
      intakeToken: TOKEN,
      chainId: CHAIN_ID,
      settlement: SETTLEMENT,
      usdc: `0x${'c0'.repeat(20)}`,
      terminalDirectory: '/no/such/folder',
      ratePerMinute: 100_000,
      clientsMax: 50,
      clientsPerAddressMax: 50,
      messagesPerSecond: 10_000,
      signatureThreads: 1,
      ordersInDoor: 2_048,
      sequencerWindow: 256,
      hyperliquidSources: 'b',
      ...settings,
    },
    log,
  );
  const url = `http://127.0.0.1:${gateway.port}`;
  const exchange: Exchange = {
    url,
    port: gateway.port,
    redisUrl,
    gateway,
    writer,
    commands,
    onCommand: () => [],
    killRedis: redis.kill,
    restartRedis: async () => {
      await redis.restart();
      await until(() => writer.connected);
    },
    stopIntake: () => intake.close(),
    startIntake: async () => {
      intake = newIntake();
      await intake.listen();
    },
    get: async (path) => {
      const answer = await read(fetch(url + path));
      await holdToSchema(url, 'get', path, answer);
      return answer;
    },
    post: async (path, body, headers = {}) => {
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      const answer = await read(
        fetch(url + path, { method: 'POST', body: text, headers: { 'content-type': 'application/json', ...headers } }),
      );
      await holdToSchema(url, 'post', path, answer);
      return answer;
    },
    stop: async () => {
      await gateway.close();
      await writer.close();
      await intake.close();
      await redis.stop();
    },
  };
  await until(async () => (await exchange.get('/readyz')).status === 200);
  return exchange;
}

/** What problem details say as an error over WebSocket says it. */
export function factsOf({ code, number, title, retryable, details }: Answer['body']): object {
  return { code, number, message: title, retryable, details };
}

async function read(response: Promise<Response>): Promise<Answer> {
  const { status, headers, text } = await response.then(async (answer) => ({
    status: answer.status,
    headers: answer.headers,
    text: await answer.text(),
  }));
  const isJson = /^application\/(problem\+)?json/.test(headers.get('content-type') ?? '');
  return { status, headers, text, body: (isJson ? JSON.parse(text) : {}) as Answer['body'] };
}

async function connected<Result>(connect: () => Promise<Result>): Promise<Result> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await connect();
    } catch (fault) {
      if (attempt > 200) throw fault;
      await sleep(20);
    }
  }
}

/** Waits until `condition` holds; the test's own time limit ends a wait that never does. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await sleep(5);
}
