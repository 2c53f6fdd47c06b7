import {
  type Address,
  type Authorization,
  COLLATERAL_ATOMS_MAX,
  type Command,
  isolatedSubaccount,
  OPEN_ORDERS_PER_ACCOUNT_MAX,
  type PlaceOrder,
  REJECT_CODES,
  type RejectName,
  rejectName,
  SUBACCOUNTS_MAX,
  toAssetId,
  toMarketId,
  toOrderId,
} from '@keel/types';
import { expect, test } from 'vitest';
import {
  accountLeaf,
  listAccounts,
  listMarkets,
  listOrders,
  marketLeaf,
  orderLeaf,
  writeSnapshot,
} from '../src/index.ts';
import { type Exchange, FEEDER, indexUpdate } from './exchange.ts';
import {
  agent,
  amend,
  approve,
  cancel,
  deposit,
  fillWindow,
  index,
  inStatus,
  leverage,
  NOTHING_ATTACHED,
  opened,
  order,
  past,
  protection,
  take,
  transfer,
  twap,
  withdraw,
} from './openedExchange.ts';
import { testCollateral } from './testCollateral.ts';
import { testMarket } from './testMarket.ts';

const DAY_MS = 24 * 3_600_000;

/** One line per code: what to send to the opened exchange so that this is the answer. */
const TABLE: Record<RejectName, (exchange: Exchange) => Command> = {
  COMMAND_EXPIRED: (x) => order(x, { auth: x.auth('ann', past(x)) }),
  ACCOUNT_UNKNOWN: (x) => order(x, { auth: x.auth('nobody') }),
  SIGNER_NOT_AUTHORIZED: (x) => withdraw(x, 1_000_000, agent(x)),
  AGENT_EXPIRED: (x) => {
    x.run(approve(x, 'key', { agentExpiresAtMs: x.timeMs }));
    x.timeMs += 1;
    return order(x, { auth: x.auth('ann', agent(x)) });
  },
  NONCE_TOO_OLD: (x) => order(x, { auth: x.auth('ann', { nonce: fillWindow(x) - 1 }) }),
  NONCE_TOO_NEW: (x) => order(x, { auth: x.auth('ann', { nonce: x.timeMs + DAY_MS + 1 }) }),
  NONCE_ALREADY_USED: (x) => order(x, { auth: x.auth('ann', { nonce: fillWindow(x) }) }),
  SUBACCOUNT_INVALID: (x) => ({ ...transfer(x, 5_000_000), toSubaccount: 128 }),
  MARKET_UNKNOWN: (x) => order(x, { marketId: toMarketId(3) }),
  ORDER_FLAGS_CONFLICT: (x) => order(x, { orderType: 'market', timeInForce: 'postOnly' }),
  PRICE_OUT_OF_RANGE: (x) => order(x, { priceTicks: 1_000_001 }),
  SIZE_OUT_OF_RANGE: (x) => order(x, { sizeLots: 0 }),
  NOTIONAL_TOO_SMALL: (x) => order(x, { priceTicks: 9_999, sizeLots: 1 }),
  CLIENT_ORDER_ID_INVALID: (x) => order(x, { clientOrderId: 'é' }),
  DISPLAY_SIZE_INVALID: (x) => order(x, { displayLots: 9 }),
  EXPIRY_INVALID: (x) => order(x, { timeInForce: 'gtt', expiresAtMs: x.timeMs }),
  TRIGGER_INVALID: (x) => order(x, { trigger: { kind: 'stop', triggerTicks: 1_000_001, trailTicks: 0 } }),
  ATTACHED_ORDER_INVALID: (x) => order(x, { attached: { ...NOTHING_ATTACHED, stopLossTicks: 50_001 } }),
  SCHEDULE_INVALID: (x) => twap(x, { slices: 1 }),
  BATCH_SIZE_INVALID: (x) => ({ kind: 'placeOrders', auth: x.auth('ann'), orders: [], grouping: 'none' }),
  GROUPING_INVALID: (x) => ({
    kind: 'placeOrders',
    auth: x.auth('ann'),
    orders: [order(x, {})],
    grouping: 'oneCancelsOther',
  }),
  PROTECTION_INVALID: (x) => protection(x),
  TIMEOUT_INVALID: (x) => ({ kind: 'cancelAllAfter', auth: x.auth('ann'), timeoutMs: 999 }),
  MARKET_NOT_OF_SUBACCOUNT: (x) => {
    x.run({ ...transfer(x, 5_000_000), toSubaccount: isolatedSubaccount(0, toMarketId(1)) });
    return order(x, { auth: x.auth('ann/BTC'), marketId: toMarketId(2) });
  },
  LEVERAGE_INVALID: (x) => leverage(x, 11),
  MARKET_HALTED: (x) => inStatus(x, 'halted'),
  MARKET_CANCEL_ONLY: (x) => inStatus(x, 'cancelOnly'),
  MARKET_POST_ONLY: (x) => inStatus(x, 'postOnly'),
  MARKET_PRICE_UNAVAILABLE: (x) => order(x, { marketId: toMarketId(2) }),
  ACCOUNT_IN_LIQUIDATION: (x) => {
    // Below maintenance, with nobody to buy: its auction runs.
    x.index(1, 31_500);
    return withdraw(x, 1_000_000);
  },
  MARKET_MAKER_PROTECTION_ACTIVE: (x) => {
    x.run({ ...protection(x), fillCount: 1 });
    x.run(order(x, { priceTicks: 50_000, sizeLots: 2 }));
    for (let i = 0; i < 2; i += 1) x.run(order(x, { auth: x.auth('bob'), side: 'sell', sizeLots: 1 }));
    return order(x, {});
  },
  PRICE_OUTSIDE_BAND: (x) => order(x, { priceTicks: 95_001, sizeLots: 1 }),
  TRIGGER_ALREADY_MET: (x) => order(x, { trigger: { kind: 'stop', triggerTicks: 50_000, trailTicks: 0 } }),
  TOO_MANY_OPEN_ORDERS: (x) => {
    for (let i = 0; i < OPEN_ORDERS_PER_ACCOUNT_MAX; i += 1) x.run(order(x, { priceTicks: 10_000, sizeLots: 1 }));
    return order(x, { priceTicks: 10_000, sizeLots: 1 });
  },
  REDUCE_ONLY_WOULD_INCREASE: (x) => order(x, { reduceOnly: true }),
  POSITION_LIMIT_EXCEEDED: (x) => order(x, { sizeLots: 100_000 }),
  OPEN_INTEREST_LIMIT_EXCEEDED: (x) => order(x, { sizeLots: 99_000, priceTicks: 6_000 }),
  CONCENTRATION_LIMIT_EXCEEDED: (x) => {
    x.list(testMarket(3, 'SOL-USD', { concentrationPpm: 1, concentrationFloorLots: 10 }));
    x.index(3, 50_000);
    return order(x, { marketId: toMarketId(3), sizeLots: 11 });
  },
  POST_ONLY_WOULD_CROSS: (x) => {
    x.run(order(x, { auth: x.auth('bob'), side: 'sell', sizeLots: 1 }));
    return order(x, { timeInForce: 'postOnly' });
  },
  FILL_OR_KILL_UNFILLABLE: (x) => order(x, { timeInForce: 'fok' }),
  INSUFFICIENT_MARGIN: (x) => order(x, { sizeLots: 3_000 }),
  LEVERAGE_NOT_COVERED: (x) => leverage(x, 2),
  ORDER_UNKNOWN: (x) => cancel(x, 99),
  ORDER_NOT_YOURS: (x) => {
    x.run(order(x, { auth: x.auth('bob'), priceTicks: 40_000 }));
    return cancel(x, 3);
  },
  ORDER_NOT_AMENDABLE: (x) => {
    x.run(twap(x, {}));
    return amend(x, 3, 1_000);
  },
  AMEND_SIZE_TOO_SMALL: (x) => {
    x.run(order(x, { sizeLots: 2 }));
    x.run(order(x, { auth: x.auth('bob'), side: 'sell', sizeLots: 1 }));
    return amend(x, 3, 1);
  },
  AUCTION_UNKNOWN: (x) => take(x, 'bob', {}),
  AUCTION_OVER: (x) => {
    x.index(1, 31_500);
    x.index(1, 40_000);
    return take(x, 'bob', {});
  },
  AUCTION_IS_OWN: (x) => {
    x.run(transfer(x, 1_000_000));
    x.run({ kind: 'registerLiquidator', auth: x.auth('ann/1'), active: true });
    x.index(1, 31_500);
    return take(x, 'ann/1', {});
  },
  AUCTION_PRICE_WORSE: (x) => {
    x.run({ kind: 'registerLiquidator', auth: x.auth('bob'), active: true });
    x.index(1, 31_500);
    return take(x, 'bob', { limitTicks: 30_000 });
  },
  LIQUIDATOR_NOT_REGISTERED: (x) => {
    x.index(1, 31_500);
    return take(x, 'bob', {});
  },
  LIQUIDATOR_MARGIN_INSUFFICIENT: (x) => {
    x.deposit('cat', 1);
    x.run({ kind: 'registerLiquidator', auth: x.auth('cat'), active: true });
    x.index(1, 31_500);
    return take(x, 'cat', {});
  },
  DEPOSIT_ALREADY_CREDITED: (x) => deposit(x, 1, 5),
  DEPOSIT_OUT_OF_ORDER: (x) => deposit(x, 3, 5),
  DEPOSIT_TOO_LARGE: (x) => deposit(x, 2, COLLATERAL_ATOMS_MAX + 1),
  WITHDRAWAL_OUT_OF_RANGE: (x) => withdraw(x, 999_999),
  WITHDRAWAL_EXCEEDS_FREE_COLLATERAL: (x) => withdraw(x, 15_000_000_000),
  ASSET_UNKNOWN: (x) => ({ ...transfer(x, 5_000_000), assetId: toAssetId(1) }),
  TRANSFER_OUT_OF_RANGE: (x) => transfer(x, 999_999),
  TRANSFER_TO_ITSELF: (x) => ({ ...transfer(x, 5_000_000), toSubaccount: 0 }),
  TRANSFER_EXCEEDS_FREE_COLLATERAL: (x) => transfer(x, 15_000_000_000),
  ACCOUNTS_PER_OWNER_EXCEEDED: (x) => {
    // Cross ones, and for each but the main one an isolated one.
    for (let i = 1; i < SUBACCOUNTS_MAX; i += 1) {
      for (const toSubaccount of [i, isolatedSubaccount(i, toMarketId(1))]) {
        x.run({ ...transfer(x, 1_000_000), toSubaccount });
      }
    }
    x.run({ ...transfer(x, 1_000_000), toSubaccount: isolatedSubaccount(0, toMarketId(1)) });
    return { ...transfer(x, 1_000_000), toSubaccount: isolatedSubaccount(0, toMarketId(2)) };
  },
  BACKSTOP_NOT_OFFERED: (x) => ({
    kind: 'fundSafety',
    auth: x.auth('ann'),
    marketId: toMarketId(1),
    fund: 'backstop',
    amountAtoms: 5_000_000,
  }),
  AGENT_LIMIT_REACHED: (x) => {
    for (const name of ['k1', 'k2', 'k3', 'k4', 'k5', 'k6', 'k7']) x.run(approve(x, name));
    return approve(x, 'k8');
  },
  AGENT_NOT_APPROVED: (x) => ({ kind: 'revokeAgent', auth: x.auth('ann'), agent: x.address('other') }),
  AGENT_IS_OWNER: (x) => approve(x, 'ann'),
  AGENT_NAME_INVALID: (x) => approve(x, 'key', { agentName: 'x'.repeat(33) }),
  MARKET_ALREADY_LISTED: () => ({ kind: 'listMarket', spec: testMarket(3, 'BTC-USD') }),
  MARKET_SPEC_INVALID: () => ({
    kind: 'listMarket',
    spec: testMarket(3, 'SOL-USD', { maintenanceMarginPpm: 100_000 }),
  }),
  INDEX_PRICE_OUT_OF_RANGE: (x) => index(0, x.timeMs + 1),
  INDEX_PRICE_OUTDATED: (x) => index(50_000, x.timeMs),
  PRICE_REPORTS_MALFORMED: (x) => {
    const update = indexUpdate(1, 50_000, x.timeMs + 1);
    return { ...update, reports: [...update.reports, ...update.reports] };
  },
  PRICE_FEEDER_UNKNOWN: (x) => indexUpdate(1, 50_000, x.timeMs + 1, { feeder: x.address('ann') }),
  PRICE_QUORUM_MISSING: (x) => indexUpdate(1, 50_000, x.timeMs + 5_001),
  PRICE_FEEDERS_INVALID: () => ({ kind: 'setPriceFeeders', feeders: [{ feeder: FEEDER, weight: 1_001 }] }),
  COLLATERAL_ALREADY_LISTED: (x) => {
    x.listCollateral('WETH', 90);
    return { kind: 'listCollateral', spec: testCollateral('WETH', 90, { assetId: toAssetId(2) }) };
  },
  COLLATERAL_SPEC_INVALID: () => ({ kind: 'listCollateral', spec: testCollateral('WETH', 90, { decimals: 9 }) }),
  FEES_INSUFFICIENT: (x) => ({
    kind: 'allocateFees',
    marketId: toMarketId(1),
    fund: 'insurance',
    amountAtoms: Number(x.state.feesAtoms) + 1,
  }),
  BATCH_EMPTY: (x) => {
    x.run({ kind: 'sealBatch' });
    return { kind: 'sealBatch' };
  },
  ENGINE_VERSION_NOT_NEXT: () => ({ kind: 'upgradeEngine', engineVersion: 3 }),
};

