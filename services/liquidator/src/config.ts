import {
  addressSetting,
  integerSetting,
  portSetting,
  privateKeySetting,
  readConfig,
  StartupFault,
  Type,
  textSetting,
  urlSetting,
} from '@keel/runtime';
import { type Address, type Hex, isSubaccount, PPM } from '@keel/types';
import type { TakingRules } from './decideAuction.ts';
import type { UnwindRules } from './unwindOrder.ts';

/** Quote atoms in a USDC. */
const USDC = 1_000_000;
/** Notional of one limit: a hundred million USDC, far below where sums leave the safe integers. */
const LIMIT_USDC_MAX = 100_000_000;

const usdcSetting = (meaning: string, usual: number) =>
  integerSetting(`${meaning}, in USDC`, { minimum: 0, maximum: LIMIT_USDC_MAX, default: usual });
const ppmSetting = (meaning: string, usual: number, maximum = PPM) =>
  integerSetting(`${meaning}, in parts of a million`, { minimum: 0, maximum, default: usual });

const schema = Type.Object({
  KEEL_ADMIN_PORT: portSetting(7079),
  KEEL_ADMIN_HOST: textSetting('the address the admin port listens on', '127.0.0.1', '127.0.0.1'),
  KEEL_GATEWAY_URL: urlSetting('the gateway', ['http', 'https'], 'http://127.0.0.1:8080', 'http://127.0.0.1:8080'),
  KEEL_LIQUIDATOR_KEY: privateKeySetting('the key of the liquidator, or of an agent of its account'),
  KEEL_LIQUIDATOR_ACCOUNT: Type.Optional(addressSetting('the account of which the key is an agent')),
  KEEL_LIQUIDATOR_SUBACCOUNT: integerSetting("which of the owner's accounts takes, 0 = the main one", {
    minimum: 0,
    maximum: 2 ** 32,
    default: 0,
  }),
  KEEL_LIQUIDATOR_MIN_EDGE_PPM: ppmSetting('what a lot must earn beyond fee and slippage', 2_000),
  KEEL_LIQUIDATOR_BAND_PPM: ppmSetting('how far from mark it unwinds at most', 5_000, 100_000),
  KEEL_LIQUIDATOR_HOLD_SECONDS: integerSetting('how long it waits for its entry price, in seconds', {
    minimum: 1,
    maximum: 86_400,
    default: 120,
  }),
  KEEL_LIQUIDATOR_AUCTION_USDC: usdcSetting('the most it takes of one auction', 25_000),
  KEEL_LIQUIDATOR_POSITION_USDC: usdcSetting('the largest position in one market', 50_000),
  KEEL_LIQUIDATOR_BUDGET_USDC: usdcSetting('all positions together', 100_000),
  KEEL_LIQUIDATOR_MARGIN_USE_PPM: ppmSetting('the part of its free margin that one take may use', 500_000),
});

export interface LiquidatorConfig {
  readonly adminPort: number;
  readonly adminHost: string;
  readonly gatewayUrl: string;
  readonly privateKey: Hex;
  /** Default: the key's own. */
  readonly account: Address | undefined;
  readonly subaccount: number;
  readonly rules: TakingRules & UnwindRules;
}

/** The settings of this process. Throws ConfigError or StartupFault with one sentence. */
export function loadConfig(): LiquidatorConfig {
  const env = readConfig(schema, process.env);
  const subaccount = env.KEEL_LIQUIDATOR_SUBACCOUNT;
  if (!isSubaccount(subaccount))
    throw new StartupFault(`configuration: KEEL_LIQUIDATOR_SUBACCOUNT ${subaccount} is no number of an account`);
  return {
    adminPort: env.KEEL_ADMIN_PORT,
    adminHost: env.KEEL_ADMIN_HOST,
    gatewayUrl: env.KEEL_GATEWAY_URL,
    privateKey: env.KEEL_LIQUIDATOR_KEY as Hex,
    account: env.KEEL_LIQUIDATOR_ACCOUNT as Address | undefined,
    subaccount,
    rules: {
      minEdgePpm: env.KEEL_LIQUIDATOR_MIN_EDGE_PPM,
      bandPpm: env.KEEL_LIQUIDATOR_BAND_PPM,
      holdMs: env.KEEL_LIQUIDATOR_HOLD_SECONDS * 1_000,
      auctionAtomsMax: env.KEEL_LIQUIDATOR_AUCTION_USDC * USDC,
      positionAtomsMax: env.KEEL_LIQUIDATOR_POSITION_USDC * USDC,
      budgetAtoms: env.KEEL_LIQUIDATOR_BUDGET_USDC * USDC,
      marginUsePpm: env.KEEL_LIQUIDATOR_MARGIN_USE_PPM,
    },
  };
}
