import { encodeAction, hashAction } from '@keel/hyperliquid';
import { addressOfKey, keelDomain, type OrderTerms, type SignableAction, signAction } from '@keel/signing';
import type { Address, Hex } from '@keel/types';
import { sign } from 'viem/accounts';
import type { Dice } from '../dice.ts';
import { CHAIN_ID, SETTLEMENT } from '../startDoor.ts';

/** An account and the key that may trade for it. */
export interface Trader {
  readonly key: Hex;
  readonly owner: Address;
  readonly agentKey: Hex;
  readonly agent: Address;
}

const keyOf = (prefix: string, at: number): Hex => `0x${prefix}${String(at + 1).padStart(62, '0')}`;

export const TRADERS: readonly Trader[] = Array.from({ length: 8 }, (_item, at) => {
  const key = keyOf('f1', at);
  const agentKey = keyOf('f2', at);
  return { key, owner: addressOfKey(key), agentKey, agent: addressOfKey(agentKey) };
});

const domain = keelDomain(CHAIN_ID, SETTLEMENT);
let lastNonce = Date.now();
/** Of nobody's clock: two requests never have the same. */
export function nextNonce(): number {
  lastNonce = Math.max(lastNonce + 1, Date.now());
  return lastNonce;
}

const decimalNear = (dice: Dice, from: number, to: number, decimals: number): string =>
  String(Number((dice.between(from, to) / 10 ** decimals).toFixed(decimals)));

function terms(dice: Dice): OrderTerms {
  const waits = dice.chance(15);
  return {
    market: 'BTC-USD',
    side: dice.pick(['buy', 'sell']),
    orderType: 'limit',
    timeInForce: dice.pick(['gtc', 'ioc', 'postOnly', 'postOnlySlide', 'fok']),
    price: decimalNear(dice, 590_000, 610_000, 1),
    size: decimalNear(dice, 1, 90, 3),
    reduceOnly: dice.chance(10),
    clientOrderId: dice.chance(50) ? `c${dice.between(1, 400)}` : '',
    expiresAt: 0,
    displaySize: '0',
    selfTrade: dice.pick(['expireMaker', 'expireTaker', 'expireBoth', 'decrement']),
    selfTradeScope: 'account',
    triggerKind: waits ? 'stop' : '',
    triggerPrice: waits ? decimalNear(dice, 620_000, 640_000, 1) : '0',
    trail: '0',
    takeProfitTrigger: '0',
    takeProfitPrice: '0',
    stopLossTrigger: '0',
    stopLossPrice: '0',
  };
}

/** Every signed request by its path, with its method over WebSocket where it has one. */
const NATIVE = {
  '/v1/orders': ['order.place', (dice: Dice) => ({ primaryType: 'PlaceOrder', ...terms(dice) })],
  '/v1/orders/batch': [
    'order.placeBatch',
    (dice: Dice) => ({ primaryType: 'PlaceOrders', orders: [terms(dice), terms(dice)], grouping: 'none' }),
  ],
  '/v1/orders/scale': [
    'order.placeScale',
    (dice: Dice) => {
      const order = { ...terms(dice), timeInForce: 'gtc', price: '0', clientOrderId: '' };
      return {
        primaryType: 'PlaceScale',
        order,
        fromPrice: '59000',
        toPrice: '58000',
        orderCount: 3,
        skewPpm: 1_000_000,
      };
    },
  ],
  '/v1/orders/twap': [
    'order.placeTwap',
    (dice: Dice) => {
      const { market, side, clientOrderId } = terms(dice);
      const twap = { market, side, size: '0.03', reduceOnly: false, clientOrderId, durationMs: 20_000, slices: 3 };
      return { primaryType: 'PlaceTwap', ...twap };
    },
  ],
  '/v1/orders/amend': ['order.amend', (dice: Dice) => ({ primaryType: 'AmendOrder', ...amendment(dice) })],
  '/v1/orders/amend-batch': [
    'order.amendBatch',
    (dice: Dice) => ({ primaryType: 'AmendOrders', amendments: [amendment(dice), amendment(dice)] }),
  ],
  '/v1/orders/replace': [
    'order.replace',
    (dice: Dice) => ({ primaryType: 'ReplaceOrder', replaced: name(dice), order: terms(dice) }),
  ],
  '/v1/orders/cancel': ['order.cancel', (dice: Dice) => ({ primaryType: 'CancelOrder', ...name(dice) })],
  '/v1/orders/cancel-batch': [
    'order.cancelBatch',
    (dice: Dice) => ({ primaryType: 'CancelOrders', orders: [name(dice), name(dice)] }),
  ],
  '/v1/orders/cancel-all': [
    'order.cancelAll',
    (dice: Dice) => ({ primaryType: 'CancelAllOrders', market: dice.pick(['', 'BTC-USD']) }),
  ],
  '/v1/orders/cancel-all-after': [
    'order.cancelAllAfter',
    (dice: Dice) => ({ primaryType: 'CancelAllAfter', timeoutMs: dice.pick([0, 1_000, 60_000]) }),
  ],
  '/v1/market-maker-protection': [
    'protection.set',
    () => ({
      ...{ primaryType: 'SetMarketMakerProtection', market: 'BTC-USD', windowMs: 1_000 },
      ...{ quantity: '50', delta: '0', fillCount: 0 },
    }),
  ],
  '/v1/market-maker-protection/reset': [
    'protection.reset',
    () => ({ primaryType: 'ResetMarketMakerProtection', market: 'BTC-USD' }),
  ],
  '/v1/agents': [
    undefined,
    (dice: Dice) => ({
      ...{ primaryType: 'ApproveAgent', agent: `0x${'ab'.repeat(18)}${dice.between(1_000, 9_999)}` },
      ...{ agentName: 'bot', agentExpiresAt: 0 },
    }),
  ],
  '/v1/agents/revoke': [undefined, () => ({ primaryType: 'RevokeAgent', agent: `0x${'cd'.repeat(20)}` })],
  '/v1/withdrawals': [
    undefined,
    () => ({ primaryType: 'Withdraw', recipient: `0x${'ef'.repeat(20)}`, asset: 'USDC', amount: '1' }),
  ],
  '/v1/transfers': [
    undefined,
    (dice: Dice) => ({ primaryType: 'Transfer', toSubaccount: dice.between(1, 3), asset: 'USDC', amount: '10' }),
  ],
  '/v1/leverage': [
    'leverage.set',
    (dice: Dice) => ({ primaryType: 'SetLeverage', market: 'BTC-USD', leverage: dice.between(0, 5) }),
  ],
  '/v1/safety-funds': [
    undefined,
    () => ({ primaryType: 'FundSafety', market: 'BTC-USD', fund: 'insurance', amount: '1' }),
  ],
  '/v1/liquidators': [
    'liquidator.register',
    (dice: Dice) => ({ primaryType: 'RegisterLiquidator', active: dice.chance(50) }),
  ],
  '/v1/auctions/take': [
    'auction.take',
    () => ({ primaryType: 'TakeAuction', market: 'BTC-USD', auctionId: 1, size: '0.1', price: '60000' }),
  ],
} as const;

