import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Account, KeelClient, KeelError, type NewOrder, type SubmitOptions } from '@keel/client';
import { IntakeClient } from '@keel/intake';
import { addressOfKey } from '@keel/signing';
import {
  type Command,
  type Hex,
  isolatedSubaccount,
  type MarketSpec,
  type PriceReport,
  REJECT_CODES,
  type RejectCode,
  type RejectName,
  rejectName,
  toAssetId,
  toMarketId,
} from '@keel/types';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { waitFor } from '../e2e/waitFor.ts';
import { rootsWithoutRefusals } from './rootsWithoutRefusals.ts';
import { collateralSpec, marketSpec } from './specs.ts';
import { type Door, startDoor } from './startDoor.ts';

/** Every refusal as the outside gets it: over REST by traders, over the intake by price feed, settler and operator. */
const USDC = 1_000_000;
const keyOf = (digits: string): Hex => `0x${digits.repeat(32)}`;
const NOBODY_KEY = keyOf('c9');
const AGENT_KEY = keyOf('c8');

const FIRST = 'TST-USD';
const FIRST_ID = 4;
/** Where trading stops and accounts are liquidated, so that no other test notices. */
const SECOND = 'LIQ-USD';
const SECOND_ID = 5;
/** Isolated in the second market. */
const ISOLATED = isolatedSubaccount(0, toMarketId(SECOND_ID));

let door: Door;
let ann: KeelClient;
let bob: KeelClient;
let cat: KeelClient;
let dan: KeelClient;
let nobody: KeelClient;
let operator: IntakeClient;
let feeder: IntakeClient;
let settler: IntakeClient;
const fetched = vi.spyOn(globalThis, 'fetch');

beforeAll(async () => {
  door = await startDoor();
  const client = (digits: string) => new KeelClient({ url: door.url, privateKey: keyOf(digits) });
  [ann, bob, cat, dan, nobody] = [client('c1'), client('c2'), client('c3'), client('c4'), client('c9')];
  const intake = { url: door.env.KEEL_INTAKE_URL ?? '', token: door.env.KEEL_INTAKE_TOKEN ?? '' };
  operator = new IntakeClient({ ...intake, role: 'operator' });
  feeder = new IntakeClient({ ...intake, role: 'priceFeed' });
  settler = new IntakeClient({ ...intake, role: 'settler' });
  await Promise.all([operator.ready(), feeder.ready(), settler.ready()]);
  await operator.submit({ kind: 'listMarket', spec: marketSpec(FIRST_ID, FIRST) });
  const twoUnits = { concentrationPpm: 1, concentrationFloorLots: 2_000 };
  await operator.submit({ kind: 'listMarket', spec: marketSpec(SECOND_ID, SECOND, twoUnits) });
  await door.deposit(ann.address, 2_000 * USDC);
  await door.deposit(bob.address, 2_000 * USDC);
  await door.deposit(cat.address, 121 * USDC);
  await door.deposit(dan.address, 300 * USDC);
  await ann.transfer({ toSubaccount: ISOLATED, amount: '5' });
  // Liquidators, the one with little money, the other of the owner whose auctions there are.
  await bob.transfer({ toSubaccount: 1, amount: '5' });
  await cat.transfer({ toSubaccount: 1, amount: '6' });
  for (const client of [bob, cat]) await client.registerLiquidator(true, { subaccount: 1 });
  await waitFor('the markets', async () => ((await ann.markets()).length === SECOND_ID ? true : undefined));
});
afterAll(async () => {
  for (const client of [ann, bob, cat, dan, nobody]) client?.close();
  for (const client of [operator, feeder, settler]) await client?.close();
  await door?.stop();
});

/** 1,000 in both markets. */
beforeEach(async () => {
  for (const id of [FIRST_ID, SECOND_ID]) await door.price(id, 10_000);
});

/** Sends what is to be refused. `undo` leaves the exchange as the next test expects it. */
interface Asked {
  readonly ask: () => Promise<unknown>;
  readonly undo?: () => Promise<unknown>;
}
type Row = () => Asked | Promise<Asked>;

const limit = (side: 'buy' | 'sell', size: string, price: string, more: Partial<NewOrder> = {}): NewOrder => ({
  market: FIRST,
  side,
  size,
  price,
  ...more,
});
const SMALL = limit('buy', '0.02', '600');
const TWAP = { market: FIRST, side: 'buy', size: '1', durationMs: 600_000, slices: 3 } as const;

