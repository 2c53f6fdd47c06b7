import { divFloor, formatDecimal, type MarketSpec, maxLeverage, PPM, QUOTE_DECIMALS } from '@keel/types';

export interface AssetMeta {
  readonly szDecimals: number;
  readonly name: string;
  readonly maxLeverage: number;
  readonly marginTableId: number;
}

export interface MarginTable {
  readonly description: string;
  /** `lowerBound`: USDC of notional from which on the tier holds. */
  readonly marginTiers: readonly { readonly lowerBound: string; readonly maxLeverage: number }[];
}

export interface Meta {
  /** In the order of asset numbers. */
  readonly universe: readonly AssetMeta[];
  readonly marginTables: readonly (readonly [id: number, table: MarginTable])[];
  /** Token 0 = USDC. */
  readonly collateralToken: number;
}

/** Clients take ids below 50 for tables of one tier, which they do not look up; each market has one of its own above that. */
const MARGIN_TABLES_FROM = 1_000;

const tableIdOf = ({ marketId }: MarketSpec): number => MARGIN_TABLES_FROM + marketId;

/** What can be traded. `specs` in the order of their market ids: an asset's number is its place. Leverages are rounded down. */
export function writeMeta(specs: readonly MarketSpec[]): Meta {
  return {
    universe: specs.map((spec) => ({
      szDecimals: spec.sizeDecimals,
      name: spec.baseAsset,
      maxLeverage: maxLeverage(spec),
      marginTableId: tableIdOf(spec),
    })),
    marginTables: specs.map((spec) => [tableIdOf(spec), writeMarginTable(spec)] as const),
    collateralToken: 0,
  };
}

/** Initial margin only: clients take half of it for maintenance, and what Keel asks stands in `/v1/markets`. */
export function writeMarginTable(spec: MarketSpec): MarginTable {
  const tiers = [{ floorNotionalAtoms: 0, initialMarginPpm: spec.initialMarginPpm }, ...spec.marginTiers];
  return {
    description: spec.symbol,
    marginTiers: tiers.map(({ floorNotionalAtoms, initialMarginPpm }) => ({
      lowerBound: formatDecimal(floorNotionalAtoms, QUOTE_DECIMALS),
      maxLeverage: divFloor(PPM, initialMarginPpm),
    })),
  };
}

/** The market behind a table's id; undefined if there is none. */
export function specOfMarginTable(specs: readonly MarketSpec[], tableId: number): MarketSpec | undefined {
  return specs.find((spec) => tableIdOf(spec) === tableId);
}
