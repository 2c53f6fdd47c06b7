import { expect, test } from 'vitest';
import {
  accountMargin,
  entryPriceTicks,
  fundingOwedAtoms,
  initialMarginAtoms,
  liquidationPriceTicks,
  type MarginPosition,
  type MarketSpec,
  toMarketId,
  withdrawableAtoms,
} from '../src/index.ts';

/** One tick = 1 USD, one lot = 0.001, 10 % initial and 5 % maintenance margin. */
function spec(marketId: number, changes: Partial<MarketSpec> = {}): MarketSpec {
  return {
    marketId: toMarketId(marketId),
    symbol: `M${marketId}-USD`,
    baseAsset: 'BTC',
    priceDecimals: 0,
    sizeDecimals: 3,
    atomsPerTickLot: 1_000,
    maxPriceTicks: 1_000_000,
    maxOrderLots: 100_000,
    maxPositionLots: 100_000,
    maxOpenInterestLots: 100_000,
    minOrderNotionalAtoms: 1,
    initialMarginPpm: 100_000,
    maintenanceMarginPpm: 50_000,
    marginTiers: [],
    openInterestLowerAtoms: 0,
    openInterestUpperAtoms: 0,
    concentrationPpm: 0,
    concentrationFloorLots: 0,
    stablePriceMovePpm: 0,
    makerFeePpm: 0,
    takerFeePpm: 0,
    marketSlippagePpm: 50_000,
    priceBandPpm: 500_000,
    markBandPpm: 50_000,
    indexJumpPpm: 50_000,
    indexStaleMs: 10_000,
    resumeGraceMs: 0,
    liquidationFeePpm: 10_000,
    liquidationBudgetAtoms: 0,
    backstopLossCapAtoms: 0,
    deleverageRule: 'waterFilling',
    impactNotionalAtoms: 1,
    fundingInterestPpb: 0,
    fundingCapPpb: 0,
    ...changes,
  };
}

function position(marketId: number, markTicks: number, sizeLots: number, entryUsd: number): MarginPosition {
  return {
    spec: spec(marketId),
    markTicks,
    stableTicks: 0,
    openInterestLots: 0,
    leverage: 0,
    sizeLots,
    entryNotionalAtoms: entryUsd * 1e6,
    positionFundingIndex: 0,
    marketFundingIndex: 0,
    openOrders: [],
  };
}

test('the figures of an account', () => {
  const long = position(1, 50_000, 1_000, 48_000);
  const short = { ...position(2, 3_000, -2_000, -6_100), marketFundingIndex: 5_000_000_000 };
  // 10,000 + (50,000 - 48,000) + (-6,000 + 6,100) + 2,000 lots x 0.005 USD funding that longs owe the short.
  expect(accountMargin(10_000e6, [long, short])).toEqual({
    equityAtoms: 12_110e6,
    initialMarginAtoms: 5_600e6,
    maintenanceMarginAtoms: 2_800e6,
    totalNotionalAtoms: 56_000e6,
    cautiousEquityAtoms: 12_110e6,
    cautiousMarginAtoms: 5_600e6,
  });
  // By margin 12,110 - 5,600 = 6,510.
  expect(withdrawableAtoms(10_000e6, [long, short])).toBe(6_510e6);
  expect(withdrawableAtoms(100e6, [long])).toBe(0);
});

test.for([
  { name: 'no orders', orders: [], usd: 500 },
  { name: 'a bid adds', orders: [['buy', 1_000, 50_000]], usd: 5_500 },
  { name: 'an ask up to twice the position adds nothing', orders: [['sell', 200, 50_000]], usd: 500 },
  { name: 'beyond it the other side counts', orders: [['sell', 300, 50_000]], usd: 1_000 },
  {
    name: 'the worse side counts, not both',
    orders: [
      ['buy', 100, 50_000],
      ['sell', 300, 50_000],
    ],
    usd: 1_000,
  },
  { name: 'a bid 100 over mark books its loss at once', orders: [['buy', 1_000, 50_100]], usd: 5_600 },
  { name: 'so does an ask under mark', orders: [['sell', 100, 49_000]], usd: 600 },
] as const)('initial margin of 0.1 BTC: $name', ({ orders, usd }) => {
  const openOrders = orders.map(([side, remainingLots, priceTicks]) => ({ side, remainingLots, priceTicks }));
  expect(initialMarginAtoms({ ...position(1, 50_000, 100, 5_000), openOrders })).toBe(usd * 1e6);
});

