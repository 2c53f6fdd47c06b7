import { type Command, type Event, NONCE_FUTURE_MS, NONCE_PAST_MS, type RejectName, rejectName } from '@keel/types';
import { expect, test } from 'vitest';
import {
  accountLeaf,
  globalsLeaf,
  listAccounts,
  listMarkets,
  listOrders,
  marketLeaf,
  orderLeaf,
  readSnapshot,
  writeSnapshot,
} from '../src/index.ts';
import { Exchange } from './exchange.ts';
import { numericFields, openedForFields, SAMPLES, withField } from './numericFields.ts';

/** Every test begins at this state and moment; a snapshot is read faster than the state is made. */
const OPENED = openedForFields();
const SNAPSHOT = writeSnapshot(OPENED.state);
const NOW = OPENED.timeMs;

const SAFE_MAX = Number.MAX_SAFE_INTEGER;
/** Bounds of the test market and of the exchange, each with its neighbours; figures of time around now. */
const POSSIBLE = [
  ...[0, 1, 2, 3, 10, 50, 51, 255, 256, 1_000, 60_000, 100_000, 100_001, 999_999, 1_000_000, 1_000_001, 2_000_000],
  ...[86_400_000, 86_400_001, 100_000_000, 100_000_001, 604_800_000, 604_800_001],
  ...[
    2 ** 30,
    2 ** 30 + 1,
    2 ** 31 - 1,
    2 ** 31,
    2 ** 32 - 1,
    2 ** 32,
    1e15,
    1e15 + 1,
    2 ** 52,
    SAFE_MAX - 1,
    SAFE_MAX,
  ],
  ...[NOW - NONCE_PAST_MS - 1, NOW - 1, NOW, NOW + 1, NOW + 5_001, NOW + NONCE_FUTURE_MS + 1],
];
/** No record of the journal holds such a number. */
const IMPOSSIBLE = [-1, -SAFE_MAX, 0.5, 1.5, 40_000.5, 2 ** 53, 1e300, Infinity, -Infinity, Number.NaN];

/**
 * Fields that the engine takes as they come, because a command comes out of its journal record, where they are whole
 * numbers from 0 to 2^53 - 1; what these may be beyond that is the codec's to refuse.
 */
const LEFT_TO_THE_RECORD = [
  'auth.nonce',
  'auth.expiresAfterMs',
  'agentExpiresAtMs',
  'publishTimeMs',
  'depositIndex',
  'amountAtoms of creditDeposit',
  'l1BlockNumber',
];

test('every kind of command has a sample, and each sample is taken as it stands', () => {
  const kinds = Object.values(SAMPLES).map((sample) => sample(restored()).kind);
  expect([...new Set(kinds)].sort()).toEqual([...ALL_KINDS].sort());
  for (const [name, sample] of Object.entries(SAMPLES)) {
    const exchange = restored();
    expect(refusals(exchange.run(sample(exchange))), name).toEqual([]);
  }
});

test.for(Object.keys(SAMPLES))('%s: any number in any field is taken, or refused with a code and no trace', (name) => {
  const command = SAMPLES[name]!(restored());
  for (const path of numericFields(command)) {
    const field = path.join('.');
    const left = LEFT_TO_THE_RECORD.includes(field) || LEFT_TO_THE_RECORD.includes(`${field} of ${command.kind}`);
    for (const value of left ? POSSIBLE : [...POSSIBLE, ...IMPOSSIBLE]) {
      // The record of a deposit comes from L1, where one of nothing is no event.
      if (field === 'amountAtoms' && command.kind === 'creditDeposit' && value === 0) continue;
      // Interest may be negative.
      const mayBeTaken = field === 'spec.fundingInterestPpb' && value === -1;
      const faults = faultsOf(withField(command, path, value), IMPOSSIBLE.includes(value) && !mayBeTaken);
      expect(faults, `${name} with ${field} = ${value}`).toEqual([]);
    }
  }
});

