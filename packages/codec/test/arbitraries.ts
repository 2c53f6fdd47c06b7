import {
  type Address,
  AGENT_NAME_CHARACTERS_MAX,
  type AttachedOrders,
  BATCH_ITEMS_MAX,
  CLIENT_ORDER_ID_CHARACTERS_MAX,
  type Command,
  type Event,
  type EventBlock,
  type Hex,
  type MarketSpec,
  type OrderAmendment,
  type OrderCloseReason,
  type OrderName,
  type OrderRequest,
  REJECT_CODES,
  type SealedBatch,
  type SequencedCommand,
  type SequencerStatus,
  type TimeInForce,
  type Trigger,
  toAccountId,
  toMarketId,
  toOrderId,
  toSequence,
} from '@keel/types';
import fc from 'fast-check';
import type { ClientFrame, ServerFrame } from '../src/index.ts';

const UINT32_MAX = 2 ** 32 - 1;

/** Half of the numbers are small or at an edge, where encodings change length. */
const uint64 = fc.oneof(
  fc.nat(300),
  fc.constantFrom(0, 127, 128, 2 ** 31, 2 ** 32 - 1, 2 ** 32, Number.MAX_SAFE_INTEGER),
  fc.maxSafeNat(),
);
const sint64 = fc.oneof(uint64, fc.maxSafeInteger()).map((value) => value + 0);
const uint32 = fc.oneof(fc.nat(300), fc.integer({ min: 0, max: UINT32_MAX }));
const sint32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const hex = (bytes: number) =>
  fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((array): Hex => `0x${Buffer.from(array).toString('hex')}`);
const address: fc.Arbitrary<Address> = hex(20);
const hash = hex(32);
/** At most `max` UTF-16 units: cut by code point, because half a surrogate pair is no text. */
const text = (max: number) =>
  fc.string({ unit: 'grapheme', maxLength: max }).map((whole) => {
    let kept = '';
    for (const character of whole) {
      if (kept.length + character.length > max) break;
      kept += character;
    }
    return kept;
  });
const marketId = uint32.map(toMarketId);
const accountId = uint32.map(toAccountId);
const orderId = uint64.map(toOrderId);
const sequence = fc
  .oneof(
    fc.integer({ min: 1, max: 300 }),
    fc.maxSafeNat().map((value) => value || 1),
  )
  .map(toSequence);
const side = fc.constantFrom('buy' as const, 'sell' as const);
const orderType = fc.constantFrom('limit' as const, 'market' as const);
/** Every member of a union of names; one that is left out does not compile. */
const nameOf = <Name extends string>(names: Readonly<Record<Name, true>>) =>
  fc.constantFrom(...(Object.keys(names) as Name[]));
const timeInForce = nameOf<TimeInForce>({
  gtc: true,
  gtt: true,
  ioc: true,
  fok: true,
  postOnly: true,
  postOnlySlide: true,
});
const rejectCode = fc.constantFrom(...Object.values(REJECT_CODES));
const rejectCodeOrZero = fc.oneof(fc.constant(0 as const), rejectCode);
const clientOrderId = text(CLIENT_ORDER_ID_CHARACTERS_MAX);
const agentName = text(AGENT_NAME_CHARACTERS_MAX);

