import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import {
  addressSetting,
  choiceSetting,
  integerSetting,
  portSetting,
  privateKeySetting,
  readConfig,
  redisUrlSetting,
  StartupFault,
  secretSetting,
  splitUrls,
  Type,
  textSetting,
  urlSetting,
  urlsSetting,
} from '@keel/runtime';
import type { Address, Hex } from '@keel/types';
import type { Static } from 'typebox';
import { SIGNATURE_THREADS_UNASKED_MAX, THREADS_MAX } from './signatures/limits.ts';

const schema = Type.Object({
  KEEL_GATEWAY_HOST: textSetting('the address the gateway listens on', '127.0.0.1', '127.0.0.1'),
  KEEL_GATEWAY_PORT: portSetting(8080),
  KEEL_REDIS_URL: redisUrlSetting(),
  KEEL_INTAKE_URL: urlsSetting("the sequencer's intake", ['ws', 'wss'], 'ws://127.0.0.1:7070', 'ws://127.0.0.1:7070'),
  KEEL_INTAKE_TOKEN: secretSetting('the secret shared with the sequencer'),
  KEEL_SUBMIT_DEADLINE_MS: integerSetting('milliseconds for which a command is handed over again while nobody leads', {
    minimum: 100,
    maximum: 30_000,
    default: 5_000,
  }),
  KEEL_CHAIN_ID: integerSetting('the chain of the settlement contract', {
    minimum: 1,
    maximum: Number.MAX_SAFE_INTEGER,
    default: 31_337,
  }),
  KEEL_SETTLEMENT_ADDRESS: addressSetting('the settlement contract'),
  KEEL_USDC_ADDRESS: addressSetting('the USDC contract'),
  KEEL_SIGNATURE_THREADS: integerSetting('threads that check signatures; 0 = the event loop does', {
    minimum: 0,
    maximum: THREADS_MAX,
    default: Math.min(SIGNATURE_THREADS_UNASKED_MAX, availableParallelism() - 1),
  }),
  KEEL_ORDERS_IN_DOOR: integerSetting('orders under way before others of their class are refused', {
    minimum: 1,
    maximum: 100_000,
    default: 2_048,
  }),
  KEEL_SEQUENCER_WINDOW: integerSetting('commands that the sequencer has from this gateway before others wait here', {
    minimum: 1,
    maximum: 5_000,
    default: 256,
  }),
  KEEL_TERMINAL_DIR: textSetting(
    'the folder of the built terminal page',
    'services/terminal/dist',
    fileURLToPath(new URL('../../terminal/dist', import.meta.url)),
  ),
  KEEL_RATE_PER_MINUTE: integerSetting('HTTP requests of one address per minute', {
    minimum: 1,
    maximum: 10_000_000,
    default: 60_000,
  }),
  KEEL_WS_CLIENTS: integerSetting('WebSocket connections', { minimum: 1, maximum: 100_000, default: 2_000 }),
  KEEL_WS_CLIENTS_PER_ADDRESS: integerSetting('WebSocket connections of one network address', {
    minimum: 1,
    maximum: 100_000,
    default: 100,
  }),
  KEEL_WS_MESSAGES_PER_SECOND: integerSetting('messages of one WebSocket per second', {
    minimum: 1,
    maximum: 100_000,
    default: 1_000,
  }),
  KEEL_HYPERLIQUID: choiceSetting('whether clients of Hyperliquid are served', ['on', 'off'], 'on'),
  KEEL_HYPERLIQUID_SOURCE: choiceSetting(
    'which of their signatures are taken: of its testnet (b), or of its mainnet, too, which can be replayed there (ab)',
    ['b', 'ab'],
    'b',
  ),
  KEEL_FAUCET_PRIVATE_KEY: Type.Optional(privateKeySetting('the key of a devnet that gives test USDC away')),
  KEEL_L1_URL: Type.Optional(urlSetting('the L1 node of the faucet', ['http', 'https'], 'http://127.0.0.1:8546')),
});