const annPlaces =
  (changes: Partial<NewOrder>, options: SubmitOptions = {}): Row =>
  () => ({ ask: () => ann.placeOrder({ ...SMALL, ...changes }, options) });
const annAsks =
  (ask: () => Promise<unknown>): Row =>
  () => ({ ask });
const both = async (): Promise<void> => {
  await Promise.all([ann.cancelAll(), bob.cancelAll()]);
};
const inStatus =
  (status: 'halted' | 'cancelOnly' | 'postOnly'): Row =>
  async () => {
    await door.setTradingStatus(SECOND_ID, status);
    return {
      ask: () => ann.placeOrder({ ...SMALL, market: SECOND }),
      undo: () => door.setTradingStatus(SECOND_ID, 'open'),
    };
  };

/** Of a service: the code of its command's refusal, as an error like a trader's. */
async function submitted(client: IntakeClient, command: Command): Promise<void> {
  const { events } = await client.submit(command);
  const refused = events.find((event) => event.kind === 'commandRejected');
  if (refused !== undefined) throw new KeelError(rejectName(refused.code) ?? '', 'refused', false);
}
const indexOf = (reports: readonly PriceReport[], marketId = FIRST_ID): Command => ({
  kind: 'updateIndexPrice',
  marketId: toMarketId(marketId),
  reports,
});
/** What the price feed hands in: `reports` of the first market. */
const feeds =
  (reports: () => Promise<readonly PriceReport[]>): Row =>
  async () => {
    const command = indexOf(await reports());
    return { ask: () => submitted(feeder, command) };
  };
const operates =
  (command: Command): Row =>
  () => ({ ask: () => submitted(operator, command) });
/** 70 lost of some 114, 46.50 needed, and no bid takes the position: the auction of it runs. */
async function catIsClosedOut(): Promise<{ auctionId: number; undo: () => Promise<void> }> {
  await bob.placeOrder(limit('sell', '1', '1000', { market: SECOND }));
  await cat.placeOrder(limit('buy', '1', '1000', { market: SECOND }));
  await door.price(SECOND_ID, 9_300);
  const auctionId = await waitFor('the auction', async () => (await cat.auctions())[0]?.auctionId);
  const undo = async (): Promise<void> => {
    await door.price(SECOND_ID, 10_000);
    // Its next turn comes within a second, and finds it healthy.
    await waitFor('the end', async () => ((await cat.account()).inLiquidation ? undefined : true));
    await bob.placeOrder(limit('buy', '1', '1000', { market: SECOND }));
    await cat.placeOrder(limit('sell', '1', '1000', { market: SECOND }));
  };
  return { auctionId, undo };
}
const bidding =
  (client: () => KeelClient, price: string, options: SubmitOptions = {}): Row =>
  async () => {
    const { auctionId, undo } = await catIsClosedOut();
    return { ask: () => client().takeAuction({ market: SECOND, auctionId, size: '1', price }, options), undo };
  };
const lists =
  (spec: MarketSpec): Row =>
  () => ({ ask: () => submitted(operator, { kind: 'listMarket', spec }) });
/** The deposit that is `ahead` of the next one. */
const credits =
  (ahead: number, amountAtoms: number): Row =>
  async () => {
    const { nextDepositIndex } = await settler.status();
    const l1TxHash = keyOf('dd');
    const depositIndex = nextDepositIndex + ahead;
    const owner = ann.address;
    return {
      ask: () =>
        submitted(settler, {
          kind: 'creditDeposit',
          depositIndex,
          owner,
          assetId: 0,
          amountAtoms,
          l1BlockNumber: 1,
          l1TxHash,
        }),
    };
  };

/** Codes that nobody outside gets, each with what stands before it. A codec or a door that let it pass would be found. */
const OUT_OF_REACH: Partial<Record<RejectName, { readonly insteadCode: string; readonly row: Row }>> = {
  // The schema of the request takes printable characters only, and no more than fit.
  CLIENT_ORDER_ID_INVALID: { insteadCode: 'BAD_REQUEST', row: annPlaces({ clientOrderId: 'x'.repeat(37) }) },
  AGENT_NAME_INVALID: {
    insteadCode: 'BAD_REQUEST',
    row: annAsks(() => ann.approveAgent({ agent: addressOfKey(AGENT_KEY), agentName: 'é' })),
  },
};

