import { MARKETS_MAX, type MarketSpec, rejectName } from '@keel/types';
import { expect, test } from 'vitest';
import { Exchange } from './exchange.ts';
import { testMarket } from './testMarket.ts';

const SOL = testMarket(1, 'SOL-USD');

/** What the exchange says to a first market that differs from `testMarket` in this. */
function answer(changes: Partial<MarketSpec>): string {
  const [event] = new Exchange().list({ ...SOL, ...changes });
  return event?.kind === 'commandRejected' ? (rejectName(event.code) ?? '') : (event?.kind ?? '');
}

function scaling(openInterestLowerAtoms: number, openInterestUpperAtoms: number): Partial<MarketSpec> {
  return { openInterestLowerAtoms, openInterestUpperAtoms };
}

type TierWords = [floorUsdc: number, initialMarginPpm: number, maintenanceMarginPpm: number];

function tiers(...all: TierWords[]): Partial<MarketSpec> {
  return {
    marginTiers: all.map(([floorUsdc, initialMarginPpm, maintenanceMarginPpm]) => ({
      floorNotionalAtoms: floorUsdc * 1e6,
      initialMarginPpm,
      maintenanceMarginPpm,
    })),
  };
}

function equalTiers(count: number): TierWords[] {
  return Array.from({ length: count }, (_, place) => [place + 1, 100_000, 50_000]);
}

