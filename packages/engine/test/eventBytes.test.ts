import {
  type Certificate,
  type CertifiedMarket,
  COLLATERAL_ASSETS_MAX,
  type DeleverageRank,
  type Event,
  type EventKind,
  MARGIN_TIERS_MAX,
  MARKETS_MAX,
  type MarginFigures,
  PRICE_FEEDERS_MAX,
  type PriceReport,
  REJECT_CODES,
  toAccountId,
  toAssetId,
  toMarketId,
  toOrderId,
  toSequence,
} from '@keel/types';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createEventBytes, writeEvent } from '../src/eventBytes.ts';
import { runsOf } from './runsOf.ts';
import { testMarket } from './testMarket.ts';

const SEED = Number(process.env.KEEL_TEST_SEED ?? 1);

const integer = fc.oneof(
  fc.integer({ min: -3, max: 3 }),
  fc.constantFrom(2 ** 31 - 1, 2 ** 31, -(2 ** 31), -(2 ** 31) - 1, 2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1, 1 - 2 ** 53),
  fc.maxSafeInteger(),
);
const accountId = fc.integer({ min: 1, max: 2 ** 40 }).map(toAccountId);
const marketId = fc.integer({ min: 1, max: 256 }).map(toMarketId);
const assetId = fc.oneof(fc.constant(0 as const), fc.integer({ min: 1, max: 255 }).map(toAssetId));
const orderId = fc.integer({ min: 1, max: 2 ** 52 }).map(toOrderId);
const sequence = fc.integer({ min: 1, max: 2 ** 52 }).map(toSequence);
const noOrder = fc.oneof(fc.constant(0 as const), orderId);
const code = fc.constantFrom(...Object.values(REJECT_CODES));
const codeOrNone = fc.oneof(fc.constant(0 as const), code);
const side = fc.constantFrom('buy', 'sell');
const text = fc.string({ unit: 'grapheme-ascii', maxLength: 36 });
const address = fc
  .array(fc.constantFrom(...'0123456789abcdef'), { minLength: 40, maxLength: 40 })
  .map((digits): `0x${string}` => `0x${digits.join('')}`);
const trigger = fc.option(
  fc.record({
    kind: fc.constantFrom('stop', 'takeProfit', 'trailingStop'),
    triggerTicks: integer,
    trailTicks: integer,
  }),
  { nil: undefined },
);
const attached = fc.option(
  fc.record({
    takeProfitTicks: integer,
    takeProfitLimitTicks: integer,
    stopLossTicks: integer,
    stopLossLimitTicks: integer,
  }),
  { nil: undefined },
);

function kindOf<Kind extends EventKind>(kind: Kind) {
  return fc.constant(kind);
}

const TIER = { floorNotionalAtoms: 1_000_000, initialMarginPpm: 200_000, maintenanceMarginPpm: 100_000 };
const LISTED = testMarket(1, 'BTC-USD', { maxOpenInterestLots: 400_000, priceBandPpm: 500_000, marginTiers: [TIER] });

/** The words of the fields that are one of a few. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  deleverageRule: ['waterFilling', 'profitLeverage', 'profitNotional'],
  rule: ['waterFilling', 'profitLeverage', 'profitNotional'],
  stage: ['book', 'auction', 'backstop', 'deleverage'],
  side: ['buy', 'sell'],
};

/** `base` with one of its fields, however deep, replaced by another value of its kind; sometimes a list by a longer one. */
function variantOf<Value>(base: Value): fc.Arbitrary<Value> {
  return fc
    .tuple(fc.constantFrom(...placesOf(base)), integer, fc.boolean())
    .map(([place, value, longer]) => changed(base, place, value, longer));
}

function placesOf(base: unknown): string[][] {
  return fieldsOf(base, '').map(([path]) => path.split('.').slice(1));
}

function changed<Value>(base: Value, place: readonly string[], value: number, longer: boolean): Value {
  const copy = structuredClone(base);
  let part = copy as Record<string, unknown>;
  for (const name of place.slice(0, -1)) {
    const inner = part[name];
    if (longer && Array.isArray(inner)) inner.push(structuredClone(inner[0]));
    part = inner as Record<string, unknown>;
  }
  const name = place.at(-1) ?? '';
  part[name] = other(name, part[name], value);
  return copy;
}

