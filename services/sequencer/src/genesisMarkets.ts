import type { Exchange } from '@keel/replica';
import { assert, type Command, type MarginTier, type MarketSpec, toMarketId } from '@keel/types';

/** Atoms in a million USDC. */
const MILLION_USDC = 1_000_000_000_000;

/** What the three markets have in common. */
const COMMON = {
  minOrderNotionalAtoms: 10_000_000,
  makerFeePpm: 100,
  takerFeePpm: 400,
  marketSlippagePpm: 50_000,
  // From half of mark to half as much again: far orders of patient traders rest, a slip of a digit is refused.
  priceBandPpm: 500_000,
  // Below every maintenance margin: whoever holds the best quotes of a thin book can move the mark to the edge of the
  // band, and that alone must not reach an account that stands at its initial margin.
  markBandPpm: 15_000,
  indexJumpPpm: 200_000,
  // Ten turns of the price feed.
  indexStaleMs: 5_000,
  // After a halt: long enough for a person to act on what the price has become.
  resumeGraceMs: 30_000,
  liquidationFeePpm: 10_000,
  deleverageRule: 'waterFilling',
  // A quarter of open interest in one hand, once that is more than the market's floor.
  concentrationPpm: 250_000,
  impactNotionalAtoms: 10_000_000_000,
  fundingInterestPpb: 100_000,
  fundingCapPpb: 40_000_000,
} as const;

/**
 * Open interest in units of the largest position. Four: the largest account is at most a quarter of a full side, so
 * closing it out meets three times its size, and a full side is worth at most 8 * 10^15 atoms, still a safe integer.
 */
const POSITIONS_PER_SIDE = 4;

/** Rates of the part of a position above so many million USDC; maintenance is half of initial throughout. */
function tier(floorMillions: number, initialMarginPpm: number): MarginTier {
  return {
    floorNotionalAtoms: floorMillions * MILLION_USDC,
    initialMarginPpm,
    maintenanceMarginPpm: initialMarginPpm / 2,
  };
}

/** The first commands of an empty journal: 0.01 % maker, 0.04 % taker, orders from 10 USDC. */
export const GENESIS_MARKETS: readonly MarketSpec[] = [
  {
    ...COMMON,
    marketId: toMarketId(1),
    symbol: 'BTC-USD',
    baseAsset: 'BTC',
    priceDecimals: 1,
    sizeDecimals: 5,
    atomsPerTickLot: 1,
    maxPriceTicks: 10_000_000,
    // 100 and 1,000 BTC.
    maxOrderLots: 10_000_000,
    maxPositionLots: 100_000_000,
    maxOpenInterestLots: POSITIONS_PER_SIDE * 100_000_000,
    initialMarginPpm: 40_000,
    maintenanceMarginPpm: 20_000,
    // 20x from 2, 10x from 10 and 5x from 50 million USDC.
    marginTiers: [tier(2, 50_000), tier(10, 100_000), tier(50, 200_000)],
    openInterestLowerAtoms: 100 * MILLION_USDC,
    openInterestUpperAtoms: 400 * MILLION_USDC,
    // 100 BTC.
    concentrationFloorLots: 10_000_000,
    // Deep abroad: its mark is as good as it gets.
    stablePriceMovePpm: 0,
    liquidationBudgetAtoms: 2 * MILLION_USDC,
    backstopLossCapAtoms: MILLION_USDC,
  },
  {
    ...COMMON,
    marketId: toMarketId(2),
    symbol: 'ETH-USD',
    baseAsset: 'ETH',
    priceDecimals: 2,
    sizeDecimals: 4,
    atomsPerTickLot: 1,
    maxPriceTicks: 10_000_000,
    // 2,000 and 20,000 ETH.
    maxOrderLots: 20_000_000,
    maxPositionLots: 200_000_000,
    maxOpenInterestLots: POSITIONS_PER_SIDE * 200_000_000,
    initialMarginPpm: 40_000,
    maintenanceMarginPpm: 20_000,
    // 20x from 1, 10x from 5 and 5x from 25 million USDC.
    marginTiers: [tier(1, 50_000), tier(5, 100_000), tier(25, 200_000)],
    openInterestLowerAtoms: 60 * MILLION_USDC,
    openInterestUpperAtoms: 240 * MILLION_USDC,
    // 2,000 ETH.
    concentrationFloorLots: 20_000_000,
    stablePriceMovePpm: 0,
    liquidationBudgetAtoms: MILLION_USDC,
    backstopLossCapAtoms: 0.5 * MILLION_USDC,
  },
  {
    ...COMMON,
    marketId: toMarketId(3),
    symbol: 'SOL-USD',
    baseAsset: 'SOL',
    // A mill: clients that round a price to five digits may send it below 100 USD.
    priceDecimals: 3,
    sizeDecimals: 2,
    atomsPerTickLot: 10,
    maxPriceTicks: 10_000_000,
    // 20,000 and 200,000 SOL.
    maxOrderLots: 2_000_000,
    maxPositionLots: 20_000_000,
    maxOpenInterestLots: POSITIONS_PER_SIDE * 20_000_000,
    initialMarginPpm: 50_000,
    maintenanceMarginPpm: 25_000,
    // 10x from half a million, 5x from 2 and 4x from 10 million USDC.
    marginTiers: [tier(0.5, 100_000), tier(2, 200_000), tier(10, 250_000)],
    openInterestLowerAtoms: 20 * MILLION_USDC,
    openInterestUpperAtoms: 100 * MILLION_USDC,
    // 20,000 SOL.
    concentrationFloorLots: 2_000_000,
    // The thin one: what new risk is measured by follows the mark by 2 % a minute at most.
    stablePriceMovePpm: 20_000,
    liquidationBudgetAtoms: 0.25 * MILLION_USDC,
    backstopLossCapAtoms: 0.1 * MILLION_USDC,
  },
];

/** Lists the markets that the exchange does not have: all of them at first, the rest after a crash in between. */
export async function listGenesisMarkets(
  exchange: Exchange,
  sequencer: { submit(command: Command): Promise<unknown> },
): Promise<void> {
  const missing = GENESIS_MARKETS.filter(({ marketId }) => exchange.state.markets[marketId - 1] === undefined);
  // One after the other: a queue may be as short as one command.
  for (const spec of missing) await sequencer.submit({ kind: 'listMarket', spec });
  assert(exchange.state.markets.length >= GENESIS_MARKETS.length, 'a genesis market was refused');
}
