import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { REJECT_CODES } from '@keel/types';
import { beforeAll, describe, expect, test } from 'vitest';
import type { HashRun } from './hashRun.ts';

const SEED = Number(process.env.KEEL_TEST_SEED ?? 1);
const COMMANDS = 200_000;
const CUT = 100_000;
/** The Node that runs Keel, and a newer one whose compiler makes other machine code of the same engine. */
const NODE = process.execPath;
const NEXT_NODE = join(import.meta.dirname, '..', '..', 'node_modules', 'node-next', 'bin', 'node');

async function run(node: string): Promise<HashRun> {
  const program = join(import.meta.dirname, 'hashRun.ts');
  const { stdout } = await promisify(execFile)(node, [program, String(SEED), String(COMMANDS), String(CUT)]);
  return JSON.parse(stdout) as HashRun;
}

describe(`the same ${COMMANDS.toLocaleString('en')} commands (seed ${SEED})`, { timeout: 300_000 }, () => {
  let first: HashRun;
  let again: HashRun;
  let next: HashRun;
  beforeAll(async () => {
    [first, again] = await Promise.all([run(NODE), run(NODE)]);
    next = await run(NEXT_NODE);
  }, 300_000);

  test('give the same event bytes and the same state root in two runs', () => {
    expect(first.eventBytes).toBeGreaterThan(COMMANDS);
    expect(again).toEqual(first);
  });

  test('give the same through a snapshot in the middle', () => {
    expect(first.restored).toEqual({ tailHash: first.tailHash, root: first.root });
  });

  test('give the same on another Node', () => {
    expect(next.node.split('.')[0]).not.toBe(first.node.split('.')[0]);
    expect({ ...next, node: first.node }).toEqual(first);
  });

  test('bring every kind of event and nearly every refusal', () => {
    const missing = EVENT_KINDS.filter((kind) => first.events[kind] === undefined);
    expect(missing).toEqual([]);
    const never = Object.keys(REJECT_CODES).filter((name) => first.refusals[name] === undefined);
    expect(never.filter((name) => !SELDOM_REFUSED.includes(name))).toEqual([]);
  });
});

const EVENT_KINDS = [
  ...['marketListed', 'accountOpened', 'depositCredited', 'commandRejected', 'agentApproved', 'agentRevoked'],
  ...['orderAccepted', 'orderDuplicated', 'orderFilled', 'orderRested', 'orderReplenished', 'orderWaiting'],
  ...['orderTriggered', 'orderAmended', 'orderClosed', 'twapStarted', 'twapSlice', 'batchItem'],
  ...['cancelAllAfterSet', 'cancelAllAfterFired', 'marketMakerProtectionSet', 'marketMakerProtectionFired'],
  ...['marketMakerProtectionReset', 'tradingStatusChanged', 'indexPriceUpdated', 'markPriceUpdated'],
  ...['fundingRateSettled', 'fundingPaid', 'liquidationStarted', 'positionCloseOut', 'insurancePaid'],
  ...['positionDeleveraged', 'liquidationEnded', 'withdrawalRequested', 'batchSealed'],
  ...[
    'collateralListed',
    'collateralPriceUpdated',
    'collateralConverted',
    'transferred',
    'leverageSet',
    'safetyFunded',
  ],
  ...['priceFeedersSet', 'priceBandTripped', 'priceBandReleased', 'marketResuming', 'marginCall', 'preLiquidation'],
  ...['liquidatorRegistered', 'auctionStarted', 'auctionStepped', 'auctionEnded', 'closeOutCertified'],
  'engineUpgraded',
];
/** What this flow need not provoke; the tables of the engine's own tests do. */
const SELDOM_REFUSED: readonly string[] = [
  ...['AGENT_EXPIRED', 'AGENT_LIMIT_REACHED', 'TOO_MANY_OPEN_ORDERS', 'DEPOSIT_TOO_LARGE', 'MARKET_SPEC_INVALID'],
  ...[
    'NOTIONAL_TOO_SMALL',
    'NONCE_ALREADY_USED',
    'BATCH_EMPTY',
    'ACCOUNTS_PER_OWNER_EXCEEDED',
    'COLLATERAL_SPEC_INVALID',
  ],
  ...['AUCTION_IS_OWN', 'AUCTION_PRICE_WORSE', 'LIQUIDATOR_MARGIN_INSUFFICIENT'],
];
