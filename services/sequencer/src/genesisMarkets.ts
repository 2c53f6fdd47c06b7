import { assert, type Command, type MarketSpec, toMarketId } from '@keel/types';
import type { Exchange } from './exchange.ts';

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
  indexStaleMs: 10_000,
  liquidationFeePpm: 10_000,
  impactNotionalAtoms: 10_000_000_000,
  fundingInterestPpb: 100_000,
  fundingCapPpb: 40_000_000,
} as const;

/**
 * Open interest in units of the largest position. Four: the largest account is at most a quarter of a full side, so
 * closing it out meets three times its size, and a full side is worth at most 8 * 10^15 atoms, still a safe integer.
 */
const POSITIONS_PER_SIDE = 4;

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
  },
  {
    ...COMMON,
    marketId: toMarketId(3),
    symbol: 'SOL-USD',
    baseAsset: 'SOL',
    priceDecimals: 2,
    sizeDecimals: 2,
    atomsPerTickLot: 100,
    maxPriceTicks: 1_000_000,
    // 20,000 and 200,000 SOL.
    maxOrderLots: 2_000_000,
    maxPositionLots: 20_000_000,
    maxOpenInterestLots: POSITIONS_PER_SIDE * 20_000_000,
    initialMarginPpm: 50_000,
    maintenanceMarginPpm: 25_000,
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