function other(name: string, old: unknown, value: number): unknown {
  const words = WORDS[name];
  if (words !== undefined) return words[Math.abs(value) % words.length];
  if (typeof old !== 'string') return typeof old === 'boolean' ? value > 0 : value;
  if (name === 'feeder' || name === 'owner') return `0x${Math.abs(value).toString(16).padStart(40, '0')}`;
  return `S${value}`;
}

const REPORT: PriceReport = {
  feeder: `0x${'fe'.repeat(20)}`,
  priceTicks: 50_000,
  perpTicks: 50_001,
  publishTimeMs: 1_800_000_000_000,
  reportSequence: 7,
  signature: `0x${'ab'.repeat(65)}`,
};
const FIGURES: MarginFigures = { equityAtoms: 100, initialMarginAtoms: 300, maintenanceMarginAtoms: 200 };
const RANK: DeleverageRank = {
  rule: 'waterFilling',
  place: 1,
  candidates: 2,
  sizeLots: 3,
  entryNotionalAtoms: 4,
  unrealisedAtoms: 5,
  equityAtoms: 6,
  notionalAtoms: 7,
  hedgedLots: 8,
  score: '9000000000',
  level: '8000000000',
  neededLots: 9,
};
const CERTIFIED_MARKET: CertifiedMarket = {
  marketId: toMarketId(1),
  symbol: 'BTC-USD',
  priceDecimals: 0,
  sizeDecimals: 3,
  atomsPerTickLot: 1_000,
  maxPriceTicks: 1_000_000,
  initialMarginPpm: 100_000,
  maintenanceMarginPpm: 50_000,
  marginTiers: [TIER],
  openInterestLowerAtoms: 0,
  openInterestUpperAtoms: 0,
  marketSlippagePpm: 50_000,
  markBandPpm: 100_000,
  liquidationFeePpm: 10_000,
  deleverageRule: 'waterFilling',
  openInterestLots: 5_000,
  fundingIndex: 0,
  markTicks: 50_000,
  stableTicks: 50_000,
  mark: {
    indexTicks: 50_000,
    basisEmaMilli: 1,
    medianEmaMilli: 2,
    bidTicks: 49_999,
    askTicks: 50_001,
    lastTicks: 50_000,
    perpTicks: 0,
  },
  indexTimeMs: 1_800_000_000_000,
  reports: [REPORT],
};
const CERTIFICATE: Certificate = {
  certificateId: 1,
  sequence: toSequence(2),
  timeMs: 1_800_000_000_000,
  stage: 'deleverage',
  liquidationId: 3,
  auctionId: 0,
  accountId: toAccountId(4),
  owner: `0x${'aa'.repeat(20)}`,
  subaccount: 0,
  marketId: toMarketId(1),
  side: 'sell',
  sizeLots: 10,
  filledLots: 9,
  quoteAtoms: 8,
  feeAtoms: 7,
  insuranceAtoms: 6,
  insuranceFundAtoms: 5,
  limitTicks: 4,
  fillableTicks: 3,
  zeroTicks: 2,
  zeroQuoteAtoms: 1,
  elapsedMs: 0,
  counterpartyId: toAccountId(5),
  collateralAtoms: 11,
  balances: [
    {
      assetId: toAssetId(1),
      symbol: 'WETH',
      amountAtoms: 12,
      decimals: 8,
      priceDecimals: 2,
      haircutPpm: 100_000,
      priceTicks: 250_000,
      reports: [REPORT],
    },
  ],
  positions: [{ marketId: toMarketId(1), sizeLots: 10, entryNotionalAtoms: 13, fundingIndex: 0, leverage: 5 }],
  markets: [CERTIFIED_MARKET],
  before: FIGURES,
  after: FIGURES,
  rank: RANK,
};

