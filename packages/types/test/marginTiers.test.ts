import { expect, test } from 'vitest';
import {
  accountMargin,
  initialAtomsOf,
  initialMarginAtoms,
  liquidationPriceTicks,
  type MarginBalance,
  type MarginPosition,
  type MarginSpec,
  type MarginTier,
  maintenanceAtomsOf,
  marginalMaintenancePpm,
  toMarketId,
  withdrawableAtoms,
} from '../src/index.ts';

/** One tick = 0.01 USD, one lot = 0.001. Initial rates are twice the maintenance rates where they do not matter. */
function market(tiers: readonly (readonly [floorUsd: number, maintenancePpm: number])[]): MarginSpec {
  const [first, ...above] = tiers.map(([floorUsd, ppm]) => ({
    floorNotionalAtoms: floorUsd * 1e6,
    initialMarginPpm: 2 * ppm,
    maintenanceMarginPpm: ppm,
  }));
  return { ...plain(first!.initialMarginPpm, first!.maintenanceMarginPpm), marginTiers: above };
}

function plain(
  initialMarginPpm: number,
  maintenanceMarginPpm: number,
  marginTiers: readonly MarginTier[] = [],
): MarginSpec {
  return {
    marketId: toMarketId(1),
    atomsPerTickLot: 10,
    maxPriceTicks: 100_000_000,
    initialMarginPpm,
    maintenanceMarginPpm,
    marginTiers,
    openInterestLowerAtoms: 0,
    openInterestUpperAtoms: 0,
  };
}

function position(spec: MarginSpec, changes: Partial<MarginPosition>): MarginPosition {
  return {
    spec,
    markTicks: 5_000_000,
    stableTicks: 0,
    openInterestLots: 0,
    sizeLots: 0,
    entryNotionalAtoms: 0,
    positionFundingIndex: 0,
    marketFundingIndex: 0,
    leverage: 0,
    openOrders: [],
    ...changes,
  };
}

/** Binance's table for BTCUSDT and ETHUSDT at the time of its worked examples, and Hyperliquid's for BTC and ETH. */
const BINANCE_BTC = market([
  [0, 4_000],
  [50_000, 5_000],
  [250_000, 10_000],
  [1_000_000, 25_000],
]);
const BINANCE_ETH = market([
  [0, 5_000],
  [10_000, 6_500],
  [100_000, 10_000],
  [500_000, 20_000],
  [1_000_000, 50_000],
  [2_000_000, 100_000],
]);
const HYPERLIQUID_BTC = market([
  [0, 12_500],
  [150_000_000, 25_000],
]);
const HYPERLIQUID_ETH = market([
  [0, 20_000],
  [100_000_000, 33_334],
]);

test.for([
  // Deductions: 50, 1,300 and 16,300; the last is what Binance publishes as the maintenance amount of the tier.
  { name: 'Binance BTC, lowest tier', spec: BINANCE_BTC, usd: 40_000, maintenance: 160 },
  { name: 'Binance BTC, at an edge', spec: BINANCE_BTC, usd: 50_000, maintenance: 200 },
  { name: 'Binance BTC, second tier', spec: BINANCE_BTC, usd: 60_000, maintenance: 250 },
  { name: 'Binance BTC, at the next edge', spec: BINANCE_BTC, usd: 250_000, maintenance: 1_200 },
  { name: 'Binance BTC, third tier', spec: BINANCE_BTC, usd: 1_000_000, maintenance: 8_700 },
  { name: 'Binance BTC 109.488 at 31,967.27', spec: BINANCE_BTC, usd: 3_500_032.45776, maintenance: 71_200.811444 },
  { name: 'Binance ETH 3,683.979 at 1,335.18', spec: BINANCE_ETH, usd: 4_918_775.08122, maintenance: 356_512.508122 },
  { name: 'Hyperliquid BTC 150M at 40x', spec: HYPERLIQUID_BTC, usd: 150e6, maintenance: 1_875_000 },
  { name: 'Hyperliquid BTC 200M', spec: HYPERLIQUID_BTC, usd: 200e6, maintenance: 3_125_000 },
  { name: 'Hyperliquid ETH 130M', spec: HYPERLIQUID_ETH, usd: 130e6, maintenance: 3_000_020 },
])('maintenance by tiers: $name', ({ spec, usd, maintenance }) => {
  expect(maintenanceAtomsOf(spec, Math.round(usd * 1e6))).toBe(Math.round(maintenance * 1e6));
});

