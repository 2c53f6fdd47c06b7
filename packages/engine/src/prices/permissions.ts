import { collateralValueAtoms, isDust, type TimeMs } from '@keel/types';
import { DUST_COLLATERAL_VERSION } from '../engineVersion.ts';
import { PRICE_LOST_MS } from '../limits.ts';
import type { AccountState, CollateralState, EngineState, MarketState } from '../state.ts';
import { AWAITING_PRICE, DONE } from './resumeStage.ts';

/** How good a price is, best first: only `fresh` says what the thing is worth now. */
export type PriceQuality = 'fresh' | 'stale5' | 'stale30' | 'outOfBand' | 'noQuorum';

/**
 * match: trade, without adding risk. addRisk: count a position here as covered when its account takes more. withdraw:
 * count it when money leaves. liquidate: close out, call for margin. settleFunding: pay the hour. movePrices: renew the
 * mark by time, and sample the premium.
 */
export type PricedAction = 'match' | 'addRisk' | 'withdraw' | 'liquidate' | 'settleFunding' | 'movePrices';

type Permissions = Readonly<Record<PricedAction, boolean>>;

/** What a price of each quality is good for. */
export const PRICE_PERMISSIONS: Readonly<Record<PriceQuality, Permissions>> = {
  // biome-ignore format: a table
  fresh:     { match: true, addRisk: true,  withdraw: true,  liquidate: true,  settleFunding: true,  movePrices: true },
  // biome-ignore format: a table
  stale5:    { match: true, addRisk: false, withdraw: false, liquidate: false, settleFunding: true,  movePrices: false },
  // biome-ignore format: a table
  stale30:   { match: true, addRisk: false, withdraw: false, liquidate: false, settleFunding: false, movePrices: false },
  // biome-ignore format: a table
  outOfBand: { match: true, addRisk: false, withdraw: false, liquidate: false, settleFunding: false, movePrices: false },
  // While the mark of better times is there.
  // biome-ignore format: a table
  noQuorum:  { match: true, addRisk: false, withdraw: false, liquidate: false, settleFunding: false, movePrices: false },
};

/** What a market's halt, and its way back from one, forbid however good the price: `false` = forbidden. */
export const HALT_PERMISSIONS: Readonly<Record<'halted' | 'awaitingPrice' | 'resuming' | 'trading', Permissions>> = {
  // Positions count elsewhere at their mark while the price is fresh: the halt of one market must not lock all money.
  // biome-ignore format: a table
  halted:        { match: false, addRisk: true, withdraw: true, liquidate: false, settleFunding: false, movePrices: false },
  // Stage 1: the price from before the halt may be fresh by its age.
  // biome-ignore format: a table
  awaitingPrice: { match: false, addRisk: true, withdraw: true, liquidate: false, settleFunding: true,  movePrices: false },
  // Stages 2 to 4: who may place what says the trading status.
  // biome-ignore format: a table
  resuming:      { match: true,  addRisk: true, withdraw: true, liquidate: false, settleFunding: true,  movePrices: true },
  // biome-ignore format: a table
  trading:       { match: true,  addRisk: true, withdraw: true, liquidate: true,  settleFunding: true,  movePrices: true },
};

/** Quality of a market's index at this moment. */
export function qualityOf(state: EngineState, { spec, indexTicks, indexTimeMs, jumpTicks }: MarketState): PriceQuality {
  return quality(state, indexTicks === 0 ? 0 : indexTimeMs, jumpTicks, spec.indexStaleMs);
}

/** Quality of a collateral asset's price at this moment. */
export function collateralQualityOf(state: EngineState, collateral: CollateralState): PriceQuality {
  const { spec, priceTicks, priceTimeMs, jumpTicks } = collateral;
  return quality(state, priceTicks === 0 ? 0 : priceTimeMs, jumpTicks, spec.priceStaleMs);
}

/** Whether the market's price and its status allow the action in it, or for a position in it. */
export function marketPermits(state: EngineState, market: MarketState, action: PricedAction): boolean {
  if (!HALT_PERMISSIONS[haltOf(market)][action]) return false;
  if (action === 'match') return market.markTicks > 0;
  return PRICE_PERMISSIONS[qualityOf(state, market)][action];
}

export function collateralPermits(state: EngineState, collateral: CollateralState, action: PricedAction): boolean {
  return PRICE_PERMISSIONS[collateralQualityOf(state, collateral)][action];
}

/**
 * Whether every market in which the account has a position, and every other collateral it holds, allow the action. From
 * DUST_COLLATERAL_VERSION on, collateral whose price is no more than old keeps nobody from being liquidated when all of it
 * together is dust at its last price, at which it counts.
 */
export function accountPermits(state: EngineState, account: AccountState, action: PricedAction): boolean {
  for (const { sizeLots, market } of account.holdings) {
    if (sizeLots !== 0 && !marketPermits(state, market, action)) return false;
  }
  let staleAtoms = 0;
  for (const { collateral, amountAtoms } of account.balances) {
    if (collateralPermits(state, collateral, action)) continue;
    if (action !== 'liquidate' || !isOnlyOld(state, collateral)) return false;
    staleAtoms += collateralValueAtoms(collateral.spec, collateral.priceTicks, amountAtoms);
    if (!isDust(staleAtoms)) return false;
  }
  return true;
}

function isOnlyOld(state: EngineState, collateral: CollateralState): boolean {
  if (state.engineVersion < DUST_COLLATERAL_VERSION) return false;
  const quality = collateralQualityOf(state, collateral);
  return quality === 'stale5' || quality === 'stale30';
}

function quality(state: EngineState, timeMs: TimeMs, jumpTicks: number, staleMs: TimeMs): PriceQuality {
  if (timeMs === 0 || state.feeders.length === 0) return 'noQuorum';
  if (jumpTicks > 0) return 'outOfBand';
  const ageMs = state.timeMs - timeMs;
  if (ageMs <= staleMs) return 'fresh';
  return ageMs > Math.max(PRICE_LOST_MS, staleMs) ? 'stale30' : 'stale5';
}

function haltOf({ tradingStatus, resumeStage }: MarketState): keyof typeof HALT_PERMISSIONS {
  if (tradingStatus === 'halted') return 'halted';
  if (resumeStage === DONE) return 'trading';
  return resumeStage === AWAITING_PRICE ? 'awaitingPrice' : 'resuming';
}
