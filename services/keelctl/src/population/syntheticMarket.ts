import { divFloor, type MarketSpec, mulDivFloor, PPM, type PriceTicks, type QuoteAtoms, toMarketId } from '@keel/types';
import { HIGHEST_LEVERAGE, marginPpmOf, type PopulationTerms, USDC_ATOMS } from './populationTerms.ts';

/** A market of a synthetic exchange, and the price at which most of its traders come. */
export interface SyntheticMarket {
  readonly spec: MarketSpec;
  readonly priceTicks: PriceTicks;
}

type Grid = Pick<
  MarketSpec,
  'priceDecimals' | 'sizeDecimals' | 'atomsPerTickLot' | 'maxPriceTicks' | 'maxPositionLots'
> & { readonly baseAsset: string; readonly priceTicks: PriceTicks };

const GRIDS: readonly Grid[] = [
  {
    baseAsset: 'BTC',
    priceDecimals: 1,
    sizeDecimals: 5,
    atomsPerTickLot: 1,
    maxPriceTicks: 10_000_000,
    // 1,000 BTC.
    maxPositionLots: 100_000_000,
    priceTicks: 1_000_000,
  },
  {
    baseAsset: 'ETH',
    priceDecimals: 2,
    sizeDecimals: 4,
    atomsPerTickLot: 1,
    maxPriceTicks: 10_000_000,
    // 20,000 ETH.
    maxPositionLots: 200_000_000,
    priceTicks: 400_000,
  },
];
/** All further ones: 100 USD. */
const OTHER: Omit<Grid, 'baseAsset'> = {
  priceDecimals: 3,
  sizeDecimals: 2,
  atomsPerTickLot: 10,
  maxPriceTicks: 1_000_000,
  maxPositionLots: 100_000_000,
  priceTicks: 100_000,
};
/** Open interest in units of the largest position, so that sums over a side stay safe integers. */
const POSITIONS_PER_SIDE = 4;
/** Of planned open interest: initial margin begins to rise above the first, and would be 100 % at the second. */
const OPEN_INTEREST_LOWER_PPM = 300_000;
const OPEN_INTEREST_UPPER_TIMES = 15;
/** Of planned open interest, and of the open interest that there is. */
const CONCENTRATION_PPM = 100_000;
/** Part of the depth of a side that close-outs may send to the book in a second. */
const BUDGET_OF_DEPTH_PPM = 250_000;

/**
 * The rules of market number `place`, with every damping on. `plannedAtoms` is what its traders want in all, `depthAtoms`
 * what its book holds on one side within 1 % of the price.
 */
export function syntheticMarket(
  place: number,
  terms: PopulationTerms,
  plannedAtoms: QuoteAtoms,
  depthAtoms: QuoteAtoms,
): SyntheticMarket {
  const { baseAsset, priceTicks, ...grid } = GRIDS[place] ?? { baseAsset: `ALT${place + 1}`, ...OTHER };
  const lotAtoms = priceTicks * grid.atomsPerTickLot;
  const spec: MarketSpec = {
    ...grid,
    marketId: toMarketId(place + 1),
    symbol: `${baseAsset}-USD`,
    baseAsset,
    maxOrderLots: grid.maxPositionLots,
    maxOpenInterestLots: POSITIONS_PER_SIDE * grid.maxPositionLots,
    minOrderNotionalAtoms: 10 * USDC_ATOMS,
    initialMarginPpm: marginPpmOf(HIGHEST_LEVERAGE),
    maintenanceMarginPpm: divFloor(marginPpmOf(HIGHEST_LEVERAGE), 2),
    marginTiers: [
      { floorNotionalAtoms: 1_000_000 * USDC_ATOMS, initialMarginPpm: 40_000, maintenanceMarginPpm: 20_000 },
      { floorNotionalAtoms: 5_000_000 * USDC_ATOMS, initialMarginPpm: 100_000, maintenanceMarginPpm: 50_000 },
    ],
    openInterestLowerAtoms: mulDivFloor(plannedAtoms, OPEN_INTEREST_LOWER_PPM, PPM),
    openInterestUpperAtoms: plannedAtoms * OPEN_INTEREST_UPPER_TIMES,
    concentrationPpm: CONCENTRATION_PPM,
    concentrationFloorLots: divFloor(mulDivFloor(plannedAtoms, CONCENTRATION_PPM, PPM), lotAtoms),
    stablePriceMovePpm: 5_000,
    makerFeePpm: 100,
    takerFeePpm: 400,
    marketSlippagePpm: 50_000,
    priceBandPpm: 500_000,
    // Below the maintenance margin, so that no thin book alone can reach an account at its initial margin.
    markBandPpm: 8_000,
    indexJumpPpm: 200_000,
    indexStaleMs: 10_000,
    resumeGraceMs: 0,
    // With a maintenance margin of 1 %, a close-out in part frees more than it costs.
    liquidationFeePpm: 2_500,
    liquidationBudgetAtoms: mulDivFloor(depthAtoms, BUDGET_OF_DEPTH_PPM, PPM),
    backstopLossCapAtoms: divFloor(mulDivFloor(plannedAtoms, terms.backstopPpm, PPM), 2),
    deleverageRule: 'waterFilling',
    impactNotionalAtoms: 10_000 * USDC_ATOMS,
    fundingInterestPpb: 100_000,
    fundingCapPpb: 40_000_000,
  };
  return { spec, priceTicks };
}