/** One generator for each kind: a new kind does not compile until it is here. */
const EVENTS: { readonly [Kind in EventKind]: fc.Arbitrary<Extract<Event, { readonly kind: Kind }>> } = {
  marketListed: fc.record({
    kind: kindOf('marketListed'),
    spec: fc.oneof(variantOf(LISTED), fc.constant({ ...LISTED, marginTiers: [] })),
  }),
  collateralListed: fc.record({
    kind: kindOf('collateralListed'),
    spec: variantOf({
      assetId: toAssetId(1),
      symbol: 'WETH',
      decimals: 8,
      priceDecimals: 2,
      maxPriceTicks: 10_000_000,
      haircutPpm: 100_000,
      maxDepositedAtoms: 1_000_000_000_000,
      priceJumpPpm: 200_000,
      priceStaleMs: 10_000,
    }),
  }),
  accountOpened: fc.record({ kind: kindOf('accountOpened'), accountId, owner: address, subaccount: integer }),
  depositCredited: fc.record({
    kind: kindOf('depositCredited'),
    depositIndex: integer,
    accountId,
    assetId,
    amountAtoms: integer,
  }),
  transferred: fc.record({
    kind: kindOf('transferred'),
    fromAccountId: accountId,
    toAccountId: accountId,
    assetId,
    amountAtoms: integer,
  }),
  safetyFunded: fc.record({
    kind: kindOf('safetyFunded'),
    marketId,
    fund: fc.constantFrom('insurance', 'backstop'),
    accountId: fc.oneof(fc.constant(0 as const), accountId),
    amountAtoms: integer,
    balanceAtoms: integer,
  }),
  collateralConverted: fc.record({
    kind: kindOf('collateralConverted'),
    accountId,
    assetId: integer.map(toAssetId),
    amountAtoms: integer,
    valueAtoms: integer,
  }),
  leverageSet: fc.record({ kind: kindOf('leverageSet'), accountId, marketId, leverage: integer }),
  liquidatorRegistered: fc.record({ kind: kindOf('liquidatorRegistered'), accountId, active: fc.boolean() }),
  priceFeedersSet: fc.record({
    kind: kindOf('priceFeedersSet'),
    feeders: fc.array(fc.record({ feeder: address, weight: integer }), { maxLength: PRICE_FEEDERS_MAX }),
  }),
  commandRejected: fc.record({
    kind: kindOf('commandRejected'),
    code,
    accountId: fc.oneof(fc.constant(0 as const), accountId),
  }),
  agentApproved: fc.record({
    kind: kindOf('agentApproved'),
    accountId,
    agent: address,
    agentName: text,
    expiresAtMs: integer,
  }),
  agentRevoked: fc.record({ kind: kindOf('agentRevoked'), accountId, agent: address }),
  orderAccepted: fc.record({
    kind: kindOf('orderAccepted'),
    orderId,
    accountId,
    marketId,
    side,
    orderType: fc.constantFrom('limit', 'market'),
    timeInForce: fc.constantFrom('gtc', 'gtt', 'ioc', 'fok', 'postOnly', 'postOnlySlide'),
    priceTicks: integer,
    sizeLots: integer,
    reduceOnly: fc.boolean(),
    clientOrderId: text,
    expiresAtMs: integer,
    displayLots: integer,
    selfTrade: fc.constantFrom('expireMaker', 'expireTaker', 'expireBoth', 'decrement'),
    selfTradeScope: fc.constantFrom('account', 'owner'),
    trigger,
    attached,
    linkedOrderId: noOrder,
    parentOrderId: noOrder,
  }),
  orderDuplicated: fc.record({ kind: kindOf('orderDuplicated'), orderId, accountId, clientOrderId: text }),
  orderFilled: fc.record({
    kind: kindOf('orderFilled'),
    tradeId: integer,
    marketId,
    priceTicks: integer,
    sizeLots: integer,
    takerSide: side,
    makerOrderId: orderId,
    takerOrderId: orderId,
    makerAccountId: accountId,
    takerAccountId: accountId,
    makerFeeAtoms: integer,
    takerFeeAtoms: integer,
    makerRealisedPnlAtoms: integer,
    takerRealisedPnlAtoms: integer,
    makerRemainingLots: integer,
    liquidation: fc.boolean(),
  }),
  orderRested: fc.record({ kind: kindOf('orderRested'), orderId, remainingLots: integer }),
  orderReplenished: fc.record({ kind: kindOf('orderReplenished'), orderId, shownLots: integer }),
  orderWaiting: fc.record({ kind: kindOf('orderWaiting'), orderId, triggerTicks: integer }),
  orderTriggered: fc.record({ kind: kindOf('orderTriggered'), orderId, markTicks: integer }),
  orderAmended: fc.record({
    kind: kindOf('orderAmended'),
    orderId,
    accountId,
    marketId,
    clientOrderId: text,
    priceTicks: integer,
    sizeLots: integer,
    remainingLots: integer,
    keptPlace: fc.boolean(),
  }),
  orderClosed: fc.record({
    kind: kindOf('orderClosed'),
    orderId,
    accountId,
    marketId,
    reason: fc.constantFrom(
      'filled',
      'cancelledByOwner',
      'immediateRemainder',
      'selfTrade',
      'reduceOnlyNothingLeft',
      'marginInsufficient',
      'openInterestLimit',
      'liquidation',
      'preLiquidation',
      'expired',
      'replaced',
      'linkedOrder',
      'cancelAllAfter',
      'marketMakerProtection',
      'triggerRefused',
      'twapEnded',
    ),
    remainingLots: integer,
    code: codeOrNone,
  }),
  twapStarted: fc.record({ kind: kindOf('twapStarted'), orderId, durationMs: integer, slices: integer }),
  twapSlice: fc.record({
    kind: kindOf('twapSlice'),
    orderId,
    slice: integer,
    sizeLots: integer,
    filledLots: integer,
    code: codeOrNone,
  }),
  batchItem: fc.record({ kind: kindOf('batchItem'), item: integer, orderId: noOrder, code: codeOrNone }),
  cancelAllAfterSet: fc.record({ kind: kindOf('cancelAllAfterSet'), accountId, deadlineMs: integer }),
  cancelAllAfterFired: fc.record({ kind: kindOf('cancelAllAfterFired'), accountId }),
  marketMakerProtectionSet: fc.record({
    kind: kindOf('marketMakerProtectionSet'),
    accountId,
    marketId,
    windowMs: integer,
    quantityLots: integer,
    deltaLots: integer,
    fillCount: integer,
  }),
  marketMakerProtectionFired: fc.record({
    kind: kindOf('marketMakerProtectionFired'),
    accountId,
    marketId,
    cause: fc.constantFrom('quantity', 'delta', 'count'),
  }),
  marketMakerProtectionReset: fc.record({ kind: kindOf('marketMakerProtectionReset'), accountId, marketId }),
  tradingStatusChanged: fc.record({
    kind: kindOf('tradingStatusChanged'),
    marketId,
    status: fc.constantFrom('open', 'postOnly', 'cancelOnly', 'halted'),
  }),
  indexPriceUpdated: fc.record({
    kind: kindOf('indexPriceUpdated'),
    marketId,
    indexTicks: integer,
    publishTimeMs: integer,
    countedReports: integer,
    droppedReports: integer,
  }),
  collateralPriceUpdated: fc.record({
    kind: kindOf('collateralPriceUpdated'),
    assetId: integer.map(toAssetId),
    priceTicks: integer,
    publishTimeMs: integer,
  }),
  priceBandTripped: fc.record({
    kind: kindOf('priceBandTripped'),
    marketId,
    assetId,
    fromTicks: integer,
    reportedTicks: integer,
  }),
  priceBandReleased: fc.record({ kind: kindOf('priceBandReleased'), marketId, assetId, priceTicks: integer }),
  marketResuming: fc.record({
    kind: kindOf('marketResuming'),
    marketId,
    stage: fc.constantFrom('awaitingPrice', 'cancelOnly', 'postOnly', 'grace', 'done'),
    untilMs: integer,
  }),
  markPriceUpdated: fc.record({ kind: kindOf('markPriceUpdated'), marketId, markTicks: integer }),
  fundingRateSettled: fc.record({
    kind: kindOf('fundingRateSettled'),
    marketId,
    ratePpb: integer,
    fundingIndex: integer,
  }),
  fundingPaid: fc.record({ kind: kindOf('fundingPaid'), accountId, marketId, amountAtoms: integer }),
  liquidationStarted: fc.record({
    kind: kindOf('liquidationStarted'),
    liquidationId: integer,
    accountId,
    equityAtoms: integer,
    maintenanceMarginAtoms: integer,
    initialMarginAtoms: integer,
  }),
  marginCall: fc.record({
    kind: kindOf('marginCall'),
    accountId,
    levelPercent: fc.constantFrom(0, 75, 90),
    equityAtoms: integer,
    maintenanceMarginAtoms: integer,
    shortageAtoms: integer,
    marketId,
    side,
    sizeLots: integer,
  }),
  preLiquidation: fc.record({
    kind: kindOf('preLiquidation'),
    accountId,
    equityAtoms: integer,
    initialMarginAtoms: integer,
    closedOrders: integer,
  }),
  positionCloseOut: fc.record({
    kind: kindOf('positionCloseOut'),
    liquidationId: integer,
    stage: fc.constantFrom('book', 'auction', 'backstop', 'deleverage'),
    auctionId: integer,
    accountId,
    marketId,
    side,
    sizeLots: integer,
    filledLots: integer,
    quoteAtoms: integer,
    limitTicks: integer,
    markTicks: integer,
    equityAtoms: integer,
    maintenanceMarginAtoms: integer,
    feeAtoms: integer,
    counterpartyId: fc.oneof(fc.constant(0 as const), accountId),
    counterpartyPnlAtoms: integer,
  }),
  closeOutCertified: fc.record({
    kind: kindOf('closeOutCertified'),
    certificate: fc.oneof(
      variantOf(CERTIFICATE),
      fc.constant({ ...CERTIFICATE, rank: undefined }),
      fc.constant({ ...CERTIFICATE, balances: [], positions: [], markets: [] }),
    ),
  }),
  auctionStarted: fc.record({
    kind: kindOf('auctionStarted'),
    auctionId: integer,
    liquidationId: integer,
    accountId,
    marketId,
    side,
    sizeLots: integer,
    fillableTicks: integer,
    zeroTicks: integer,
    endsAtMs: integer,
  }),
  auctionStepped: fc.record({
    kind: kindOf('auctionStepped'),
    auctionId: integer,
    limitTicks: integer,
    remainingLots: integer,
  }),
  auctionEnded: fc.record({
    kind: kindOf('auctionEnded'),
    auctionId: integer,
    reason: fc.constantFrom('filled', 'healthy', 'timeOver', 'backstopDue'),
    remainingLots: integer,
  }),
  insurancePaid: fc.record({
    kind: kindOf('insurancePaid'),
    liquidationId: integer,
    marketId,
    accountId,
    amountAtoms: integer,
    insuranceFundAtoms: integer,
  }),
  positionDeleveraged: fc.record({
    kind: kindOf('positionDeleveraged'),
    liquidationId: integer,
    marketId,
    bankruptAccountId: accountId,
    deleveragedAccountId: accountId,
    sizeLots: integer,
    quoteAtoms: integer,
    priceTicks: integer,
    realisedPnlAtoms: integer,
    rank: variantOf(RANK),
  }),
  liquidationEnded: fc.record({
    kind: kindOf('liquidationEnded'),
    liquidationId: integer,
    accountId,
    equityAtoms: integer,
    maintenanceMarginAtoms: integer,
  }),
  withdrawalRequested: fc.record({
    kind: kindOf('withdrawalRequested'),
    withdrawalIndex: integer,
    accountId,
    recipient: address,
    assetId,
    amountAtoms: integer,
  }),
  batchSealed: fc.record({
    kind: kindOf('batchSealed'),
    batchIndex: integer,
    firstSequence: sequence,
    lastSequence: sequence,
    nextDepositIndex: integer,
    firstWithdrawalIndex: integer,
    nextWithdrawalIndex: integer,
  }),
};

