import {
  type Address,
  AGENT_NAME_CHARACTERS_MAX,
  type AttachedOrders,
  type Authorization,
  BATCH_ITEMS_MAX,
  type Certificate,
  type CertifiedBalance,
  type CertifiedMarket,
  type CertifiedPosition,
  CLIENT_ORDER_ID_CHARACTERS_MAX,
  COLLATERAL_ASSETS_MAX,
  type CollateralSpec,
  type Command,
  type DeleverageRank,
  type Hex,
  HYPERLIQUID_ACTION_BYTES_MAX,
  type HyperliquidEvidence,
  type HyperliquidSource,
  MARGIN_TIERS_MAX,
  MARKETS_MAX,
  type MarginFigures,
  type MarginTier,
  type MarketSpec,
  type OrderAmendment,
  type OrderName,
  type OrderRequest,
  PRICE_FEEDERS_MAX,
  type PriceFeeder,
  type PriceReport,
  REJECT_CODES,
  type TimeInForce,
  type Trigger,
  toAccountId,
  toAssetId,
  toMarketId,
  toOrderId,
  toSequence,
} from '@keel/types';
import fc from 'fast-check';

/* What commands, events and frames are made of. */

export const UINT32_MAX = 2 ** 32 - 1;

/** Half of the numbers are small or at an edge, where encodings change length. */
export const uint64 = fc.oneof(
  fc.nat(300),
  fc.constantFrom(0, 127, 128, 2 ** 31, 2 ** 32 - 1, 2 ** 32, Number.MAX_SAFE_INTEGER),
  fc.maxSafeNat(),
);
export const sint64 = fc.oneof(uint64, fc.maxSafeInteger()).map((value) => value + 0);
export const uint32 = fc.oneof(fc.nat(300), fc.integer({ min: 0, max: UINT32_MAX }));
const sint32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const hex = (bytes: number) =>
  fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((array): Hex => `0x${Buffer.from(array).toString('hex')}`);
export const address: fc.Arbitrary<Address> = hex(20);
export const hash = hex(32);
/** At most `max` UTF-16 units: cut by code point, because half a surrogate pair is no text. */
export const text = (max: number) =>
  fc.string({ unit: 'grapheme', maxLength: max }).map((whole) => {
    let kept = '';
    for (const character of whole) {
      if (kept.length + character.length > max) break;
      kept += character;
    }
    return kept;
  });
export const marketId = uint32.map(toMarketId);
export const accountId = uint32.map(toAccountId);
export const accountIdOrZero = fc.oneof(fc.constant(0 as const), accountId);
export const assetId = uint32.map(toAssetId);
export const orderId = uint64.map(toOrderId);
export const sequence = fc
  .oneof(
    fc.integer({ min: 1, max: 300 }),
    fc.maxSafeNat().map((value) => value || 1),
  )
  .map(toSequence);
export const side = fc.constantFrom('buy' as const, 'sell' as const);
const orderType = fc.constantFrom('limit' as const, 'market' as const);
/** Every member of a union of names; one that is left out does not compile. */
export const nameOf = <Name extends string>(names: Readonly<Record<Name, true>>) =>
  fc.constantFrom(...(Object.keys(names) as Name[]));
const timeInForce = nameOf<TimeInForce>({
  gtc: true,
  gtt: true,
  ioc: true,
  fok: true,
  postOnly: true,
  postOnlySlide: true,
});
export const rejectCode = fc.constantFrom(...Object.values(REJECT_CODES));
export const rejectCodeOrZero = fc.oneof(fc.constant(0 as const), rejectCode);
export const clientOrderId = text(CLIENT_ORDER_ID_CHARACTERS_MAX);
export const agentName = text(AGENT_NAME_CHARACTERS_MAX);

/** Seldom at its longest, which takes long to make. */
const actionBytes = fc.oneof(
  { weight: 1, arbitrary: fc.constant(HYPERLIQUID_ACTION_BYTES_MAX) },
  { weight: 40, arbitrary: fc.integer({ min: 1, max: 300 }) },
);
const hyperliquid: fc.Arbitrary<HyperliquidEvidence> = fc.record({
  action: actionBytes.map((bytes): Hex => `0x${'c3'.repeat(bytes)}`),
  source: nameOf<HyperliquidSource>({ a: true, b: true }),
});

export const auth: fc.Arbitrary<Authorization> = fc.record(
  {
    owner: address,
    subaccount: uint64,
    signer: address,
    nonce: uint64,
    expiresAfterMs: uint64,
    signature: hex(65),
    hyperliquid,
  },
  { requiredKeys: ['owner', 'subaccount', 'signer', 'nonce', 'expiresAfterMs', 'signature'] },
);

