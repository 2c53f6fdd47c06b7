import {
  auctionLimitTicks,
  closeOutLots,
  closeOutPrices,
  fillableDistanceTicks,
  liquidationFeeAtoms,
  quoteLimitTicks,
  toAccountId,
  weaknessOf,
  zeroQuoteAtoms,
} from '@keel/types';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createAccount } from '../src/accounts/createAccount.ts';
import { createHolding } from '../src/holdings.ts';
import { closeOutPosition } from '../src/liquidation/closeOutTerms.ts';
import { solvencyOf } from '../src/margin/accountFigures.ts';
import { createMarket } from '../src/state.ts';
import { testMarket } from './testMarket.ts';

/** BTC at 50,000 and ETH at 3,000 USD, both with 10 % maintenance; entries are 0, so collateral is the quote balance. */
function positionOf(market: 'btc' | 'eth', usdc: number, btcLots: number, ethLots = 0) {
  const origin = { subaccount: 0, main: undefined, isolatedIn: undefined, backstopOf: undefined };
  const owner = createAccount({ accountId: toAccountId(1), owner: '0x', ...origin });
  owner.collateralAtoms = usdc * 1e6;
  const rows = [
    { symbol: 'BTC-USD', mark: 50_000, sizeLots: btcLots },
    { symbol: 'ETH-USD', mark: 3_000, sizeLots: ethLots },
  ];
  for (const [place, { symbol, mark, sizeLots }] of rows.entries()) {
    const rates = { maintenanceMarginPpm: 100_000, initialMarginPpm: 200_000 };
    const state = createMarket(testMarket(place + 1, symbol, rates));
    state.markTicks = mark;
    owner.holdings.push({ ...createHolding(owner, state), sizeLots });
  }
  return closeOutPosition(owner.holdings[market === 'btc' ? 0 : 1]!, solvencyOf(owner));
}

// Numbers of dYdX v4, x/clob/keeper/liquidations_test.go, TestGetBankruptcyPriceInQuoteQuantums: quote that an account
// must receive (+) or may pay (-) for closing part of a position. In lots of 0.001.
test.for([
  { usdc: -4_501, btc: 100, eth: 0, close: 'btc', lots: 100, quote: 4_501 },
  { usdc: 5_499, btc: -100, eth: 0, close: 'btc', lots: 100, quote: -5_499 },
  { usdc: -5_000, btc: 100, eth: 0, close: 'btc', lots: 50, quote: 2_500 },
  { usdc: 5_000, btc: -100, eth: 0, close: 'btc', lots: 50, quote: -2_500 },
  { usdc: -5_100, btc: 100, eth: 0, close: 'btc', lots: 100, quote: 5_100 },
  { usdc: 4_900, btc: -100, eth: 0, close: 'btc', lots: 100, quote: -4_900 },
  { usdc: -490, btc: 4, eth: 100, close: 'eth', lots: 100, quote: 294 },
  { usdc: 510, btc: -4, eth: -100, close: 'eth', lots: 100, quote: -306 },
  { usdc: 110, btc: 4, eth: -100, close: 'eth', lots: 100, quote: -306 },
] as const)('zero quote of $usdc USDC, $btc / $eth lots, closing $lots of $close: $quote', (row) => {
  expect(zeroQuoteAtoms(positionOf(row.close, row.usdc, row.btc, row.eth), row.lots)).toBe(row.quote * 1e6);
});

// The same file, TestGetFillablePrice: BA and SMMR are parameters there, 1 and 150 % here.
test.for([
  { usdc: -4_501, btc: 100, eth: 0, close: 'btc', ba: 1, smmr: 0.1, ticks: 49_999 },
  { usdc: -4_501, btc: 100, eth: 0, close: 'btc', ba: 2, smmr: 0.1, ticks: 49_998 },
  { usdc: -4_501, btc: 100, eth: 0, close: 'btc', ba: 1, smmr: 0.2, ticks: 49_998 },
  { usdc: -4_501, btc: 100, eth: 0, close: 'btc', ba: 1, smmr: 1, ticks: 49_990 },
  { usdc: 5_499, btc: -100, eth: 0, close: 'btc', ba: 1, smmr: 0.1, ticks: 50_001 },
  { usdc: 5_499, btc: -100, eth: 0, close: 'btc', ba: 2, smmr: 0.1, ticks: 50_002 },
  { usdc: -5_000, btc: 100, eth: 0, close: 'btc', ba: 1, smmr: 0.1, ticks: 49_500 },
  { usdc: 5_000, btc: -100, eth: 0, close: 'btc', ba: 1, smmr: 0.1, ticks: 50_500 },
  { usdc: 4_500, btc: -100, eth: 0, close: 'btc', ba: 1, smmr: 0.1, ticks: 50_500 },
  { usdc: -490, btc: 4, eth: 100, close: 'eth', ba: 1, smmr: 0.1, ticks: 2_976 },
  { usdc: -4_501, btc: 100, eth: 0, close: 'btc', ba: 1_000_000, smmr: 0.1, ticks: 49_500 },
] as const)('fillable price of $usdc USDC, $btc / $eth lots in $close, BA $ba SMMR $smmr: $ticks', (row) => {
  const position = positionOf(row.close, row.usdc, row.btc, row.eth);
  const parameters = { bankruptcyAdjustmentPpm: row.ba * 1e6, spreadToMaintenancePpm: row.smmr * 1e6 };
  const distance = fillableDistanceTicks(position, parameters);
  expect(position.markTicks - Math.sign(position.sizeLots) * distance).toBe(row.ticks);
});