const into = createEventBytes();
/** The bytes of one event as a text of one character each. */
function bytesOf(...events: readonly Event[]): string {
  into.length = 0;
  for (const event of events) writeEvent(into, event);
  return Buffer.from(into.bytes.subarray(0, into.length)).toString('latin1');
}

/** Every field of an event with what is inside it, as `path=value`. */
function fieldsOf(value: unknown, path: string): [string, unknown][] {
  if (typeof value !== 'object' || value === null) return [[path, value]];
  return Object.entries(value).flatMap(([name, inner]) => fieldsOf(inner, `${path}.${name}`));
}

describe('the bytes of an event', () => {
  test('are its kind, then its fields, little-endian', () => {
    expect(
      Buffer.from(bytesOf({ kind: 'orderRested', orderId: toOrderId(2 ** 32 + 2), remainingLots: -1 }), 'latin1'),
    ).toEqual(Buffer.from('09' + '0200000001000000' + 'ffffffffffffffff', 'hex'));
    expect(Buffer.from(bytesOf({ kind: 'batchItem', item: -(2 ** 33) + 1, orderId: 0, code: 306 }), 'latin1')).toEqual(
      Buffer.from('1d' + '01000000feffffff' + '0000000000000000' + '3201', 'hex'),
    );
  });

  test.each(Object.entries(EVENTS))('%s: equal events and no others have equal bytes', (_kind, events) => {
    fc.assert(
      fc.property(events as fc.Arbitrary<Event>, events as fc.Arbitrary<Event>, fc.nat(), (one, other, pick) => {
        const bytes = bytesOf(one);
        expect(bytesOf(structuredClone(one))).toBe(bytes);
        const names = Object.keys(one);
        const name = names[pick % names.length] ?? '';
        // Two whole events, and two that differ in one field at most.
        for (const changed of [other, { ...one, [name]: other[name as keyof Event] } as Event]) {
          const same = JSON.stringify(fieldsOf(changed, '')) === JSON.stringify(fieldsOf(one, ''));
          const again = bytesOf(changed);
          expect(again === bytes).toBe(same);
          // A log falls into its events in one way only.
          if (!same) expect(again.startsWith(bytes)).toBe(false);
        }
      }),
      { numRuns: runsOf(400), seed: SEED, endOnFailure: process.env.KEEL_TEST_SHRINK === undefined },
    );
  });

  test('every field is in them', () => {
    for (const [kind, events] of Object.entries(EVENTS)) {
      const samples = fc.sample(events as fc.Arbitrary<Event>, { numRuns: 300, seed: SEED });
      const first = samples[0] as Event;
      for (const name of Object.keys(first)) {
        if (name === 'kind') continue;
        const values = samples.map((sample) => ({ ...first, [name]: sample[name as keyof Event] }) as Event);
        const distinct = new Set(values.map((event) => JSON.stringify(fieldsOf(event, ''))));
        expect(distinct.size, `${kind}.${name}`).toBeGreaterThan(1);
        expect(new Set(values.map((event) => bytesOf(event))).size, `${kind}.${name}`).toBe(distinct.size);
      }
    }
  });

  test('many follow one another in room that grows and is used again', () => {
    const room = createEventBytes();
    const event: Event = { kind: 'cancelAllAfterFired', accountId: toAccountId(7) };
    for (let round = 0; round < 2; round += 1) {
      room.length = 0;
      for (let count = 0; count < 20_000; count += 1) writeEvent(room, event);
      expect(room.length).toBe(20_000 * 9);
      expect(room.bytes[room.length - 9]).toBe(31);
    }
  });

  test('every figure inside a spec, a rank and a certificate is in them', () => {
    const certified = (certificate: Certificate) => bytesOf({ kind: 'closeOutCertified', certificate });
    for (const place of placesOf(CERTIFICATE)) {
      const others = [4, 5].map((value) => certified(changed(CERTIFICATE, place, value, false)));
      expect(others[0], place.join('.')).not.toBe(others[1]);
    }
    for (const place of placesOf(LISTED)) {
      const others = [4, 5].map((value) =>
        bytesOf({ kind: 'marketListed', spec: changed(LISTED, place, value, false) }),
      );
      expect(others[0], place.join('.')).not.toBe(others[1]);
    }
  });

  test('the longest certificate has room', () => {
    const reports = Array.from({ length: PRICE_FEEDERS_MAX }, () => REPORT);
    const tiers = Array.from({ length: MARGIN_TIERS_MAX }, () => TIER);
    const market: CertifiedMarket = { ...CERTIFIED_MARKET, marginTiers: tiers, reports };
    const certificate: Certificate = {
      ...CERTIFICATE,
      balances: Array.from({ length: COLLATERAL_ASSETS_MAX }, () => ({ ...CERTIFICATE.balances[0]!, reports })),
      positions: Array.from({ length: MARKETS_MAX }, () => CERTIFICATE.positions[0]!),
      markets: Array.from({ length: MARKETS_MAX }, () => market),
    };
    const end: Event = { kind: 'cancelAllAfterFired', accountId: toAccountId(7) };
    const bytes = bytesOf({ kind: 'closeOutCertified', certificate }, end);
    expect(bytes.length).toBeGreaterThan(1_000_000);
    expect(bytes.endsWith(bytesOf(end))).toBe(true);
  });

  test('refuse what could not be told apart', () => {
    expect(() =>
      bytesOf({ kind: 'accountOpened', accountId: toAccountId(1), owner: `0x${'AB'.repeat(20)}`, subaccount: 0 }),
    ).toThrow();
    expect(() =>
      bytesOf({ kind: 'orderDuplicated', orderId: toOrderId(1), accountId: toAccountId(1), clientOrderId: 'ö' }),
    ).toThrow();
    expect(() => bytesOf({ kind: 'orderRested', orderId: toOrderId(1), remainingLots: 0.5 })).toThrow();
  });
});
