import type { AccountView, At, MarketDoc } from '@keel/redis';
import {
  accountMargin,
  divFloorBig,
  entryPriceTicks,
  formatDecimal,
  fundingOwedAtoms,
  initialMarginAtoms,
  liquidationPriceTicks,
  maxLeverage,
  notionalAtoms,
  type QuoteAtoms,
  unrealisedAtoms,
  withdrawableAtoms,
} from '@keel/types';
import { type Held, type HeldPosition, heldBy } from '../../format/formatAccount.ts';
import { formatPrice, formatQuote, formatSize } from '../../format/formatMarket.ts';

export interface MarginSummary {
  /** Equity. */
  readonly accountValue: string;
  readonly totalNtlPos: string;
  /** Equity less the value of the positions: what closing all of them at mark would leave without them. */
  readonly totalRawUsd: string;
  /** Initial margin, that of open orders included: what is not used may be risked. */
  readonly totalMarginUsed: string;
}

export interface Leverage {
  readonly type: 'cross';
  readonly value: number;
}

export interface AssetPosition {
  readonly type: 'oneWay';
  readonly position: {
    readonly coin: string;
    readonly szi: string;
    readonly leverage: Leverage;
    readonly entryPx: string;
    readonly positionValue: string;
    readonly unrealizedPnl: string;
    readonly returnOnEquity: string;
    readonly liquidationPx: string | null;
    readonly marginUsed: string;
    readonly maxLeverage: number;
    readonly cumFunding: { readonly allTime: string; readonly sinceOpen: string; readonly sinceChange: string };
  };
}

export interface Clearinghouse {
  readonly marginSummary: MarginSummary;
  readonly crossMarginSummary: MarginSummary;
  readonly crossMaintenanceMarginUsed: string;
  readonly withdrawable: string;
  readonly assetPositions: readonly AssetPosition[];
  readonly time: number;
}

const RATE_SCALE = 1_000_000;
const RATE_DECIMALS = 6;

/**
 * An account as clients ask for it, by the engine's own arithmetic: the figures are those of `/v1/accounts`. One that does
 * not exist has nothing. Funding counts what is owed since the position last changed, when it was paid.
 */
export function writeClearinghouse({ account, orders, markets, collaterals, head }: At<AccountView>): Clearinghouse {
  const marketById = new Map(markets.map((market) => [market.spec.marketId, market]));
  const held =
    account === undefined
      ? { collateralAtoms: 0, positions: [], balances: [] }
      : heldBy(account, orders, marketById, collaterals);
  const { collateralAtoms, positions, balances } = held;
  const margin = accountMargin(collateralAtoms, positions, balances);
  const valueAtoms = positions.reduce(
    (sum, { spec, markTicks, sizeLots }) => sum + notionalAtoms(spec, markTicks, sizeLots),
    0,
  );
  const summary: MarginSummary = {
    accountValue: formatQuote(margin.equityAtoms),
    totalNtlPos: formatQuote(margin.totalNotionalAtoms),
    totalRawUsd: formatQuote(margin.equityAtoms - valueAtoms),
    totalMarginUsed: formatQuote(margin.initialMarginAtoms),
  };
  return {
    marginSummary: summary,
    crossMarginSummary: summary,
    crossMaintenanceMarginUsed: formatQuote(margin.maintenanceMarginAtoms),
    withdrawable: formatQuote(withdrawableAtoms(collateralAtoms, positions, balances)),
    assetPositions: positions
      .filter(({ sizeLots }) => sizeLots !== 0)
      .map((position) => ({ type: 'oneWay', position: writePosition(held, position) })),
    time: head.timeMs,
  };
}

function writePosition(held: Held, position: HeldPosition): AssetPosition['position'] {
  const { spec, markTicks, sizeLots, entryNotionalAtoms } = position;
  const unrealised = unrealisedAtoms(position);
  const leverage = leverageOf(position.leverage, spec);
  const liquidationTicks = liquidationPriceTicks(held.collateralAtoms, held.positions, spec.marketId, held.balances);
  const owed = fundingOwedAtoms(sizeLots, position.positionFundingIndex, position.marketFundingIndex);
  const funding = formatQuote(owed);
  return {
    coin: spec.baseAsset,
    szi: formatSize(sizeLots, spec),
    leverage,
    entryPx: formatPrice(entryPriceTicks(spec, sizeLots, entryNotionalAtoms), spec),
    positionValue: formatQuote(notionalAtoms(spec, markTicks, Math.abs(sizeLots))),
    unrealizedPnl: formatQuote(unrealised),
    returnOnEquity: returnOn(unrealised, leverage.value, Math.abs(entryNotionalAtoms)),
    liquidationPx: liquidationTicks === undefined ? null : formatPrice(liquidationTicks, spec),
    marginUsed: formatQuote(initialMarginAtoms({ ...position, openOrders: [] })),
    maxLeverage: maxLeverage(spec),
    cumFunding: { allTime: funding, sinceOpen: funding, sinceChange: funding },
  };
}

/**
 * What the margin of the entry, at this leverage, has earned. Rounded down: a gain is never shown too high, a loss never too
 * small. A position that cost next to nothing may have earned more than the safe integers hold.
 */
function returnOn(unrealised: QuoteAtoms, leverage: number, entryAtoms: QuoteAtoms): string {
  if (entryAtoms === 0) return '0';
  const scaled = BigInt(unrealised) * BigInt(leverage * RATE_SCALE);
  return formatDecimal(divFloorBig(scaled, BigInt(entryAtoms)), RATE_DECIMALS);
}

/** `set` 0 = as much as the market allows. */
export function leverageOf(set: number, spec: MarketDoc['spec']): Leverage {
  return { type: 'cross', value: set === 0 ? maxLeverage(spec) : set };
}