test.for(Object.entries(TABLE))('%s', ([name, prepare]) => {
  const exchange = opened();
  const command = prepare(exchange);
  const before = leavesOf(exchange);
  const events = exchange.run(command);
  expect(events.map((event) => (event.kind === 'commandRejected' ? rejectName(event.code) : event.kind))).toEqual([
    name,
  ]);
  expect(leavesOf(exchange), 'a refused command changes nothing').toEqual(before);
});

test('every code has its line, in the order of precedence', () => {
  expect(Object.keys(TABLE)).toEqual(Object.keys(REJECT_CODES));
});

test('an order with every fault is answered with the first, and with the next once that is mended', () => {
  const exchange = opened();
  exchange.run(order(exchange, { auth: exchange.auth('bob'), side: 'sell', sizeLots: 1 }));
  let faulty = order(exchange, {
    auth: exchange.auth('nobody', { ...past(exchange), signer: exchange.address('other'), nonce: 0 }),
    marketId: toMarketId(9),
    orderType: 'market',
    timeInForce: 'postOnly',
    priceTicks: -1,
    sizeLots: 200_000,
    clientOrderId: '\n',
  });
  const answers: (string | undefined)[] = [];
  const mend = (changes: Partial<PlaceOrder>) => {
    faulty = { ...faulty, ...changes };
    const [event] = exchange.run(faulty);
    answers.push(event?.kind === 'commandRejected' ? rejectName(event.code) : event?.kind);
  };
  const signer = exchange.address('other');
  mend({});
  mend({ auth: exchange.auth('nobody', { signer, nonce: 0 }) });
  mend({ auth: exchange.auth('ann', { signer, nonce: 0 }) });
  mend({ auth: exchange.auth('ann', { nonce: 0 }) });
  const fresh = () => ({ auth: exchange.auth('ann') });
  mend(fresh());
  mend({ ...fresh(), marketId: toMarketId(1) });
  mend({ ...fresh(), orderType: 'limit' });
  mend({ ...fresh(), priceTicks: 50_000 });
  mend({ ...fresh(), sizeLots: 1, priceTicks: 9_000 });
  mend({ ...fresh(), sizeLots: 100_000, priceTicks: 50_000 });
  mend({ ...fresh(), clientOrderId: 'mine' });
  mend({ ...fresh(), sizeLots: 3_000 });
  mend({ ...fresh(), timeInForce: 'gtc' });
  mend({ ...fresh(), sizeLots: 1 });
  expect(answers).toEqual([
    'COMMAND_EXPIRED',
    'ACCOUNT_UNKNOWN',
    'SIGNER_NOT_AUTHORIZED',
    'NONCE_TOO_OLD',
    'MARKET_UNKNOWN',
    'ORDER_FLAGS_CONFLICT',
    'PRICE_OUT_OF_RANGE',
    'SIZE_OUT_OF_RANGE',
    'NOTIONAL_TOO_SMALL',
    'CLIENT_ORDER_ID_INVALID',
    'POSITION_LIMIT_EXCEEDED',
    'POST_ONLY_WOULD_CROSS',
    'INSUFFICIENT_MARGIN',
    'orderAccepted',
  ]);
});