export const SIGNED_PATHS = Object.keys(NATIVE) as (keyof typeof NATIVE)[];
export const METHOD_PATHS: ReadonlyMap<string, string> = new Map(
  SIGNED_PATHS.flatMap((path) => (NATIVE[path][0] === undefined ? [] : [[NATIVE[path][0], path] as const])),
);

function name(dice: Dice) {
  return dice.chance(50)
    ? { orderId: '0', clientOrderId: `c${dice.between(1, 400)}` }
    : { orderId: String(dice.between(1, 3_000)), clientOrderId: '' };
}

const amendment = (dice: Dice) => ({ ...name(dice), market: 'BTC-USD', price: '59500', size: '0.05' });

/** A request that the exchange takes, or refuses for what is in its books; `bend` changes what is signed before it is. */
export function signedBody(
  dice: Dice,
  path: keyof typeof NATIVE,
  bend: (action: Record<string, unknown>) => void = () => undefined,
): Record<string, unknown> {
  const trader = dice.pick(TRADERS);
  const guard = { account: trader.owner, subaccount: 0, nonce: nextNonce(), expiresAfter: 0 };
  const action: Record<string, unknown> = { ...NATIVE[path][1](dice), ...guard };
  bend(action);
  const { primaryType: _, ...fields } = action;
  return { ...fields, signature: signAction(domain, action as unknown as SignableAction, trader.key) };
}

const hex = (dice: Dice, digits: number): string =>
  Array.from({ length: digits }, () => dice.between(0, 15).toString(16)).join('');

function wireOrder(dice: Dice) {
  const t = dice.chance(80)
    ? { limit: { tif: dice.pick(['Gtc', 'Ioc', 'Alo', 'FrontendMarket']) } }
    : { trigger: { isMarket: dice.chance(50), triggerPx: '63000', tpsl: dice.pick(['tp', 'sl']) } };
  const order = {
    a: 0,
    b: dice.chance(50),
    p: decimalNear(dice, 590_000, 610_000, 1),
    s: '0.01',
    r: dice.chance(10),
    t,
  };
  return dice.chance(40) ? { ...order, c: `0x${hex(dice, 32)}` } : order;
}