test.for([
  { name: 'any number of reduce-only asks closes the position, no more', plainLots: 0, priceTicks: 50_000, usd: 500 },
  { name: 'under mark they book the loss of the position, once', plainLots: 0, priceTicks: 49_000, usd: 600 },
  { name: 'a plain ask may come after them and count whole', plainLots: 200, priceTicks: 50_000, usd: 1_000 },
])('initial margin of 0.1 BTC: $name', ({ plainLots, priceTicks, usd }) => {
  const ask = { side: 'sell', priceTicks } as const;
  const reducing = Array.from({ length: 5 }, () => ({ ...ask, remainingLots: 100, reduceOnly: true }));
  const openOrders = [...reducing, { ...ask, remainingLots: plainLots, reduceOnly: false }];
  expect(initialMarginAtoms({ ...position(1, 50_000, 100, 5_000), openOrders })).toBe(usd * 1e6);
});

test('initial margin of many markets is held at the largest safe integer', () => {
  const rates = { initialMarginPpm: 1_000_000, maintenanceMarginPpm: 1 };
  const positions = [1, 2].map((id) => ({ ...position(id, 60_000_000, 100_000, 0), spec: spec(id, rates) }));
  expect(accountMargin(0, positions).initialMarginAtoms).toBe(Number.MAX_SAFE_INTEGER);
});

test('funding rounds against the account, whichever side it is on', () => {
  expect([fundingOwedAtoms(1, 0, 1), fundingOwedAtoms(-1, 0, 1), fundingOwedAtoms(1, 0, 1_000_000)]).toEqual([1, 0, 1]);
  expect([fundingOwedAtoms(3, 0, -500_000), fundingOwedAtoms(-3, 0, -500_000)]).toEqual([-1, 2]);
});

test('liquidation price of a lone position: 10x long and short at 50,000', () => {
  // Long: (50,000 - 5,000) / 0.95 = 47,368.4, shown as 47,369. Short: 55,000 / 1.05 = 52,380.9, shown as 52,380.
  expect(liquidationPriceTicks(5_000e6, [position(1, 50_000, 1_000, 50_000)], 1)).toBe(47_369);
  expect(liquidationPriceTicks(5_000e6, [position(1, 50_000, -1_000, -50_000)], 1)).toBe(52_380);
});

test('a long that is paid for in full has no liquidation price', () => {
  expect(liquidationPriceTicks(50_000e6, [position(1, 50_000, 1_000, 50_000)], 1)).toBeUndefined();
});

test('one tick on the safe side EQ >= MM, one tick on the other EQ < MM, for accounts of every kind', () => {
  let checked = 0;
  let random = 12_345;
  const next = (below: number) => {
    random = (random * 1_103_515_245 + 12_345) % 2_147_483_648;
    return random % below;
  };
  for (let round = 0; round < 5_000; round += 1) {
    const sizeLots = (1 + next(5_000)) * (next(2) === 0 ? 1 : -1);
    const entry = 40_000 + next(20_000);
    const first = {
      ...position(1, 50_000, sizeLots, 0),
      entryNotionalAtoms: sizeLots * entry * 1_000,
      marketFundingIndex: next(2_000_000) - 1_000_000,
    };
    const other = { ...position(2, 3_000, next(4_000) - 2_000, 0), entryNotionalAtoms: next(1_000_000) };
    const collateral = next(30_000) * 1e6 + next(1_000_000);
    const price = liquidationPriceTicks(collateral, [first, other], 1);
    if (price === undefined) continue;
    const healthyAt = (markTicks: number) => {
      const figures = accountMargin(collateral, [{ ...first, markTicks }, other]);
      return figures.equityAtoms >= figures.maintenanceMarginAtoms;
    };
    const safer = sizeLots > 0 ? 1 : -1;
    // Requirements round up by one atom, which near a tick boundary is one tick.
    expect(healthyAt(price + safer), `round ${round}`).toBe(true);
    if (price - safer > 0) expect(healthyAt(price - safer), `round ${round}`).toBe(false);
    checked += 1;
  }
  expect(checked).toBeGreaterThan(1_000);
});

test('average entry price', () => {
  expect(entryPriceTicks(spec(1), 3, 150_001_000)).toBe(50_000);
  expect(entryPriceTicks(spec(1), -3, -150_001_000)).toBe(50_000);
  expect(entryPriceTicks(spec(1), 0, 0)).toBe(0);
});