test('a nonce is used up by a refusal after it was looked at, and not by one before', () => {
  const exchange = opened();
  const auth = exchange.auth('ann');
  const answer = (changes: Partial<Authorization>, sizeLots: number) => {
    const [event] = exchange.run(order(exchange, { auth: { ...auth, ...changes }, sizeLots }));
    return event?.kind === 'commandRejected' ? rejectName(event.code) : event?.kind;
  };
  expect(answer({ expiresAfterMs: 1 }, 1)).toBe('COMMAND_EXPIRED');
  expect(answer({ signer: exchange.address('other') }, 1)).toBe('SIGNER_NOT_AUTHORIZED');
  expect(answer({}, 0)).toBe('SIZE_OUT_OF_RANGE');
  expect(answer({}, 1)).toBe('NONCE_ALREADY_USED');
});

test('a full window forgets its smallest nonce and refuses everything below the rest', () => {
  const exchange = opened();
  const smallest = fillWindow(exchange);
  const answer = (nonce: number) => {
    const auth = exchange.auth('ann', { nonce });
    const [event] = exchange.run({ kind: 'cancelAllOrders', auth, marketId: toMarketId(0) });
    return event === undefined ? 'taken' : event.kind === 'commandRejected' ? rejectName(event.code) : event.kind;
  };
  expect(answer(smallest + 1)).toBe('taken');
  expect(answer(smallest)).toBe('NONCE_TOO_OLD');
  expect(answer(smallest + 1)).toBe('NONCE_ALREADY_USED');
  expect(answer(smallest + 1_000)).toBe('taken');
  expect(answer(smallest + 1)).toBe('NONCE_TOO_OLD');
});

