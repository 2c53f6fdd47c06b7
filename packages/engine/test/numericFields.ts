import {
  COLLATERAL_ATOMS_MAX,
  type Command,
  type FundSafety,
  type OrderRequest,
  type SafetyFund,
  type SetMarketMakerProtection,
  toAssetId,
  toMarketId,
  toOrderId,
} from '@keel/types';
import { Exchange, FEEDER, indexUpdate } from './exchange.ts';
import { PLAIN } from './plainOrder.ts';
import { testCollateral } from './testCollateral.ts';
import { testMarket } from './testMarket.ts';

/** A place in a command, for example `order.trigger.triggerTicks`. */
export type FieldPath = readonly string[];

/** ann with money, #1 that rests and #2 that waits; her agent `key`; bob with money to sell and 10 WETH; 1 USDC of fees. */
export function openedForFields(): Exchange {
  const exchange = new Exchange();
  exchange.list(testMarket(1, 'BTC-USD', { backstopLossCapAtoms: 1_000_000 }));
  exchange.list(testMarket(2, 'ETH-USD'));
  exchange.listCollateral('WETH', 90);
  for (const owner of ['ann', 'bob']) exchange.deposit(owner, COLLATERAL_ATOMS_MAX / 1e6);
  exchange.deposit('bob', 10, 'WETH');
  exchange.collateralPrice(1, 200_000);
  // As if somebody had traded.
  exchange.state.feesAtoms += 1_000_000n;
  exchange.state.depositedAtoms += 1_000_000n;
  exchange.index(1, 50_000);
  const own = () => ({ auth: exchange.auth('ann'), ...ORDER });
  exchange.run({ kind: 'placeOrder', ...own() });
  exchange.run({ kind: 'placeOrder', ...own(), trigger: { kind: 'stop', triggerTicks: 60_000, trailTicks: 0 } });
  exchange.run({
    kind: 'approveAgent',
    auth: exchange.auth('ann'),
    agent: exchange.address('key'),
    agentName: '',
    agentExpiresAtMs: 0,
  });
  exchange.timeMs += 1_000;
  return exchange;
}

const ORDER: OrderRequest = {
  ...PLAIN,
  marketId: toMarketId(1),
  side: 'buy',
  priceTicks: 40_000,
  sizeLots: 1_000,
};