/** Every kind of action that clients of Hyperliquid sign. */
const ACTIONS: readonly ((dice: Dice) => Record<string, unknown>)[] = [
  (dice) => ({ type: 'order', orders: [wireOrder(dice)], grouping: 'na' }),
  (dice) => ({
    type: 'order',
    orders: [wireOrder(dice), wireOrder(dice)],
    grouping: dice.pick(['na', 'normalTpsl', 'positionTpsl']),
  }),
  (dice) => ({ type: 'cancel', cancels: [{ a: 0, o: dice.between(1, 3_000) }] }),
  (dice) => ({ type: 'cancelByCloid', cancels: [{ asset: 0, cloid: `0x${hex(dice, 32)}` }] }),
  (dice) => ({ type: 'modify', oid: dice.between(1, 3_000), order: wireOrder(dice) }),
  (dice) => ({
    type: 'batchModify',
    modifies: [1, 2].map(() => ({ oid: dice.between(1, 3_000), order: wireOrder(dice) })),
  }),
  () => ({ type: 'scheduleCancel', time: Date.now() + 30_000 }),
  () => ({ type: 'updateLeverage', asset: 0, isCross: true, leverage: 3 }),
  () => ({ type: 'updateIsolatedMargin', asset: 0, isBuy: true, ntli: 1 }),
  () => ({ type: 'noop' }),
  () => ({ type: 'setReferrer', code: 'A' }),
  () => ({ type: 'withdraw3', destination: TRADERS[0]?.owner, amount: '1', time: 1, signatureChainId: '0x1' }),
  () => ({
    type: 'usdClassTransfer',
    amount: '1',
    toPerp: true,
    nonce: 1,
    signatureChainId: '0x1',
    hyperliquidChain: 'Testnet',
  }),
];

/** A body of `/exchange`, signed by an agent; `bend` changes its action before. */
export async function signedWireBody(
  dice: Dice,
  bend: (action: Record<string, unknown>) => void = () => undefined,
): Promise<Record<string, unknown>> {
  const action = dice.pick(ACTIONS)(dice);
  bend(action);
  const nonce = nextNonce();
  const hash = hashAction(encodeAction(action), { nonce }, dice.chance(95) ? 'b' : 'a');
  const privateKey = dice.pick(TRADERS)[dice.chance(95) ? 'agentKey' : 'key'];
  const { r, s, v } = await sign({ hash: `0x${Buffer.from(hash).toString('hex')}`, privateKey });
  return { action, nonce, signature: { r, s, v: Number(v) }, vaultAddress: null };
}

const USER_TYPES = [
  ...['clearinghouseState', 'spotClearinghouseState', 'openOrders', 'frontendOpenOrders', 'orderStatus', 'userFees'],
  ...['historicalOrders', 'userFills', 'userFillsByTime', 'userFunding', 'userNonFundingLedgerUpdates', 'userRole'],
  ...['userRateLimit', 'extraAgents', 'subAccounts', 'webData2', 'activeAssetData', 'userAbstraction'],
];
const MARKET_TYPES = [
  ...['meta', 'metaAndAssetCtxs', 'allPerpMetas', 'perpDexs', 'marginTable', 'perpsAtOpenInterestCap', 'spotMeta'],
  ...['exchangeStatus', 'allMids', 'l2Book', 'recentTrades', 'candleSnapshot', 'fundingHistory', 'maxBuilderFee'],
];

/** A question of `/info`; each has fields that others need. */
export function question(dice: Dice): Record<string, unknown> {
  const coin = dice.pick(['BTC', 'ETH']);
  if (dice.chance(50)) {
    const user = dice.pick(TRADERS)[dice.pick<'owner' | 'agent'>(['owner', 'agent'])];
    const times = { startTime: 0, endTime: dice.pick([null, Date.now()]) };
    return { type: dice.pick(USER_TYPES), user, coin, oid: dice.between(1, 100), aggregateByTime: true, ...times };
  }
  const type = dice.pick(MARKET_TYPES);
  if (type === 'candleSnapshot') return { type, req: { coin, interval: dice.pick(['1m', '1h', '1M']), startTime: 0 } };
  return {
    type,
    coin,
    nSigFigs: dice.pick([null, 2, 5]),
    id: 1,
    startTime: 0,
    ...(dice.chance(20) ? { dex: '' } : {}),
  };
}

/** What can be followed on `/ws`. */
export function wireSubscription(dice: Dice): Record<string, unknown> {
  const { owner, agent } = dice.pick(TRADERS.slice(0, 3));
  const type = dice.pick([
    ...['allMids', 'l2Book', 'bbo', 'trades', 'candle', 'activeAssetCtx', 'orderUpdates', 'userFills', 'userEvents'],
    ...[
      'userFundings',
      'userNonFundingLedgerUpdates',
      'clearinghouseState',
      'openOrders',
      'activeAssetData',
      'webData2',
    ],
  ]);
  return { type, coin: 'BTC', user: dice.pick([owner, agent]), interval: '1m', nSigFigs: dice.pick([null, 3]) };
}

/** What `subscribe` takes on the native socket. */
export function subscription(dice: Dice): Record<string, unknown> {
  const market = 'BTC-USD';
  return dice.pick<Record<string, unknown>>([
    { channel: 'book', market },
    { channel: 'book', market, levels: 10, grouping: '10', intervalMs: 100 },
    { channel: 'bookOrders', market, fromSeq: dice.between(0, 100) },
    { channel: 'bbo', market },
    { channel: 'ticker', market },
    { channel: 'trades', market },
    { channel: 'candles', market, interval: '1m' },
    { channel: 'markets' },
    { channel: 'account', account: dice.pick(TRADERS).owner, fromSeq: dice.between(0, 5_000) },
  ]);
}