/** The chain whose keys the whole world knows; elsewhere nothing is given away. */
const DEVNET_CHAIN_ID = 31_337;

/** What gives test money away. */
export interface FaucetConfig {
  readonly privateKey: Hex;
  readonly l1Url: string;
}

/** Which signatures of clients of Hyperliquid are taken: for its testnet only, for its mainnet too, or none. */
export type HyperliquidSources = 'b' | 'ab' | 'off';

export interface GatewayConfig {
  readonly host: string;
  readonly port: number;
  readonly redisUrl: string;
  /** Of all nodes; one of them leads. */
  readonly intakeUrls: readonly string[];
  readonly intakeToken: string;
  /** A signed request has its outcome by then, or is told that there is none. */
  readonly submitDeadlineMs: number;
  readonly chainId: number;
  readonly settlement: Address;
  readonly usdc: Address;
  /** 0: the event loop checks by itself. */
  readonly signatureThreads: number;
  /** Of class change, and as many of class open. */
  readonly ordersInDoor: number;
  /** Commands that are not urgent and wait for the sequencer's answer. */
  readonly sequencerWindow: number;
  readonly terminalDirectory: string;
  readonly ratePerMinute: number;
  readonly clientsMax: number;
  readonly clientsPerAddressMax: number;
  readonly messagesPerSecond: number;
  readonly hyperliquidSources: HyperliquidSources;
  /** A devnet's only. */
  readonly faucet?: FaucetConfig | undefined;
}

/** The gateway's settings from the environment. Throws ConfigError. */
export function loadConfig(env: Readonly<Record<string, string | undefined>> = process.env): GatewayConfig {
  const values = readConfig(schema, env);
  return {
    host: values.KEEL_GATEWAY_HOST,
    port: values.KEEL_GATEWAY_PORT,
    redisUrl: values.KEEL_REDIS_URL,
    intakeUrls: splitUrls(values.KEEL_INTAKE_URL),
    intakeToken: values.KEEL_INTAKE_TOKEN,
    submitDeadlineMs: values.KEEL_SUBMIT_DEADLINE_MS,
    chainId: values.KEEL_CHAIN_ID,
    settlement: values.KEEL_SETTLEMENT_ADDRESS as Address,
    usdc: values.KEEL_USDC_ADDRESS as Address,
    signatureThreads: values.KEEL_SIGNATURE_THREADS,
    ordersInDoor: values.KEEL_ORDERS_IN_DOOR,
    sequencerWindow: values.KEEL_SEQUENCER_WINDOW,
    terminalDirectory: values.KEEL_TERMINAL_DIR,
    ratePerMinute: values.KEEL_RATE_PER_MINUTE,
    clientsMax: values.KEEL_WS_CLIENTS,
    clientsPerAddressMax: values.KEEL_WS_CLIENTS_PER_ADDRESS,
    messagesPerSecond: values.KEEL_WS_MESSAGES_PER_SECOND,
    hyperliquidSources: values.KEEL_HYPERLIQUID === 'off' ? 'off' : values.KEEL_HYPERLIQUID_SOURCE,
    faucet: readFaucet(values),
  };
}

/** Throws StartupFault for a faucet that is no devnet's, or that has no L1. */
function readFaucet(values: Static<typeof schema>): FaucetConfig | undefined {
  const { KEEL_FAUCET_PRIVATE_KEY: key, KEEL_L1_URL: l1Url, KEEL_CHAIN_ID: chainId } = values;
  if (key === undefined) return undefined;
  if (chainId !== DEVNET_CHAIN_ID)
    throw new StartupFault(
      `KEEL_FAUCET_PRIVATE_KEY gives money away and is for chain ${DEVNET_CHAIN_ID} only, not ${chainId}`,
    );
  if (l1Url === undefined) throw new StartupFault('KEEL_FAUCET_PRIVATE_KEY needs KEEL_L1_URL, where it deposits');
  return { privateKey: key as Hex, l1Url };
}