// The same file, TestGetLiquidationInsuranceFundDelta: 0.1 BTC, what goes to the fund (+) or comes from it (-), in cents.
test.for([
  { usdc: -5_100, btc: 100, price: 56_100, feePpm: 5_000, cents: 2_805 },
  { usdc: -5_100, btc: 100, price: 56_100, feePpm: 25_000, cents: 14_025 },
  { usdc: -5_100, btc: 100, price: 56_100, feePpm: 1_000_000, cents: 51_000 },
  { usdc: 4_900, btc: -100, price: 44_100, feePpm: 5_000, cents: 2_205 },
  { usdc: 4_900, btc: -100, price: 44_100, feePpm: 25_000, cents: 11_025 },
  { usdc: -5_100, btc: 100, price: 51_051, feePpm: 5_000, cents: 510 },
  { usdc: 4_900, btc: -100, price: 48_951, feePpm: 5_000, cents: 490 },
  { usdc: -5_100, btc: 100, price: 51_000, feePpm: 5_000, cents: 0 },
  { usdc: 4_900, btc: -100, price: 49_000, feePpm: 5_000, cents: 0 },
  { usdc: -5_100, btc: 100, price: 50_490, feePpm: 5_000, cents: -5_100 },
  { usdc: 4_900, btc: -100, price: 49_490, feePpm: 5_000, cents: -4_900 },
])('fund of $usdc USDC, $btc lots closed at $price, fee $feePpm ppm: $cents cents', (row) => {
  const position = positionOf('btc', row.usdc, row.btc);
  const quote = row.price * row.btc * 1_000;
  const zero = zeroQuoteAtoms(position, 100);
  const fund = quote < zero ? quote - zero : liquidationFeeAtoms(row.feePpm, quote, zero);
  expect(fund).toBe(row.cents * 1e4);
});

test('the limit is rounded so that the account is never worse than the zero quote', () => {
  const btc = positionOf('btc', 0, 100);
  expect(quoteLimitTicks(btc, 100, 4_501_000_001)).toBe(45_011);
  expect(quoteLimitTicks(btc, 100, 4_501_000_000)).toBe(45_010);
  expect(quoteLimitTicks(btc, 100, -1)).toBe(1);
  const short = positionOf('btc', 0, -100);
  expect(quoteLimitTicks(short, 100, -5_499_099_999)).toBe(54_990);
  expect(quoteLimitTicks(short, 100, -5_499_100_000)).toBe(54_991);
  expect(quoteLimitTicks(short, 100, 1)).toBeUndefined();
  expect(quoteLimitTicks(btc, 100, 100_000_000_001)).toBeUndefined();
});

test.for([
  // EQ 499 of MMR 500: 0.2 % of 150 % of 500 is 1.5 over 0.1 BTC: 15 ticks. Zero: 50,000 - 499 / 0.1 = 45,010.
  { usdc: -4_501, btc: 100, fillable: 49_985, zero: 45_010 },
  { usdc: 5_499, btc: -100, fillable: 50_015, zero: 54_990 },
  // At half of MMR: 50 % of 150 % of 500 is 375 over 0.1 BTC: 3,750. The zero price, 47,500, is not as far.
  { usdc: -4_750, btc: 100, fillable: 47_500, zero: 47_500 },
  // Bankrupt: the account must get more than mark.
  { usdc: -5_100, btc: 100, fillable: 51_000, zero: 51_000 },
])('$usdc USDC, $btc lots: from $fillable to $zero', ({ usdc, btc, fillable, zero }) => {
  const prices = closeOutPrices(positionOf('btc', usdc, btc), 100);
  expect(prices).toEqual({ fillableTicks: fillable, zeroTicks: zero });
});

test.for([
  { from: 49_985, to: 45_010, elapsedMs: 0, limit: 49_985 },
  // 4,975 ticks in 10 s: 497.5 a second, rounded towards the fillable price.
  { from: 49_985, to: 45_010, elapsedMs: 1_000, limit: 49_488 },
  { from: 49_985, to: 45_010, elapsedMs: 9_999, limit: 45_011 },
  { from: 49_985, to: 45_010, elapsedMs: 10_000, limit: 45_010 },
  { from: 49_985, to: 45_010, elapsedMs: 99_999, limit: 45_010 },
  { from: 50_015, to: 54_990, elapsedMs: 1_000, limit: 50_512 },
  { from: 47_500, to: 47_500, elapsedMs: 5_000, limit: 47_500 },
])('auction from $from to $to after $elapsedMs ms: $limit', ({ from, to, elapsedMs, limit }) => {
  expect(auctionLimitTicks({ fillableTicks: from, zeroTicks: to }, elapsedMs)).toBe(limit);
});