test('a set of feeders ascends, names nobody twice, and has weights of 1 to 1,000', () => {
  const exchange = opened();
  const address = (byte: string, rest = byte): Address => `0x${byte}${rest.repeat(19)}`;
  const said = (feeders: readonly (readonly [Address, number])[]) => {
    const words = feeders.map(([feeder, weight]) => ({ feeder, weight }));
    const [event] = exchange.run({ kind: 'setPriceFeeders', feeders: words });
    return event?.kind === 'commandRejected' ? rejectName(event.code) : event?.kind;
  };
  const [a, b] = [address('aa'), address('bb')];
  const many = Array.from({ length: 32 }, (_, place): [Address, number] => [address(String(10 + place)), 1]);
  expect([
    said([]),
    said([[a, 1]]),
    said([
      [a, 1],
      [b, 1_000],
    ]),
    said(many.slice(1)),
  ]).toEqual(Array.from({ length: 4 }, () => 'priceFeedersSet'));
  const wrong: (readonly (readonly [Address, number])[])[] = [
    [[a, 0]],
    [[a, 1_001]],
    [[a, 1.5]],
    [
      [a, 1],
      [a, 1],
    ],
    [
      [b, 1],
      [a, 1],
    ],
    [[address('AA'), 1]],
    [['0xaa', 1]],
    many,
  ];
  for (const feeders of wrong) expect(said(feeders), JSON.stringify(feeders)).toBe('PRICE_FEEDERS_INVALID');
});

