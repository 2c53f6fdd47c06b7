import {
  AssertionError,
  type CollateralSpec,
  type MarketSpec,
  type OrderRequest,
  type SignedCommand,
  toAssetId,
  toMarketId,
  toOrderId,
} from '@keel/types';
import { expect, test } from 'vitest';
import { actionOfCommand, type OrderTerms } from '../src/index.ts';
import { PLAIN_ORDER } from './sampleActions.ts';

const OWNER = '0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266';
const OTHER = '0x70997970c51812dc3a010c7d01b50e0d17dc79c8';
const auth = { owner: OWNER, subaccount: 3, signer: OTHER, nonce: 11, expiresAfterMs: 22, signature: '0x' } as const;
const signed = { account: OWNER, subaccount: 3, nonce: 11, expiresAfter: 22 };

const BTC: MarketSpec = {
  marketId: toMarketId(1),
  symbol: 'BTC-USD',
  baseAsset: 'BTC',
  priceDecimals: 1,
  sizeDecimals: 5,
  atomsPerTickLot: 1,
  maxPriceTicks: 10_000_000,
  maxOrderLots: 1_000_000_000,
  maxPositionLots: 100_000_000,
  maxOpenInterestLots: 1_000_000_000,
  minOrderNotionalAtoms: 10_000_000,
  initialMarginPpm: 40_000,
  maintenanceMarginPpm: 20_000,
  marginTiers: [],
  openInterestLowerAtoms: 0,
  openInterestUpperAtoms: 0,
  concentrationPpm: 0,
  concentrationFloorLots: 0,
  stablePriceMovePpm: 0,
  makerFeePpm: 100,
  takerFeePpm: 400,
  marketSlippagePpm: 50_000,
  priceBandPpm: 200_000,
  markBandPpm: 50_000,
  indexJumpPpm: 200_000,
  indexStaleMs: 10_000,
  resumeGraceMs: 0,
  liquidationFeePpm: 10_000,
  liquidationBudgetAtoms: 0,
  backstopLossCapAtoms: 0,
  deleverageRule: 'waterFilling',
  impactNotionalAtoms: 10_000_000_000,
  fundingInterestPpb: 100_000,
  fundingCapPpb: 40_000_000,
};
const SPECS = new Map([[BTC.marketId, BTC]]);
const WETH: CollateralSpec = {
  assetId: toAssetId(1),
  symbol: 'WETH',
  decimals: 8,
  priceDecimals: 2,
  maxPriceTicks: 100_000_000,
  haircutPpm: 100_000,
  maxDepositedAtoms: 1_000_000_000_000,
  priceJumpPpm: 50_000,
  priceStaleMs: 10_000,
};
const COLLATERALS = new Map([[WETH.assetId, WETH]]);

const PLAIN: OrderRequest = {
  marketId: BTC.marketId,
  side: 'buy',
  orderType: 'limit',
  timeInForce: 'gtc',
  priceTicks: 221_965,
  sizeLots: 50_000,
  reduceOnly: false,
  clientOrderId: '',
  expiresAtMs: 0,
  displayLots: 0,
  selfTrade: 'expireMaker',
  selfTradeScope: 'account',
  trigger: undefined,
  attached: undefined,
};
/** Every field differs from the plain order's. */
const FULL: OrderRequest = {
  marketId: BTC.marketId,
  side: 'sell',
  orderType: 'market',
  timeInForce: 'gtt',
  priceTicks: 221_960,
  sizeLots: 150_000,
  reduceOnly: true,
  clientOrderId: 'a-1',
  expiresAtMs: 44,
  displayLots: 25_000,
  selfTrade: 'expireBoth',
  selfTradeScope: 'owner',
  trigger: { kind: 'stop', triggerTicks: 210_000, trailTicks: 15 },
  attached: {
    takeProfitTicks: 200_001,
    takeProfitLimitTicks: 200_002,
    stopLossTicks: 230_003,
    stopLossLimitTicks: 230_004,
  },
};
const FULL_TERMS: OrderTerms = {
  market: 'BTC-USD',
  side: 'sell',
  orderType: 'market',
  timeInForce: 'gtt',
  price: '22196',
  size: '1.5',
  reduceOnly: true,
  clientOrderId: 'a-1',
  expiresAt: 44,
  displaySize: '0.25',
  selfTrade: 'expireBoth',
  selfTradeScope: 'owner',
  triggerKind: 'stop',
  triggerPrice: '21000',
  trail: '1.5',
  takeProfitTrigger: '20000.1',
  takeProfitPrice: '20000.2',
  stopLossTrigger: '23000.3',
  stopLossPrice: '23000.4',
};

