import type { Exchange } from '@keel/replica';
import { assert, type CollateralSpec, type Command, toAssetId } from '@keel/types';

/** Listed after the markets of an empty journal. The L1 contract must know each under the same id, with the same decimals. */
export const GENESIS_COLLATERALS: readonly CollateralSpec[] = [
  {
    assetId: toAssetId(1),
    symbol: 'WETH',
    // 8 of the token's 18: 10,000 WETH are 10^12 atoms.
    decimals: 8,
    priceDecimals: 2,
    // 20,000 USDC: at that, all of it counts 180 million, and other assets find room beside it.
    maxPriceTicks: 2_000_000,
    haircutPpm: 100_000,
    maxDepositedAtoms: 1_000_000_000_000,
    priceJumpPpm: 200_000,
    priceStaleMs: 10_000,
  },
];

/** Lists the assets that the exchange does not have: all of them at first, the rest after a crash in between. */
export async function listGenesisCollaterals(
  exchange: Exchange,
  sequencer: { submit(command: Command): Promise<unknown> },
): Promise<void> {
  const missing = GENESIS_COLLATERALS.filter(({ assetId }) => exchange.state.collaterals[assetId - 1] === undefined);
  // One after the other: a queue may be as short as one command.
  for (const spec of missing) await sequencer.submit({ kind: 'listCollateral', spec });
  assert(exchange.state.collaterals.length >= GENESIS_COLLATERALS.length, 'a genesis collateral was refused');
}