/** What is wrong with how a command was dealt with. */
function faultsOf(command: Command, mustBeRefused: boolean): string[] {
  const exchange = restored();
  const events = exchange.run(command);
  const codes = refusals(events);
  const faults = codes.filter((code) => rejectName(code) === undefined).map((code) => `${code} is no code`);
  if (mustBeRefused && codes.length === 0) faults.push('it was taken');
  const snapshot = writeSnapshot(exchange.state);
  if (Buffer.compare(writeSnapshot(readSnapshot(snapshot)), snapshot) !== 0)
    faults.push('its snapshot reads otherwise');
  const outcomes = events.filter(({ kind }) => kind === 'commandRejected' || kind === 'batchItem');
  if (codes.length > 0 && codes.length === outcomes.length) {
    // Time passes with a refused command, and nothing else happens: the same as if only time had passed.
    const twin = restored();
    twin.run({ kind: 'advanceTime' });
    if (leavesOf(twin).join() !== leavesOf(exchange).join()) faults.push('it was refused and left a trace');
  }
  return faults;
}

/** Sample, field, smallest and largest figure that is taken, and what is said to the next one below and above. */
const BOUNDS: readonly (readonly [string, string, number, number, RejectName | '', RejectName | ''])[] = [
  ['placeOrder', 'auth.nonce', NOW - NONCE_PAST_MS, NOW + NONCE_FUTURE_MS, 'NONCE_TOO_OLD', 'NONCE_TOO_NEW'],
  ['placeOrder', 'auth.expiresAfterMs', NOW, SAFE_MAX, 'COMMAND_EXPIRED', ''],
  ['placeOrder', 'marketId', 1, 1, 'MARKET_UNKNOWN', 'MARKET_PRICE_UNAVAILABLE'],
  ['placeOrder', 'priceTicks', 5_000, 95_000, 'PRICE_OUTSIDE_BAND', 'PRICE_OUTSIDE_BAND'],
  ['placeOrder', 'sizeLots', 1, 99_000, 'SIZE_OUT_OF_RANGE', 'POSITION_LIMIT_EXCEEDED'],
  ['placeOrder stop', 'sizeLots', 1, 100_000, 'SIZE_OUT_OF_RANGE', 'SIZE_OUT_OF_RANGE'],
  ['placeOrder stop market', 'trigger.triggerTicks', 50_001, 1_000_000, 'TRIGGER_ALREADY_MET', 'TRIGGER_INVALID'],
  ['placeOrder stop market', 'trigger.trailTicks', 0, 0, 'TRIGGER_INVALID', 'TRIGGER_INVALID'],
  ['placeOrder trailingStop', 'trigger.trailTicks', 1, 1_000_000, 'TRIGGER_INVALID', 'TRIGGER_INVALID'],
  ['placeOrder gtt', 'expiresAtMs', NOW + 1, SAFE_MAX, 'EXPIRY_INVALID', 'EXPIRY_INVALID'],
  ['placeOrder', 'expiresAtMs', 0, 0, 'EXPIRY_INVALID', 'EXPIRY_INVALID'],
  ['placeOrder iceberg', 'displayLots', 10, 1_000, 'DISPLAY_SIZE_INVALID', 'DISPLAY_SIZE_INVALID'],
  ['placeOrder iceberg', 'sizeLots', 100, 10_000, 'DISPLAY_SIZE_INVALID', 'DISPLAY_SIZE_INVALID'],
  [
    'placeOrder attached market',
    'attached.takeProfitTicks',
    40_001,
    1_000_000,
    'ATTACHED_ORDER_INVALID',
    'ATTACHED_ORDER_INVALID',
  ],
  ['placeOrder attached market', 'attached.stopLossTicks', 1, 39_999, '', 'ATTACHED_ORDER_INVALID'],
  ['placeOrders', 'orders.0.priceTicks', 5_000, 95_000, 'PRICE_OUTSIDE_BAND', 'PRICE_OUTSIDE_BAND'],
  ['placePair', 'orders.1.priceTicks', 5_000, 95_000, 'PRICE_OUTSIDE_BAND', 'PRICE_OUTSIDE_BAND'],
  ['placeScale', 'order.sizeLots', 2, 99_000, 'SCHEDULE_INVALID', 'POSITION_LIMIT_EXCEEDED'],
  ['placeScale', 'fromTicks', 5_000, 95_000, 'PRICE_OUTSIDE_BAND', 'PRICE_OUTSIDE_BAND'],
  ['placeScale', 'orderCount', 2, 50, 'SCHEDULE_INVALID', 'SCHEDULE_INVALID'],
  // Below 1,002 ppm the last order's part of 1,000 lots is the rest that is over from the first, not its weight's.
  ['placeScale', 'skewPpm', 1, 100_000_000, 'SCHEDULE_INVALID', 'SCHEDULE_INVALID'],
  ['placeTwap', 'sizeLots', 3, 100_000, 'NOTIONAL_TOO_SMALL', 'SIZE_OUT_OF_RANGE'],
  ['placeTwap', 'durationMs', 10_000, 604_800_000, 'SCHEDULE_INVALID', 'SCHEDULE_INVALID'],
  ['placeTwap', 'slices', 2, 61, 'SCHEDULE_INVALID', 'SCHEDULE_INVALID'],
  ['amendOrder', 'priceTicks', 5_000, 95_000, 'PRICE_OUTSIDE_BAND', 'PRICE_OUTSIDE_BAND'],
  ['amendOrder', 'sizeLots', 1, 100_000, 'SIZE_OUT_OF_RANGE', 'SIZE_OUT_OF_RANGE'],
  ['amendOrder', 'orderId', 1, 2, 'ORDER_UNKNOWN', 'ORDER_UNKNOWN'],
  ['amendOrder waiting', 'sizeLots', 1, 100_000, 'SIZE_OUT_OF_RANGE', 'SIZE_OUT_OF_RANGE'],
  ['cancelAllOrders', 'marketId', 0, 2, 'MARKET_UNKNOWN', 'MARKET_UNKNOWN'],
  ['cancelAllAfter', 'timeoutMs', 1_000, 86_400_000, 'TIMEOUT_INVALID', 'TIMEOUT_INVALID'],
  ['protection quantity', 'windowMs', 1, 86_400_000, 'PROTECTION_INVALID', 'PROTECTION_INVALID'],
  ['protection quantity', 'quantityLots', 1, SAFE_MAX, 'PROTECTION_INVALID', 'PROTECTION_INVALID'],
  ['protection delta', 'deltaLots', 1, SAFE_MAX, 'PROTECTION_INVALID', 'PROTECTION_INVALID'],
  ['protection count', 'fillCount', 1, SAFE_MAX, 'PROTECTION_INVALID', 'PROTECTION_INVALID'],
  ['withdraw', 'amountAtoms', 1_000_000, 1e15, 'WITHDRAWAL_OUT_OF_RANGE', 'WITHDRAWAL_OUT_OF_RANGE'],
  ['withdraw WETH', 'amountAtoms', 1, 1e9, 'WITHDRAWAL_OUT_OF_RANGE', 'WITHDRAWAL_EXCEEDS_FREE_COLLATERAL'],
  ['transfer', 'toSubaccount', 1, 127, 'TRANSFER_TO_ITSELF', 'SUBACCOUNT_INVALID'],
  // 128 + n isolates market n; two are listed.
  ['transfer WETH', 'toSubaccount', 129, 130, 'SUBACCOUNT_INVALID', 'SUBACCOUNT_INVALID'],
  ['transfer', 'amountAtoms', 1_000_000, 1e15, 'TRANSFER_OUT_OF_RANGE', 'TRANSFER_OUT_OF_RANGE'],
  // Counts 1,800 USDC for 10^8: these are the first that count one.
  ['transfer WETH', 'amountAtoms', 55_556, 1e9, 'TRANSFER_OUT_OF_RANGE', 'TRANSFER_EXCEEDS_FREE_COLLATERAL'],
  ['fundSafety insurance', 'amountAtoms', 1_000_000, 1e15, 'WITHDRAWAL_OUT_OF_RANGE', 'WITHDRAWAL_OUT_OF_RANGE'],
  ['fundSafety backstop', 'amountAtoms', 1_000_000, 1e15, 'WITHDRAWAL_OUT_OF_RANGE', 'WITHDRAWAL_OUT_OF_RANGE'],
  ['allocateFees', 'amountAtoms', 1, 1_000_000, 'WITHDRAWAL_OUT_OF_RANGE', 'FEES_INSUFFICIENT'],
  ['listCollateral', 'spec.assetId', 2, 2, 'COLLATERAL_ALREADY_LISTED', 'COLLATERAL_SPEC_INVALID'],
  ['listCollateral', 'spec.decimals', 8, 8, 'COLLATERAL_SPEC_INVALID', 'COLLATERAL_SPEC_INVALID'],
  // With less than cents all of it together would count more than an account may have.
  ['listCollateral', 'spec.priceDecimals', 2, 6, 'COLLATERAL_SPEC_INVALID', 'COLLATERAL_SPEC_INVALID'],
  ['listCollateral', 'spec.maxPriceTicks', 1, 91_111_111, 'COLLATERAL_SPEC_INVALID', 'COLLATERAL_SPEC_INVALID'],
  ['listCollateral', 'spec.haircutPpm', 0, 1_000_000, 'COLLATERAL_SPEC_INVALID', 'COLLATERAL_SPEC_INVALID'],
  [
    'listCollateral',
    'spec.maxDepositedAtoms',
    1,
    455_555_555_555,
    'COLLATERAL_SPEC_INVALID',
    'COLLATERAL_SPEC_INVALID',
  ],
  ['listCollateral', 'spec.priceJumpPpm', 1, 999_999, 'COLLATERAL_SPEC_INVALID', 'COLLATERAL_SPEC_INVALID'],
  ['listCollateral', 'spec.priceStaleMs', 1, SAFE_MAX, 'COLLATERAL_SPEC_INVALID', ''],
  ['creditDeposit WETH', 'amountAtoms', 1, 1e15, '', 'DEPOSIT_TOO_LARGE'],
  ['creditDeposit', 'depositIndex', 3, 3, 'DEPOSIT_ALREADY_CREDITED', 'DEPOSIT_OUT_OF_ORDER'],
  ['creditDeposit', 'amountAtoms', 1, 1e15, '', 'DEPOSIT_TOO_LARGE'],
  ['updateIndexPrice', 'reports.0.priceTicks', 1, 1_000_000, 'INDEX_PRICE_OUT_OF_RANGE', 'INDEX_PRICE_OUT_OF_RANGE'],
  ['updateIndexPrice', 'reports.0.perpTicks', 0, 1_000_000, 'INDEX_PRICE_OUT_OF_RANGE', 'INDEX_PRICE_OUT_OF_RANGE'],
  [
    'updateIndexPrice',
    'reports.0.publishTimeMs',
    NOW - 999,
    NOW + 5_000,
    'INDEX_PRICE_OUTDATED',
    'PRICE_QUORUM_MISSING',
  ],
  [
    'updateIndexPrice',
    'reports.0.reportSequence',
    NOW - 999,
    SAFE_MAX,
    'INDEX_PRICE_OUTDATED',
    'PRICE_REPORTS_MALFORMED',
  ],
  ['updateCollateralPrice', 'assetId', 1, 1, 'ASSET_UNKNOWN', 'ASSET_UNKNOWN'],
  ['updateCollateralPrice', 'reports.0.priceTicks', 1, 20_000_000, 'INDEX_PRICE_OUT_OF_RANGE', ''],
  ['setPriceFeeders', 'feeders.0.weight', 1, 1_000, 'PRICE_FEEDERS_INVALID', 'PRICE_FEEDERS_INVALID'],
  ['upgradeEngine', 'engineVersion', 2, 2, 'ENGINE_VERSION_NOT_NEXT', 'ENGINE_VERSION_NOT_NEXT'],
  ['listMarket', 'spec.marketId', 3, 3, 'MARKET_ALREADY_LISTED', 'MARKET_SPEC_INVALID'],
  ['listMarket', 'spec.initialMarginPpm', 50_001, 1_000_000, 'MARKET_SPEC_INVALID', 'MARKET_SPEC_INVALID'],
  ['listMarket', 'spec.maintenanceMarginPpm', 500, 99_999, 'MARKET_SPEC_INVALID', 'MARKET_SPEC_INVALID'],
  ['listMarket', 'spec.takerFeePpm', 200, 50_000, 'MARKET_SPEC_INVALID', 'MARKET_SPEC_INVALID'],
  ['listMarket', 'spec.makerFeePpm', 0, 500, 'MARKET_SPEC_INVALID', 'MARKET_SPEC_INVALID'],
  ['listMarket', 'spec.maxOrderLots', 1, 100_000, 'MARKET_SPEC_INVALID', 'MARKET_SPEC_INVALID'],
  // 10^6 ticks of 1,000 atoms: 9,007,199 lots are the last that are worth less than 2^53.
  ['listMarket', 'spec.maxPositionLots', 100_000, 9_007_199, 'MARKET_SPEC_INVALID', 'MARKET_SPEC_INVALID'],
  ['listMarket', 'spec.markBandPpm', 1, 999_999, 'MARKET_SPEC_INVALID', 'MARKET_SPEC_INVALID'],
  ['listMarket', 'spec.liquidationFeePpm', 0, 1_000_000, 'MARKET_SPEC_INVALID', 'MARKET_SPEC_INVALID'],
  [
    'listMarket',
    'spec.fundingInterestPpb',
    -1_000_000_000,
    1_000_000_000,
    'MARKET_SPEC_INVALID',
    'MARKET_SPEC_INVALID',
  ],
];

