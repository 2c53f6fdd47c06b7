import { type Event, type EventKind, REJECT_CODES, toAccountId, toMarketId, toOrderId, toSequence } from '@keel/types';
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

const LISTED = testMarket(1, 'BTC-USD', { maxOpenInterestLots: 400_000, priceBandPpm: 500_000 });

/** One generator for each kind: a new kind does not compile until it is here. */
const EVENTS: { readonly [Kind in EventKind]: fc.Arbitrary<Extract<Event, { readonly kind: Kind }>> } = {
  marketListed: fc.record({
    kind: kindOf('marketListed'),
    spec: fc.tuple(fc.constantFrom(...Object.keys(LISTED)), integer).map(([field, value]) => {
      const isText = field === 'symbol' || field === 'baseAsset';
      return { ...LISTED, [field]: isText ? `S${Math.abs(value)}` : value };
    }),
  }),
  accountOpened: fc.record({ kind: kindOf('accountOpened'), accountId, owner: address }),
  depositCredited: fc.record({
    kind: kindOf('depositCredited'),
    depositIndex: integer,
    accountId,
    amountAtoms: integer,
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
  positionCloseOut: fc.record({
    kind: kindOf('positionCloseOut'),
    liquidationId: integer,
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
  }),
  insurancePaid: fc.record({
    kind: kindOf('insurancePaid'),
    liquidationId: integer,
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

  test('refuse what could not be told apart', () => {
    expect(() =>
      bytesOf({ kind: 'accountOpened', accountId: toAccountId(1), owner: `0x${'AB'.repeat(20)}` }),
    ).toThrow();
    expect(() =>
      bytesOf({ kind: 'orderDuplicated', orderId: toOrderId(1), accountId: toAccountId(1), clientOrderId: 'ö' }),
    ).toThrow();
    expect(() => bytesOf({ kind: 'orderRested', orderId: toOrderId(1), remainingLots: 0.5 })).toThrow();
  });
});