const byId = { orderId: toOrderId(77), clientOrderId: '' };
const byClientId = { orderId: 0, clientOrderId: 'a-1' } as const;

test.each<[SignedCommand, object]>([
  [
    { kind: 'placeOrder', auth, ...PLAIN },
    { primaryType: 'PlaceOrder', ...signed, ...PLAIN_ORDER },
  ],
  [
    { kind: 'placeOrder', auth, ...FULL },
    { primaryType: 'PlaceOrder', ...signed, ...FULL_TERMS },
  ],
  [
    { kind: 'placeOrders', auth, orders: [FULL, PLAIN], grouping: 'oneCancelsOther' },
    { primaryType: 'PlaceOrders', ...signed, orders: [FULL_TERMS, PLAIN_ORDER], grouping: 'oneCancelsOther' },
  ],
  [
    { kind: 'placeOrders', auth, orders: [], grouping: 'none' },
    { primaryType: 'PlaceOrders', ...signed, orders: [], grouping: 'none' },
  ],
  [
    {
      kind: 'placeScale',
      auth,
      order: { ...PLAIN, priceTicks: 0 },
      fromTicks: 220_000,
      toTicks: 210_005,
      orderCount: 10,
      skewPpm: 2_000_000,
    },
    {
      primaryType: 'PlaceScale',
      ...signed,
      order: { ...PLAIN_ORDER, price: '0' },
      fromPrice: '22000',
      toPrice: '21000.5',
      orderCount: 10,
      skewPpm: 2_000_000,
    },
  ],
  [
    {
      kind: 'placeTwap',
      auth,
      marketId: BTC.marketId,
      side: 'sell',
      sizeLots: 300_000,
      reduceOnly: true,
      clientOrderId: 'twap-1',
      durationMs: 600_000,
      slices: 60,
    },
    {
      primaryType: 'PlaceTwap',
      ...signed,
      market: 'BTC-USD',
      side: 'sell',
      size: '3',
      reduceOnly: true,
      clientOrderId: 'twap-1',
      durationMs: 600_000,
      slices: 60,
    },
  ],
  [
    { kind: 'amendOrder', auth, ...byId, marketId: BTC.marketId, priceTicks: 222_000, sizeLots: 25_000 },
    {
      primaryType: 'AmendOrder',
      ...signed,
      orderId: '77',
      clientOrderId: '',
      market: 'BTC-USD',
      price: '22200',
      size: '0.25',
    },
  ],
  [
    {
      kind: 'amendOrders',
      auth,
      amendments: [
        { ...byClientId, marketId: BTC.marketId, priceTicks: 221_000, sizeLots: 100_000 },
        { ...byId, marketId: BTC.marketId, priceTicks: 1, sizeLots: 1 },
      ],
    },
    {
      primaryType: 'AmendOrders',
      ...signed,
      amendments: [
        { orderId: '0', clientOrderId: 'a-1', market: 'BTC-USD', price: '22100', size: '1' },
        { orderId: '77', clientOrderId: '', market: 'BTC-USD', price: '0.1', size: '0.00001' },
      ],
    },
  ],
  [
    { kind: 'replaceOrder', auth, replaced: byId, order: FULL },
    { primaryType: 'ReplaceOrder', ...signed, replaced: { orderId: '77', clientOrderId: '' }, order: FULL_TERMS },
  ],
  [
    { kind: 'cancelOrder', auth, ...byId },
    { primaryType: 'CancelOrder', ...signed, orderId: '77', clientOrderId: '' },
  ],
  [
    { kind: 'cancelOrder', auth, ...byClientId },
    { primaryType: 'CancelOrder', ...signed, orderId: '0', clientOrderId: 'a-1' },
  ],
  [
    { kind: 'cancelOrders', auth, orders: [byClientId, byId] },
    {
      primaryType: 'CancelOrders',
      ...signed,
      orders: [
        { orderId: '0', clientOrderId: 'a-1' },
        { orderId: '77', clientOrderId: '' },
      ],
    },
  ],
  [
    { kind: 'cancelAllOrders', auth, marketId: BTC.marketId },
    { primaryType: 'CancelAllOrders', ...signed, market: 'BTC-USD' },
  ],
  [
    { kind: 'cancelAllOrders', auth, marketId: toMarketId(0) },
    { primaryType: 'CancelAllOrders', ...signed, market: '' },
  ],
  [
    { kind: 'cancelAllAfter', auth, timeoutMs: 5_000 },
    { primaryType: 'CancelAllAfter', ...signed, timeoutMs: 5_000 },
  ],
  [
    {
      kind: 'setMarketMakerProtection',
      auth,
      marketId: BTC.marketId,
      windowMs: 1_000,
      quantityLots: 250_000,
      deltaLots: 100_000,
      fillCount: 20,
    },
    {
      primaryType: 'SetMarketMakerProtection',
      ...signed,
      market: 'BTC-USD',
      windowMs: 1_000,
      quantity: '2.5',
      delta: '1',
      fillCount: 20,
    },
  ],
  [
    { kind: 'resetMarketMakerProtection', auth, marketId: BTC.marketId },
    { primaryType: 'ResetMarketMakerProtection', ...signed, market: 'BTC-USD' },
  ],
  [
    { kind: 'approveAgent', auth, agent: OTHER, agentName: 'desk', agentExpiresAtMs: 33 },
    { primaryType: 'ApproveAgent', ...signed, agent: OTHER, agentName: 'desk', agentExpiresAt: 33 },
  ],
  [
    { kind: 'revokeAgent', auth, agent: OTHER },
    { primaryType: 'RevokeAgent', ...signed, agent: OTHER },
  ],
  [
    { kind: 'withdraw', auth, recipient: OTHER, assetId: 0, amountAtoms: 1_500_000 },
    { primaryType: 'Withdraw', ...signed, recipient: OTHER, asset: 'USDC', amount: '1.5' },
  ],
  [
    { kind: 'withdraw', auth, recipient: OTHER, assetId: WETH.assetId, amountAtoms: 1_500_000 },
    { primaryType: 'Withdraw', ...signed, recipient: OTHER, asset: 'WETH', amount: '0.015' },
  ],
  [
    { kind: 'transfer', auth, toSubaccount: 129, assetId: 0, amountAtoms: 2_000_000 },
    { primaryType: 'Transfer', ...signed, toSubaccount: 129, asset: 'USDC', amount: '2' },
  ],
  [
    { kind: 'transfer', auth, toSubaccount: 0, assetId: WETH.assetId, amountAtoms: 250_000_000 },
    { primaryType: 'Transfer', ...signed, toSubaccount: 0, asset: 'WETH', amount: '2.5' },
  ],
  [
    { kind: 'setLeverage', auth, marketId: BTC.marketId, leverage: 20 },
    { primaryType: 'SetLeverage', ...signed, market: 'BTC-USD', leverage: 20 },
  ],
  [
    { kind: 'fundSafety', auth, marketId: BTC.marketId, fund: 'backstop', amountAtoms: 1_000_000_500_000 },
    { primaryType: 'FundSafety', ...signed, market: 'BTC-USD', fund: 'backstop', amount: '1000000.5' },
  ],
  [
    { kind: 'registerLiquidator', auth, active: true },
    { primaryType: 'RegisterLiquidator', ...signed, active: true },
  ],
  [
    { kind: 'takeAuction', auth, marketId: BTC.marketId, auctionId: 7, sizeLots: 150_000, limitTicks: 221_965 },
    { primaryType: 'TakeAuction', ...signed, market: 'BTC-USD', auctionId: 7, size: '1.5', price: '22196.5' },
  ],
])('%o says again what was signed', (command, action) => {
  expect(actionOfCommand(command, SPECS, COLLATERALS)).toEqual(action);
});