const trigger: fc.Arbitrary<Trigger> = fc.record({
  kind: nameOf<Trigger['kind']>({ stop: true, takeProfit: true, trailingStop: true }),
  triggerTicks: uint64,
  trailTicks: uint64,
});

const attached: fc.Arbitrary<AttachedOrders> = fc.record({
  takeProfitTicks: uint64,
  takeProfitLimitTicks: uint64,
  stopLossTicks: uint64,
  stopLossLimitTicks: uint64,
});

/** What a placed order, an order inside a batch and an accepted order have in common. */
export const orderTerms = {
  marketId,
  side,
  orderType,
  timeInForce,
  priceTicks: uint64,
  sizeLots: uint64,
  reduceOnly: fc.boolean(),
  clientOrderId,
  expiresAtMs: uint64,
  displayLots: uint64,
  selfTrade: nameOf<OrderRequest['selfTrade']>({
    expireMaker: true,
    expireTaker: true,
    expireBoth: true,
    decrement: true,
  }),
  selfTradeScope: nameOf<OrderRequest['selfTradeScope']>({ account: true, owner: true }),
  trigger: fc.option(trigger, { nil: undefined }),
  attached: fc.option(attached, { nil: undefined }),
};
export const orderRequest: fc.Arbitrary<OrderRequest> = fc.record(orderTerms);

export const orderName: fc.Arbitrary<OrderName> = fc.record({ orderId, clientOrderId });
export const orderAmendment: fc.Arbitrary<OrderAmendment> = fc.record({
  orderId,
  clientOrderId,
  marketId,
  priceTicks: uint64,
  sizeLots: uint64,
});
/** Mostly short, at times as long as a batch may be; empty ones are the engine's to refuse. */
export const batchOf = <Item>(item: fc.Arbitrary<Item>) => listOf(item, BATCH_ITEMS_MAX);
/** Mostly short, at times as long as it may be. */
const listOf = <Item>(item: fc.Arbitrary<Item>, max: number) =>
  fc.oneof(
    { weight: 9, arbitrary: fc.array(item, { maxLength: 4 }) },
    { weight: 1, arbitrary: fc.array(item, { minLength: max, maxLength: max }) },
  );
export const tradingStatus = nameOf<Extract<Command, { readonly kind: 'setTradingStatus' }>['status']>({
  open: true,
  postOnly: true,
  cancelOnly: true,
  halted: true,
});

const deleverageRule = nameOf<MarketSpec['deleverageRule']>({
  waterFilling: true,
  profitLeverage: true,
  profitNotional: true,
});
const marginTiers: fc.Arbitrary<MarginTier[]> = listOf(
  fc.record({ floorNotionalAtoms: uint64, initialMarginPpm: uint32, maintenanceMarginPpm: uint32 }),
  MARGIN_TIERS_MAX,
);
export const safetyFund = nameOf<Extract<Command, { readonly kind: 'fundSafety' }>['fund']>({
  insurance: true,
  backstop: true,
});

export const feeders: fc.Arbitrary<PriceFeeder[]> = listOf(
  fc.record({ feeder: address, weight: uint32 }),
  PRICE_FEEDERS_MAX,
);
const report: fc.Arbitrary<PriceReport> = fc.record({
  feeder: address,
  priceTicks: uint64,
  perpTicks: uint64,
  publishTimeMs: uint64,
  reportSequence: uint64,
  signature: hex(65),
});
export const reports = listOf(report, PRICE_FEEDERS_MAX);

export const collateralSpec: fc.Arbitrary<CollateralSpec> = fc.record({
  assetId,
  symbol: text(32),
  decimals: uint32,
  priceDecimals: uint32,
  maxPriceTicks: uint64,
  haircutPpm: uint32,
  maxDepositedAtoms: uint64,
  priceJumpPpm: uint32,
  priceStaleMs: uint64,
});

export const spec: fc.Arbitrary<MarketSpec> = fc.record({
  marketId,
  symbol: text(32),
  baseAsset: text(32),
  priceDecimals: uint32,
  sizeDecimals: uint32,
  atomsPerTickLot: uint64,
  maxPriceTicks: uint64,
  maxOrderLots: uint64,
  maxPositionLots: uint64,
  maxOpenInterestLots: uint64,
  minOrderNotionalAtoms: uint64,
  initialMarginPpm: uint32,
  maintenanceMarginPpm: uint32,
  marginTiers,
  openInterestLowerAtoms: uint64,
  openInterestUpperAtoms: uint64,
  concentrationPpm: uint32,
  concentrationFloorLots: uint64,
  stablePriceMovePpm: uint32,
  makerFeePpm: sint32,
  takerFeePpm: sint32,
  marketSlippagePpm: uint32,
  priceBandPpm: uint32,
  markBandPpm: uint32,
  indexJumpPpm: uint32,
  indexStaleMs: uint64,
  resumeGraceMs: uint64,
  liquidationFeePpm: uint32,
  liquidationBudgetAtoms: uint64,
  backstopLossCapAtoms: uint64,
  deleverageRule,
  impactNotionalAtoms: uint64,
  fundingInterestPpb: sint64,
  fundingCapPpb: uint64,
});

