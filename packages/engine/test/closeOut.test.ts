import { maintenanceMarginAtoms, toAccountId } from '@keel/types';
import { expect, test } from 'vitest';
import { closeOutLots } from '../src/liquidation/closeOutLots.ts';
import { quoteLimitTicks, zeroQuoteAtoms } from '../src/liquidation/zeroQuote.ts';
import { marginPosition, solvencyOf } from '../src/margin/accountFigures.ts';
import { type AccountState, createAccount, createHolding, createMarket, type Holding } from '../src/state.ts';
import { testMarket } from './testMarket.ts';

/** BTC at 50,000 and ETH at 3,000 USD, both with 10 % maintenance; entries are 0, so collateral is the quote balance. */
function account(usdc: number, btcLots: number, ethLots = 0): { account: AccountState; btc: Holding; eth: Holding } {
  const owner = createAccount(toAccountId(1), '0x');
  owner.collateralAtoms = usdc * 1e6;
  const holdings = (
    [
      ['BTC-USD', 50_000, btcLots],
      ['ETH-USD', 3_000, ethLots],
    ] as const
  ).map(([symbol, mark, sizeLots], place) => {
    const rates = { maintenanceMarginPpm: 100_000, initialMarginPpm: 200_000 };
    const market = createMarket(testMarket(place + 1, symbol, rates));
    market.markTicks = mark;
    return { ...createHolding(owner, market), sizeLots };
  });
  owner.holdings.push(...holdings);
  return { account: owner, btc: holdings[0]!, eth: holdings[1]! };
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
  { usdc: 510, btc: -4, eth: -100, close: 'eth', lots: 100, quote: -306 },
  { usdc: 110, btc: 4, eth: -100, close: 'eth', lots: 100, quote: -306 },
] as const)('zero quote of $usdc USDC, $btc / $eth lots, closing $lots of $close: $quote', (row) => {
  const subject = account(row.usdc, row.btc, row.eth);
  const holding = subject[row.close];
  const maintenance = maintenanceMarginAtoms(marginPosition(holding));
  expect(zeroQuoteAtoms(holding, maintenance, solvencyOf(subject.account), row.lots)).toBe(row.quote * 1e6);
});

test('the limit is rounded so that the account is never worse than the zero quote', () => {
  const { btc } = account(0, 100);
  expect(quoteLimitTicks(btc, 100, 4_501_000_001)).toBe(45_011);
  expect(quoteLimitTicks(btc, 100, 4_501_000_000)).toBe(45_010);
  expect(quoteLimitTicks(btc, 100, -1)).toBe(1);
  const short = account(0, -100).btc;
  expect(quoteLimitTicks(short, 100, -5_499_099_999)).toBe(54_990);
  expect(quoteLimitTicks(short, 100, -5_499_100_000)).toBe(54_991);
});

test.for([
  { equity: -1, maintenance: 2_500, whole: 1_000, lots: 1_000, why: 'bankrupt' },
  { equity: 40, maintenance: 45, whole: 19, lots: 19, why: 'under 1,000 USDC' },
  // (1.1 x 2,500 - 2,400) / (50 x 4 %) = 350 / 2 = 175
  { equity: 2_400, maintenance: 2_500, whole: 1_000, lots: 175, why: 'part' },
  { equity: 2_399, maintenance: 2_500, whole: 1_000, lots: 176, why: 'part, rounded up' },
  { equity: 100, maintenance: 2_500, whole: 1_000, lots: 1_000, why: 'more than there is' },
])('close-out size, $why: $lots lots', ({ equity, maintenance, whole, lots }) => {
  const solvency = { equityAtoms: equity * 1e6, maintenanceAtoms: maintenance * 1e6 };
  expect(closeOutLots(testMarket(1, 'BTC-USD'), 50_000, whole, solvency)).toBe(lots);
});

test('a position that costs more to close than it frees is closed whole', () => {
  const spec = testMarket(1, 'BTC-USD', { maintenanceMarginPpm: 13_000 });
  expect(closeOutLots(spec, 50_000, 1_000, { equityAtoms: 640_000_000, maintenanceAtoms: 650_000_000 })).toBe(1_000);
});