/** Answered by the door itself, before the log: it costs no nonce. */
const AT_THE_DOOR: readonly RejectName[] = ['BATCH_SIZE_INVALID'];

/** Orders that differ in a few words from one that would rest; each is asked over both transports. */
const PLACES: Readonly<Partial<Record<RejectName, readonly [Partial<NewOrder>, SubmitOptions?]>>> = {
  COMMAND_EXPIRED: [{}, { expiresAfter: 1 }],
  NONCE_TOO_OLD: [{}, { nonce: 5 }],
  SUBACCOUNT_INVALID: [{}, { subaccount: 128 }],
  MARKET_NOT_OF_SUBACCOUNT: [{}, { subaccount: ISOLATED }],
  ORDER_FLAGS_CONFLICT: [{ orderType: 'market', timeInForce: 'postOnly' }],
  PRICE_OUT_OF_RANGE: [{ price: '100000.1' }],
  SIZE_OUT_OF_RANGE: [{ size: '100.001' }],
  NOTIONAL_TOO_SMALL: [{ size: '0.001' }],
  DISPLAY_SIZE_INVALID: [{ size: '1.001', displaySize: '0.01' }],
  EXPIRY_INVALID: [{ expiresAt: 1 }],
  TRIGGER_INVALID: [{ trigger: { kind: 'stop', price: '0' } }],
  ATTACHED_ORDER_INVALID: [{ takeProfit: { trigger: '600' } }],
  // Nobody has told a price of it yet.
  MARKET_PRICE_UNAVAILABLE: [{ market: 'SOL-USD' }],
  PRICE_OUTSIDE_BAND: [{ size: '1', price: '499' }],
  TRIGGER_ALREADY_MET: [{ trigger: { kind: 'stop', price: '900' } }],
  REDUCE_ONLY_WOULD_INCREASE: [{ reduceOnly: true, market: SECOND }],
  OPEN_INTEREST_LIMIT_EXCEEDED: [{ size: '60' }],
  CONCENTRATION_LIMIT_EXCEEDED: [{ market: SECOND, size: '2.001' }],
  FILL_OR_KILL_UNFILLABLE: [{ timeInForce: 'fok' }],
  INSUFFICIENT_MARGIN: [{ size: '40', price: '1000' }],
};

