import {
  addressSetting,
  integerSetting,
  numberSetting,
  portSetting,
  privateKeySetting,
  readConfig,
  StartupFault,
  Type,
  textSetting,
  urlSetting,
} from '@keel/runtime';
import { type Address, assert, type Hex } from '@keel/types';
import { toHex } from 'viem';
import { mnemonicToAccount } from 'viem/accounts';

const schema = Type.Object({
  KEEL_ADMIN_PORT: portSetting(7074),
  KEEL_ADMIN_HOST: textSetting('the address the admin port listens on', '127.0.0.1', '127.0.0.1'),
  KEEL_GATEWAY_URL: urlSetting('the gateway', ['http', 'https'], 'http://127.0.0.1:8080', 'http://127.0.0.1:8080'),
  KEEL_L1_URL: urlSetting('the L1 node', ['http', 'https'], 'http://127.0.0.1:8546', 'http://127.0.0.1:8546'),
  KEEL_SETTLEMENT_ADDRESS: addressSetting('the settlement contract'),
  KEEL_USDC_ADDRESS: addressSetting('the test USDC token'),
  KEEL_CHAIN_ID: integerSetting('the chain id of L1', { minimum: 1, maximum: 2 ** 53 - 1, default: 31_337 }),
  KEEL_BOTS_FUNDER_KEY: Type.Optional(privateKeySetting('the key that pays gas and deposits for the bots')),
  KEEL_MNEMONIC: Type.Optional(Type.String({ description: 'the phrase of a devnet chain', secret: true })),
  KEEL_BOTS_SEED: textSetting('the seed of keys and behaviour', 'devnet', 'devnet'),
  KEEL_BOTS_MAKERS: integerSetting('how many makers', { minimum: 0, maximum: 20, default: 3 }),
  KEEL_BOTS_TAKERS: integerSetting('how many takers', { minimum: 0, maximum: 100, default: 8 }),
  KEEL_BOTS_ORDERS_PER_SECOND: numberSetting('orders and cancels per second of all makers and takers together', {
    minimum: 0.1,
    maximum: 1_000,
    default: 40,
  }),
  KEEL_ORDERS_FILE: Type.Optional(textSetting('a LOBSTER message file, .csv or .csv.gz', 'messages.csv.gz')),
  KEEL_ORDERS_MARKET: textSetting('the market the file is played in', 'ETH-USD', 'ETH-USD'),
  KEEL_ORDERS_SPEED: numberSetting('recorded seconds per second, 0 = as fast as acknowledged', {
    minimum: 0,
    maximum: 3_600,
    default: 10,
  }),
  KEEL_ORDERS_LOTS_PER_SHARE: integerSetting('lots per share of the file, 0 = the fewest that one share may trade', {
    minimum: 0,
    maximum: 1_000_000,
    default: 0,
  }),
  KEEL_ORDERS_ACCOUNTS: integerSetting('accounts per side whose orders rest', { minimum: 1, maximum: 50, default: 4 }),
});

/** The recording to play. */
export interface OrdersConfig {
  readonly file: string;
  readonly symbol: string;
  readonly speed: number;
  /** 0 = `fewestLots` decides. */
  readonly lotsPerShare: number;
  readonly accountsPerSide: number;
}

export interface BotsConfig {
  readonly adminPort: number;
  readonly adminHost: string;
  readonly gatewayUrl: string;
  readonly l1Url: string;
  readonly settlement: Address;
  readonly usdc: Address;
  readonly chainId: number;
  readonly funderKey: Hex;
  readonly seed: string;
  readonly makers: number;
  readonly takers: number;
  readonly ordersPerSecond: number;
  readonly orders: OrdersConfig | undefined;
}

/** The settings of this process. Throws ConfigError or StartupFault with one sentence. */
export function loadConfig(): BotsConfig {
  const env = readConfig(schema, process.env);
  const file = env.KEEL_ORDERS_FILE;
  return {
    adminPort: env.KEEL_ADMIN_PORT,
    adminHost: env.KEEL_ADMIN_HOST,
    gatewayUrl: env.KEEL_GATEWAY_URL,
    l1Url: env.KEEL_L1_URL,
    settlement: env.KEEL_SETTLEMENT_ADDRESS as Address,
    usdc: env.KEEL_USDC_ADDRESS as Address,
    chainId: env.KEEL_CHAIN_ID,
    funderKey: funderKey(env.KEEL_BOTS_FUNDER_KEY as Hex | undefined, env.KEEL_MNEMONIC),
    seed: env.KEEL_BOTS_SEED,
    makers: env.KEEL_BOTS_MAKERS,
    takers: env.KEEL_BOTS_TAKERS,
    ordersPerSecond: env.KEEL_BOTS_ORDERS_PER_SECOND,
    orders:
      file === undefined
        ? undefined
        : {
            file,
            symbol: env.KEEL_ORDERS_MARKET,
            speed: env.KEEL_ORDERS_SPEED,
            lotsPerShare: env.KEEL_ORDERS_LOTS_PER_SHARE,
            accountsPerSide: env.KEEL_ORDERS_ACCOUNTS,
          },
  };
}

/** Account 0 of a devnet's phrase is the operator, whose L1 nonces must stay its own; the bots spend from account 1. */
function funderKey(key: Hex | undefined, mnemonic: string | undefined): Hex {
  if (key !== undefined) return key;
  if (mnemonic === undefined)
    throw new StartupFault('configuration: set KEEL_BOTS_FUNDER_KEY to a private key that has gas, or KEEL_MNEMONIC');
  const bytes = mnemonicToAccount(mnemonic, { addressIndex: 1 }).getHdKey().privateKey;
  assert(bytes !== null, 'a phrase gives a private key');
  return toHex(bytes);
}
