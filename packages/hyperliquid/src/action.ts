import type { Hex } from '@keel/types';

/** An order of an action. Prices and sizes are canonical decimals. */
export interface WireOrder {
  readonly asset: number;
  readonly buys: boolean;
  readonly price: string;
  readonly size: string;
  readonly reduceOnly: boolean;
  readonly terms: LimitTerms | TriggerTerms;
  /** Empty = none. */
  readonly cloid: Hex | '';
}
export interface LimitTerms {
  readonly kind: 'limit';
  readonly tif: Tif;
}
export interface TriggerTerms {
  readonly kind: 'trigger';
  readonly isMarket: boolean;
  readonly triggerPrice: string;
  readonly tpsl: 'tp' | 'sl';
}
export const TIFS = ['Gtc', 'Ioc', 'Alo', 'FrontendMarket'] as const;
export type Tif = (typeof TIFS)[number];

/** na: orders that know nothing of each other. The others are explained where they are translated. */
export const GROUPINGS = ['na', 'normalTpsl', 'positionTpsl'] as const;
export type Grouping = (typeof GROUPINGS)[number];

export interface WireModify {
  /** The exchange's id of the order, or the client's own name for it. */
  readonly oid: number | Hex;
  readonly order: WireOrder;
}

/** Actions that change nothing here and are answered with ok: these clients send them whatever the exchange. */
export const IGNORED_TYPES = ['setReferrer', 'approveBuilderFee', 'usdClassTransfer'] as const;
export type IgnoredType = (typeof IGNORED_TYPES)[number];

/** An action that was read. */
export type HyperliquidAction =
  | { readonly type: 'order'; readonly orders: readonly WireOrder[]; readonly grouping: Grouping }
  | { readonly type: 'cancel'; readonly cancels: readonly { readonly asset: number; readonly oid: number }[] }
  | { readonly type: 'cancelByCloid'; readonly cancels: readonly { readonly asset: number; readonly cloid: Hex }[] }
  | ({ readonly type: 'modify' } & WireModify)
  | { readonly type: 'batchModify'; readonly modifies: readonly WireModify[] }
  /** When all orders go, in milliseconds since 1970; undefined = never. */
  | { readonly type: 'scheduleCancel'; readonly timeMs: number | undefined }
  | {
      readonly type: 'updateLeverage';
      readonly asset: number;
      readonly isCross: boolean;
      readonly leverage: number;
    }
  | { readonly type: 'updateIsolatedMargin'; readonly asset: number }
  /** Uses its nonce up and does nothing else. */
  | { readonly type: 'noop' }
  | { readonly type: 'ignored'; readonly name: IgnoredType }
  /** Known elsewhere or nowhere; not here. */
  | { readonly type: 'notOffered'; readonly name: string };