test.for([
  { equity: -1, maintenance: 2_500, whole: 1_000, lots: 1_000, why: 'bankrupt' },
  { equity: 40, maintenance: 45, whole: 19, lots: 19, why: 'under 1,000 USDC' },
  // (1.1 x 2,500 - 2,400) / (50 x 4 %) = 350 / 2 = 175
  { equity: 2_400, maintenance: 2_500, whole: 1_000, lots: 175, why: 'part' },
  { equity: 2_399, maintenance: 2_500, whole: 1_000, lots: 176, why: 'part, rounded up' },
  { equity: 100, maintenance: 2_500, whole: 1_000, lots: 1_000, why: 'more than there is' },
  // 100,000 USDC is not yet large; 100,050 is: a fifth of 2,001 is 400.2.
  { equity: 3_300, maintenance: 5_000, whole: 2_000, lots: 1_100, why: 'at 100,000 USDC' },
  { equity: 3_300, maintenance: 5_002.5, whole: 2_001, lots: 400, why: 'a fifth above 100,000 USDC' },
  { equity: 4_990, maintenance: 5_002.5, whole: 2_001, lots: 257, why: 'less than a fifth' },
  { equity: -1, maintenance: 5_002.5, whole: 2_001, lots: 2_001, why: 'bankrupt, however large' },
])('close-out size, $why: $lots lots', ({ equity, maintenance, whole, lots }) => {
  expect(closeOutLots(testMarket(1, 'BTC-USD'), 50_000, whole, equity * 1e6, maintenance * 1e6)).toBe(lots);
});

test('a position that costs more to close than it frees is closed whole', () => {
  const spec = testMarket(1, 'BTC-USD', { maintenanceMarginPpm: 13_000 });
  expect(closeOutLots(spec, 50_000, 1_000, 640_000_000, 650_000_000)).toBe(1_000);
});

test('one lot of more than 100,000 USDC goes in one step', () => {
  const spec = testMarket(1, 'BTC-USD', { sizeDecimals: 0, atomsPerTickLot: 1_000_000 });
  expect(closeOutLots(spec, 200_000, 1, 9_000_000_000, 10_000_000_000)).toBe(1);
});

test("with tiers the size follows the rate of the position's own tier", () => {
  const tier = { floorNotionalAtoms: 20_000_000_000, initialMarginPpm: 200_000, maintenanceMarginPpm: 100_000 };
  const spec = testMarket(1, 'BTC-USD', { marginTiers: [tier] });
  // MM 50,000 x 10 % - 1,000 = 4,000. (4,400 - 3,900) / (50 x 9.5 %) = 105.3
  expect(closeOutLots(spec, 50_000, 1_000, 3_900_000_000, 4_000_000_000)).toBe(106);
});

test.for([
  { equity: 667, maintenance: 1_000, weakness: 'partial' },
  { equity: 2_000, maintenance: 3_000, weakness: 'partial' },
  { equity: 1_999, maintenance: 3_000, weakness: 'backstopDue' },
  { equity: 0, maintenance: 3_000, weakness: 'backstopDue' },
  { equity: -1, maintenance: 3_000, weakness: 'bankrupt' },
])('EQ $equity of MMR $maintenance: $weakness', ({ equity, maintenance, weakness }) => {
  expect(weaknessOf(equity, maintenance)).toBe(weakness);
});

// What the fund is asked for is reckoned for the whole order; a book may take a part of it.
test('any part of an order within the limit of the whole brings its own zero quote, bankrupt or not, whatever its tiers', () => {
  fc.assert(
    fc.property(
      fc.record({
        lots: fc.integer({ min: 2, max: 5_000 }),
        long: fc.boolean(),
        markTicks: fc.integer({ min: 1_000, max: 100_000 }),
        equityAtoms: fc.integer({ min: -5_000_000_000, max: 5_000_000_000 }),
        // As of a position that reaches into a tier of higher rates, and of an account with others beside it.
        ppm: fc.integer({ min: 5_000, max: 200_000 }),
        others: fc.integer({ min: 0, max: 10_000_000_000 }),
        part: fc.integer({ min: 1, max: 5_000 }),
      }),
      ({ lots, long, markTicks, equityAtoms, ppm, others, part }) => {
        const positionMaintenanceAtoms = Math.ceil((lots * markTicks * 1_000 * ppm) / 1e6);
        const position = {
          spec: { atomsPerTickLot: 1_000, maxPriceTicks: 1_000_000 },
          ...{ markTicks, equityAtoms, positionMaintenanceAtoms },
          sizeLots: long ? lots : -lots,
          maintenanceAtoms: positionMaintenanceAtoms + others,
        };
        const limitTicks = quoteLimitTicks(position, lots, zeroQuoteAtoms(position, lots));
        if (limitTicks === undefined) return;
        const some = Math.min(part, lots);
        const quoteAtoms = limitTicks * 1_000 * (long ? some : -some);
        expect(quoteAtoms).toBeGreaterThanOrEqual(zeroQuoteAtoms(position, some));
      },
    ),
    { numRuns: 500, seed: Number(process.env.KEEL_TEST_SEED ?? 21) },
  );
});