test('a market order without a price of its own signs the price 0', () => {
  const command: SignedCommand = {
    kind: 'placeOrder',
    auth,
    ...PLAIN,
    orderType: 'market',
    timeInForce: 'ioc',
    priceTicks: 0,
  };
  expect(actionOfCommand(command, SPECS, COLLATERALS)).toMatchObject({ orderType: 'market', price: '0' });
});

test('an order that works at once signs no trigger', () => {
  const waiting = { ...PLAIN, trigger: { kind: 'trailingStop', triggerTicks: 0, trailTicks: 1_500 } } as const;
  const terms = (order: OrderRequest) => actionOfCommand({ kind: 'placeOrder', auth, ...order }, SPECS, COLLATERALS);
  expect(terms(PLAIN)).toMatchObject({ triggerKind: '', triggerPrice: '0', trail: '0' });
  expect(terms(waiting)).toMatchObject({ triggerKind: 'trailingStop', triggerPrice: '0', trail: '150' });
});

test('a market nobody listed is a fault of ours', () => {
  const unlisted = { ...PLAIN, marketId: toMarketId(9) };
  expect(() => actionOfCommand({ kind: 'placeOrder', auth, ...unlisted }, SPECS, COLLATERALS)).toThrow(AssertionError);
});

test('so is a collateral asset nobody listed', () => {
  const transfer = { kind: 'transfer', auth, toSubaccount: 1, assetId: toAssetId(2), amountAtoms: 1 } as const;
  expect(() => actionOfCommand(transfer, SPECS, COLLATERALS)).toThrow(AssertionError);
});