/** Numbers below a bound, the same in every run of a seed. */
function dice(seed: number): (below: number) => number {
  let random = seed;
  return (below) => {
    random = (random * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((random / 2_147_483_648) * below);
  };
}

/** Up to four tiers above the first, from some gap on and with some rise each. */
function randomTiers(next: (below: number) => number, gapUsd: number): [number, number][] {
  const rows: [number, number][] = [[0, 1_000 + next(30_000)]];
  for (let more = next(5); more > 0; more -= 1) {
    const [floorUsd, ppm] = rows.at(-1)!;
    rows.push([floorUsd + 1 + next(gapUsd), ppm + next(90_000)]);
  }
  return rows;
}

test('each lot is charged at its own tier: margin is the sum over the tiers, and continuous', () => {
  const next = dice(Number(process.env.KEEL_TEST_SEED ?? 11));
  for (let round = 0; round < 2_000; round += 1) {
    const rows = randomTiers(next, 100_000);
    const notional = 1 + next(400_000) * 1_000_000 + next(2) * next(1_000_000);
    const spec = market(rows);
    let scaled = 0n;
    for (const [place, [floorUsd, ppm]] of rows.entries()) {
      const ceilingUsd = rows[place + 1]?.[0] ?? 1e9;
      scaled += BigInt(Math.max(0, Math.min(notional, ceilingUsd * 1e6) - floorUsd * 1e6)) * BigInt(ppm);
    }
    const atoms = maintenanceAtomsOf(spec, notional);
    expect(BigInt(atoms), `round ${round}`).toBe((scaled + 999_999n) / 1_000_000n);
    expect(maintenanceAtomsOf(spec, notional + 1) - atoms).toBeLessThanOrEqual(1);
    const [, last] = rows.findLast(([floorUsd]) => floorUsd * 1e6 < notional)!;
    expect(marginalMaintenancePpm(spec, notional)).toBe(last);
  }
});

test.for([
  // dYdX: base 20 %, from 1M to 2M of open interest.
  { openInterest: 0, ppm: 200_000 },
  { openInterest: 1_000_000, ppm: 200_000 },
  { openInterest: 1_234_567, ppm: 387_653 },
  { openInterest: 1_500_000, ppm: 600_000 },
  { openInterest: 2_000_000, ppm: 1_000_000 },
  { openInterest: 9e15, ppm: 1_000_000 },
])('initial margin of 1 USDC at an open interest of $openInterest is $ppm millionths', ({ openInterest, ppm }) => {
  const spec = { ...plain(200_000, 100_000), openInterestLowerAtoms: 1e12, openInterestUpperAtoms: 2e12 };
  expect(initialAtomsOf(spec, openInterest * 1e6, 0, 1_000_000)).toBe(ppm);
});

test('with open interest half-way each tier goes half-way to 100 %, and margin stays continuous', () => {
  const tier = { floorNotionalAtoms: 1_000e6, initialMarginPpm: 200_000, maintenanceMarginPpm: 100_000 };
  const spec = { ...plain(100_000, 50_000, [tier]), openInterestLowerAtoms: 1e12, openInterestUpperAtoms: 2e12 };
  // 55 % of the first 1,000, 60 % of the rest.
  expect(initialAtomsOf(spec, 1.5e12, 0, 1_000e6)).toBe(550e6);
  expect(initialAtomsOf(spec, 1.5e12, 0, 3_000e6)).toBe(1_750e6);
  expect(initialAtomsOf(spec, 2e12, 0, 3_000e6)).toBe(3_000e6);
});

test.for([
  // 20x by the market. In the tier above 100,000 USDC it asks 10 %: more than 1/20 of the whole, less than 1/5.
  { leverage: 0, usd: 10_000, initial: 500 },
  { leverage: 20, usd: 10_000, initial: 500 },
  { leverage: 5, usd: 10_000, initial: 2_000 },
  { leverage: 3, usd: 10_000, initial: 3_333.333334 },
  { leverage: 20, usd: 200_000, initial: 15_000 },
  { leverage: 5, usd: 200_000, initial: 40_000 },
])('initial margin of $usd USDC at leverage $leverage', ({ leverage, usd, initial }) => {
  const tier = { floorNotionalAtoms: 100_000e6, initialMarginPpm: 100_000, maintenanceMarginPpm: 50_000 };
  const spec = plain(50_000, 25_000, [tier]);
  expect(initialAtomsOf(spec, 0, leverage, usd * 1e6)).toBe(Math.round(initial * 1e6));
});

test('Paradex: one short, bids for three and asks for two at 90,000 and 2 % need 5,400', () => {
  const openOrders = [
    { side: 'buy', priceTicks: 9_000_000, remainingLots: 3_000 },
    { side: 'sell', priceTicks: 9_000_000, remainingLots: 2_000 },
  ] as const;
  const spec = plain(20_000, 10_000);
  expect(initialMarginAtoms(position(spec, { markTicks: 9_000_000, sizeLots: -1_000, openOrders }))).toBe(5_400e6);
});

test('new risk and withdrawals count the worse of mark and stable price, liquidation the mark alone', () => {
  const spec = plain(100_000, 50_000);
  // 1 long bought at 100, mark 150, stable price 120: 30 of the gain do not count, and sizes do at 150.
  const long = position(spec, { markTicks: 15_000, stableTicks: 12_000, sizeLots: 1_000, entryNotionalAtoms: 100e6 });
  expect(accountMargin(40e6, [long])).toEqual({
    equityAtoms: 90e6,
    initialMarginAtoms: 15e6,
    maintenanceMarginAtoms: 7_500_000,
    totalNotionalAtoms: 150e6,
    cautiousEquityAtoms: 60e6,
    cautiousMarginAtoms: 15e6,
  });
  expect(withdrawableAtoms(100e6, [{ ...long, entryNotionalAtoms: 160e6 }])).toBe(45e6);
  // 1 short sold at 100, mark 50, stable price 80: 30 of the gain do not count, and sizes do at 80.
  const short = position(spec, { markTicks: 5_000, stableTicks: 8_000, sizeLots: -1_000, entryNotionalAtoms: -100e6 });
  const figures = accountMargin(40e6, [short]);
  expect(figures.equityAtoms).toBe(90e6);
  expect([figures.initialMarginAtoms, figures.maintenanceMarginAtoms]).toEqual([5e6, 2_500_000]);
  expect([figures.cautiousEquityAtoms, figures.cautiousMarginAtoms]).toEqual([60e6, 8e6]);
  // A loss that the mark shows is a loss, whatever the stable price says.
  expect(accountMargin(40e6, [{ ...long, markTicks: 9_000 }]).cautiousEquityAtoms).toBe(30e6);
});

test('other collateral counts with its haircut, and is no USDC that could be withdrawn', () => {
  // 2 WETH at 3,000 less 10 %.
  const weth: MarginBalance = {
    spec: { decimals: 8, priceDecimals: 2, haircutPpm: 100_000 },
    priceTicks: 300_000,
    amountAtoms: 200_000_000,
  };
  const long = position(plain(100_000, 50_000), { sizeLots: 100, entryNotionalAtoms: 5_000e6 });
  expect(accountMargin(100e6, [long], [weth]).equityAtoms).toBe(5_500e6);
  expect(withdrawableAtoms(100e6, [long], [weth])).toBe(100e6);
  expect(withdrawableAtoms(100e6, [long], [])).toBe(0);
  // (5,000 - 100 - 5,400 of WETH) / 0.095: the position alone cannot use it up.
  expect(liquidationPriceTicks(100e6, [long], 1, [weth])).toBeUndefined();
  expect(liquidationPriceTicks(100e6, [long], 1, [{ ...weth, amountAtoms: 10_000_000 }])).toBe(4_873_685);
});

test('Binance: liquidation prices of two positions in their tiers', () => {
  const btc = position(BINANCE_BTC, { markTicks: 3_196_727, sizeLots: 109_488, entryNotionalAtoms: 3_556_387_026_240 });
  const eth = position(
    { ...BINANCE_ETH, marketId: toMarketId(2) },
    { markTicks: 133_518, sizeLots: 3_683_979, entryNotionalAtoms: 5_366_967_966_360 },
  );
  // 26,316.89 and 1,153.26 as published: rounded to the nearest cent there, up here.
  expect(liquidationPriceTicks(1_535_443_010_000, [btc, eth], 1)).toBe(2_631_690);
  expect(liquidationPriceTicks(1_535_443_010_000, [btc, eth], 2)).toBe(115_326);
});

test('the liquidation price is the last tick at which EQ >= MM, found by trying them all', () => {
  const next = dice(Number(process.env.KEEL_TEST_SEED ?? 12));
  const HIGHEST = 600;
  let found = 0;
  let aboveFirst = 0;
  for (let round = 0; round < 3_000; round += 1) {
    const rows = randomTiers(next, 3_000);
    const spec = { ...market(rows), maxPriceTicks: HIGHEST, atomsPerTickLot: 1_000 };
    const sizeLots = (1 + next(30_000)) * (next(2) === 0 ? 1 : -1);
    const first = position(spec, {
      markTicks: 200,
      sizeLots,
      entryNotionalAtoms: sizeLots * (50 + next(300)) * 1_000,
      marketFundingIndex: next(2_000_000) - 1_000_000,
    });
    const otherLots = next(6_000) - 3_000;
    const other = position({ ...spec, marketId: toMarketId(2) }, { markTicks: 100, sizeLots: otherLots });
    const collateral = next(3_000) * 1_000_000 + next(1_000_000);
    const healthy = (markTicks: number) => {
      const figures = accountMargin(collateral, [{ ...first, markTicks }, other]);
      return figures.equityAtoms >= figures.maintenanceMarginAtoms;
    };
    // From the healthy end, the highest price for a long and the lowest for a short; 0 and 601 lie outside.
    let last: number | undefined;
    for (let step = 0; step <= HIGHEST + 1; step += 1) {
      const ticks = sizeLots > 0 ? HIGHEST - step : step;
      if (ticks < 0 || !healthy(ticks)) break;
      last = ticks;
    }
    const expected = last === 0 || last === HIGHEST + 1 ? undefined : last;
    expect(liquidationPriceTicks(collateral, [first, other], 1), `round ${round}`).toBe(expected);
    if (expected === undefined) continue;
    found += 1;
    const notionalUsd = (Math.abs(sizeLots) * expected * 1_000) / 1e6;
    if (rows.length > 1 && notionalUsd > rows[1]![0]) aboveFirst += 1;
  }
  expect(found).toBeGreaterThan(600);
  expect(aboveFirst).toBeGreaterThan(200);
});
