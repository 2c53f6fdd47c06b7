import {
  type Address,
  AGENT_NAME_CHARACTERS_MAX,
  type AttachedOrders,
  BATCH_ITEMS_MAX,
  CLIENT_ORDER_ID_CHARACTERS_MAX,
  type Command,
  type Hex,
  type MarketSpec,
  type OrderAmendment,
  type OrderName,
  type OrderRequest,
  REJECT_CODES,
  type TimeInForce,
  type Trigger,
  toAccountId,
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

export const auth = fc.record({
  owner: address,
  signer: address,
  nonce: uint64,
  expiresAfterMs: uint64,
  signature: hex(65),
});

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
export const batchOf = <Item>(item: fc.Arbitrary<Item>) =>
  fc.oneof(
    { weight: 9, arbitrary: fc.array(item, { maxLength: 4 }) },
    { weight: 1, arbitrary: fc.array(item, { minLength: BATCH_ITEMS_MAX, maxLength: BATCH_ITEMS_MAX }) },
  );
export const tradingStatus = nameOf<Extract<Command, { readonly kind: 'setTradingStatus' }>['status']>({
  open: true,
  postOnly: true,
  cancelOnly: true,
  halted: true,
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
  makerFeePpm: sint32,
  takerFeePpm: sint32,
  marketSlippagePpm: uint32,
  priceBandPpm: uint32,
  markBandPpm: uint32,
  indexJumpPpm: uint32,
  indexStaleMs: uint64,
  liquidationFeePpm: uint32,
  impactNotionalAtoms: uint64,
  fundingInterestPpb: sint64,
  fundingCapPpb: uint64,
});

export type OfKind<Union extends { readonly kind: string }> = {
  [Kind in Union['kind']]: fc.Arbitrary<Extract<Union, { readonly kind: Kind }>>;
};
export const kind = <Kind extends string>(name: Kind) => fc.constant(name);