const auth = fc.record({
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
const orderTerms = {
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
const orderRequest: fc.Arbitrary<OrderRequest> = fc.record(orderTerms);

const orderName: fc.Arbitrary<OrderName> = fc.record({ orderId, clientOrderId });
const orderAmendment: fc.Arbitrary<OrderAmendment> = fc.record({
  orderId,
  clientOrderId,
  marketId,
  priceTicks: uint64,
  sizeLots: uint64,
});
/** Mostly short, at times as long as a batch may be; empty ones are the engine's to refuse. */
const batchOf = <Item>(item: fc.Arbitrary<Item>) =>
  fc.oneof(
    { weight: 9, arbitrary: fc.array(item, { maxLength: 4 }) },
    { weight: 1, arbitrary: fc.array(item, { minLength: BATCH_ITEMS_MAX, maxLength: BATCH_ITEMS_MAX }) },
  );
const tradingStatus = nameOf<Extract<Command, { readonly kind: 'setTradingStatus' }>['status']>({
  open: true,
  postOnly: true,
  cancelOnly: true,
  halted: true,
});

const spec: fc.Arbitrary<MarketSpec> = fc.record({
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

type OfKind<Union extends { readonly kind: string }> = {
  [Kind in Union['kind']]: fc.Arbitrary<Extract<Union, { readonly kind: Kind }>>;
};
const kind = <Kind extends string>(name: Kind) => fc.constant(name);

/** One arbitrary per command kind; a new kind does not compile without one. */
export const commandsByKind: OfKind<Command> = {
  listMarket: fc.record({ kind: kind('listMarket'), spec }),
  creditDeposit: fc.record({
    kind: kind('creditDeposit'),
    depositIndex: uint64,
    owner: address,
    amountAtoms: uint64,
    l1BlockNumber: uint64,
    l1TxHash: hash,
  }),
  updateIndexPrice: fc.record({
    kind: kind('updateIndexPrice'),
    marketId,
    priceTicks: uint64,
    publishTimeMs: uint64,
  }),
  advanceTime: fc.record({ kind: kind('advanceTime') }),
  placeOrder: fc.record({ kind: kind('placeOrder'), auth, ...orderTerms }),
  placeOrders: fc.record({
    kind: kind('placeOrders'),
    auth,
    orders: batchOf(orderRequest),
    grouping: nameOf<Extract<Command, { readonly kind: 'placeOrders' }>['grouping']>({
      none: true,
      oneCancelsOther: true,
    }),
  }),
  placeScale: fc.record({
    kind: kind('placeScale'),
    auth,
    order: orderRequest,
    fromTicks: uint64,
    toTicks: uint64,
    orderCount: uint64,
    skewPpm: uint64,
  }),
  placeTwap: fc.record({
    kind: kind('placeTwap'),
    auth,
    marketId,
    side,
    sizeLots: uint64,
    reduceOnly: fc.boolean(),
    clientOrderId,
    durationMs: uint64,
    slices: uint64,
  }),
  amendOrder: fc.record({
    kind: kind('amendOrder'),
    auth,
    orderId,
    clientOrderId,
    marketId,
    priceTicks: uint64,
    sizeLots: uint64,
  }),
  amendOrders: fc.record({ kind: kind('amendOrders'), auth, amendments: batchOf(orderAmendment) }),
  replaceOrder: fc.record({ kind: kind('replaceOrder'), auth, replaced: orderName, order: orderRequest }),
  cancelOrder: fc.record({ kind: kind('cancelOrder'), auth, orderId, clientOrderId }),
  cancelOrders: fc.record({ kind: kind('cancelOrders'), auth, orders: batchOf(orderName) }),
  cancelAllOrders: fc.record({ kind: kind('cancelAllOrders'), auth, marketId }),
  cancelAllAfter: fc.record({ kind: kind('cancelAllAfter'), auth, timeoutMs: uint64 }),
  setMarketMakerProtection: fc.record({
    kind: kind('setMarketMakerProtection'),
    auth,
    marketId,
    windowMs: uint64,
    quantityLots: uint64,
    deltaLots: uint64,
    fillCount: uint64,
  }),
  resetMarketMakerProtection: fc.record({ kind: kind('resetMarketMakerProtection'), auth, marketId }),
  setTradingStatus: fc.record({ kind: kind('setTradingStatus'), marketId, status: tradingStatus }),
  approveAgent: fc.record({
    kind: kind('approveAgent'),
    auth,
    agent: address,
    agentName,
    agentExpiresAtMs: uint64,
  }),
  revokeAgent: fc.record({ kind: kind('revokeAgent'), auth, agent: address }),
  withdraw: fc.record({ kind: kind('withdraw'), auth, recipient: address, amountAtoms: uint64 }),
  sealBatch: fc.record({ kind: kind('sealBatch') }),
};

/** One arbitrary per event kind; a new kind does not compile without one. */
export const eventsByKind: OfKind<Event> = {
  marketListed: fc.record({ kind: kind('marketListed'), spec }),
  accountOpened: fc.record({ kind: kind('accountOpened'), accountId, owner: address }),
  depositCredited: fc.record({
    kind: kind('depositCredited'),
    depositIndex: uint64,
    accountId,
    amountAtoms: uint64,
  }),
  commandRejected: fc.record({
    kind: kind('commandRejected'),
    code: rejectCode,
    accountId: fc.oneof(fc.constant(0 as const), accountId),
  }),
  agentApproved: fc.record({
    kind: kind('agentApproved'),
    accountId,
    agent: address,
    agentName,
    expiresAtMs: uint64,
  }),
  agentRevoked: fc.record({ kind: kind('agentRevoked'), accountId, agent: address }),
  orderAccepted: fc.record({
    kind: kind('orderAccepted'),
    orderId,
    accountId,
    ...orderTerms,
    linkedOrderId: orderId,
    parentOrderId: orderId,
  }),
  orderDuplicated: fc.record({ kind: kind('orderDuplicated'), orderId, accountId, clientOrderId }),
  orderFilled: fc.record({
    kind: kind('orderFilled'),
    tradeId: uint64,
    marketId,
    priceTicks: uint64,
    sizeLots: uint64,
    takerSide: side,
    makerOrderId: orderId,
    takerOrderId: orderId,
    makerAccountId: accountId,
    takerAccountId: accountId,
    makerFeeAtoms: sint64,
    takerFeeAtoms: sint64,
    makerRealisedPnlAtoms: sint64,
    takerRealisedPnlAtoms: sint64,
    makerRemainingLots: uint64,
    liquidation: fc.boolean(),
  }),
  orderRested: fc.record({ kind: kind('orderRested'), orderId, remainingLots: uint64 }),
  orderReplenished: fc.record({ kind: kind('orderReplenished'), orderId, shownLots: uint64 }),
  orderWaiting: fc.record({ kind: kind('orderWaiting'), orderId, triggerTicks: uint64 }),
  orderTriggered: fc.record({ kind: kind('orderTriggered'), orderId, markTicks: uint64 }),
  orderAmended: fc.record({
    kind: kind('orderAmended'),
    orderId,
    priceTicks: uint64,
    sizeLots: uint64,
    remainingLots: uint64,
    keptPlace: fc.boolean(),
  }),
  orderClosed: fc.record({
    kind: kind('orderClosed'),
    orderId,
    accountId,
    marketId,
    reason: nameOf<OrderCloseReason>({
      filled: true,
      cancelledByOwner: true,
      immediateRemainder: true,
      selfTrade: true,
      reduceOnlyNothingLeft: true,
      marginInsufficient: true,
      openInterestLimit: true,
      liquidation: true,
      expired: true,
      replaced: true,
      linkedOrder: true,
      cancelAllAfter: true,
      marketMakerProtection: true,
      triggerRefused: true,
      twapEnded: true,
    }),
    remainingLots: uint64,
    code: rejectCodeOrZero,
  }),
  twapStarted: fc.record({ kind: kind('twapStarted'), orderId, durationMs: uint64, slices: uint64 }),
  twapSlice: fc.record({
    kind: kind('twapSlice'),
    orderId,
    slice: uint64,
    sizeLots: uint64,
    filledLots: uint64,
    code: rejectCodeOrZero,
  }),
  batchItem: fc.record({ kind: kind('batchItem'), item: uint32, orderId, code: rejectCodeOrZero }),
  cancelAllAfterSet: fc.record({ kind: kind('cancelAllAfterSet'), accountId, deadlineMs: uint64 }),
  cancelAllAfterFired: fc.record({ kind: kind('cancelAllAfterFired'), accountId }),
  marketMakerProtectionSet: fc.record({
    kind: kind('marketMakerProtectionSet'),
    accountId,
    marketId,
    windowMs: uint64,
    quantityLots: uint64,
    deltaLots: uint64,
    fillCount: uint64,
  }),
  marketMakerProtectionFired: fc.record({
    kind: kind('marketMakerProtectionFired'),
    accountId,
    marketId,
    cause: nameOf<Extract<Event, { readonly kind: 'marketMakerProtectionFired' }>['cause']>({
      quantity: true,
      delta: true,
      count: true,
    }),
  }),
  marketMakerProtectionReset: fc.record({ kind: kind('marketMakerProtectionReset'), accountId, marketId }),
  tradingStatusChanged: fc.record({ kind: kind('tradingStatusChanged'), marketId, status: tradingStatus }),
  indexPriceUpdated: fc.record({
    kind: kind('indexPriceUpdated'),
    marketId,
    indexTicks: uint64,
    publishTimeMs: uint64,
  }),
  markPriceUpdated: fc.record({ kind: kind('markPriceUpdated'), marketId, markTicks: uint64 }),
  fundingRateSettled: fc.record({
    kind: kind('fundingRateSettled'),
    marketId,
    ratePpb: sint64,
    fundingIndex: sint64,
  }),
  fundingPaid: fc.record({ kind: kind('fundingPaid'), accountId, marketId, amountAtoms: sint64 }),
  liquidationStarted: fc.record({
    kind: kind('liquidationStarted'),
    liquidationId: uint64,
    accountId,
    equityAtoms: sint64,
    maintenanceMarginAtoms: sint64,
    initialMarginAtoms: sint64,
  }),
  positionCloseOut: fc.record({
    kind: kind('positionCloseOut'),
    liquidationId: uint64,
    accountId,
    marketId,
    side,
    sizeLots: uint64,
    filledLots: uint64,
    limitTicks: uint64,
    markTicks: uint64,
    equityAtoms: sint64,
    maintenanceMarginAtoms: sint64,
    feeAtoms: sint64,
    quoteAtoms: sint64,
  }),
  insurancePaid: fc.record({
    kind: kind('insurancePaid'),
    liquidationId: uint64,
    accountId,
    amountAtoms: sint64,
    insuranceFundAtoms: sint64,
  }),
  positionDeleveraged: fc.record({
    kind: kind('positionDeleveraged'),
    liquidationId: uint64,
    marketId,
    bankruptAccountId: accountId,
    deleveragedAccountId: accountId,
    sizeLots: uint64,
    quoteAtoms: sint64,
    priceTicks: sint64,
    realisedPnlAtoms: sint64,
  }),
  liquidationEnded: fc.record({
    kind: kind('liquidationEnded'),
    liquidationId: uint64,
    accountId,
    equityAtoms: sint64,
    maintenanceMarginAtoms: sint64,
  }),
  withdrawalRequested: fc.record({
    kind: kind('withdrawalRequested'),
    withdrawalIndex: uint64,
    accountId,
    recipient: address,
    amountAtoms: uint64,
  }),
  batchSealed: fc.record({
    kind: kind('batchSealed'),
    batchIndex: uint64,
    firstSequence: sequence,
    lastSequence: sequence,
    nextDepositIndex: uint64,
    firstWithdrawalIndex: uint64,
    nextWithdrawalIndex: uint64,
  }),
};

export const command: fc.Arbitrary<Command> = fc.oneof(...Object.values(commandsByKind));
export const sequencedCommand: fc.Arbitrary<SequencedCommand> = fc.record({ sequence, timeMs: uint64, command });
export const eventBlock: fc.Arbitrary<EventBlock> = fc.record({
  sequence,
  timeMs: uint64,
  events: fc.array(fc.oneof(...Object.values(eventsByKind)), { maxLength: 6 }),
});

const sealedBatch: fc.Arbitrary<SealedBatch> = fc
  .record({
    batchIndex: uint64,
    firstSequence: fc.integer({ min: 1, max: 2 ** 40 }).map(toSequence),
    timeMs: uint64,
    stateRoot: hash,
    commandHashes: fc.array(hash, { minLength: 1, maxLength: 5 }),
    withdrawals: fc.array(fc.record({ withdrawalIndex: uint64, recipient: address, amountAtoms: uint64 }), {
      maxLength: 3,
    }),
    nextDepositIndex: uint64,
    firstWithdrawalIndex: uint64,
    nextWithdrawalIndex: uint64,
  })
  .map((batch) => ({
    ...batch,
    lastSequence: toSequence(batch.firstSequence + batch.commandHashes.length - 1),
  }));

const sequencerStatus: fc.Arbitrary<SequencerStatus> = fc.record({
  sequence: uint64.map(toSequence),
  timeMs: uint64,
  stateRoot: hash,
  lastBatchIndex: fc.oneof(fc.constant(-1), uint64),
  nextDepositIndex: uint64,
  nextWithdrawalIndex: uint64,
  accounts: uint64,
  openOrders: uint64,
  markets: fc.array(
    fc.record({
      marketId,
      symbol: text(32),
      priceDecimals: uint32,
      maxPriceTicks: uint64,
      indexJumpPpm: uint32,
      indexTicks: uint64,
    }),
    { maxLength: 3 },
  ),
});

export const clientFrame: fc.Arbitrary<ClientFrame> = fc.oneof(
  fc.record({
    kind: kind('hello'),
    requestId: uint32,
    token: text(256),
    role: fc.constantFrom('gateway' as const, 'priceFeed' as const, 'settler' as const, 'operator' as const),
  }),
  fc.record({ kind: kind('submit'), requestId: uint32, command }),
  fc.record({ kind: kind('batch'), requestId: uint32, batchIndex: uint64 }),
  fc.record({ kind: kind('status'), requestId: uint32 }),
);

export const serverFrame: fc.Arbitrary<ServerFrame> = fc.oneof(
  fc.record({
    kind: kind('welcome'),
    requestId: uint32,
    inFlightMax: fc.integer({ min: 1, max: UINT32_MAX }),
  }),
  fc.record({ kind: kind('submitted'), requestId: uint32, block: eventBlock }),
  fc.record({ kind: kind('batch'), requestId: uint32, batch: fc.option(sealedBatch, { nil: undefined }) }),
  fc.record({ kind: kind('status'), requestId: uint32, status: sequencerStatus }),
  fc.record({
    kind: kind('refused'),
    requestId: uint32,
    reason: fc.constantFrom('overloaded' as const, 'notAllowed' as const),
  }),
);