test.for(BOUNDS)('%s %s is taken from %d to %d, not a step further', ([name, field, lowest, highest, below, above]) => {
  const answer = (value: number) => {
    const exchange = restored();
    const codes = refusals(exchange.run(withField(SAMPLES[name]!(exchange), field.split('.'), value)));
    return codes.map((code) => rejectName(code)).join();
  };
  expect([answer(lowest), answer(highest)]).toEqual(['', '']);
  if (below !== '') expect(answer(lowest - 1)).toBe(below);
  if (above !== '') expect(answer(highest + 1)).toBe(above);
});

function restored(): Exchange {
  const exchange = new Exchange(readSnapshot(SNAPSHOT));
  exchange.timeMs = NOW;
  return exchange;
}

/** Codes of the command, or of the items of a batch; the orders of others that it set off have their own words. */
function refusals(events: readonly Event[]): number[] {
  return events.flatMap((event) =>
    (event.kind === 'commandRejected' || event.kind === 'batchItem') && event.code !== 0 ? [event.code] : [],
  );
}

function leavesOf({ state }: Exchange): string[] {
  const leaves: (Uint8Array | undefined)[] = [globalsLeaf(state)];
  for (const { accountId } of listAccounts(state)) leaves.push(accountLeaf(state, accountId));
  for (const { orderId } of listOrders(state)) leaves.push(orderLeaf(state, orderId));
  for (const { spec } of listMarkets(state)) leaves.push(marketLeaf(state, spec.marketId));
  return leaves.map((leaf) => Buffer.from(leaf ?? []).toString('hex'));
}

const ALL_KINDS: readonly Command['kind'][] = [
  'listMarket',
  'creditDeposit',
  'updateIndexPrice',
  'updateCollateralPrice',
  'setPriceFeeders',
  'upgradeEngine',
  'advanceTime',
  'placeOrder',
  'placeOrders',
  'placeScale',
  'placeTwap',
  'amendOrder',
  'amendOrders',
  'replaceOrder',
  'cancelOrder',
  'cancelOrders',
  'cancelAllOrders',
  'cancelAllAfter',
  'setMarketMakerProtection',
  'resetMarketMakerProtection',
  'setTradingStatus',
  'approveAgent',
  'revokeAgent',
  'withdraw',
  'transfer',
  'fundSafety',
  'allocateFees',
  'listCollateral',
  'sealBatch',
];