/** Commands that `openedForFields` takes as they stand; between them every numeric field has a figure. */
export const SAMPLES: Readonly<Record<string, (exchange: Exchange) => Command>> = {
  listMarket: () => ({ kind: 'listMarket', spec: testMarket(3, 'SOL-USD') }),
  listCollateral: () => ({ kind: 'listCollateral', spec: testCollateral('WBTC', 90) }),
  'creditDeposit WETH': (x) => ({
    kind: 'creditDeposit',
    depositIndex: 3,
    owner: x.address('cat'),
    assetId: toAssetId(1),
    amountAtoms: 1_000_000,
    l1BlockNumber: 1,
    l1TxHash: '0x',
  }),
  creditDeposit: (x) => ({
    kind: 'creditDeposit',
    depositIndex: 3,
    owner: x.address('cat'),
    assetId: 0,
    amountAtoms: 1_000_000,
    l1BlockNumber: 1,
    l1TxHash: '0x',
  }),
  updateIndexPrice: (x) => indexUpdate(1, 50_000, x.timeMs),
  updateCollateralPrice: (x) => ({
    kind: 'updateCollateralPrice',
    assetId: toAssetId(1),
    reports: indexUpdate(1, 200_000, x.timeMs).reports,
  }),
  setPriceFeeders: () => ({ kind: 'setPriceFeeders', feeders: [{ feeder: FEEDER, weight: 1 }] }),
  upgradeEngine: () => ({ kind: 'upgradeEngine', engineVersion: 2 }),
  advanceTime: () => ({ kind: 'advanceTime' }),
  sealBatch: () => ({ kind: 'sealBatch' }),
  placeOrder: (x) => ({ kind: 'placeOrder', ...signed(x), ...ORDER }),
  'placeOrder market': (x) => ({ kind: 'placeOrder', ...signed(x), ...ORDER, orderType: 'market', priceTicks: 0 }),
  'placeOrder gtt': (x) => ({
    kind: 'placeOrder',
    ...signed(x),
    ...ORDER,
    timeInForce: 'gtt',
    expiresAtMs: x.timeMs + 1_000,
  }),
  'placeOrder iceberg': (x) => ({ kind: 'placeOrder', ...signed(x), ...ORDER, displayLots: 100 }),
  'placeOrder stop': (x) => ({
    kind: 'placeOrder',
    ...signed(x),
    ...ORDER,
    trigger: { kind: 'stop', triggerTicks: 55_000, trailTicks: 0 },
  }),
  'placeOrder stop market': (x) => ({
    kind: 'placeOrder',
    ...signed(x),
    ...ORDER,
    orderType: 'market',
    priceTicks: 0,
    trigger: { kind: 'stop', triggerTicks: 55_000, trailTicks: 0 },
  }),
  'placeOrder trailingStop': (x) => ({
    kind: 'placeOrder',
    ...signed(x),
    ...ORDER,
    trigger: { kind: 'trailingStop', triggerTicks: 0, trailTicks: 1_000 },
  }),
  'placeOrder attached': (x) => ({
    kind: 'placeOrder',
    ...signed(x),
    ...ORDER,
    attached: {
      takeProfitTicks: 60_000,
      takeProfitLimitTicks: 59_000,
      stopLossTicks: 30_000,
      stopLossLimitTicks: 29_000,
    },
  }),
  'placeOrder attached market': (x) => ({
    kind: 'placeOrder',
    ...signed(x),
    ...ORDER,
    attached: { takeProfitTicks: 60_000, takeProfitLimitTicks: 0, stopLossTicks: 30_000, stopLossLimitTicks: 0 },
  }),
  placeOrders: (x) => ({ kind: 'placeOrders', ...signed(x), orders: [ORDER], grouping: 'none' }),
  placePair: (x) => ({
    kind: 'placeOrders',
    ...signed(x),
    orders: [ORDER, { ...ORDER, side: 'sell', priceTicks: 60_000 }],
    grouping: 'oneCancelsOther',
  }),
  placeScale: (x) => ({
    kind: 'placeScale',
    ...signed(x),
    order: { ...ORDER, priceTicks: 0 },
    fromTicks: 40_000,
    toTicks: 41_000,
    orderCount: 2,
    skewPpm: 1_000_000,
  }),
  placeTwap: (x) => ({
    kind: 'placeTwap',
    ...signed(x),
    marketId: toMarketId(1),
    side: 'buy',
    sizeLots: 1_000,
    reduceOnly: false,
    clientOrderId: '',
    durationMs: 60_000,
    slices: 3,
  }),
  amendOrder: (x) => ({ kind: 'amendOrder', ...signed(x), ...amendment(1) }),
  'amendOrder waiting': (x) => ({ kind: 'amendOrder', ...signed(x), ...amendment(2) }),
  amendOrders: (x) => ({ kind: 'amendOrders', ...signed(x), amendments: [amendment(1)] }),
  replaceOrder: (x) => ({ kind: 'replaceOrder', ...signed(x), replaced: nameOf(1), order: ORDER }),
  cancelOrder: (x) => ({ kind: 'cancelOrder', ...signed(x), ...nameOf(1) }),
  cancelOrders: (x) => ({ kind: 'cancelOrders', ...signed(x), orders: [nameOf(2)] }),
  cancelAllOrders: (x) => ({ kind: 'cancelAllOrders', ...signed(x), marketId: toMarketId(1) }),
  cancelAllAfter: (x) => ({ kind: 'cancelAllAfter', ...signed(x), timeoutMs: 60_000 }),
  'protection quantity': (x) => protection(x, { quantityLots: 10 }),
  'protection delta': (x) => protection(x, { deltaLots: 10 }),
  'protection count': (x) => protection(x, { fillCount: 10 }),
  resetMarketMakerProtection: (x) => ({ kind: 'resetMarketMakerProtection', ...signed(x), marketId: toMarketId(1) }),
  setTradingStatus: () => ({ kind: 'setTradingStatus', marketId: toMarketId(1), status: 'postOnly' }),
  approveAgent: (x) => ({
    kind: 'approveAgent',
    ...signed(x),
    agent: x.address('other'),
    agentName: 'desk',
    agentExpiresAtMs: x.timeMs + 1_000,
  }),
  revokeAgent: (x) => ({ kind: 'revokeAgent', ...signed(x), agent: x.address('key') }),
  'withdraw WETH': (x) => ({
    kind: 'withdraw',
    auth: x.auth('bob'),
    recipient: x.address('bob'),
    assetId: toAssetId(1),
    amountAtoms: 100_000_000,
  }),
  transfer: (x) => ({
    kind: 'transfer',
    auth: x.auth('bob'),
    toSubaccount: 1,
    assetId: 0,
    amountAtoms: 1_000_000,
  }),
  'transfer WETH': (x) => ({
    kind: 'transfer',
    auth: x.auth('bob'),
    toSubaccount: 129,
    assetId: toAssetId(1),
    amountAtoms: 100_000_000,
  }),
  'fundSafety insurance': (x) => fund(x, 'insurance'),
  'fundSafety backstop': (x) => fund(x, 'backstop'),
  allocateFees: () => ({ kind: 'allocateFees', marketId: toMarketId(1), fund: 'insurance', amountAtoms: 1 }),
  withdraw: (x) => ({
    kind: 'withdraw',
    auth: x.auth('bob'),
    recipient: x.address('bob'),
    assetId: 0,
    amountAtoms: 1_000_000,
  }),
};

function signed(exchange: Exchange) {
  return { auth: exchange.auth('ann') };
}

function fund(exchange: Exchange, into: SafetyFund): FundSafety {
  return {
    kind: 'fundSafety',
    auth: exchange.auth('bob'),
    marketId: toMarketId(1),
    fund: into,
    amountAtoms: 1_000_000,
  };
}

function nameOf(orderId: number) {
  return { orderId: toOrderId(orderId), clientOrderId: '' };
}

function amendment(orderId: number) {
  return { ...nameOf(orderId), marketId: toMarketId(1), priceTicks: 41_000, sizeLots: 2_000 };
}

function protection(exchange: Exchange, bound: Partial<SetMarketMakerProtection>): SetMarketMakerProtection {
  return {
    kind: 'setMarketMakerProtection',
    ...signed(exchange),
    marketId: toMarketId(1),
    windowMs: 10_000,
    quantityLots: 0,
    deltaLots: 0,
    fillCount: 0,
    ...bound,
  };
}

/** Every place of a command where a number stands, found by looking, so that a new field cannot be forgotten. */
export function numericFields(part: unknown, path: FieldPath = []): FieldPath[] {
  if (typeof part === 'number') return [path];
  if (typeof part !== 'object' || part === null) return [];
  return Object.entries(part).flatMap(([name, value]) => numericFields(value, [...path, name]));
}

/** A copy of the command with another number at this place. */
export function withField(command: Command, path: FieldPath, value: number): Command {
  const copy: Command = structuredClone(command);
  let part = copy as unknown as Record<string, unknown>;
  for (const name of path.slice(0, -1)) part = part[name] as Record<string, unknown>;
  part[path.at(-1)!] = value;
  return copy;
}
