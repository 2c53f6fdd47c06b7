import {
  type AccountView,
  type EngineState,
  readAccountsOf,
  readCollateral,
  readMarginBalances,
  readMarginPositions,
  readMarket,
} from '@keel/engine';
import { type Address, accountMargin, assert, entryPriceTicks, type MarketId, unrealisedAtoms } from '@keel/types';

/**
 * Accounts of an owner as `GET /account?owner=0x...` of the admin port shows them: the engine's own state, integers.
 * None for an owner that nobody knows.
 */
export function describeAccounts(state: EngineState, owner: string): object {
  const accounts = readAccountsOf(state, owner.toLowerCase() as Address).map((account) => describe(state, account));
  return { sequence: state.sequence, timeMs: state.timeMs, accounts };
}

function describe(state: EngineState, account: AccountView): object {
  const positions = readMarginPositions(state, account.accountId);
  const balances = readMarginBalances(state, account.accountId);
  const margin = accountMargin(account.collateralAtoms, positions, balances);
  const { accountId, owner, subaccount, collateralAtoms, isolatedMarketId, backstopMarketId, openOrders } = account;
  const { liquidator, inLiquidation, warnedPercent } = account;
  return {
    accountId,
    owner,
    subaccount,
    isolatedMarketId,
    backstopMarketId,
    collateralAtoms,
    equityAtoms: margin.equityAtoms,
    initialMarginAtoms: margin.initialMarginAtoms,
    maintenanceMarginAtoms: margin.maintenanceMarginAtoms,
    balances: account.balances.map(({ assetId, amountAtoms, valueAtoms }) => {
      const collateral = readCollateral(state, assetId);
      assert(collateral !== undefined, `no asset ${assetId}`);
      const { symbol, decimals } = collateral.spec;
      return { assetId, symbol, decimals, amountAtoms, valueAtoms };
    }),
    positions: account.positions.map(({ marketId, sizeLots, entryNotionalAtoms, fundingIndex }) => {
      const market = marketOf(state, marketId);
      const { spec, markTicks } = market;
      const unrealised = unrealisedAtoms({
        spec,
        markTicks,
        stableTicks: market.stableTicks,
        openInterestLots: market.openInterestLots,
        sizeLots,
        entryNotionalAtoms,
        positionFundingIndex: fundingIndex,
        marketFundingIndex: market.fundingIndex,
        leverage: 0,
        openOrders: [],
      });
      return {
        marketId,
        symbol: spec.symbol,
        priceDecimals: spec.priceDecimals,
        sizeDecimals: spec.sizeDecimals,
        sizeLots,
        entryTicks: entryPriceTicks(spec, sizeLots, entryNotionalAtoms),
        markTicks,
        unrealisedAtoms: unrealised,
      };
    }),
    openOrders: openOrders.length,
    liquidator,
    inLiquidation,
    warnedPercent,
  };
}

function marketOf(state: EngineState, marketId: MarketId) {
  const market = readMarket(state, marketId);
  assert(market !== undefined, `no market ${marketId}`);
  return market;
}
