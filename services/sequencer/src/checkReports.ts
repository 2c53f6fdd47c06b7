import type { EngineState } from '@keel/engine';
import { IntakeSignatureInvalid } from '@keel/intake';
import { collateralFeed, type KeelDomain, marketFeed, type PriceFeed, recoverPriceFeeder } from '@keel/signing';
import { nativeRecoveryAvailable, recoverPriceFeederNative } from '@keel/signing/native';
import { type Command, PRICE_FEEDERS_MAX, type PriceReport } from '@keel/types';

const recover = nativeRecoveryAvailable ? recoverPriceFeederNative : recoverPriceFeeder;

/**
 * Looks at the signatures of a command that carries price reports, before it has a place in the log: each must be its
 * feeder's, for this price of this exchange. What the reports say is the engine's affair, as is a market that is not
 * listed or a list that is too long. Throws IntakeSignatureInvalid: nothing of the command is journalled.
 */
export function checkReports(command: Command, state: EngineState, domain: KeelDomain): void {
  const feed = feedOf(command, state);
  if (feed === undefined) return;
  for (const report of (command as { readonly reports: readonly PriceReport[] }).reports.slice(0, PRICE_FEEDERS_MAX)) {
    if (!isSignable(report) || recover(domain, feed, report) !== report.feeder)
      throw new IntakeSignatureInvalid(`the report of ${report.feeder} for ${feed.name} is not signed by it`);
  }
}

/** Undefined when the command has no reports, or is about nothing that is listed. */
function feedOf(command: Command, { markets, collaterals }: EngineState): PriceFeed | undefined {
  if (command.kind === 'updateIndexPrice') {
    const market = markets[command.marketId - 1];
    return market && marketFeed(market.spec);
  }
  if (command.kind === 'updateCollateralPrice') {
    const collateral = collaterals[command.assetId - 1];
    return collateral && collateralFeed(collateral.spec);
  }
  return undefined;
}

/** What is signed is unsigned decimals; figures that have no such text were signed by nobody. */
function isSignable({ priceTicks, perpTicks, publishTimeMs, reportSequence }: PriceReport): boolean {
  return [priceTicks, perpTicks, publishTimeMs, reportSequence].every((n) => Number.isSafeInteger(n) && n >= 0);
}