/** A whole number as text; the scores of a deleveraging may pass 2^53. */
const integerText = fc.bigInt({ min: -(2n ** 180n), max: 2n ** 180n }).map(String);
export const closeOutStage = nameOf<Certificate['stage']>({
  book: true,
  auction: true,
  backstop: true,
  deleverage: true,
});
const figures: fc.Arbitrary<MarginFigures> = fc.record({
  equityAtoms: sint64,
  initialMarginAtoms: sint64,
  maintenanceMarginAtoms: sint64,
});
export const rank: fc.Arbitrary<DeleverageRank> = fc.record({
  rule: deleverageRule,
  place: uint64,
  candidates: uint64,
  sizeLots: sint64,
  entryNotionalAtoms: sint64,
  unrealisedAtoms: sint64,
  equityAtoms: sint64,
  notionalAtoms: sint64,
  hedgedLots: uint64,
  score: integerText,
  level: integerText,
  neededLots: uint64,
});
const certifiedMarket: fc.Arbitrary<CertifiedMarket> = fc.record({
  marketId,
  symbol: text(32),
  priceDecimals: uint32,
  sizeDecimals: uint32,
  atomsPerTickLot: uint64,
  maxPriceTicks: uint64,
  initialMarginPpm: uint32,
  maintenanceMarginPpm: uint32,
  marginTiers,
  openInterestLowerAtoms: uint64,
  openInterestUpperAtoms: uint64,
  marketSlippagePpm: uint32,
  markBandPpm: uint32,
  liquidationFeePpm: uint32,
  deleverageRule,
  openInterestLots: uint64,
  fundingIndex: sint64,
  markTicks: uint64,
  stableTicks: uint64,
  mark: fc.record({
    indexTicks: uint64,
    basisEmaMilli: sint64,
    medianEmaMilli: sint64,
    bidTicks: uint64,
    askTicks: uint64,
    lastTicks: uint64,
    perpTicks: uint64,
  }),
  indexTimeMs: uint64,
  indexStaleMs: uint64,
  reports,
});
const certifiedPosition: fc.Arbitrary<CertifiedPosition> = fc.record({
  marketId,
  sizeLots: sint64,
  entryNotionalAtoms: sint64,
  fundingIndex: sint64,
  leverage: uint64,
});
const certifiedBalance: fc.Arbitrary<CertifiedBalance> = fc.record({
  assetId,
  symbol: text(32),
  amountAtoms: uint64,
  decimals: uint32,
  priceDecimals: uint32,
  haircutPpm: uint32,
  priceTicks: uint64,
  priceStaleMs: uint64,
  reports,
});
export const certificate: fc.Arbitrary<Certificate> = fc.record({
  certificateId: uint64,
  sequence,
  timeMs: uint64,
  stage: closeOutStage,
  liquidationId: uint64,
  auctionId: uint64,
  accountId,
  owner: address,
  subaccount: uint32,
  marketId,
  side,
  sizeLots: uint64,
  filledLots: uint64,
  quoteAtoms: sint64,
  feeAtoms: sint64,
  insuranceAtoms: sint64,
  insuranceFundAtoms: sint64,
  limitTicks: sint64,
  fillableTicks: sint64,
  zeroTicks: sint64,
  zeroQuoteAtoms: sint64,
  elapsedMs: uint64,
  counterpartyId: accountIdOrZero,
  collateralAtoms: sint64,
  balances: listOf(certifiedBalance, COLLATERAL_ASSETS_MAX),
  positions: listOf(certifiedPosition, MARKETS_MAX),
  markets: fc.array(certifiedMarket, { maxLength: 3 }),
  feeders,
  before: figures,
  after: figures,
  rank: fc.option(rank, { nil: undefined }),
});

export type OfKind<Union extends { readonly kind: string }> = {
  [Kind in Union['kind']]: fc.Arbitrary<Extract<Union, { readonly kind: Kind }>>;
};
export const kind = <Kind extends string>(name: Kind) => fc.constant(name);