const TABLE: Readonly<Partial<Record<RejectName, Row>>> = {
  ...Object.fromEntries(Object.entries(PLACES).map(([name, terms]) => [name, annPlaces(...terms)])),
  ACCOUNT_UNKNOWN: annAsks(() => nobody.placeOrder(SMALL)),
  SIGNER_NOT_AUTHORIZED: annAsks(() => {
    const forged = new KeelClient({ url: door.url, privateKey: NOBODY_KEY, account: ann.address });
    return forged.placeOrder(SMALL);
  }),
  AGENT_EXPIRED: async () => {
    const agentExpiresAt = Date.now() + 200;
    await ann.approveAgent({ agent: addressOfKey(AGENT_KEY), agentExpiresAt });
    await sleep(400);
    const agent = new KeelClient({ url: door.url, privateKey: AGENT_KEY, account: ann.address });
    return { ask: () => agent.placeOrder(SMALL) };
  },
  NONCE_TOO_NEW: () => ({ ask: () => ann.placeOrder(SMALL, { nonce: Date.now() + 2 * 86_400_000 }) }),
  NONCE_ALREADY_USED: async () => {
    const nonce = ann.nextNonce();
    await ann.cancelAll('', { nonce });
    return { ask: () => ann.placeOrder(SMALL, { nonce }) };
  },
  MARKET_UNKNOWN: () => ({ ask: () => submitted(feeder, indexOf([], 99)) }),
  SCHEDULE_INVALID: annAsks(() => ann.placeTwap({ ...TWAP, durationMs: 9_999 })),
  BATCH_SIZE_INVALID: annAsks(() => ann.placeOrders([])),
  GROUPING_INVALID: annAsks(() => ann.placeOrders([SMALL], { grouping: 'oneCancelsOther' })),
  PROTECTION_INVALID: annAsks(() => ann.setMarketMakerProtection({ market: FIRST, windowMs: 1_000 })),
  TIMEOUT_INVALID: annAsks(() => ann.cancelAllAfter(999)),
  MARKET_HALTED: inStatus('halted'),
  MARKET_CANCEL_ONLY: inStatus('cancelOnly'),
  MARKET_POST_ONLY: inStatus('postOnly'),
  ACCOUNT_IN_LIQUIDATION: async () => {
    const { undo } = await catIsClosedOut();
    return { ask: () => cat.withdraw({ amount: '1' }), undo };
  },
  LEVERAGE_INVALID: annAsks(() => ann.setLeverage(FIRST, 11)),
  LEVERAGE_NOT_COVERED: async () => {
    await ann.placeOrder({ ...SMALL, size: '10' });
    return { ask: () => ann.setLeverage(FIRST, 1), undo: both };
  },
  AUCTION_UNKNOWN: annAsks(() => ann.takeAuction({ market: FIRST, auctionId: 9_999, size: '1', price: '1000' })),
  AUCTION_OVER: async () => {
    const { auctionId, undo } = await catIsClosedOut();
    await undo();
    return { ask: () => ann.takeAuction({ market: SECOND, auctionId, size: '1', price: '1000' }) };
  },
  AUCTION_IS_OWN: bidding(() => cat, '1000', { subaccount: 1 }),
  AUCTION_PRICE_WORSE: bidding(() => ann, '900'),
  LIQUIDATOR_NOT_REGISTERED: bidding(() => ann, '1000'),
  LIQUIDATOR_MARGIN_INSUFFICIENT: bidding(() => bob, '1000', { subaccount: 1 }),
  MARKET_MAKER_PROTECTION_ACTIVE: async () => {
    await bob.setMarketMakerProtection({ market: FIRST, windowMs: 60_000, fillCount: 1 });
    await bob.placeOrders([limit('sell', '0.02', '1000'), limit('sell', '0.02', '1000')]);
    await ann.placeOrder(limit('buy', '0.04', '1000'));
    return {
      ask: () => bob.placeOrder(limit('sell', '0.02', '1100')),
      undo: () => bob.setMarketMakerProtection({ market: FIRST, windowMs: 0 }),
    };
  },
  TOO_MANY_OPEN_ORDERS: async () => {
    for (let batch = 0; batch < 4; batch += 1) await ann.placeOrders(Array.from({ length: 50 }, () => SMALL));
    return { ask: () => ann.placeOrder(SMALL), undo: both };
  },
  POSITION_LIMIT_EXCEEDED: async () => {
    await ann.placeOrder(SMALL);
    return { ask: () => ann.placeOrder({ ...SMALL, size: '100' }), undo: both };
  },
  POST_ONLY_WOULD_CROSS: async () => {
    await bob.placeOrder(limit('sell', '0.02', '1000'));
    return { ask: () => ann.placeOrder(limit('buy', '0.02', '1000', { timeInForce: 'postOnly' })), undo: both };
  },
  ORDER_UNKNOWN: annAsks(() => ann.cancelOrder('999999')),
  ORDER_NOT_YOURS: async () => {
    const { orderId } = await bob.placeOrder(SMALL);
    return { ask: () => ann.cancelOrder(orderId), undo: both };
  },
  ORDER_NOT_AMENDABLE: async () => {
    const { orderId } = await ann.placeTwap(TWAP);
    return { ask: () => ann.amendOrder({ order: orderId, market: FIRST, price: '1000', size: '1' }), undo: both };
  },
  AMEND_SIZE_TOO_SMALL: async () => {
    await bob.placeOrder(limit('sell', '0.02', '1000'));
    const { orderId } = await ann.placeOrder(limit('buy', '0.05', '1000'));
    return { ask: () => ann.amendOrder({ order: orderId, market: FIRST, price: '1000', size: '0.02' }), undo: both };
  },
  DEPOSIT_ALREADY_CREDITED: credits(-1, USDC),
  DEPOSIT_OUT_OF_ORDER: credits(1, USDC),
  DEPOSIT_TOO_LARGE: credits(0, 1e15 + 1),
  WITHDRAWAL_OUT_OF_RANGE: annAsks(() => ann.withdraw({ amount: '0.999999' })),
  WITHDRAWAL_EXCEEDS_FREE_COLLATERAL: annAsks(() => ann.withdraw({ amount: '2001' })),
  ASSET_UNKNOWN: () => ({
    ask: () => submitted(feeder, { kind: 'updateCollateralPrice', assetId: toAssetId(9), reports: [] }),
  }),
  TRANSFER_OUT_OF_RANGE: annAsks(() => ann.transfer({ toSubaccount: 9, amount: '0.999999' })),
  TRANSFER_TO_ITSELF: annAsks(() => ann.transfer({ toSubaccount: 0, amount: '1' })),
  TRANSFER_EXCEEDS_FREE_COLLATERAL: annAsks(() => ann.transfer({ toSubaccount: 9, amount: '2001' })),
  ACCOUNTS_PER_OWNER_EXCEEDED: async () => {
    const cross = Array.from({ length: 127 }, (_, at) => at + 1);
    const isolated = Array.from({ length: 128 }, (_, at) => isolatedSubaccount(at, toMarketId(FIRST_ID)));
    for (const toSubaccount of [...cross, ...isolated]) await dan.transfer({ toSubaccount, amount: '1' });
    return { ask: () => dan.transfer({ toSubaccount: ISOLATED, amount: '1' }) };
  },
  BACKSTOP_NOT_OFFERED: annAsks(() => ann.fundSafety({ market: FIRST, fund: 'backstop', amount: '1' })),
  AGENT_LIMIT_REACHED: async () => {
    for (let place = 0; place < 8; place += 1) await bob.approveAgent({ agent: addressOfKey(keyOf(`e${place}`)) });
    return { ask: () => bob.approveAgent({ agent: addressOfKey(keyOf('e8')) }) };
  },
  AGENT_NOT_APPROVED: annAsks(() => ann.revokeAgent(bob.address)),
  AGENT_IS_OWNER: annAsks(() => ann.approveAgent({ agent: ann.address })),
  MARKET_ALREADY_LISTED: lists(marketSpec(6, FIRST)),
  MARKET_SPEC_INVALID: lists(marketSpec(6, 'BAD-USD', { maintenanceMarginPpm: 100_000 })),
  INDEX_PRICE_OUT_OF_RANGE: feeds(async () => [await door.report(FIRST_ID, 0, Date.now() + 1)]),
  INDEX_PRICE_OUTDATED: async () => {
    const command = indexOf([await door.report(FIRST_ID, 10_000, Date.now() + 1)]);
    await feeder.submit(command);
    return { ask: () => submitted(feeder, command) };
  },
  PRICE_REPORTS_MALFORMED: feeds(async () => {
    const report = await door.report(FIRST_ID, 10_000, Date.now() + 1);
    return [report, report];
  }),
  PRICE_FEEDER_UNKNOWN: feeds(async () => [await door.report(FIRST_ID, 10_000, Date.now() + 1, NOBODY_KEY)]),
  PRICE_QUORUM_MISSING: feeds(async () => [await door.report(FIRST_ID, 10_000, 1)]),
  PRICE_FEEDERS_INVALID: operates({
    kind: 'setPriceFeeders',
    feeders: [{ feeder: addressOfKey(AGENT_KEY), weight: 0 }],
  }),
  COLLATERAL_ALREADY_LISTED: async () => {
    const spec = collateralSpec('XAU', (await operator.status()).collaterals.length + 1);
    await operator.submit({ kind: 'listCollateral', spec });
    return { ask: () => submitted(operator, { kind: 'listCollateral', spec }) };
  },
  COLLATERAL_SPEC_INVALID: async () => {
    const spec = collateralSpec('USDC', (await operator.status()).collaterals.length + 1);
    return { ask: () => submitted(operator, { kind: 'listCollateral', spec }) };
  },
  FEES_INSUFFICIENT: operates({
    kind: 'allocateFees',
    marketId: toMarketId(FIRST_ID),
    fund: 'insurance',
    amountAtoms: 1_000_000 * USDC,
  }),
  ENGINE_VERSION_NOT_NEXT: operates({ kind: 'upgradeEngine', engineVersion: 1 }),
  BATCH_EMPTY: () => ({
    // The two come one after the other, nothing in between.
    ask: async () => {
      const first = settler.submit({ kind: 'sealBatch' });
      await submitted(settler, { kind: 'sealBatch' });
      await first;
    },
  }),
};