test('a deposit too large to hold does not block the next one', () => {
  const exchange = opened();
  exchange.run(deposit(exchange, 2, COLLATERAL_ATOMS_MAX));
  expect(exchange.run(deposit(exchange, 3, 5))[0]).toMatchObject({ kind: 'depositCredited', depositIndex: 3 });
});

test('batches cover every command once, and only withdrawals of their own', () => {
  const exchange = opened();
  exchange.run(withdraw(exchange, 1_000_000));
  const first = exchange.run({ kind: 'sealBatch' });
  exchange.run({ kind: 'sealBatch' });
  exchange.run(withdraw(exchange, 2_000_000));
  const second = exchange.run({ kind: 'sealBatch' });
  expect([...first, ...second]).toMatchObject([
    {
      batchIndex: 0,
      firstSequence: 1,
      lastSequence: 11,
      nextDepositIndex: 2,
      firstWithdrawalIndex: 0,
      nextWithdrawalIndex: 1,
    },
    {
      batchIndex: 1,
      firstSequence: 12,
      lastSequence: 14,
      nextDepositIndex: 2,
      firstWithdrawalIndex: 1,
      nextWithdrawalIndex: 2,
    },
  ]);
});

test('an agent trades for its owner until it is revoked, and touches neither money nor keys', () => {
  const exchange = opened();
  const auth = () => exchange.auth('ann', agent(exchange));
  const kinds = (command: Command) => exchange.run(command).map((event) => event.kind);
  expect(kinds(order(exchange, { auth: auth(), priceTicks: 40_000, sizeLots: 1 }))).toEqual([
    'orderAccepted',
    'orderRested',
  ]);
  expect(kinds({ kind: 'cancelOrder', auth: auth(), orderId: toOrderId(3), clientOrderId: '' })).toEqual([
    'orderClosed',
  ]);
  const forbidden: Command[] = [
    withdraw(exchange, 1_000_000, agent(exchange)),
    { ...transfer(exchange, 1_000_000), auth: auth() },
    { kind: 'approveAgent', auth: auth(), agent: exchange.address('k2'), agentName: '', agentExpiresAtMs: 0 },
    { kind: 'revokeAgent', auth: auth(), agent: exchange.address('key') },
  ];
  for (const command of forbidden) {
    expect(exchange.run(command)).toMatchObject([{ code: REJECT_CODES.SIGNER_NOT_AUTHORIZED }]);
  }
  exchange.run({ kind: 'revokeAgent', auth: exchange.auth('ann'), agent: exchange.address('key') });
  expect(exchange.run(order(exchange, { auth: auth() }))).toMatchObject([{ code: REJECT_CODES.SIGNER_NOT_AUTHORIZED }]);
  expect(writeSnapshot(exchange.state).length).toBeGreaterThan(0);
});

function leavesOf({ state }: Exchange): string[] {
  const leaves: (Uint8Array | undefined)[] = [];
  for (const { accountId } of listAccounts(state)) leaves.push(accountLeaf(state, accountId));
  for (const { orderId } of listOrders(state)) leaves.push(orderLeaf(state, orderId));
  for (const { spec } of listMarkets(state)) leaves.push(marketLeaf(state, spec.marketId));
  return leaves.map((leaf) => Buffer.from(leaf ?? []).toString('hex'));
}
