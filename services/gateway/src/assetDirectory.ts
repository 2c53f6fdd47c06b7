import type { CollateralDoc } from '@keel/redis';
import { QUOTE_ASSET } from '@keel/signing';
import { type AssetId, assert, QUOTE_DECIMALS } from '@keel/types';
import { ApiError } from './errors.ts';

/** What an amount is of. */
export interface Asset {
  /** 0 = USDC. */
  readonly assetId: AssetId | 0;
  readonly symbol: string;
  readonly decimals: number;
}

export const USDC: Asset = { assetId: 0, symbol: QUOTE_ASSET, decimals: QUOTE_DECIMALS };

/** USDC and every other collateral asset as last published. An asset is never unlisted and its decimals never change. */
export class AssetDirectory {
  readonly #byId = new Map<AssetId, CollateralDoc>();

  /** Without USDC, in order of asset id. */
  all(): CollateralDoc[] {
    return [...this.#byId.values()];
  }

  put(collateral: CollateralDoc): void {
    this.#byId.set(collateral.spec.assetId, collateral);
  }

  /** `path` is the JSON pointer of the field that names it. Throws ASSET_UNKNOWN. */
  bySymbol(symbol: string, path: string): Asset {
    if (symbol === USDC.symbol) return USDC;
    for (const { spec } of this.#byId.values()) if (spec.symbol === symbol) return spec;
    throw new ApiError('ASSET_UNKNOWN', { path, asset: symbol.slice(0, 32) });
  }

  byId(assetId: AssetId | 0): Asset {
    if (assetId === 0) return USDC;
    const spec = this.#byId.get(assetId)?.spec;
    assert(spec !== undefined, `asset ${assetId} was published without its document`);
    return spec;
  }
}