/** HTTP status of each code as the gateway's README lists it. */
const STATUSES = new Map(
  [
    ...readFileSync(new URL('../../services/gateway/README.md', import.meta.url), 'utf8').matchAll(
      /^\| `([A-Z_]+)` +\| \d+ +\| (\d{3}) /gm,
    ),
  ].map(([, code = '', status]) => [code, Number(status)]),
);

test('the table names every code, but for those that are out of reach', () => {
  const named = [...Object.keys(TABLE), ...Object.keys(OUT_OF_REACH)];
  expect(named.sort()).toEqual(Object.keys(REJECT_CODES).sort());
  for (const name of named) expect(STATUSES.get(name), name).toBeGreaterThanOrEqual(400);
});

test.for(Object.entries(TABLE))('%s: refused by its name, and nothing changed', async ([name, row]) => {
  await refusedAs(row, name);
});

test.for(Object.entries(OUT_OF_REACH))(
  '%s does not come out: the door is before it',
  async ([, { insteadCode, row }]) => {
    await refusedAs(row, insteadCode);
  },
);

test.for(Object.entries(PLACES))('%s: the same over the WebSocket', async ([name, [changes, options]]) => {
  await refusedAs(annPlaces(changes, { ...options, over: 'ws' }), name);
});

test('a market that nobody listed is unknown at the door already', async () => {
  await refusedAs(annPlaces({ market: 'NOPE-USD' }), 'MARKET_UNKNOWN');
});

