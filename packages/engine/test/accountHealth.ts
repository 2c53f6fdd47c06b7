import { FUNDING_INDEX_SCALE } from '@keel/types';
import type { AccountView, MarketView } from '../src/index.ts';
import type { EngineState } from '../src/state.ts';

/** Equity less maintenance. */
export function accountHealth(state: EngineState, markets: readonly MarketView[], account: AccountView): bigint {
  let equity = BigInt(account.collateralAtoms);
  for (const { assetId, amountAtoms } of account.balances) {
    const { spec, priceTicks } = state.collaterals[assetId - 1]!;
    const part = BigInt(amountAtoms) * BigInt(priceTicks) * BigInt(1_000_000 - spec.haircutPpm);
    // In USDC of 6 decimals, rounded down.
    equity += (part * 10n ** 6n) / 10n ** BigInt(6 + spec.priceDecimals + spec.decimals);
  }
  for (const { marketId, sizeLots, entryNotionalAtoms, fundingIndex } of account.positions) {
    const { spec, markTicks, fundingIndex: now } = markets[marketId - 1]!;
    const value = BigInt(sizeLots) * BigInt(markTicks) * BigInt(spec.atomsPerTickLot);
    const owed = ceil(BigInt(sizeLots) * BigInt(now - fundingIndex), BigInt(FUNDING_INDEX_SCALE));
    equity += value - BigInt(entryNotionalAtoms) - owed;
  }
  return equity - accountMaintenance(markets, account);
}

/** Each part of a position's value at the rate of its tier, the sum rounded up. */
export function accountMaintenance(markets: readonly MarketView[], { positions }: AccountView): bigint {
  let needed = 0n;
  for (const { marketId, sizeLots } of positions) {
    const { spec, markTicks } = markets[marketId - 1]!;
    const value = BigInt(Math.abs(sizeLots)) * BigInt(markTicks) * BigInt(spec.atomsPerTickLot);
    const rates = [{ floorNotionalAtoms: 0, maintenanceMarginPpm: spec.maintenanceMarginPpm }, ...spec.marginTiers];
    let scaled = 0n;
    for (const [place, { floorNotionalAtoms, maintenanceMarginPpm }] of rates.entries()) {
      const from = BigInt(floorNotionalAtoms);
      const next = rates[place + 1];
      const to =
        next === undefined || BigInt(next.floorNotionalAtoms) > value ? value : BigInt(next.floorNotionalAtoms);
      if (to > from) scaled += (to - from) * BigInt(maintenanceMarginPpm);
    }
    needed += ceil(scaled, 1_000_000n);
  }
  return needed;
}

function ceil(a: bigint, b: bigint): bigint {
  return a > 0n ? (a + b - 1n) / b : a / b;
}