/** Figures and names that are just right, and those that are just not any more. */
const EDGES: readonly (readonly [name: string, right: Partial<MarketSpec>, wrong: readonly Partial<MarketSpec>[]])[] = [
  ['symbol', { symbol: 'A-1' }, [{ symbol: 'A1' }, { symbol: 'aSOL-USD' }, { symbol: 'SOL-USDa' }, { symbol: '' }]],
  ['long symbol', { symbol: 'ABCDEFGH-1234567' }, [{ symbol: 'ABCDEFGH-12345678' }]],
  [
    'base asset',
    { baseAsset: 'A' },
    [{ baseAsset: '' }, { baseAsset: 'aSOL' }, { baseAsset: 'SOLa' }, { baseAsset: 'A-B' }],
  ],
  ['long base asset', { baseAsset: 'ABCDEFGH1234' }, [{ baseAsset: 'ABCDEFGH12345' }]],
  // A tick times a lot is a whole number of atoms, 10^-6 USDC.
  [
    'price decimals',
    { priceDecimals: 6, sizeDecimals: 0, atomsPerTickLot: 1 },
    [
      { priceDecimals: 6, sizeDecimals: 0, atomsPerTickLot: 10 },
      { priceDecimals: 7, sizeDecimals: -1, atomsPerTickLot: 1 },
      { priceDecimals: 4, sizeDecimals: 3, atomsPerTickLot: 0.1 },
    ],
  ],
  [
    'size decimals',
    { priceDecimals: 0, sizeDecimals: 6, atomsPerTickLot: 1 },
    [{ priceDecimals: -1, sizeDecimals: 7, atomsPerTickLot: 1 }],
  ],
  // 2^30 ticks of 1 atom: 8,388,607 lots are worth less than 2^53, one more is worth it.
  [
    'largest price',
    { maxPriceTicks: 2 ** 30, sizeDecimals: 6, atomsPerTickLot: 1, maxPositionLots: 8_388_607 },
    [
      { maxPriceTicks: 2 ** 30 + 1, sizeDecimals: 6, atomsPerTickLot: 1 },
      { maxPriceTicks: 2 ** 30, sizeDecimals: 6, atomsPerTickLot: 1, maxPositionLots: 8_388_608 },
    ],
  ],
  // 20,394,401 x 441,650,591 is 2^53 - 1 itself.
  [
    'largest position',
    { maxPriceTicks: 20_394_401, sizeDecimals: 6, atomsPerTickLot: 1, maxPositionLots: 441_650_591 },
    [{ maxPriceTicks: 20_394_401, sizeDecimals: 6, atomsPerTickLot: 1, maxPositionLots: 441_650_592 }],
  ],
  // Ticks x atoms x 10^6 up to 2^53 - 1: 9,007,199 ticks of 1,000 atoms.
  [
    'price in millionths of atoms',
    { maxPriceTicks: 9_007_199, maxOrderLots: 1, maxPositionLots: 1 },
    [{ maxPriceTicks: 9_007_200, maxOrderLots: 1, maxPositionLots: 1 }],
  ],
  ['open interest', { maxOpenInterestLots: 1 }, [{ maxOpenInterestLots: 0 }]],
  ['smallest order', { minOrderNotionalAtoms: 1 }, [{ minOrderNotionalAtoms: 0 }]],
  ['stale after', { indexStaleMs: 1 }, [{ indexStaleMs: 0 }, { indexStaleMs: 1.5 }]],
  ['impact', { impactNotionalAtoms: 1 }, [{ impactNotionalAtoms: 0 }]],
  ['narrow band', { priceBandPpm: 1 }, [{ priceBandPpm: 0 }]],
  ['wide band', { priceBandPpm: 1_000_000 * 2 ** 30 }, [{ priceBandPpm: 1_000_000 * 2 ** 30 + 1 }]],
  ['slippage', { marketSlippagePpm: 999_999 }, [{ marketSlippagePpm: 1_000_000 }, { marketSlippagePpm: 0 }]],
  ['jump', { indexJumpPpm: 999_999 }, [{ indexJumpPpm: 1_000_000 }, { indexJumpPpm: 0 }]],
  ['initial margin', { initialMarginPpm: 1_000_000 }, [{ initialMarginPpm: 50_000 }, { initialMarginPpm: 1_000_001 }]],
  ['open-interest scaling', scaling(1, 1), [scaling(2, 1), scaling(-1, 1), scaling(0, -1), scaling(0.5, 1)]],
  ['scaling far away', scaling(0, 2 ** 53 - 1), [scaling(0, 2 ** 53)]],
  ['concentration', { concentrationPpm: 1_000_000 }, [{ concentrationPpm: 1_000_001 }, { concentrationPpm: -1 }]],
  ['concentration floor', { concentrationFloorLots: 2 ** 53 - 1 }, [{ concentrationFloorLots: -1 }]],
  ['stable price', { stablePriceMovePpm: 1_000_000 }, [{ stablePriceMovePpm: 1_000_001 }, { stablePriceMovePpm: -1 }]],
  ['grace', { resumeGraceMs: 86_400_000 }, [{ resumeGraceMs: 86_400_001 }, { resumeGraceMs: -1 }]],
  [
    'budget',
    { liquidationBudgetAtoms: 2 ** 53 - 1 },
    [{ liquidationBudgetAtoms: -1 }, { liquidationBudgetAtoms: 0.5 }],
  ],
  // 10^9 USDC: what an account may have.
  ['backstop', { backstopLossCapAtoms: 1e15 }, [{ backstopLossCapAtoms: 1e15 + 1 }, { backstopLossCapAtoms: -1 }]],
  ['rule', { deleverageRule: 'profitNotional' }, [{ deleverageRule: 'fair' as MarketSpec['deleverageRule'] }]],
  // Floors in whole USDC and ascending, rates that never fall, maintenance below initial margin.
  ['a tier at 1 USDC', tiers([1, 100_000, 50_000]), [tiers([0, 100_000, 50_000]), tiers([0.5, 100_000, 50_000])]],
  ['tier rates', tiers([1, 100_000, 99_999]), [tiers([1, 100_000, 100_000]), tiers([1, 99_999, 50_000])]],
  ['highest tier rates', tiers([1, 1_000_000, 50_000]), [tiers([1, 1_000_001, 50_000]), tiers([1, 100_000, 49_999])]],
  [
    'the next tier',
    tiers([1, 200_000, 60_000], [2, 200_000, 60_000]),
    [
      tiers([1, 200_000, 60_000], [1, 200_000, 60_000]),
      tiers([2, 200_000, 60_000], [1, 200_000, 60_000]),
      tiers([1, 200_000, 60_000], [2, 199_999, 60_000]),
      tiers([1, 200_000, 60_000], [2, 200_000, 59_999]),
    ],
  ],
  ['eight tiers', tiers(...equalTiers(8)), [tiers(...equalTiers(9))]],
  ['a tier far away', tiers([9_007_199_254, 100_000, 50_000]), [tiers([9_007_199_255, 100_000, 50_000])]],
  ['funding cap', { fundingCapPpb: 1_000_000_000 }, [{ fundingCapPpb: 1_000_000_001 }, { fundingCapPpb: -1 }]],
];

test.each(EDGES)('%s: right up to its edge, wrong beyond', (_name, right, wrong) => {
  expect(answer(right), JSON.stringify(right)).toBe('marketListed');
  for (const changes of wrong) expect(answer(changes), JSON.stringify(changes)).toBe('MARKET_SPEC_INVALID');
});

test('ids are given in order up to the last, and a symbol once', () => {
  const exchange = new Exchange();
  const said = (id: number, symbol = `MKT${id}-USD`) => {
    const [event] = exchange.list(testMarket(id, symbol));
    return event?.kind === 'commandRejected' ? rejectName(event.code) : event?.kind;
  };
  expect(said(2)).toBe('MARKET_SPEC_INVALID');
  for (let id = 1; id <= MARKETS_MAX; id += 1) expect(said(id)).toBe('marketListed');
  expect(said(MARKETS_MAX + 1)).toBe('MARKET_SPEC_INVALID');
  expect(said(MARKETS_MAX, 'NEW-USD')).toBe('MARKET_ALREADY_LISTED');
  expect(said(MARKETS_MAX + 1, 'MKT1-USD')).toBe('MARKET_ALREADY_LISTED');
});