async function refusedAs(row: Row, code: string): Promise<void> {
  const { ask, undo } = await row();
  const before = await documents();
  const calls = fetched.mock.calls.length;
  const fault: unknown = await ask().catch((caught: unknown) => caught);
  expect(fault).toBeInstanceOf(KeelError);
  expect(fault).toMatchObject({ code });
  // A service over the intake has no status; the rest is one POST, the last of what was fetched.
  if (fetched.mock.calls.length > calls) {
    expect((await fetched.mock.results.at(-1)?.value)?.status).toBe(STATUSES.get(code));
  }
  expect(await documents()).toEqual(before);
  await undo?.();
}

/** What REST says of everybody and of the markets once it has caught up with the log, without what time alone moves. */
async function documents(): Promise<unknown> {
  const { sequence } = await nextSequence();
  const accounts = await Promise.all([ann, bob, cat].map((client) => caughtUp(client, sequence)));
  const books = await Promise.all([ann.book(FIRST), ann.book(SECOND)]);
  const markets = await ann.markets();
  return {
    accounts: accounts.map(({ collateral, positions, openOrders, agents, inLiquidation, ...rest }) => ({
      collateral,
      positions: positions.map(({ market, size, entryPrice }) => ({ market, size, entryPrice })),
      openOrders,
      agents,
      inLiquidation,
      cancelAllAfter: rest.cancelAllAfter,
      protections: rest.protections,
    })),
    books: books.map(({ bids, asks }) => ({ bids, asks })),
    markets: markets.map(({ symbol, openInterest, tradingStatus }) => ({ symbol, openInterest, tradingStatus })),
  };
}

/** A command that changes nothing, to have a place in the log. */
const nextSequence = () => ann.cancelAll('ETH-USD');

function caughtUp(client: KeelClient, sequence: number): Promise<Account> {
  return waitFor('the read model', async () => {
    const account = await client.account();
    return account.sequence >= sequence ? account : undefined;
  });
}

test('the state roots are those of an exchange that was never asked for what it refused', async () => {
  await settler.submit({ kind: 'sealBatch' });
  const { lastBatchIndex } = await settler.status();
  const indexes = Array.from({ length: lastBatchIndex + 1 }, (_, batchIndex) => batchIndex);
  const published = await Promise.all(indexes.map((batchIndex) => settler.batch(batchIndex)));
  await door.child('sequencer').stop();
  const { refusals, sealed } = await rootsWithoutRefusals(door.env.KEEL_DATA_DIR ?? '');
  for (const { code, root, twinRoot, command } of refusals) {
    expect(twinRoot, `${rejectName(code)} of ${command.kind}`).toBe(root);
  }
  // What was replayed is what the exchange sealed, batch by batch.
  expect(sealed.length).toBeGreaterThanOrEqual(2);
  const roots = published.map((batch) => batch?.stateRoot);
  expect(sealed.map(({ root }) => root)).toEqual(roots);
  expect(sealed.map(({ twinRoot }) => twinRoot)).toEqual(roots);
  const seen = new Set<RejectCode>(refusals.map(({ code }) => code));
  const expected = Object.keys(TABLE).filter((name) => !AT_THE_DOOR.includes(name as RejectName)) as RejectName[];
  expect(expected.filter((name) => !seen.has(REJECT_CODES[name]))).toEqual([]);
  console.info(`${refusals.length} refusals, ${seen.size} codes, ${sealed.length} batches with equal roots`);
});
